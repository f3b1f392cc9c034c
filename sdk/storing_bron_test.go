package sdk_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/google/uuid"

	"github.com/verantwoord/verantwoord/sdk"
)

// vanBron is the data provider. When it is called it asks the register itself who is already in it.
func (s *strijd) vanBron(w http.ResponseWriter, r *http.Request) {
	if _, err := io.Copy(io.Discard, r.Body); err != nil { // only then is it told that the application is gone
		panic(http.ErrAbortHandler)
	}
	id := r.Header.Get("VerwerkingId")
	p := s.proef(id)
	if p == nil {
		panic(http.ErrAbortHandler)
	}
	if p.bron == weg {
		panic(http.ErrAbortHandler)
	}
	acties, err := vraagRegister(s.register, s.token, uuid.MustParse(id))
	if err != nil {
		p.fout("the register: %v", err)
	}
	p.mu.Lock()
	if !p.bereikt {
		p.bereikt, p.toenBekend = true, personenIn(acties)
	}
	p.mu.Unlock()
	if got := r.Header.Get("OIN"); got != consumentOIN {
		p.fout("header OIN is %q", got)
	}
	iemand := "niemand"
	if wie := slices.Concat(p.vindt, p.bekend); len(wie) > 0 {
		iemand = wie[0]
	}
	body, err := json.Marshal(map[string]any{"personen": p.vindt})
	if err != nil {
		p.fout("%v", err)
	}
	h := w.Header()
	h.Set("X-Persoon", iemand)
	switch p.bron {
	case stil:
		p.afgebroken()
		<-r.Context().Done()
		panic(http.ErrAbortHandler)
	case naafloop:
		panic(http.ErrAbortHandler)
	case half:
		h.Set("Content-Length", fmt.Sprint(len(body)+9)) // what comes can be read, and is not all
		w.Write(body)
		http.NewResponseController(w).Flush()
		panic(http.ErrAbortHandler)
	case teGroot:
		body = append(body, bytes.Repeat([]byte(" "), 1<<16)...)
	case geenJSON:
		body = fmt.Appendf(nil, "<p>%s</p>", iemand)
	case deel:
		w.WriteHeader(http.StatusPartialContent)
	case ongewijzig:
		w.WriteHeader(http.StatusNotModified)
		return
	case overstap:
		conn, _, err := http.NewResponseController(w).Hijack()
		if err != nil {
			p.fout("%v", err)
			return
		}
		fmt.Fprintf(conn, "HTTP/1.1 101 Ga verder\r\nConnection: Upgrade\r\nUpgrade: lijn\r\nX-Persoon: %s\r\n\r\n%s", iemand, body)
		conn.Close()
		return
	case staart:
		h.Set("Trailer", "X-Later")
		w.Write(body)
		h.Set("X-Later", iemand)
		return
	case vooruit:
		h.Set("Link", "</personen/"+iemand+">")
		w.WriteHeader(http.StatusEarlyHints)
	case wijstHier:
		if !strings.HasPrefix(r.URL.Path, "/verder") {
			http.Redirect(w, r, "/verder", http.StatusTemporaryRedirect)
			return
		}
	case wijstWeg:
		http.Redirect(w, r, s.elders, http.StatusTemporaryRedirect)
		return
	case geen:
	default:
		var code int
		fmt.Sscan(string(p.bron), &code)
		h.Set("Content-Type", "application/problem+json")
		w.WriteHeader(code)
		fmt.Fprintf(w, `{"code":"geweigerd","title":"%s","detail":"%s bestaat niet"}`, iemand, iemand)
		return
	}
	w.Write(body)
}

// uitkomst is what an application sees of a call.
type uitkomst struct {
	status int
	body   string
	header http.Header
	vroeg  string // headers that came before the answer
	err    error
}

// voer makes the call and checks the property: what reached the application is in the register, and was before.
func (s *strijd) voer(t testing.TB, tr *sdk.Transport, p *proef) (uitkomst, []string) {
	t.Helper()
	v := verwerking(p.bekend...)
	s.mu.Lock()
	s.proeven[v.VerwerkingID] = p
	s.mu.Unlock()
	u := s.roep(t, tr, p, v)

	acties, err := vraagRegister(s.register, s.token, v.VerwerkingID)
	if err != nil {
		return u, []string{err.Error()}
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	mis := p.fouten
	fout := func(format string, a ...any) { mis = append(mis, fmt.Sprintf(format, a...)) }
	bekend := personenIn(acties)
	if p.bereikt {
		for _, b := range p.bekend {
			if !slices.Contains(p.toenBekend, b) {
				fout("the data provider was called, and person %s was not in the register", b)
			}
		}
	}
	meest := 0 // records that may be there
	if len(p.bekend) > 0 {
		meest++
	}
	if p.zoekt {
		meest++
		if p.bron == wijstHier || p.bron == wijstWeg {
			meest++
		}
	}
	if len(acties) > meest {
		fout("%d records, at most %d expected", len(acties), meest)
	}
	gezien := u.body + u.vroeg + fmt.Sprint(u.header)
	if u.err != nil {
		if gezien := u.err.Error(); noemtIemand(gezien) {
			fout("the error names somebody: %s", gezien)
		}
		if p.zoekt && noemtIemand(gezien) {
			fout("an error, and yet somebody was seen: %s", gezien)
		}
	}
	for _, wie := range slices.Concat(p.vindt, p.bekend) {
		if strings.Contains(gezien, wie) && !slices.Contains(bekend, wie) {
			fout("person %s was seen and is not in the register", wie)
		}
	}
	if u.err == nil && len(acties) == 0 {
		fout("an answer without any record")
	}
	return u, mis
}

func (s *strijd) roep(t testing.TB, tr *sdk.Transport, p *proef, v sdk.Verwerking) uitkomst {
	ctx, cancel := contextVan(t)
	defer cancel()
	p.mu.Lock()
	p.afgebroken = cancel
	p.mu.Unlock()
	var u uitkomst
	ctx = metVoorbericht(ctx, func(h http.Header) { u.vroeg += fmt.Sprint(h) })
	if p.zoekt {
		ctx = sdk.MetZoekopdracht(ctx, v, gevonden)
	} else {
		ctx = sdk.MetVerwerking(ctx, v)
	}
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, s.bron+"/personen", strings.NewReader(`{"geslachtsnaam":"Voorbeeld"}`))
	if err != nil {
		t.Fatal(err)
	}
	res, err := (&http.Client{Transport: tr}).Do(r)
	if err != nil {
		u.err = err
		if res != nil {
			u.err = errors.Join(errors.New("an answer and an error"), err)
		}
		return u
	}
	defer res.Body.Close()
	u.status, u.header = res.StatusCode, res.Header
	body, err := io.ReadAll(res.Body)
	u.body, u.err = string(body)+fmt.Sprint(res.Trailer)+res.Status, err
	return u
}
