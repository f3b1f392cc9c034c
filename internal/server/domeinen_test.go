package server

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/verantwoord/verantwoord/internal/activiteit"
	"github.com/verantwoord/verantwoord/internal/beheerlog"
	"github.com/verantwoord/verantwoord/internal/bewijs"
	"github.com/verantwoord/verantwoord/internal/domein"
	"github.com/verantwoord/verantwoord/internal/inwoner"
	"github.com/verantwoord/verantwoord/internal/opruimen"
	"github.com/verantwoord/verantwoord/internal/verwerkingenlog"
)

// A parent signs in for a child and sees of it what two officers opened, and nothing else; the child reads that it happened. Over HTTP, with
// the sign-in service, on both engines.
func TestAParentSeesWhatIsOpenAndTheChildReadsIt(t *testing.T) {
	t.Parallel()
	elkeOpslag(t, func(p *burgerproef) {
		ctx := p.Context()
		h := httptest.NewServer(p.s.Handler())
		opruimen.Na(p, h.Close)
		bus, steun := uuid.New(), uuid.New()
		d := activiteit.Dader{OIN: gemeente, Wie: beheerlog.Opdrachtregel, Mag: func(string) bool { return true }}
		for id, naam := range map[uuid.UUID]string{bus: "Verzorgen van busvervoer", steun: "Hulp aan gezinnen"} {
			if _, err := p.s.Activiteiten().Importeer(ctx, d, []activiteit.Invoer{{ID: id, Ingangsdatum: "2020-01-01", Inhoud: activiteit.Inhoud{
				Naam: naam, VerantwoordelijkeOrganisatie: gemeente, Doel: "Kinderen komen op school.", Grondslagen: []string{"publieke_taak"}, ToelichtingGrondslag: "Verordening.",
				Betrokkenen: []string{"leerlingen"}, Persoonsgegevens: []activiteit.Persoonsgegeven{{Naam: "school", Rol: "leerling"}}, Bewaartermijn: "1 jaar", Beveiliging: "Goed.",
				Log: activiteit.Logprofiel{Omvang: activiteit.OmvangVolledig}, BewaartermijnLog: "P2Y",
			}}}, true); err != nil {
				p.Fatal(err)
			}
		}
		a := &verwerkingenlog.Aanroeper{Organisatie: gemeente, ClientID: "leerlingen", OINs: []string{gemeente}, MagVerhullen: true}
		log := func(bsn, actie string, taak uuid.UUID, f ...func(*verwerkingenlog.Invoer)) {
			in := &verwerkingenlog.Invoer{ObjectenAanwezig: true, Objecten: []verwerkingenlog.InvoerObject{{Objecttype: "persoon", SoortObjectID: "BSN", ObjectID: bsn, Betrokkenheid: "leerling", Soorten: []string{"School"}}}}
			in.Set(verwerkingenlog.VeldActieNaam, actie)
			in.Set(verwerkingenlog.VeldTijdstip, time.Now().UTC().Format(time.RFC3339))
			in.Set(verwerkingenlog.VeldVerwerkingsactiviteitID, taak.String())
			for _, g := range f {
				g(in)
			}
			if _, err := p.s.Log().Create(ctx, a, in, "", nil); err != nil {
				p.Fatal(err)
			}
		}
		log(bsnKind, "Plannen van de bus", bus)
		log(bsnKind, "Gesprek met het kind", steun)
		log(bsnKind, "Nagaan van misbruik", bus, func(in *verwerkingenlog.Invoer) { in.Set(verwerkingenlog.VeldVertrouwelijkheid, "vertrouwelijk") })
		log(bsnInwoner, "Plannen voor de ouder", bus)

		officier := func(naam string) inwoner.Medewerker {
			return inwoner.Medewerker{OIN: gemeente, Wie: beheerlog.Wie{Soort: "gebruiker", ID: naam, Naam: naam}, Mag: func(string) bool { return true }}
		}
		als := func(b *browser, keuze ...string) {
			u, err := url.Parse(h.URL)
			if err != nil {
				p.Fatal(err)
			}
			b.http.Jar.SetCookies(u, []*http.Cookie{{Name: "mijn", Value: p.moetMelden(keuze...), Path: "/"}})
		}
		size := func() uint64 {
			n, err := p.s.Size(ctx, gemeente, bewijs.BoomLog)
			if err != nil {
				p.Fatal(err)
			}
			return n
		}
		ouder := newBrowser(p.T, h.URL)
		als(ouder, "persoon", "ouder")
		voor := size()
		dicht := ouder.do("/mijn/namens")
		ouder.want(dicht, "/mijn/namens", "Hier is voor u nu niets te bekijken.")
		id, err := p.s.inwoners.domeinen.StelVoor(ctx, officier("fg"), uuid.Nil, 0, domein.Inhoud{
			Naam: "Leerlingenvervoer", Uitleg: "De bus naar school.", Voor: []inwoner.NamensSoort{inwoner.Ouder}, Activiteiten: []domein.Activiteit{{ID: bus}},
		})
		if err != nil {
			p.Fatal(err)
		}
		if blad := ouder.do("/mijn/namens"); blad != dicht {
			p.Error("a proposal shows before it was approved")
		}
		if err := p.s.inwoners.domeinen.Beslis(ctx, officier("po"), id, 1, true, ""); err != nil {
			p.Fatal(err)
		}
		pad := "/mijn/namens/" + id.String()
		ouder.want(ouder.do("/mijn/overzicht"), "/mijn/namens", "Leerlingenvervoer", "De bus naar school.")
		if n := size(); n != voor {
			p.Errorf("what is open was read, and %d acties are logged", n-voor)
		}
		blad := ouder.do(pad)
		ouder.want(blad, pad, "Plannen van de bus", "Kinderen komen op school.", "Dit is een deel.", "School")
		for _, s := range []string{"Gesprek met het kind", "misbruik", "Plannen voor de ouder", bsnKind, bsnInwoner, "regels in"} {
			if strings.Contains(blad, s) {
				p.Errorf("a parent reads %q", s)
			}
		}
		if n := size(); n != voor+2 {
			p.Errorf("one look is %d acties", n-voor)
		}
		// Another in the same way sees nothing: it is open for parents.
		curator := newBrowser(p.T, h.URL)
		als(curator, "persoon", "curator")
		curator.want(curator.do("/mijn/namens"), "/mijn/namens", "Hier is voor u nu niets te bekijken.")
		curator.want(curator.do(pad), pad, "Deze pagina is er niet")

		// The child reads that somebody looked, and in what way.
		kind := newBrowser(p.T, h.URL)
		als(kind, "persoon", "kind")
		blad = kind.do("/mijn/overzicht")
		kind.want(blad, "/mijn/overzicht", "Bekijken door iemand die namens u mag kijken", "Tonen verwerkingen aan een ouder of voogd", "iemand die namens u mag kijken", "Gesprek met het kind")
		if strings.Contains(blad, "Anna") || strings.Contains(blad, bsnInwoner) {
			p.Error("the child reads who looked")
		}

		// Protected: as if nothing were open, at once, on the page that was open too.
		if _, err := p.s.inwoners.beschermingen.Stel(ctx, officier("bea"), inwoner.BSN(bsnKind), inwoner.BeschermingInvoer{Wat: inwoner.Beschermd, Aanleiding: inwoner.Opvang}); err != nil {
			p.Fatal(err)
		}
		voor = size()
		if blad := ouder.do("/mijn/namens"); blad != dicht {
			p.Error("the page says that the child is protected")
		}
		ouder.want(ouder.do(pad), pad, "Deze pagina is er niet")
		if n := size(); n != voor {
			p.Errorf("%d acties are logged of a child that is protected", n-voor)
		}
		if s := p.log.String(); strings.Contains(s, bsnInwoner) || strings.Contains(s, bsnKind) {
			p.Error("the log of the program names somebody")
		}
	})
}
