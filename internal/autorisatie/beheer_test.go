package autorisatie_test

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"github.com/verantwoord/verantwoord/internal/autorisatie"
	"github.com/verantwoord/verantwoord/internal/betrokkene"
	"github.com/verantwoord/verantwoord/internal/fout"
	"github.com/verantwoord/verantwoord/internal/opruimen"
	opslag "github.com/verantwoord/verantwoord/internal/store/applicatie"
	"github.com/verantwoord/verantwoord/internal/store/sqlite"
)

var bg = context.Background()

// opstelling is a store on disk with keys, on which more than one Beheer can work as processes would.
type opstelling struct {
	t        *testing.T
	dir      string
	store    *sqlite.Store
	opslag   autorisatie.Opslag
	sleutels *betrokkene.Sleutelbos
}

func opstellen(t *testing.T) *opstelling {
	t.Helper()
	o := &opstelling{t: t, dir: t.TempDir()}
	oins := []string{gemeente, buurman}
	var err error
	if o.store, err = sqlite.Open(bg, filepath.Join(o.dir, "store"), sqlite.Opties{Organisaties: oins}); err != nil {
		t.Fatal(err)
	}
	o.opslag = opslag.New(o.store)
	opruimen.Na(t, func() {
		if err := o.store.Close(); err != nil {
			t.Error(err)
		}
	})
	if o.sleutels, err = betrokkene.Open(bg, filepath.Join(o.dir, "sleutels"), oins, o.store); err != nil {
		t.Fatal(err)
	}
	return o
}

// proces is a Beheer with its register, and what it told an operator.
type proces struct {
	*autorisatie.Beheer
	t        *testing.T
	register *autorisatie.Register
	gemeld   []error
}

func (o *opstelling) start(bestand *autorisatie.Bestand) *proces {
	o.t.Helper()
	p := &proces{t: o.t, register: autorisatie.NewRegister(nil)}
	var err error
	p.Beheer, err = autorisatie.NewBeheer(bg, autorisatie.BeheerOpties{
		Opslag: o.opslag, Sleutels: o.sleutels.Organisatie, Register: p.register, Bestand: bestand,
		Nu: func() time.Time { return nu }, Meld: func(err error) { p.gemeld = append(p.gemeld, err) },
	})
	if err != nil {
		o.t.Fatal(err)
	}
	return p
}

var beheerder = autorisatie.Beheerder{Organisatie: gemeente, ClientID: "beheer"}

// wens is an application with one client id, geheimEen and these scopes on Bewerking.
func wens(client string, scopes ...string) *autorisatie.Invoer {
	geheim, label, oins := string(geheimEen), "Label "+client, []string{gemeente}
	if scopes == nil {
		scopes = []string{}
	}
	return &autorisatie.Invoer{
		ClientIDs: &[]string{client}, Label: &label, Geheim: &geheim, OINs: &oins,
		Autorisaties: &[]autorisatie.InvoerAutorisatie{{Component: autorisatie.ComponentBewerking, Scopes: scopes}},
	}
}

func (p *proces) create(in *autorisatie.Invoer) *autorisatie.Registratie {
	p.t.Helper()
	r, err := p.Create(bg, beheerder, in)
	if err != nil {
		p.t.Fatal(err)
	}
	return r
}

// mag tells what a client may now: the reason when it is refused, else its scopes on Bewerking.
func (p *proces) mag(client string, geheim autorisatie.Geheim) string {
	p.t.Helper()
	token, err := autorisatie.Sign(client, geheim, autorisatie.Claims{}, nu)
	if err != nil {
		p.t.Fatal(err)
	}
	b, err := p.register.Authenticate(token, instellingen)
	if err != nil {
		return autorisatie.Reden(err)
	}
	return mag(b, autorisatie.ComponentBewerking)
}

func (p *proces) wantMag(client, want string) {
	p.t.Helper()
	if got := p.mag(client, geheimEen); got != want {
		p.t.Errorf("%s may %q, want %q", client, got, want)
	}
}

