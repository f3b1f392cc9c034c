package inzage_test

import (
	"context"
	"fmt"
	"os"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/verantwoord/verantwoord/internal/activiteit"
	"github.com/verantwoord/verantwoord/internal/beheerlog"
	"github.com/verantwoord/verantwoord/internal/betrokkene"
	"github.com/verantwoord/verantwoord/internal/domein"
	"github.com/verantwoord/verantwoord/internal/inwoner"
	"github.com/verantwoord/verantwoord/internal/inzage"
	"github.com/verantwoord/verantwoord/internal/juridisch"
	"github.com/verantwoord/verantwoord/internal/opruimen"
	"github.com/verantwoord/verantwoord/internal/store/kamer"
	"github.com/verantwoord/verantwoord/internal/store/kast"
	"github.com/verantwoord/verantwoord/internal/store/postgres"
	"github.com/verantwoord/verantwoord/internal/store/postgrestest"
	"github.com/verantwoord/verantwoord/internal/store/sqlite"
	"github.com/verantwoord/verantwoord/internal/verwerkingenlog"
)

func TestMain(m *testing.M) { os.Exit(postgrestest.Main(m)) }

const (
	gemeente   = "00000099000000001001"
	waterschap = "00000099000000001002"
	fictief    = "00000099000000001999" // an organisation that this register does not know

	anna = "999912340"
	bas  = "999923456"
)

var bg = context.Background()

// The activities of the municipality.
var (
	verhuizen = uuid.MustParse("00000000-0000-4000-8000-000000000001") // with another purpose from 2026-02-01 on
	parkeren  = uuid.MustParse("00000000-0000-4000-8000-000000000002")
	mijn      = uuid.MustParse("00000000-0000-4000-8000-000000000003")
	school    = uuid.MustParse("00000000-0000-4000-8000-000000000005") // with data about health until 2026-01-01
	inzien    = uuid.MustParse("00000000-0000-4000-8000-000000000004")
)

// teller is a store that counts what is asked of it, and that can be full.
type teller struct {
	verwerkingenlog.Store
	find, rows, rijen atomic.Int64
	vol               atomic.Bool
	extra             atomic.Bool // one question more for who is asked for (nu) when that is anna
	nu                atomic.Pointer[string]
	voor              func([]*verwerkingenlog.Eenheid) // sees what is stored before it is; nil: nobody
}

func (t *teller) Find(ctx context.Context, v verwerkingenlog.Zoekvraag) ([]verwerkingenlog.Treffer, error) {
	t.find.Add(1)
	return t.Store.Find(ctx, v)
}

func (t *teller) Rows(ctx context.Context, oin string, bladen []uint64) ([]*verwerkingenlog.Rij, error) {
	if bsn := t.nu.Load(); t.extra.Load() && *bsn == anna {
		if _, err := t.Store.Rows(ctx, oin, bladen); err != nil {
			return nil, err
		}
	}
	t.rows.Add(1)
	t.rijen.Add(int64(len(bladen)))
	return t.Store.Rows(ctx, oin, bladen)
}

func (t *teller) Append(ctx context.Context, groep []*verwerkingenlog.Eenheid) error {
	if t.vol.Load() {
		return fmt.Errorf("disk is full")
	}
	if t.voor != nil {
		t.voor(groep)
	}
	return t.Store.Append(ctx, groep)
}

// gevraagd gives the counts since the last time: searches, reads of content, and versions read.
func (t *teller) gevraagd() [3]int64 {
	return [3]int64{t.find.Swap(0), t.rows.Swap(0), t.rijen.Swap(0)}
}

// opslag is what a register stands on.
type opslag interface {
	verwerkingenlog.Store
	betrokkene.Vingerafdrukken
	kamer.Opslag
}

// proef is a register with citizens, on a store on disk and with a clock of its own.
type proef struct {
	*inzage.Inzage
	testing.TB
	log   *verwerkingenlog.Log
	store *teller
	// domeinen are what is open for who acts for another, and toestand what holds of everybody.
	domeinen *domein.Domeinen
	toestand atomic.Pointer[inwoner.Toestand]
	mu       sync.Mutex
	klok     time.Time
	keys     string // directory
	bos      *betrokkene.Sleutelbos
}

func (p *proef) nu() time.Time {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.klok
}

func (p *proef) verder(d time.Duration) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.klok = p.klok.Add(d)
}

