package sdk_test

import (
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/google/uuid"

	"github.com/verantwoord/verantwoord/internal/opruimen"
	"github.com/verantwoord/verantwoord/sdk"
)

// afgeluisterd is a register of another organisation, with a wire on which its requests are seen.
type afgeluisterd struct {
	url, register string
	mu            sync.Mutex
	adressen      []string
	koppen        []http.Header
	bij           func() // when a request arrives
}

func newAfgeluisterd(t *testing.T) *afgeluisterd {
	t.Helper()
	a := &afgeluisterd{register: consumentRegister(t).URL}
	naar, err := url.Parse(a.register)
	if err != nil {
		t.Fatal(err)
	}
	proxy := httputil.NewSingleHostReverseProxy(naar)
	draad := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		a.mu.Lock()
		a.adressen, a.koppen = append(a.adressen, r.Method+" "+r.URL.String()), append(a.koppen, r.Header)
		bij := a.bij
		a.mu.Unlock()
		if bij != nil {
			bij()
		}
		proxy.ServeHTTP(w, r)
	}))
	opruimen.Na(t, draad.Close)
	a.url = draad.URL
	return a
}

// A log is read as personal data are: logged in the own register before, or before it is shown, and told to the other.
func TestReadingALogIsLoggedByWhoReads(t *testing.T) {
	t.Parallel()
	eigen, bron := consumentRegister(t), newAfgeluisterd(t)
	vuller := consumentClient(t, bron.register, "auditor")
	over := verwerking(persoon(1), persoon(2))
	over.Bewaartermijn = "P5Y"
	var ids []uuid.UUID
	for k := range 5 {
		a, err := vuller.Log(t.Context(), over.Actie(tijdstipVan("2020-03-05T14:35:42+01:00").AddDate(0, 0, k)))
		if err != nil {
			t.Fatal(err)
		}
		ids = append(ids, *a.ActieID)
	}
	tr := sdk.NewTransport(consumentClient(t, eigen.URL, "auditor"), functies)
	lezer := consumentClient(t, bron.url, "auditor").Bewaakt(tr)
	vraag := sdk.Vraag{Soort: "BSN", ID: persoon(1), Begin: "2020-01-01", Eind: "2021-01-01", PerPagina: 2}
	for name, tt := range map[string]struct {
		lees    func(*sdk.Client, sdk.Verwerking) (int, error)
		want    int
		wie     []string // in the own register
		vooraf  bool     // before the question is asked
		records int
	}{
		"of a person": {func(c *sdk.Client, v sdk.Verwerking) (n int, err error) {
			for _, err = range c.Acties(sdk.MetVerwerking(t.Context(), v), vraag) {
				n++
			}
			return
		}, 5, []string{persoon(1)}, true, 1},
		"of a verwerking, by page": {func(c *sdk.Client, v sdk.Verwerking) (n int, err error) {
			for _, err = range c.Acties(sdk.MetVerwerking(t.Context(), v), sdk.Vraag{VerwerkingID: over.VerwerkingID, PerPagina: 3}) {
				n++
			}
			return
		}, 5, []string{persoon(1), persoon(1), persoon(2), persoon(2)}, false, 2},
		"inzage": {func(c *sdk.Client, v sdk.Verwerking) (n int, err error) {
			for _, err = range c.Inzage(sdk.MetZoekopdracht(t.Context(), v, gevonden), vraag) {
				n++
			}
			return
		}, 5, []string{persoon(1)}, true, 1},
		"one by its id": {func(c *sdk.Client, v sdk.Verwerking) (int, error) {
			a, err := c.Actie(sdk.MetVerwerking(t.Context(), v), ids[0])
			return len(a.VerwerkteObjecten), err
		}, 2, []string{persoon(1), persoon(2)}, false, 1},
		"its history": {func(c *sdk.Client, v sdk.Verwerking) (int, error) {
			vs, err := c.Versies(sdk.MetVerwerking(t.Context(), v), ids[0])
			return len(vs), err
		}, 1, []string{persoon(1), persoon(2)}, false, 1},
	} {
		t.Run(name, func(t *testing.T) {
			v := verwerking()
			toen := -1
			bron.mu.Lock()
			bron.adressen, bron.koppen = nil, nil
			bron.bij = func() {
				if toen < 0 {
					toen = len(inRegister(t, eigen.URL, v.VerwerkingID))
				}
			}
			bron.mu.Unlock()
			n, err := tt.lees(lezer, v)
			if err != nil || n != tt.want {
				t.Fatalf("%d read, %v; want %d", n, err, tt.want)
			}
			acties := inRegister(t, eigen.URL, v.VerwerkingID)
			if got := personenIn(acties); !slices.Equal(got, tt.wie) || len(acties) != tt.records {
				t.Errorf("%d records of %v, want %d of %v", len(acties), got, tt.records, tt.wie)
			}
			if (toen == 1) != tt.vooraf {
				t.Errorf("%d records when the question arrived", toen)
			}
			for k, adres := range bron.adressen {
				if noemtIemand(adres) {
					t.Errorf("a person in the address %s", adres)
				}
				if h := bron.koppen[k]; h.Get("OIN") != consumentOIN || h.Get("VerwerkingId") != v.VerwerkingID.String() || h.Get("VerwerkingsactiviteitId") != raadplegen.String() {
					t.Errorf("told: %v", h)
				}
			}

			bron.mu.Lock()
			bron.adressen, bron.bij = nil, nil
			bron.mu.Unlock()
			kaal := v
			kaal.Functie = "onbekend"
			if n, err := tt.lees(lezer, kaal); !errors.Is(err, sdk.ErrGeenDoelbinding) || len(bron.adressen) > 0 {
				t.Errorf("without a doelbinding: %d read, %v, %v", n, err, bron.adressen)
			}
			weg := httptest.NewServer(http.NotFoundHandler())
			weg.Close()
			stil := consumentClient(t, bron.url, "auditor").Bewaakt(sdk.NewTransport(consumentClient(t, weg.URL, "auditor"), functies))
			if n, err := tt.lees(stil, verwerking()); !errors.Is(err, sdk.ErrNietVastgelegd) || n > 1 {
				t.Errorf("with the own register away: %d read, %v", n, err)
			}
		})
	}
}