func TestAChangeIsInForceWhenTheCallReturns(t *testing.T) {
	t.Parallel()
	p := opstellen(t).start(nil)
	p.wantMag("app", "onbekende_client")
	r := p.create(wens("app", "read.normal"))
	p.wantMag("app", "create:normal read:normal")

	in := wens("app", "read:confidential", "audit:read")
	r, err := p.Update(bg, beheerder, r.ID.String(), r.ETag(), in, true)
	if err != nil {
		t.Fatal(err)
	}
	p.wantMag("app", "create:normal read:normal read:confidential audit:read")

	nieuw := string(geheimMeer)
	if r, err = p.Update(bg, beheerder, r.ID.String(), "", &autorisatie.Invoer{Geheim: &nieuw}, false); err != nil {
		t.Fatal(err)
	}
	p.wantMag("app", "handtekening")
	if got := p.mag("app", geheimMeer); got != "create:normal read:normal read:confidential audit:read" {
		t.Errorf("with its new secret it may %q", got)
	}
	if err := p.Delete(bg, beheerder, r.ID.String(), `"2", "3"`); err != nil {
		t.Fatal(err)
	}
	if got := p.mag("app", geheimMeer); got != "onbekende_client" {
		t.Errorf("after it was deleted: %q", got)
	}
	if p.gemeld != nil {
		t.Error(p.gemeld)
	}
}

func TestAnApplicationWithoutASecretCannotSignIn(t *testing.T) {
	t.Parallel()
	p := opstellen(t).start(nil)
	in := wens("app")
	in.Geheim = nil
	r := p.create(in)
	p.wantMag("app", "onbekende_client")
	geheim := string(geheimEen)
	if _, err := p.Update(bg, beheerder, r.ID.String(), "", &autorisatie.Invoer{Geheim: &geheim}, false); err != nil {
		t.Fatal(err)
	}
	p.wantMag("app", "create:normal")
}

func TestAnotherProcessFollowsWithinASecond(t *testing.T) {
	t.Parallel()
	o := opstellen(t)
	een, twee := o.start(nil), o.start(nil)
	ctx, stop := context.WithCancel(bg)
	done := make(chan struct{})
	go func() { defer close(done); twee.Follow(ctx, 100*time.Millisecond) }()
	t.Cleanup(func() { stop(); <-done })
	within := func(what, want string) {
		t.Helper()
		for end := time.Now().Add(time.Minute); twee.mag("app", geheimEen) != want; time.Sleep(5 * time.Millisecond) {
			if time.Now().After(end) {
				t.Fatalf("%s: after a minute the other process allows %q, want %q", what, twee.mag("app", geheimEen), want)
			}
		}
	}
	r := een.create(wens("app", "read:normal"))
	within("added", "create:normal read:normal")
	if _, err := een.Update(bg, beheerder, r.ID.String(), "", wens("app"), true); err != nil {
		t.Fatal(err)
	}
	within("changed", "create:normal")
	if err := een.Delete(bg, beheerder, r.ID.String(), ""); err != nil {
		t.Fatal(err)
	}
	within("deleted", "onbekende_client")
}

func TestTwoProcessesThatChangeTheSameLoseNothing(t *testing.T) {
	t.Parallel()
	o := opstellen(t)
	een, twee := o.start(nil), o.start(nil)
	r := een.create(wens("app"))
	if err := twee.Refresh(bg); err != nil {
		t.Fatal(err)
	}
	label := "Nieuwe naam"
	if _, err := een.Update(bg, beheerder, r.ID.String(), "", &autorisatie.Invoer{Label: &label}, false); err != nil {
		t.Fatal(err)
	}
	// The second one has not seen version 2.
	in := &autorisatie.Invoer{Autorisaties: wens("app", "read:normal").Autorisaties}
	if _, err := twee.Update(bg, beheerder, r.ID.String(), r.ETag(), in, false); !errors.Is(err, fout.Voorwaarde) {
		t.Errorf("with If-Match: %v", err)
	}
	got, err := twee.Update(bg, beheerder, r.ID.String(), "", in, false)
	if err != nil || got.Label != label || got.Versie != 3 {
		t.Errorf("without If-Match: version %d: %v", got.Versie, err)
	}
	twee.wantMag("app", "create:normal read:normal")

	een.create(wens("bezet"))
	if _, err := twee.Create(bg, beheerder, wens("bezet")); fout.CodeOf(err) != fout.CodeOngeldig {
		t.Errorf("a client id that another process gave away: %v", err)
	}
	if err := een.Delete(bg, beheerder, r.ID.String(), ""); err != nil {
		t.Fatal(err)
	}
	if err := twee.Delete(bg, beheerder, r.ID.String(), ""); !errors.Is(err, fout.NietGevonden) {
		t.Errorf("deleted by another process: %v", err)
	}
}

