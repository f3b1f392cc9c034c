package storetest

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/verantwoord/verantwoord/internal/activiteit"
	"github.com/verantwoord/verantwoord/internal/beheerlog"
	"github.com/verantwoord/verantwoord/internal/betrokkene"
	"github.com/verantwoord/verantwoord/internal/fout"
)

// RunActiviteiten is the suite of the register of processing activities on a store: what must hold with several nodes. open
// gives an empty store in which A and B exist, as two nodes see it.
func RunActiviteiten(t *testing.T, sleutels func(oin string) (*betrokkene.Sleutels, bool), open func(testing.TB) (een, ander KastKnoop)) {
	for naam, f := range map[string]func(*activiteitenproef){
		"what another node changes is in force by itself":              (*activiteitenproef).volgt,
		"of two nodes that change the same activity one is told so":    (*activiteitenproef).zelfde,
		"two nodes that change different activities lose nothing":      (*activiteitenproef).verschillende,
		"two nodes can't couple one function to two activities":        (*activiteitenproef).koppeling,
		"two nodes can't allow the same delivery twice":                (*activiteitenproef).levering,
		"an import is whole or nothing, also beside another node":      (*activiteitenproef).invoer,
		"an import of several hundred is there on the other node":      (*activiteitenproef).veel,
		"an upload on one node is read on the other at once":           (*activiteitenproef).upload,
		"an organisation sees nothing of another":                      (*activiteitenproef).gescheiden,
		"a change on a node that is behind is decided on what holds":   (*activiteitenproef).achter,
		"what was put away by a node is read back by one that started": (*activiteitenproef).herstart,
	} {
		t.Run(naam, func(t *testing.T) {
			t.Parallel()
			een, ander := open(t)
			p := &activiteitenproef{T: t, sleutels: sleutels, een: een, ander: ander}
			p.hier, p.daar = p.register(een), p.register(ander)
			f(p)
			p.bewezen()
		})
	}
}

type activiteitenproef struct {
	*testing.T
	sleutels   func(oin string) (*betrokkene.Sleutels, bool)
	een, ander KastKnoop
	hier, daar *activiteit.Register
}

func (p *activiteitenproef) register(k KastKnoop) *activiteit.Register {
	p.Helper()
	r, err := activiteit.New(bg, activiteit.Opties{
		Opslag: k.Opslag, Sleutels: p.sleutels, Organisaties: []string{A, B}, Meld: func(err error) { p.Error(err) },
	})
	if err != nil {
		p.Fatal(err)
	}
	return r
}

// bewezen checks that every change had its event: the tree of the beheerlog holds.
func (p *activiteitenproef) bewezen() {
	p.Helper()
	for _, oin := range []string{A, B} {
		if _, err := beheerlog.NewLog(p.ander.Log, p.sleutels, time.Now).Controle(bg, oin); err != nil {
			p.Error(err)
		}
	}
}

// alles may do everything in an organisation.
func alles(oin string) activiteit.Dader {
	return activiteit.Dader{OIN: oin, Wie: beheerlog.Wie{Soort: "gebruiker", ID: "bea", Naam: "Bea Heer"}, Mag: func(string) bool { return true }}
}

func volledig(naam string) activiteit.Inhoud {
	return activiteit.Inhoud{
		Naam: naam, VerantwoordelijkeOrganisatie: A, Doel: "Iemand inschrijven", Grondslagen: []string{"publieke_taak"}, Betrokkenen: []string{"Inwoners"},
		Persoonsgegevens: []activiteit.Persoonsgegeven{{Naam: "Naam en adres"}}, Bewaartermijn: "Vijf jaar", Beveiliging: "Toegang op naam",
		Log: activiteit.Logprofiel{Omvang: activiteit.OmvangVolledig},
	}
}

// vast makes a definite activity on the first node.
func (p *activiteitenproef) vast(naam string) uuid.UUID {
	p.Helper()
	u := uuid.New()
	in := []activiteit.Invoer{{ID: u, Ingangsdatum: "2020-01-01", Inhoud: volledig(naam)}}
	if _, err := p.hier.Importeer(bg, alles(A), in, true); err != nil {
		p.Fatal(err)
	}
	p.ververs()
	return u
}

