package sdk_test

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/verantwoord/verantwoord/internal/activiteit"
	"github.com/verantwoord/verantwoord/internal/beheerlog"
	"github.com/verantwoord/verantwoord/internal/opruimen"
	"github.com/verantwoord/verantwoord/internal/server/servertest"
	"github.com/verantwoord/verantwoord/sdk"
)

const (
	varStad    = "00000099123456780000"
	varAfnemer = "00000099876543210000"
	varGeheim  = "een-geheim-van-minstens-32-tekens!"
	varApps    = `
organisaties: [{oin: "` + varStad + `", naam: Gemeente Voorbeeldstad}]
applicaties:
  - clientIds: [magazijn]
    geheim: "` + varGeheim + `"
    label: Magazijn
    organisatie: "` + varStad + `"
    oins: ["` + varStad + `"]
    autorisaties: [{component: verwerkingsactiviteiten, scopes: ["var:read", "var:leveringen"]}]
  - clientIds: [zonder]
    geheim: "` + varGeheim + `"
    label: Zonder rechten
    organisatie: "` + varStad + `"
    oins: ["` + varStad + `"]
`
)

// varBank is a register with a wire to it that can be cut, and a clock that the tables go by.
type varBank struct {
	t        *testing.T
	url      string
	mag      activiteit.Dader
	register *activiteit.Register

	weg    atomic.Bool  // the wire is cut
	status atomic.Int32 // what is answered instead; 0: what the register says
	vragen atomic.Int32 // requests that came
	zelfde atomic.Int32 // of them, answered 304
	wacht  atomic.Value // chan struct{}: a request waits until it is closed
	mu     sync.Mutex
	klok   time.Time
}

func (b *varBank) nu() time.Time {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.klok
}

func (b *varBank) verder(d time.Duration) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.klok = b.klok.Add(d)
}

func newVARBank(t *testing.T) *varBank {
	t.Helper()
	reg := servertest.Start(t, varApps)
	naar, err := url.Parse(reg.URL)
	if err != nil {
		t.Fatal(err)
	}
	b := &varBank{t: t, register: reg.Server.Activiteiten(), klok: time.Now(), mag: activiteit.Dader{
		OIN: varStad, Wie: beheerlog.Wie{Soort: "gebruiker", ID: "1", Naam: "Functionaris van de proef"}, Mag: func(string) bool { return true },
	}}
	proxy := httputil.NewSingleHostReverseProxy(naar)
	proxy.ModifyResponse = func(res *http.Response) error {
		if res.StatusCode == http.StatusNotModified {
			b.zelfde.Add(1)
		}
		return nil
	}
	draad := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		b.vragen.Add(1)
		if c, ok := b.wacht.Load().(chan struct{}); ok && c != nil {
			<-c
		}
		if b.weg.Load() {
			panic(http.ErrAbortHandler) // the connection breaks
		}
		if s := b.status.Load(); s != 0 {
			w.WriteHeader(int(s))
			return
		}
		proxy.ServeHTTP(w, r)
	}))
	opruimen.Na(t, draad.Close)
	b.url = draad.URL
	return b
}

// lezer is a VAR of an application, over the wire. It waits for what it asks.
func (b *varBank) lezer(client string, i sdk.VARInstellingen) *sdk.VAR {
	b.t.Helper()
	c, err := sdk.New(sdk.Instellingen{URL: b.url, ClientID: client, Geheim: []byte(varGeheim), Organisatie: varStad, Pogingen: 1})
	if err != nil {
		b.t.Fatal(err)
	}
	i.Nu = b.nu
	v := sdk.NewVAR(c, i)
	v.Wacht(time.Hour)
	return v
}

// activiteit makes an activity that holds since 2020, until a day when that is given.
func (b *varBank) activiteit(in activiteit.Inhoud, tot activiteit.Datum) uuid.UUID {
	b.t.Helper()
	in.Naam, in.VerantwoordelijkeOrganisatie, in.Doel, in.Grondslagen = "Verhuizing", varStad, "Verhuizing verwerken.", []string{"overeenkomst"}
	in.Betrokkenen, in.Persoonsgegevens = []string{"Inwoners"}, []activiteit.Persoonsgegeven{{Naam: "Naam"}}
	in.Bewaartermijn, in.Beveiliging = "1 jaar", "Versleuteld."
	id, err := b.register.Begin(b.t.Context(), b.mag, in)
	if err == nil {
		err = b.register.StelVast(b.t.Context(), b.mag, id, 1, activiteit.Vaststelling{Ingangsdatum: "2020-01-01", Einddatum: tot, Reden: "Voor de proef."})
	}
	if err != nil {
		b.t.Fatal(err)
	}
	return id
}