func TestNobodyChangesTheirOwnRights(t *testing.T) {
	t.Parallel()
	p := opstellen(t).start(nil)
	in := wens("beheer")
	*in.Autorisaties = append(*in.Autorisaties, autorisatie.InvoerAutorisatie{
		Component: autorisatie.ComponentAC, Scopes: []string{"autorisaties.bijwerken"},
	})
	*in.ClientIDs = append(*in.ClientIDs, "beheer-2")
	r := p.create(in)
	id := r.ID.String()
	alle, geheim, label := true, string(geheimMeer), "Beheer"
	for name, in := range map[string]*autorisatie.Invoer{
		"a scope more":        {Autorisaties: wens("x", "read:confidential").Autorisaties},
		"a scope less":        {Autorisaties: &[]autorisatie.InvoerAutorisatie{}},
		"everything":          {HeeftAlleAutorisaties: &alle},
		"another OIN":         {OINs: &[]string{gemeente, buurman}},
		"another client id":   {ClientIDs: &[]string{"beheer", "beheer-2", "beheer-3"}},
		"fewer client ids":    {ClientIDs: &[]string{"beheer"}},
		"all of it in a PUT":  wens("beheer", "delete:confidential"),
		"label and one scope": {Label: &label, Autorisaties: wens("x", "read:normal").Autorisaties},
	} {
		for _, client := range []string{"beheer", "beheer-2"} {
			door := autorisatie.Beheerder{Organisatie: gemeente, ClientID: client}
			if _, err := p.Update(bg, door, id, "", in, name == "all of it in a PUT"); !errors.Is(err, fout.GeenToestemming) {
				t.Errorf("%s by %s: %v", name, client, err)
			}
		}
	}
	if err := p.Delete(bg, beheerder, id, ""); !errors.Is(err, fout.GeenToestemming) {
		t.Errorf("deletes itself: %v", err)
	}
	if _, err := p.Update(bg, beheerder, id, "", &autorisatie.Invoer{Label: &label, Geheim: &geheim}, false); err != nil {
		t.Errorf("its own name and secret: %v", err)
	}
	ander := autorisatie.Beheerder{Organisatie: gemeente, ClientID: "ander"}
	if _, err := p.Update(bg, ander, id, "", &autorisatie.Invoer{Autorisaties: wens("x", "read:normal").Autorisaties}, false); err != nil {
		t.Errorf("somebody else: %v", err)
	}
}

func TestOrganisationsSeeNothingOfEachOther(t *testing.T) {
	t.Parallel()
	p := opstellen(t).start(&autorisatie.Bestand{Applicaties: []autorisatie.Applicatie{
		{ClientIDs: []string{"samen"}, Geheim: geheimEen, Label: "Samen", Organisaties: []string{gemeente, buurman}},
		{ClientIDs: []string{"alleen"}, Geheim: geheimEen, Label: "Alleen", Organisaties: []string{gemeente}},
	}})
	r := p.create(wens("app"))
	labels := func(oin string, clients []string) string {
		var s []string
		for _, r := range p.List(oin, clients) {
			s = append(s, r.Label)
		}
		return strings.Join(s, ", ")
	}
	p.create(wens("aap"))
	for _, tt := range []struct {
		oin     string
		clients []string
		want    string
	}{
		{gemeente, nil, "Samen, Alleen, Label aap, Label app"},
		{buurman, nil, "Samen"},
		{"", nil, ""},
		{gemeente, []string{"app", "alleen", "niemand"}, "Alleen, Label app"},
		{buurman, []string{"app", "alleen"}, ""},
		{gemeente, []string{}, ""},
	} {
		if got := labels(tt.oin, tt.clients); got != tt.want {
			t.Errorf("%s %v: %q, want %q", tt.oin, tt.clients, got, tt.want)
		}
	}
	vreemd := autorisatie.Beheerder{Organisatie: buurman, ClientID: "buur"}
	label := "Gekaapt"
	if _, err := p.Get(buurman, r.ID.String()); !errors.Is(err, fout.NietGevonden) {
		t.Errorf("read: %v", err)
	}
	if _, err := p.Update(bg, vreemd, r.ID.String(), "", &autorisatie.Invoer{Label: &label}, false); !errors.Is(err, fout.NietGevonden) {
		t.Errorf("changed: %v", err)
	}
	if err := p.Delete(bg, vreemd, r.ID.String(), ""); !errors.Is(err, fout.NietGevonden) {
		t.Errorf("deleted: %v", err)
	}
	for _, client := range []string{"app", "alleen", "samen"} {
		if _, err := p.Create(bg, vreemd, wens(client)); fout.CodeOf(err) != fout.CodeOngeldig {
			t.Errorf("took client id %s: %v", client, err)
		}
	}
	for _, id := range []string{"", "x", uuid.NewString(), "urn:uuid:" + r.ID.String(), "{" + r.ID.String() + "}"} {
		if _, err := p.Get(gemeente, id); !errors.Is(err, fout.NietGevonden) {
			t.Errorf("id %q: %v", id, err)
		}
	}
}

