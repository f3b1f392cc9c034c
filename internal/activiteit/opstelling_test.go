package activiteit_test

import (
	"context"
	"errors"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"

	. "github.com/verantwoord/verantwoord/internal/activiteit"
	"github.com/verantwoord/verantwoord/internal/beheerlog"
	"github.com/verantwoord/verantwoord/internal/betrokkene"
	"github.com/verantwoord/verantwoord/internal/fout"
	"github.com/verantwoord/verantwoord/internal/opruimen"
	logboek "github.com/verantwoord/verantwoord/internal/store/beheerlog"
	"github.com/verantwoord/verantwoord/internal/store/kast"
	"github.com/verantwoord/verantwoord/internal/store/sqlite"
)

const (
	gemeente = "00000099000000001001"
	buurman  = "00000099000000001002"
)

var bg = context.Background()

// opstelling is the register of a municipality, on a store on disk and with a clock of its own.
type opstelling struct {
	*Register
	t    testing.TB
	mu   sync.Mutex
	klok time.Time
	log  *beheerlog.Log
	bea  Dader // may do everything
}

func (o *opstelling) nu() time.Time {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.klok
}

func (o *opstelling) verder(d time.Duration) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.klok = o.klok.Add(d)
}

// mag is somebody who may do only that.
func mag(handelingen ...string) Dader {
	return Dader{
		OIN: gemeente, Wie: beheerlog.Wie{Soort: "gebruiker", ID: "bea", Naam: "Bea Heer"},
		Mag: func(h string) bool { return slices.Contains(handelingen, h) },
	}
}

func opstellen(t testing.TB) *opstelling {
	t.Helper()
	o := &opstelling{t: t, klok: time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC), bea: mag(Zien, Wijzigen, Goedkeuren, Exporteren, Beheren)}
	oins := []string{gemeente, buurman}
	s, err := sqlite.Open(bg, t.TempDir(), sqlite.Opties{Organisaties: oins})
	if err != nil {
		t.Fatal(err)
	}
	opruimen.Na(t, func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	sleutels, err := betrokkene.Open(bg, t.TempDir(), oins, s)
	if err != nil {
		t.Fatal(err)
	}
	o.log = beheerlog.NewLog(logboek.New(s), sleutels.Organisatie, o.nu)
	o.Register, err = New(bg, Opties{
		Opslag: kast.New(s, kast.Activiteiten, nil), Sleutels: sleutels.Organisatie, Organisaties: oins, Wetten: wetten{}, Nu: o.nu,
		Meld: func(err error) { t.Error(err) }, Eigen: func(string) []uuid.UUID { return []uuid.UUID{eigen} },
	})
	if err != nil {
		t.Fatal(err)
	}
	return o
}

// eigen is the activity under which the register logs what it is asked.
var eigen = uuid.MustParse("6a0f3f5e-7a3a-4a0e-9a67-0d3b6b8d0001")

// wetten are some legal data: "nieuw" holds from 2027 on, "oud" until 2020.
type wetten struct{}

func (wetten) Bestaat(soort, code string, op Datum) bool {
	switch soort + " " + code {
	case "grondslag publieke_taak", "grondslag toestemming", "uitzondering gezondheid", "beperking opsporing":
		return true
	case "grondslag nieuw":
		return op >= "2027-01-01"
	case "grondslag oud":
		return op < "2020-01-01"
	}
	return false
}

func (wetten) ToelichtingNodig(code string, _ Datum) bool { return code == "publieke_taak" }

// volledig is what can be made definite.
func volledig(naam string) Inhoud {
	return Inhoud{
		Naam: naam, Categorie: "Burgerzaken", VerantwoordelijkeOrganisatie: gemeente, Doel: "Inwoners inschrijven in de basisregistratie",
		Grondslagen: []string{"publieke_taak"}, ToelichtingGrondslag: "Wet BRP art. 2.4", Betrokkenen: []string{"Inwoners"},
		Persoonsgegevens: []Persoonsgegeven{{Rol: "Inwoner", Naam: "Naam en adres"}, {Naam: "BSN", Soort: SoortBSN}},
		Bewaartermijn:    "Vijf jaar na vertrek", Beveiliging: "Toegang op naam, versleutelde opslag", Log: Logprofiel{Omvang: OmvangVolledig},
	}
}

// vast makes a definite activity that holds from a day on.
func (o *opstelling) vast(naam string, vanaf Datum) *Activiteit {
	o.t.Helper()
	id, err := o.Begin(bg, o.bea, volledig(naam))
	if err != nil {
		o.t.Fatal(err)
	}
	if err := o.StelVast(bg, o.bea, id, 1, Vaststelling{Ingangsdatum: vanaf}); err != nil {
		o.t.Fatal(err)
	}
	return o.een(id)
}

func (o *opstelling) een(id uuid.UUID) *Activiteit {
	o.t.Helper()
	a, err := o.Een(o.bea, id)
	if err != nil {
		o.t.Fatal(err)
	}
	return a
}

// geweigerd checks the code, and that a person is told something.
func geweigerd(t testing.TB, err error, code fout.Code) *fout.Fout {
	t.Helper()
	var f *fout.Fout
	if !errors.As(err, &f) || f.Code != code || f.Detail == "" && len(f.Params) == 0 {
		t.Fatalf("got %v, want %s with a sentence", err, code)
	}
	return f
}

// paden are the fields that an error names, in order, each as "path code".
func paden(err error) []string {
	var f *fout.Fout
	uit := []string{}
	if errors.As(err, &f) {
		for _, p := range f.Params {
			uit = append(uit, p.Name+" "+p.Code)
		}
	}
	slices.Sort(uit)
	return uit
}

// gebeurtenissen gives the kinds of the newest events, newest first.
func (o *opstelling) gebeurtenissen(n int) []*beheerlog.Regel {
	o.t.Helper()
	l, err := o.log.List(bg, gemeente, beheerlog.Vanaf, n)
	if err != nil {
		o.t.Fatal(err)
	}
	return l
}
