package e2e

import (
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
)

// vreemde is somebody at a browser that nobody knows, who sends as much at once as they like.
type vreemde struct {
	v    *verhaal
	http *http.Client
}

func (v *verhaal) vreemde() *vreemde {
	v.t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		v.t.Fatal(err)
	}
	c := v.klant()
	c.Jar, c.CheckRedirect = jar, nil
	return &vreemde{v, c}
}

var (
	opmaak = regexp.MustCompile(`(?s)<[^>]*>`)
	ruimte = regexp.MustCompile(`\s+`)
	// What differs from one moment to the next.
	tijden = regexp.MustCompile(`\d+ (seconden|minuten)`)
)

// stuur posts a form, and gives the status and what can be read on the page that follows.
func (w *vreemde) stuur(pad string, velden url.Values) string {
	res, err := w.http.PostForm(w.v.url+pad, velden)
	if err != nil {
		return err.Error()
	}
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	if err != nil {
		return err.Error()
	}
	_, blad, _ := strings.Cut(string(body), "<main")
	_, blad, _ = strings.Cut(blad, ">")
	blad, _, _ = strings.Cut(blad, "</main>")
	return fmt.Sprintf("%d %s: %s", res.StatusCode, res.Request.URL.Path, tijden.ReplaceAllString(ruimte.ReplaceAllString(opmaak.ReplaceAllString(blad, " "), " "), "… $1"))
}

func (w *vreemde) begin(email, wachtwoord string) string {
	return w.stuur("/beheer/aanmelden", url.Values{"email": {email}, "wachtwoord": {wachtwoord}})
}

func (w *vreemde) code(code string) string {
	return w.stuur("/beheer/aanmelden/code", url.Values{"code": {code}})
}

// allesIneens does n things at one moment, and gives how often each answer came.
func allesIneens(n int, f func() string) map[string]int {
	var mu sync.Mutex
	var wg sync.WaitGroup
	uit := map[string]int{}
	begin := make(chan struct{})
	for range n {
		wg.Go(func() {
			<-begin
			a := f()
			mu.Lock()
			defer mu.Unlock()
			uit[a]++
		})
	}
	close(begin)
	wg.Wait()
	return uit
}

func TestWrongCodesLockAlsoAllAtOnceAndAnUnknownAccountAnswersTheSame(t *testing.T) {
	t.Parallel()
	v := newVerhaal(t, true)
	code := v.opConsole("Bea Heer", bea)
	v.serve()
	een := v.beheerder(bea, code)
	een.meldAf()

	const onbekend = "bestaat.niet@voorbeeldstad.example"
	// In a browser: the same page, whatever was wrong.
	bladen := map[string]string{}
	for _, email := range []string{bea, onbekend} {
		m := v.mens(email)
		m.open("/beheer/aanmelden")
		m.stuur("form[action='/beheer/aanmelden']", "email", email, "wachtwoord", "een verkeerd wachtwoord")
		m.op("/beheer/aanmelden/code", "Als wat u invulde klopt", "U hebt nog 5 pogingen.")
		bladen[email] = tijden.ReplaceAllString(m.Tekst(), "")
		for over := 4; over >= 0; over-- {
			m.stuur("form[action='/beheer/aanmelden/code']", "code", "0000 0000")
			if over > 0 {
				m.op("/beheer/aanmelden/code", "Deze code is niet juist.", map[bool]string{true: "U hebt nog 1 poging.", false: fmt.Sprintf("U hebt nog %d pogingen.", over)}[over == 1])
			}
		}
		m.op("/beheer/aanmelden/code", "De code is te vaak verkeerd ingevoerd. Begin opnieuw met aanmelden")
		if m.er("#veld-code") {
			t.Error("a sixth try is offered")
		}
		m.klik("main a[href='/beheer/aanmelden']")
		m.op("/beheer/aanmelden")
	}
	if masker := regexp.MustCompile(`\S+@\S+`); masker.ReplaceAllString(bladen[bea], "") != masker.ReplaceAllString(bladen[onbekend], "") {
		t.Errorf("an unknown address can be told from a known one:\n%s\n%s", bladen[bea], bladen[onbekend])
	}

	// Fifty at once, by somebody who has the password of one of them. Five were judged above, so five are left in this hour.
	antwoorden := map[string][]string{}
	for _, email := range []string{bea, onbekend} {
		noteer := func(wat string, a map[string]int) {
			for _, k := range slices.Sorted(maps.Keys(a)) {
				antwoorden[email] = append(antwoorden[email], fmt.Sprintf("%s: %d× %s", wat, a[k], k))
			}
		}
		w := v.vreemde()
		if email == onbekend {
			w.begin(email, wachtwoordVerhaal) // Bea came for the first time in this hour, in a browser that nobody knew
		}
		if a := w.begin(email, wachtwoordVerhaal); !strings.HasPrefix(a, "200 /beheer/aanmelden/code:") {
			t.Fatalf("the first step gives %s", a)
		}
		a := allesIneens(50, func() string { return w.code("00000000") })
		beoordeeld := 0
		for blad, n := range a {
			if strings.Contains(blad, "Deze code is niet juist.") {
				beoordeeld += n
			}
			if !strings.HasPrefix(blad, "422 ") && !strings.HasPrefix(blad, "401 ") && !strings.HasPrefix(blad, "429 ") {
				t.Errorf("a wrong code gives %s", blad)
			}
		}
		if beoordeeld > 4 { // the fifth ends it
			t.Errorf("%d of 50 codes at once were judged: %v", beoordeeld, a)
		}
		goed := "11111111"
		if email == bea {
			goed = v.post.code(t, bea)
		}
		noteer("after fifty", map[string]int{w.code(goed): 1})

		// And a new sign-in helps nothing: the hour is full.
		w = v.vreemde()
		noteer("the first step", map[string]int{w.begin(email, wachtwoordVerhaal): 1})
		if goed = "11111111"; email == bea {
			goed = v.post.code(t, bea)
		}
		a = map[string]int{w.code(goed): 1}
		noteer("the right code", a)
		for blad := range a {
			if !strings.HasPrefix(blad, "429 ") || !strings.Contains(blad, "te veel pogingen") {
				t.Errorf("after ten wrong codes in an hour the right one gives %s", blad)
			}
		}
		a = allesIneens(20, func() string { return v.vreemde().begin(email, "een verkeerd wachtwoord") })
		noteer("twenty first steps", a)
		verder := 0
		for blad, n := range a {
			if strings.HasPrefix(blad, "200 ") {
				verder += n
			}
		}
		if verder != 6 { // four were taken before
			t.Errorf("%d of 20 first steps at once went on, want 6: %v", verder, a)
		}
	}
	for i := range antwoorden[bea] {
		een := regexp.MustCompile(`\S+@\S+`).ReplaceAllString(antwoorden[bea][i], "")
		if i >= len(antwoorden[onbekend]) || een != regexp.MustCompile(`\S+@\S+`).ReplaceAllString(antwoorden[onbekend][i], "") {
			t.Errorf("an unknown account answers otherwise:\n%s\n%s", strings.Join(antwoorden[bea], "\n"), strings.Join(antwoorden[onbekend], "\n"))
			break
		}
	}

	// Nobody can lock Bea out of the browser that signed in before.
	een.begin()
	een.op("/beheer/aanmelden/extra", "Nog één stap")
	een.stuur("main form:has([name=totp])", "totp", een.appCode())
	een.op("/beheer/", "Bea Heer")
	een.open("/beheer/beheerlog?soort=geblokkeerd")
	een.op("/beheer/beheerlog", "Er zijn te veel verkeerde codes ingevoerd")
}