func (p *activiteitenproef) ververs() {
	p.Helper()
	for _, r := range []*activiteit.Register{p.hier, p.daar} {
		if err := r.Refresh(bg); err != nil {
			p.Fatal(err)
		}
	}
}

func (p *activiteitenproef) lees(r *activiteit.Register, id uuid.UUID) *activiteit.Activiteit {
	p.Helper()
	a, err := r.Een(alles(A), id)
	if err != nil {
		p.Fatal(err)
	}
	return a
}

// beide does something on both nodes at once, and gives the errors.
func (p *activiteitenproef) beide(f func(r *activiteit.Register, n int) error) (errs [2]error) {
	var wg sync.WaitGroup
	for n, r := range []*activiteit.Register{p.hier, p.daar} {
		wg.Go(func() { errs[n] = f(r, n) })
	}
	wg.Wait()
	p.ververs()
	return errs
}

// een wins; the other is refused with the code.
func (p *activiteitenproef) eenWint(errs [2]error, code fout.Code) {
	p.Helper()
	wint := slices.Index(errs[:], nil)
	if wint < 0 || fout.CodeOf(errs[1-wint]) != code {
		p.Fatalf("got %v and %v, want one to win and one %s", errs[0], errs[1], code)
	}
}

func (p *activiteitenproef) volgt() {
	ctx, stop := context.WithCancel(bg)
	var wg sync.WaitGroup
	wg.Go(func() { p.daar.Follow(ctx, 250*time.Millisecond) })
	p.Cleanup(func() { stop(); wg.Wait() })
	id, err := p.hier.Begin(bg, alles(A), volledig("Inschrijven"))
	if err != nil {
		p.Fatal(err)
	}
	vanzelf(p, "the other node knows the activity", func() bool {
		_, err := p.daar.Een(alles(A), id)
		return err == nil
	})
}

func (p *activiteitenproef) zelfde() {
	id := p.vast("Inschrijven")
	for n := range 10 {
		stand := p.lees(p.hier, id).Stand
		p.eenWint(p.beide(func(r *activiteit.Register, k int) error {
			return r.Wijzig(bg, alles(A), id, stand, volledig(fmt.Sprintf("Inschrijven %d van %d", n, k)))
		}), fout.CodeGelijktijdig)
		if a, b := p.lees(p.hier, id), p.lees(p.daar, id); a.Stand != stand+1 || b.Stand != stand+1 || a.Concept.Naam != b.Concept.Naam {
			p.Fatalf("%d %q and %d %q", a.Stand, a.Concept.Naam, b.Stand, b.Concept.Naam)
		}
	}
}

func (p *activiteitenproef) verschillende() {
	ids := [2]uuid.UUID{p.vast("Een"), p.vast("Twee")}
	for n := range 10 {
		standen := [2]int64{p.lees(p.hier, ids[0]).Stand, p.lees(p.hier, ids[1]).Stand}
		errs := p.beide(func(r *activiteit.Register, k int) error {
			return r.Wijzig(bg, alles(A), ids[k], standen[k], volledig(fmt.Sprint("Naam ", n)))
		})
		if err := errors.Join(errs[:]...); err != nil {
			p.Fatal(err)
		}
	}
}

func (p *activiteitenproef) koppeling() {
	ids := [2]uuid.UUID{p.vast("Een"), p.vast("Twee")}
	for n := range 10 {
		functie := fmt.Sprint("functie ", n)
		p.eenWint(p.beide(func(r *activiteit.Register, k int) error {
			_, err := r.ZetKoppeling(bg, alles(A), activiteit.Koppeling{Applicatie: "burgerzaken", Functie: functie, Activiteit: ids[k]})
			return err
		}), fout.CodeOngeldig)
		a, err := p.hier.ActiviteitVan(A, "burgerzaken", functie, time.Now())
		b, anders := p.daar.ActiviteitVan(A, "burgerzaken", functie, time.Now())
		if err != nil || anders != nil || a != b {
			p.Fatalf("%v %v, %v %v", a, err, b, anders)
		}
	}
}