func (b *varBank) koppel(functie string, id uuid.UUID) uuid.UUID {
	b.t.Helper()
	k, err := b.register.ZetKoppeling(b.t.Context(), b.mag, activiteit.Koppeling{Applicatie: "magazijn", Functie: functie, Activiteit: id})
	if err != nil {
		b.t.Fatal(err)
	}
	return k
}

func (b *varBank) wis(koppeling uuid.UUID) {
	b.t.Helper()
	if err := b.register.WisKoppeling(b.t.Context(), b.mag, koppeling, 1); err != nil {
		b.t.Fatal(err)
	}
}

func (b *varBank) lever(l activiteit.Levering) {
	b.t.Helper()
	if _, err := b.register.ZetLevering(b.t.Context(), b.mag, l); err != nil {
		b.t.Fatal(err)
	}
}

var volledig = activiteit.Inhoud{Log: activiteit.Logprofiel{Omvang: "volledig", Gebruiker: true}}

// functie checks whether a function can run.
func (b *varBank) functie(v *sdk.VAR, functie string, want error) sdk.Activiteit {
	b.t.Helper()
	a, err := v.Activiteit(b.t.Context(), functie)
	if !errors.Is(err, want) || want == nil && a.ID == uuid.Nil || want != nil && a.ID != uuid.Nil {
		b.t.Errorf("%s: %v, %v; want %v", functie, a, err, want)
	}
	return a
}

func (b *varBank) gevraagd(want int32) {
	b.t.Helper()
	if got := b.vragen.Load(); got != want {
		b.t.Errorf("%d requests, want %d", got, want)
	}
}

func TestFunctionsComeFromTheRegisterWithTheirProfile(t *testing.T) {
	t.Parallel()
	b := newVARBank(t)
	in := activiteit.Inhoud{
		Log: activiteit.Logprofiel{Omvang: "volledig", Gebruiker: true, Soorten: true}, BewaartermijnLog: "P5Y",
		Vertrouwelijkheid: "vertrouwelijk", GrondVertrouwelijk: "strafbare_feiten", DuurVertrouwelijkheid: "P6M",
	}
	id, uit := b.activiteit(in, ""), b.activiteit(activiteit.Inhoud{Log: activiteit.Logprofiel{Omvang: "uit"}}, "")
	b.koppel("verhuizen", id)
	b.koppel("tellen", uit)
	v := b.lezer("magazijn", sdk.VARInstellingen{})
	b.gevraagd(0)
	a := b.functie(v, "verhuizen", nil)
	if !strings.HasSuffix(a.URL, "/var/api/v1/verwerkingsactiviteiten/"+id.String()) {
		t.Errorf("URL %s", a.URL)
	}
	if a.ID != id || a.Omvang != sdk.OmvangVolledig || !a.Gebruiker || !a.Soorten || a.BewaartermijnLog != "P5Y" || !a.Vertrouwelijk {
		t.Errorf("%+v", a)
	}
	if a := b.functie(v, "tellen", nil); a.ID != uit || a.Omvang != sdk.OmvangUit || a.Gebruiker || a.Soorten || a.BewaartermijnLog != "" || a.Vertrouwelijk {
		t.Errorf("%+v", a)
	}
	for _, functie := range []string{"Verhuizen", "verhuizen ", "iets anders", ""} {
		b.functie(v, functie, sdk.ErrGeenDoelbinding)
	}
	b.gevraagd(1)
}

func TestLeveringenComeFromTheRegister(t *testing.T) {
	t.Parallel()
	b := newVARBank(t)
	in := activiteit.Inhoud{
		Log: activiteit.Logprofiel{Omvang: "volledig"}, Vertrouwelijkheid: "vertrouwelijk", GrondVertrouwelijk: "strafbare_feiten", DuurVertrouwelijkheid: "P6M",
	}
	id, doel := b.activiteit(in, ""), uuid.NewString()
	b.lever(activiteit.Levering{Afnemer: varAfnemer, Gegevensset: "personen", Doel: strings.ToUpper(doel), Activiteit: id, Vertrouwelijk: true})
	b.lever(activiteit.Levering{Afnemer: varAfnemer, Gegevensset: "adressen & meer", Doel: sdk.NietOpgegeven, Activiteit: id})
	alle, adressen := b.lezer("magazijn", sdk.VARInstellingen{}), b.lezer("magazijn", sdk.VARInstellingen{Gegevensset: "adressen & meer"})
	for _, tc := range []struct {
		name                 string
		v                    *sdk.VAR
		afnemer, set, doel   string
		vertrouwelijk, wordt bool
	}{
		{"for an activity", alle, varAfnemer, "personen", doel, true, true},
		{"for none", alle, varAfnemer, "adressen & meer", sdk.NietOpgegeven, false, true},
		{"an activity where none was told", alle, varAfnemer, "adressen & meer", doel, false, false},
		{"none where an activity was told", alle, varAfnemer, "personen", sdk.NietOpgegeven, false, false},
		{"another receiver", alle, varStad, "personen", doel, false, false},
		{"narrowed to some data", adressen, varAfnemer, "adressen & meer", sdk.NietOpgegeven, false, true},
		{"other data than it was narrowed to", adressen, varAfnemer, "personen", doel, false, false},
	} {
		l, err := tc.v.Levering(t.Context(), tc.afnemer, tc.set, tc.doel)
		if tc.wordt != (err == nil) || !tc.wordt && !errors.Is(err, sdk.ErrGeenDoelbinding) || tc.wordt && (l.Activiteit.ID != id || l.Vertrouwelijk != tc.vertrouwelijk || !l.Activiteit.Vertrouwelijk) {
			t.Errorf("%s: %+v, %v", tc.name, l, err)
		}
	}
	b.gevraagd(2)
}