func TestTheFileIsReadOnlyAndWins(t *testing.T) {
	t.Parallel()
	o := opstellen(t)
	p := o.start(nil)
	p.create(wens("app", "read:confidential"))
	bestand := &autorisatie.Bestand{Applicaties: []autorisatie.Applicatie{
		{ClientIDs: []string{"app"}, Geheim: geheimMeer, Label: "Uit het bestand", Organisaties: []string{gemeente}},
	}}
	p, nog := o.start(bestand), o.start(bestand)
	if got := p.mag("app", geheimMeer); got != "create:normal" {
		t.Errorf("the client of the file may %q", got)
	}
	p.wantMag("app", "handtekening")
	if len(p.gemeld) != 1 || !strings.Contains(p.gemeld[0].Error(), `"app"`) {
		t.Errorf("told: %v", p.gemeld)
	}
	r := p.List(gemeente, nil)[0]
	if !r.UitBestand() || nog.List(gemeente, nil)[0].ID != r.ID {
		t.Error("an application of the file has no id that stays")
	}
	if got, err := p.Get(gemeente, r.ID.String()); err != nil || got != r {
		t.Errorf("can't be read: %v", err)
	}
	label := "Anders"
	_, err := p.Update(bg, beheerder, r.ID.String(), "", &autorisatie.Invoer{Label: &label}, false)
	var f *fout.Fout
	if !errors.As(err, &f) || f.Code != fout.CodeGeenToestemming || !strings.Contains(f.Detail, "applicatiebestand") {
		t.Errorf("changed: %v", err)
	}
	if err := p.Delete(bg, beheerder, r.ID.String(), ""); !errors.Is(err, fout.GeenToestemming) {
		t.Errorf("deleted: %v", err)
	}
}

func TestEveryChangeIsRecordedWithoutTheSecret(t *testing.T) {
	t.Parallel()
	p := opstellen(t).start(nil)
	r := p.create(wens("app", "read:normal"))
	if _, err := p.Update(bg, beheerder, r.ID.String(), "", wens("app", "read:confidential"), true); err != nil {
		t.Fatal(err)
	}
	geheim := string(geheimMeer)
	if _, err := p.Update(bg, autorisatie.Beheerder{Organisatie: gemeente}, r.ID.String(), "", &autorisatie.Invoer{Geheim: &geheim}, false); err != nil {
		t.Fatal(err)
	}
	if err := p.Delete(bg, beheerder, r.ID.String(), ""); err != nil {
		t.Fatal(err)
	}
	state := func(scope autorisatie.Scope) *autorisatie.Applicatie {
		return &autorisatie.Applicatie{
			ClientIDs: []string{"app"}, Label: "Label app", Organisaties: []string{gemeente}, OINs: []string{gemeente},
			Autorisaties: []autorisatie.Autorisatie{{Component: autorisatie.ComponentBewerking, Scopes: []autorisatie.Scope{scope}}},
		}
	}
	want := []autorisatie.Wijziging{
		{Nummer: 1, Applicatie: r.ID, Versie: 1, Moment: nu.UTC(), Door: "beheer", Handeling: autorisatie.Toegevoegd, GeheimGezet: true, Na: state("read:normal")},
		{Nummer: 2, Applicatie: r.ID, Versie: 2, Moment: nu.UTC(), Door: "beheer", Handeling: autorisatie.Gewijzigd, Voor: state("read:normal"), Na: state("read:confidential")},
		{Nummer: 3, Applicatie: r.ID, Versie: 3, Moment: nu.UTC(), Door: autorisatie.Opdrachtregel, Handeling: autorisatie.Gewijzigd, GeheimGezet: true,
			Voor: state("read:confidential"), Na: state("read:confidential")},
		{Nummer: 4, Applicatie: r.ID, Versie: 4, Moment: nu.UTC(), Door: "beheer", Handeling: autorisatie.Verwijderd, Voor: state("read:confidential")},
	}
	got, err := p.Wijzigingen(bg, gemeente)
	if d := cmp.Diff(want, got); err != nil || d != "" {
		t.Errorf("%v (-want +got):\n%s", err, d)
	}
	if got, err := p.Wijzigingen(bg, buurman); err != nil || len(got) != 0 {
		t.Errorf("the other organisation has %d records: %v", len(got), err)
	}
}