func (p *activiteitenproef) levering() {
	id := p.vast("Een")
	for n := range 10 {
		set := fmt.Sprint("set ", n)
		p.eenWint(p.beide(func(r *activiteit.Register, k int) error {
			l := activiteit.Levering{Afnemer: B, Gegevensset: set, Doel: "inkomen", Activiteit: id, Van: "2020-01-01", Tot: "2030-12-31"}
			if k == 1 {
				l.Van, l.Tot = "2030-12-31", ""
			}
			_, err := r.ZetLevering(bg, alles(A), l)
			return err
		}), fout.CodeOngeldig)
	}
}

func (p *activiteitenproef) invoer() {
	id := p.vast("Inschrijven")
	stand := p.lees(p.hier, id).Stand
	errs := p.beide(func(r *activiteit.Register, k int) error {
		in := []activiteit.Invoer{{ID: id, Stand: stand, Inhoud: volledig(fmt.Sprint("Gewijzigd door ", k))}}
		for n := range 20 {
			in = append(in, activiteit.Invoer{Inhoud: volledig(fmt.Sprintf("Nieuw %d van %d", n, k))})
		}
		_, err := r.Importeer(bg, alles(A), in, true)
		return err
	})
	p.eenWint(errs, fout.CodeOngeldig)
	for _, r := range []*activiteit.Register{p.hier, p.daar} {
		if l, err := r.Lijst(alles(A), activiteit.Filter{}); err != nil || len(l) != 21 {
			p.Errorf("%d activities, want 21: %v", len(l), err)
		}
	}
}

func (p *activiteitenproef) veel() {
	var in []activiteit.Invoer
	for n := range 600 {
		in = append(in, activiteit.Invoer{Inhoud: volledig(fmt.Sprintf("Activiteit %03d", n))})
	}
	u, err := p.hier.Importeer(bg, alles(A), in, true)
	if err != nil || u != (activiteit.Uitkomst{Nieuw: 600}) {
		p.Fatalf("%+v %v", u, err)
	}
	p.ververs()
	l, err := p.daar.Lijst(alles(A), activiteit.Filter{Stand: activiteit.StandGeldig})
	if err != nil || len(l) != 600 || l[0].Actueel().Naam != "Activiteit 000" || l[599].Actueel().Naam != "Activiteit 599" {
		p.Errorf("%d: %v", len(l), err)
	}
	if events, err := beheerlog.NewLog(p.ander.Log, p.sleutels, time.Now).Controle(bg, A); err != nil || events != 3 {
		p.Errorf("%d events of one import of 600, want 3: %v", events, err)
	}
}

func (p *activiteitenproef) upload() {
	inhoud := make([]byte, 1<<20)
	id, err := p.hier.Bewaar(bg, alles(A), "keuze", inhoud)
	if err != nil {
		p.Fatal(err)
	}
	if keuze, got, err := p.daar.Haal(bg, alles(A), id); err != nil || keuze != "keuze" || !slices.Equal(got, inhoud) {
		p.Fatalf("%d bytes: %v", len(got), err)
	}
	if err := p.daar.GooiInvoerWeg(bg, alles(A), id); err != nil {
		p.Fatal(err)
	}
	p.ververs()
	if _, _, err := p.hier.Haal(bg, alles(A), id); !errors.Is(err, fout.NietGevonden) {
		p.Errorf("thrown away: %v", err)
	}

	// Work of one node is seen, and stopped, on the other.
	werk, err := p.hier.BeginWerk(bg, alles(A), uuid.Nil, activiteit.Werk{Wat: activiteit.WerkLezen, Bestand: "register.xlsx", Sinds: time.Now()})
	if err != nil {
		p.Fatal(err)
	}
	if w, err := p.daar.Werk(bg, alles(A), werk); err != nil || w == nil || w.Bestand != "register.xlsx" {
		p.Fatalf("%+v: %v", w, err)
	}
	if err := p.hier.MeldWerk(bg, alles(A), werk, 10, 50); err != nil {
		p.Fatal(err)
	}
	p.ververs()
	if w, err := p.daar.Werk(bg, alles(A), werk); err != nil || w.Rijen != 10 {
		p.Errorf("%+v: %v", w, err)
	}
	if err := p.daar.GooiInvoerWeg(bg, alles(A), werk); err != nil {
		p.Fatal(err)
	}
	if err := p.hier.MeldWerk(bg, alles(A), werk, 20, 60); !errors.Is(err, fout.NietGevonden) {
		p.Errorf("goes on: %v", err)
	}
	if err := p.hier.WerkGelezen(bg, alles(A), werk, "", inhoud); !errors.Is(err, fout.NietGevonden) {
		p.Errorf("kept all the same: %v", err)
	}
}