func TestATableIsAskedForAgainWhenItIsUsedAndAMinuteOld(t *testing.T) {
	t.Parallel()
	b := newVARBank(t)
	id := b.activiteit(volledig, "")
	k := b.koppel("verhuizen", id)
	v := b.lezer("magazijn", sdk.VARInstellingen{})
	b.functie(v, "verhuizen", nil)
	b.wis(k)
	b.koppel("trouwen", id)
	b.verder(59 * time.Second)
	b.functie(v, "verhuizen", nil)
	b.functie(v, "trouwen", sdk.ErrGeenDoelbinding)
	b.gevraagd(1)
	b.verder(time.Second)
	b.functie(v, "verhuizen", sdk.ErrGeenDoelbinding)
	b.functie(v, "trouwen", nil)
	b.gevraagd(2)
	b.verder(time.Hour) // nobody uses it, nobody asks
	b.gevraagd(2)
	b.functie(v, "trouwen", nil)
	if b.gevraagd(3); b.zelfde.Load() != 1 {
		t.Errorf("%d times it heard that nothing had changed", b.zelfde.Load())
	}
	b.verder(59 * time.Second) // what is unchanged counts as new
	b.functie(v, "trouwen", nil)
	b.gevraagd(3)
}

func TestWhatWasReadIsKeptForADayWhileTheRegisterIsAway(t *testing.T) {
	t.Parallel()
	b := newVARBank(t)
	k := b.koppel("verhuizen", b.activiteit(volledig, ""))
	v := b.lezer("magazijn", sdk.VARInstellingen{})
	b.functie(v, "verhuizen", nil)
	b.wis(k)
	b.weg.Store(true)
	b.verder(23*time.Hour + 59*time.Minute)
	b.functie(v, "verhuizen", nil)
	n := b.vragen.Load()           // more than one: a connection that breaks is tried anew
	b.functie(v, "verhuizen", nil) // it is left alone for a while
	b.verder(9 * time.Second)
	b.functie(v, "verhuizen", nil)
	b.gevraagd(n)
	b.verder(time.Second)
	if b.functie(v, "verhuizen", nil); n < 2 || b.vragen.Load() == n {
		t.Errorf("it was not asked again: %d requests after %d", b.vragen.Load(), n)
	}
	b.verder(time.Minute) // the day is over
	b.functie(v, "verhuizen", sdk.ErrVAR)
	if _, err := v.Activiteit(t.Context(), "verhuizen"); errors.Is(err, sdk.ErrGeenDoelbinding) {
		t.Errorf("that it can't be told is not that there is none: %v", err)
	}
	b.weg.Store(false)
	b.verder(time.Minute)
	b.functie(v, "verhuizen", sdk.ErrGeenDoelbinding)
}

func TestWithoutEverHavingHadATableEverythingIsRefused(t *testing.T) {
	t.Parallel()
	b := newVARBank(t)
	id := b.activiteit(volledig, "")
	b.koppel("verhuizen", id)
	b.lever(activiteit.Levering{Afnemer: varAfnemer, Gegevensset: "personen", Doel: sdk.NietOpgegeven, Activiteit: id})
	b.weg.Store(true)
	v := b.lezer("magazijn", sdk.VARInstellingen{})
	b.functie(v, "verhuizen", sdk.ErrVAR)
	if _, err := v.Levering(t.Context(), varAfnemer, "personen", sdk.NietOpgegeven); !errors.Is(err, sdk.ErrVAR) || strings.Contains(err.Error(), b.url) {
		t.Error(err)
	}
	b.gevraagd(2)
	b.functie(v, "verhuizen", sdk.ErrVAR) // not at once again
	b.gevraagd(2)
	b.weg.Store(false)
	b.verder(time.Second)
	b.functie(v, "verhuizen", nil)
	if _, err := v.Levering(t.Context(), varAfnemer, "personen", sdk.NietOpgegeven); err != nil {
		t.Error(err)
	}
}