// A page elsewhere is asked of this register: the token goes nowhere else.
func TestTheNextPageIsAskedOfTheSameRegister(t *testing.T) {
	t.Parallel()
	vreemd := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { t.Error("the token went elsewhere") }))
	opruimen.Na(t, vreemd.Close)
	for next, want := range map[string]int{vreemd.URL + "/x/_zoek?cursor=verder": 2, vreemd.URL + "/x/_zoek": 1} {
		var keer int
		reg := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			switch {
			case strings.HasSuffix(r.URL.Path, "/verwerkingsacties"):
				w.WriteHeader(http.StatusCreated)
				fmt.Fprintf(w, `{"actieId":%q,"tijdstipRegistratie":"2020-03-05T14:35:42Z"}`, uuid.New())
			case r.URL.RawQuery == "cursor=verder":
				keer++
				fmt.Fprint(w, `{"results":[]}`)
			default:
				keer++
				fmt.Fprintf(w, `{"next":%q,"results":[]}`, next)
			}
		}))
		opruimen.Na(t, reg.Close)
		v := verwerking()
		v.Functie, v.Activiteit = "", raadplegen
		for _, err := range consumentClient(t, reg.URL, "auditor").Acties(sdk.MetVerwerking(t.Context(), v), sdk.Vraag{Soort: "BSN", ID: persoon(1)}) {
			if want == 2 {
				t.Error(err)
			}
		}
		if keer != want {
			t.Errorf("%d questions, want %d", keer, want)
		}
	}
}

func TestAChangeOfWhatSomebodyElseChangedIsRefused(t *testing.T) {
	t.Parallel()
	c := consumentClient(t, consumentRegister(t).URL, "auditor")
	v := verwerking(persoon(1))
	v.Functie, v.Activiteit = "", raadplegen
	ctx := sdk.MetVerwerking(t.Context(), v)
	oud, err := c.Log(ctx, v.Actie(tijdstipVan("2020-03-05T14:35:42+01:00")))
	if err != nil {
		t.Fatal(err)
	}
	nieuw := oud
	nieuw.HandelingNaam = "Intake"
	if nieuw, err = c.Wijzig(ctx, nieuw, ""); err != nil {
		t.Fatal(err)
	}
	status := func(err error) int {
		var f *sdk.Fout
		if !errors.As(err, &f) {
			t.Errorf("got %v", err)
			return 0
		}
		return f.Status
	}
	if _, err := c.Wijzig(ctx, oud, ""); status(err) != http.StatusPreconditionFailed {
		t.Error("the change of an older version was taken")
	}
	if err := c.Verwijder(ctx, oud, ""); status(err) != http.StatusPreconditionFailed {
		t.Error("an older version was removed")
	}
	if err := c.Verwijder(ctx, nieuw, "Dubbel"); err != nil {
		t.Error(err)
	}
	if _, err := c.Actie(ctx, *oud.ActieID); status(err) != http.StatusNotFound {
		t.Error("it is still there")
	}
	if _, err := c.Wijzig(ctx, sdk.Verwerkingsactie{}, ""); err == nil {
		t.Error("a change of nothing")
	}
}