func (p *activiteitenproef) gescheiden() {
	id := p.vast("Inschrijven")
	if _, err := p.hier.Een(alles(B), id); !errors.Is(err, fout.NietGevonden) {
		p.Errorf("read by another organisation: %v", err)
	}
	if l, err := p.hier.Lijst(alles(B), activiteit.Filter{}); err != nil || len(l) != 0 {
		p.Errorf("%d activities of another organisation: %v", len(l), err)
	}
	if err := p.hier.Wijzig(bg, alles(B), id, 1, volledig("Gekaapt")); !errors.Is(err, fout.NietGevonden) {
		p.Errorf("changed by another organisation: %v", err)
	}
	// The same id in both, as of a catalogue.
	if _, err := p.daar.Importeer(bg, alles(B), []activiteit.Invoer{{ID: id, Inhoud: volledig("Van B")}}, true); err != nil {
		p.Fatal(err)
	}
	p.ververs()
	if v, ok := p.hier.Bekend(A, id, time.Now()); !ok || v == nil || v.Naam != "Inschrijven" {
		p.Errorf("%v %+v", ok, v)
	}
	if v, ok := p.hier.Bekend(B, id, time.Now()); !ok || v == nil || v.Naam != "Van B" {
		p.Errorf("%v %+v", ok, v)
	}
}

func (p *activiteitenproef) achter() {
	id, err := p.hier.Begin(bg, alles(A), volledig("Inschrijven"))
	if err != nil {
		p.Fatal(err)
	}
	// The other node has not looked yet, and is asked by a person who saw the page of the first.
	if err := p.daar.Wijzig(bg, alles(A), id, 1, volledig("Inschrijven van inwoners")); err != nil {
		p.Fatal(err)
	}
	if err := p.hier.StelVast(bg, alles(A), id, 2, activiteit.Vaststelling{Ingangsdatum: "2026-01-01"}); err != nil {
		p.Fatal(err)
	}
	if a := p.lees(p.hier, id); len(a.Versies) != 1 || a.Versies[0].Naam != "Inschrijven van inwoners" {
		p.Errorf("%+v", a.Versies)
	}
}

func (p *activiteitenproef) herstart() {
	id := p.vast("Inschrijven")
	d := alles(A)
	if err := p.hier.Wijzig(bg, d, id, 1, volledig("Inschrijven van inwoners")); err != nil {
		p.Fatal(err)
	}
	if err := p.hier.StelVast(bg, d, id, 2, activiteit.Vaststelling{Ingangsdatum: "2026-01-01", Reden: "Naam verduidelijkt", Openbaar: true}); err != nil {
		p.Fatal(err)
	}
	if err := p.hier.ZetLoggrond(bg, d, activiteit.Loggrond{Activiteit: id, Vloer: "P5Y"}); err != nil {
		p.Fatal(err)
	}
	if err := p.hier.ZetVerantwoordelijke(bg, d, activiteit.Verantwoordelijke{Naam: "Gemeente Voorbeeldstad"}); err != nil {
		p.Fatal(err)
	}
	nieuw := p.register(p.ander)
	a := p.lees(nieuw, id)
	if len(a.Versies) != 2 || a.Versies[1].Naam != "Inschrijven van inwoners" || a.Versies[1].Nummer != 2 || !a.Openbaar || a.Stand != 3 {
		p.Errorf("%+v", a)
	}
	if l, err := nieuw.Loggrond(d); err != nil || l.Activiteit != id || l.Vloer != "P5Y" || l.Stand != 1 {
		p.Errorf("%+v %v", l, err)
	}
	if v := nieuw.Verantwoordelijke(A); v.Naam != "Gemeente Voorbeeldstad" {
		p.Errorf("%+v", v)
	}
}