func TestNothingOfAnApplicationLiesPlainOnDiskButItsClientIDs(t *testing.T) {
	t.Parallel()
	o := opstellen(t)
	p := o.start(nil)
	in := wens("zichtbaar", "read:confidential")
	*in.Label = "Onleesbare naam"
	p.create(in)
	seen := false
	err := filepath.WalkDir(filepath.Join(o.dir, "store"), func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		b, err := os.ReadFile(path)
		for _, s := range []string{string(geheimEen), "Onleesbare naam", "read:confidential", "geheim"} {
			if strings.Contains(string(b), s) {
				t.Errorf("%q lies in %s", s, d.Name())
			}
		}
		seen = seen || strings.Contains(string(b), "zichtbaar")
		return err
	})
	if err != nil || !seen {
		t.Errorf("the test does not see what is stored: %v", err)
	}
}

// vervalst is a store whose rows were tampered with on the way.
type vervalst struct {
	autorisatie.Opslag
	met func(*autorisatie.Rij)
}

func (v vervalst) LoadApplicaties(ctx context.Context) ([]autorisatie.Rij, int64, error) {
	rijen, n, err := v.Opslag.LoadApplicaties(ctx)
	for i := range rijen {
		rijen[i].Verzegeld = slices.Clone(rijen[i].Verzegeld)
		v.met(&rijen[i])
	}
	return rijen, n, err
}

func TestARowThatWasTamperedWithLetsNobodyIn(t *testing.T) {
	t.Parallel()
	o := opstellen(t)
	first := o.start(nil)
	r := first.create(wens("app"))
	oud, _, err := o.opslag.LoadApplicaties(bg)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := first.Update(bg, beheerder, r.ID.String(), "", wens("app", "read:normal"), true); err != nil {
		t.Fatal(err)
	}
	for name, met := range map[string]func(*autorisatie.Rij){
		"a bit":                 func(r *autorisatie.Rij) { r.Verzegeld[len(r.Verzegeld)/2] ^= 1 },
		"the organisation":      func(r *autorisatie.Rij) { r.OIN = buurman },
		"the id":                func(r *autorisatie.Rij) { r.ID = uuid.New() },
		"the version":           func(r *autorisatie.Rij) { r.Versie = 1 },
		"an earlier content":    func(r *autorisatie.Rij) { r.Verzegeld = oud[0].Verzegeld },
		"nothing at all inside": func(r *autorisatie.Rij) { r.Verzegeld = nil },
	} {
		var gemeld []error
		register := autorisatie.NewRegister(nil)
		b, err := autorisatie.NewBeheer(bg, autorisatie.BeheerOpties{
			Opslag: vervalst{o.opslag, met}, Sleutels: o.sleutels.Organisatie, Register: register, Meld: func(err error) { gemeld = append(gemeld, err) },
		})
		if err != nil {
			t.Fatal(err)
		}
		p := &proces{Beheer: b, t: t, register: register}
		if got := p.mag("app", geheimEen); got != "onbekende_client" || len(gemeld) != 1 || len(b.List(gemeente, nil)) != 0 {
			t.Errorf("%s changed: the client may %q, told %v", name, got, gemeld)
		}
	}
}

// geteld is a store that ends something when it was looked at a number of times.
type geteld struct {
	autorisatie.Opslag
	nog  int
	stop func()
}

func (g *geteld) Generatie(ctx context.Context) (int64, error) {
	if g.nog--; g.nog == 0 {
		g.stop()
	}
	return g.Opslag.Generatie(ctx)
}

func TestAStoreThatCannotBeReadChangesNothingAndIsToldOnce(t *testing.T) {
	t.Parallel()
	o := opstellen(t)
	ctx, stop := context.WithCancel(bg)
	g := &geteld{Opslag: o.opslag, stop: stop}
	o.opslag = g
	p := o.start(nil)
	p.create(wens("app"))
	if err := o.store.Close(); err != nil {
		t.Fatal(err)
	}
	g.nog = 5
	p.Follow(ctx, 5*time.Millisecond)
	if len(p.gemeld) != 1 {
		t.Errorf("told %d times", len(p.gemeld))
	}
	p.wantMag("app", "create:normal")
	if _, err := p.Create(bg, beheerder, wens("nieuw")); !errors.Is(err, fout.NietBeschikbaar) {
		t.Errorf("added to a closed store: %v", err)
	}
	p.wantMag("nieuw", "onbekende_client")
}