func TestAnAnswerThatThereIsNoRightEndsWhatWasKept(t *testing.T) {
	t.Parallel()
	b := newVARBank(t)
	b.koppel("verhuizen", b.activiteit(volledig, ""))
	b.functie(b.lezer("zonder", sdk.VARInstellingen{}), "verhuizen", sdk.ErrVAR)
	for _, status := range []int32{401, 403, 404, 500, 503} {
		v := b.lezer("magazijn", sdk.VARInstellingen{})
		b.functie(v, "verhuizen", nil)
		b.status.Store(status)
		b.verder(time.Minute)
		var want error
		if status == 401 || status == 403 {
			want = sdk.ErrVAR
		}
		_, err := v.Activiteit(t.Context(), "verhuizen")
		var f *sdk.Fout
		if !errors.Is(err, want) || want != nil && (!errors.As(err, &f) || f.Status != int(status)) {
			t.Errorf("%d: %v", status, err)
		}
		b.status.Store(0)
	}
}

// A row ends on its day, in Dutch time, also when the register is away by then.
func TestARowEndsOnItsDay(t *testing.T) {
	t.Parallel()
	b := newVARBank(t)
	zone, err := time.LoadLocation("Europe/Amsterdam")
	if err != nil {
		t.Fatal(err)
	}
	morgen := time.Now().In(zone).AddDate(0, 0, 1) // so that midnight may come while this runs
	dag := activiteit.Datum(morgen.Format(time.DateOnly))
	blijft := b.activiteit(volledig, "")
	b.koppel("eindigt", b.activiteit(volledig, dag))
	b.koppel("blijft", blijft)
	b.lever(activiteit.Levering{Afnemer: varAfnemer, Gegevensset: "personen", Doel: sdk.NietOpgegeven, Activiteit: blijft, Tot: dag})
	levering := func(v *sdk.VAR) error {
		_, err := v.Levering(t.Context(), varAfnemer, "personen", sdk.NietOpgegeven)
		return err
	}
	// Only the clock of the tables moves: the register goes by its own.
	b.klok = time.Date(morgen.Year(), morgen.Month(), morgen.Day(), 23, 59, 59, 0, zone)
	v := b.lezer("magazijn", sdk.VARInstellingen{})
	b.functie(v, "eindigt", nil)
	if err := levering(v); err != nil {
		t.Error(err)
	}
	b.weg.Store(true)
	b.verder(time.Second)
	b.functie(v, "eindigt", sdk.ErrGeenDoelbinding)
	b.functie(v, "blijft", nil)
	if err := levering(v); !errors.Is(err, sdk.ErrGeenDoelbinding) {
		t.Error(err)
	}
}

func TestManyAskTheRegisterOnce(t *testing.T) {
	t.Parallel()
	b := newVARBank(t)
	b.koppel("verhuizen", b.activiteit(volledig, ""))
	v := b.lezer("magazijn", sdk.VARInstellingen{})
	poort := make(chan struct{})
	b.wacht.Store(poort)

	// Who began it leaves, and the others get their answer all the same.
	ctx, weg := context.WithCancel(t.Context())
	eerste := make(chan error)
	go func() {
		_, err := v.Activiteit(ctx, "verhuizen")
		eerste <- err
	}()
	for b.vragen.Load() == 0 {
		time.Sleep(time.Millisecond)
	}
	weg()
	if err := <-eerste; !errors.Is(err, context.Canceled) {
		t.Errorf("who left got %v", err)
	}
	var wg sync.WaitGroup
	for range 50 {
		wg.Go(func() { b.functie(v, "verhuizen", nil) })
	}
	close(poort)
	wg.Wait()
	b.gevraagd(1)
	b.verder(time.Minute)
	for range 50 {
		wg.Go(func() { b.functie(v, "verhuizen", nil) })
	}
	wg.Wait()
	b.gevraagd(2)
}

// A register that hangs holds nobody up who has a table.
func TestATableIsUsedWhileTheRegisterHangs(t *testing.T) {
	t.Parallel()
	b := newVARBank(t)
	b.koppel("verhuizen", b.activiteit(volledig, ""))
	v := b.lezer("magazijn", sdk.VARInstellingen{})
	b.functie(v, "verhuizen", nil)
	v.Wacht(sdk.WachtOpTabel)
	poort := make(chan struct{})
	b.wacht.Store(poort)
	b.verder(time.Minute)
	ctx, stop := context.WithTimeout(t.Context(), 10*time.Second) // and not only when asking fails, after 20
	defer stop()
	if _, err := v.Activiteit(ctx, "verhuizen"); err != nil {
		t.Error(err)
	}
	for b.vragen.Load() < 2 { // it asks beside that
		time.Sleep(time.Millisecond)
	}
	b.gevraagd(2)
	close(poort)
}