func opSQLite(t testing.TB) opslag {
	t.Helper()
	s, err := sqlite.Open(bg, t.TempDir(), sqlite.Opties{Organisaties: []string{gemeente, waterschap}})
	if err != nil {
		t.Fatal(err)
	}
	opruimen.Na(t, func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return s
}

func opPostgres(t testing.TB) opslag {
	t.Helper()
	s, err := postgres.Open(bg, postgrestest.Database(t), postgres.Opties{Organisaties: []string{gemeente, waterschap}, Schrijvers: 1, Geduld: time.Minute})
	if err != nil {
		t.Fatal(err)
	}
	opruimen.Na(t, func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return s
}

func newProef(t testing.TB) *proef { return newProefOp(t, opSQLite(t)) }

func newProefOp(t testing.TB, s opslag) *proef {
	t.Helper()
	p := &proef{TB: t, store: &teller{Store: s}, klok: time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)}
	p.keys = t.TempDir()
	sleutels, err := betrokkene.Open(bg, p.keys, []string{gemeente, waterschap}, s)
	if err != nil {
		t.Fatal(err)
	}
	p.bos = sleutels
	c := verwerkingenlog.NewCommitter(p.store, 20_000, nil)
	klaar := make(chan struct{})
	go func() {
		defer close(klaar)
		_ = c.Run()
	}()
	t.Cleanup(func() {
		c.Close()
		<-klaar
	})
	p.log = verwerkingenlog.NewLog(p.store, func(string) *verwerkingenlog.Committer { return c }, sleutels, verwerkingenlog.Opties{
		Organisatie: func(string) *verwerkingenlog.Instellingen {
			return &verwerkingenlog.Instellingen{ActiviteitInzage: verwerkingenlog.Activiteit{ID: inzien, ActieNaam: "Inzien verwerkingenlog"}}
		},
		Nu: p.nu, MaxPatch: 100, Pagina: 100, MaxPagina: 500, CursorGeldig: time.Hour,
	})
	register, err := activiteit.New(bg, activiteit.Opties{
		Opslag: kast.New(s, kast.Activiteiten, nil), Sleutels: sleutels.Organisatie, Organisaties: []string{gemeente, waterschap}, Nu: p.nu,
		Meld: func(err error) { t.Error(err) },
	})
	if err != nil {
		t.Fatal(err)
	}
	p.activiteiten(register)
	wetten, err := juridisch.Open("")
	if err != nil {
		t.Fatal(err)
	}
	p.domeinen, err = domein.Open(bg, domein.Opties{
		Opslag: kast.New(s, kast.Domeinen, nil), Sleutels: sleutels.Organisatie, Organisaties: []string{gemeente, waterschap}, Activiteiten: register, Nu: p.nu,
		Eigen: func(string) []uuid.UUID { return []uuid.UUID{mijn, inzien} }, Meld: func(err error) { t.Error(err) },
	})
	if err != nil {
		t.Fatal(err)
	}
	p.toestand.Store(&inwoner.Toestand{})
	p.Inzage = inzage.New(inzage.Opties{
		Log: p.log, Sleutels: sleutels.Organisatie, Activiteiten: register, Juridisch: wetten, PerPagina: 50, Nu: p.nu, Systeem: "Verantwoord proef",
		Domeinen: p.domeinen, Toestand: func(string, inwoner.Persoon) inwoner.Toestand { return *p.toestand.Load() },
		Instellingen: func(string) inzage.Instellingen {
			return inzage.Instellingen{Activiteit: mijn, URL: "https://register.voorbeeldstad.example/verwerkingsactiviteiten/3", ActieNaam: "Tonen verwerkingen", Bewaartermijn: "P2Y", Automatisch: []string{"Nachtelijke levering"}}
		},
		Naam: func(oin string) string {
			return map[string]string{gemeente: "Gemeente Voorbeeldstad", waterschap: "Waterschap Voorbeeldvliet"}[oin]
		},
	})
	return p
}

// activiteiten fills the register of processing activities.
func (p *proef) activiteiten(r *activiteit.Register) {
	p.Helper()
	d := activiteit.Dader{OIN: gemeente, Wie: beheerlog.Opdrachtregel, Mag: func(string) bool { return true }}
	inhoud := func(naam, doel, grond string) activiteit.Inhoud {
		return activiteit.Inhoud{
			Naam: naam, Categorie: "Burgerzaken", VerantwoordelijkeOrganisatie: gemeente, Doel: doel, Grondslagen: []string{grond}, ToelichtingGrondslag: "Wet BRP, artikel 2.4.",
			Betrokkenen: []string{"inwoners"}, Persoonsgegevens: []activiteit.Persoonsgegeven{{Naam: "naam en adres", Rol: "inwoner"}}, Bewaartermijn: "1 jaar.", Beveiliging: "Goed.",
			Log: activiteit.Logprofiel{Omvang: activiteit.OmvangVolledig}, BewaartermijnLog: "P2Y",
		}
	}
	importeer := func(regels ...activiteit.Invoer) {
		if _, err := r.Importeer(bg, d, regels, true); err != nil {
			p.Fatal(err)
		}
	}
	importeer(
		activiteit.Invoer{ID: verhuizen, Ingangsdatum: "2025-01-01", Inhoud: inhoud("Verhuizen", "Het oude doel.", "publieke_taak")},
		activiteit.Invoer{ID: parkeren, Ingangsdatum: "2025-06-01", Inhoud: inhoud("Parkeren", "Parkeerruimte verdelen.", "publieke_taak")},
		activiteit.Invoer{ID: mijn, Ingangsdatum: "2025-01-01", Inhoud: inhoud("Tonen van eigen gegevens", "Laten zien wat er gebeurt.", "wettelijke_verplichting")},
		activiteit.Invoer{ID: inzien, Ingangsdatum: "2025-01-01", Inhoud: inhoud("Inzage in de log", "Laten zien wat er gebeurt.", "wettelijke_verplichting")},
	)
	toen := inhoud("Leerplaatsen", "Plaatsen verdelen.", "publieke_taak")
	toen.Persoonsgegevens, toen.Uitzonderingen = []activiteit.Persoonsgegeven{{Naam: "beperking", Rol: "leerling", Soort: activiteit.SoortBijzonder}}, []string{"uitdrukkelijke_toestemming"}
	importeer(activiteit.Invoer{ID: school, Ingangsdatum: "2025-01-01", Inhoud: toen})
	s, err := r.Een(d, school)
	if err != nil {
		p.Fatal(err)
	}
	importeer(activiteit.Invoer{ID: school, Stand: s.Stand, Ingangsdatum: "2026-01-01", Inhoud: inhoud("Leerplaatsen", "Plaatsen verdelen.", "publieke_taak")})
	a, err := r.Een(d, verhuizen)
	if err != nil {
		p.Fatal(err)
	}
	importeer(activiteit.Invoer{ID: verhuizen, Stand: a.Stand, Ingangsdatum: "2026-02-01", Inhoud: inhoud("Verhuizen", "Het nieuwe doel.", "wettelijke_verplichting")})
	if a, err = r.Een(d, verhuizen); err != nil {
		p.Fatal(err)
	}
	if err := r.ZetOpenbaar(bg, d, verhuizen, a.Stand, true); err != nil {
		p.Fatal(err)
	}
}

// applicatie may do everything in the log.
func applicatie() *verwerkingenlog.Aanroeper {
	return &verwerkingenlog.Aanroeper{
		Organisatie: gemeente, ClientID: "zaken", OINs: []string{gemeente}, MagVerhullen: true,
		Lezen: verwerkingenlog.BereikVertrouwelijk, Wijzigen: verwerkingenlog.BereikVertrouwelijk, Verwijderen: verwerkingenlog.BereikVertrouwelijk,
	}
}

// regel is an actie about one person, to be changed by f.
func regel(bsn, moment string, f ...func(*verwerkingenlog.Invoer)) *verwerkingenlog.Invoer {
	in := &verwerkingenlog.Invoer{ObjectenAanwezig: true, Objecten: []verwerkingenlog.InvoerObject{
		{Objecttype: "persoon", SoortObjectID: "BSN", ObjectID: bsn, Betrokkenheid: "aanvrager", Soorten: []string{"Adres"}},
	}}
	in.Set(verwerkingenlog.VeldActieNaam, "Ophalen persoonsgegevens")
	in.Set(verwerkingenlog.VeldTijdstip, moment)
	in.Set(verwerkingenlog.VeldVerwerkingsactiviteitID, verhuizen.String())
	for _, g := range f {
		g(in)
	}
	return in
}

func zet(v verwerkingenlog.Veld, waarde string) func(*verwerkingenlog.Invoer) {
	return func(in *verwerkingenlog.Invoer) { in.Set(v, waarde) }
}

// leg logs acties; it gives the last.
func (p *proef) leg(acties ...*verwerkingenlog.Invoer) (v *verwerkingenlog.Versie) {
	p.Helper()
	for _, in := range acties {
		var err error
		if v, err = p.log.Create(bg, applicatie(), in, "", nil); err != nil {
			p.Fatal(err)
		}
	}
	return v
}

// mens is a citizen who signed in now.
func (p *proef) mens(bsn string) *inwoner.Inwoner {
	return &inwoner.Inwoner{OIN: gemeente, Organisatie: "Gemeente Voorbeeldstad", Persoon: inwoner.BSN(bsn), Niveau: inwoner.Substantieel, Begonnen: p.nu()}
}

// kijk gives the first page of everything.
func (p *proef) kijk(w *inwoner.Inwoner) *inzage.Overzicht {
	p.Helper()
	o, err := p.Overzicht(bg, w, inzage.Filter{}, "")
	if err != nil {
		p.Fatal(err)
	}
	return o
}

// regels are all lines of a page but the own looks.
func regels(o *inzage.Overzicht) (uit []inzage.Gebruik) {
	for _, d := range o.Delen {
		for _, g := range d.Groepen {
			uit = append(uit, g.Gebruik...)
		}
	}
	return uit
}

// size is the number of versions in the log.
func (p *proef) size() uint64 {
	p.Helper()
	n, err := p.store.Size(bg, gemeente)
	if err != nil {
		p.Fatal(err)
	}
	return n
}
