package server

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/verantwoord/verantwoord/internal/activiteit"
	"github.com/verantwoord/verantwoord/internal/beheerlog"
	"github.com/verantwoord/verantwoord/internal/bewijs"
	"github.com/verantwoord/verantwoord/internal/opruimen"
	"github.com/verantwoord/verantwoord/internal/verwerkingenlog"
)

// A citizen signs in at the service and reads what the register has of her: the whole of it, over HTTP, on both engines. Only what is hers.
func TestACitizenReadsTheOwnLog(t *testing.T) {
	t.Parallel()
	elkeOpslag(t, func(p *burgerproef) {
		ctx := p.Context()
		h := httptest.NewServer(p.s.Handler())
		opruimen.Na(p, h.Close)
		taak := uuid.New()
		d := activiteit.Dader{OIN: gemeente, Wie: beheerlog.Opdrachtregel, Mag: func(string) bool { return true }}
		if _, err := p.s.Activiteiten().Importeer(ctx, d, []activiteit.Invoer{{ID: taak, Ingangsdatum: "2020-01-01", Inhoud: activiteit.Inhoud{
			Naam: "Verlenen van parkeervergunningen", VerantwoordelijkeOrganisatie: gemeente, Doel: "Parkeerruimte eerlijk verdelen.", Grondslagen: []string{"publieke_taak"}, ToelichtingGrondslag: "Gemeentewet, artikel 225.",
			Betrokkenen: []string{"aanvragers"}, Persoonsgegevens: []activiteit.Persoonsgegeven{{Naam: "kenteken", Rol: "aanvrager"}}, Bewaartermijn: "1 jaar", Beveiliging: "Goed.",
			Log: activiteit.Logprofiel{Omvang: activiteit.OmvangVolledig}, BewaartermijnLog: "P2Y",
		}}}, true); err != nil {
			p.Fatal(err)
		}
		a := &verwerkingenlog.Aanroeper{Organisatie: gemeente, ClientID: "vergunningen", OINs: []string{gemeente}}
		log := func(bsn, actie, gebruiker string) uuid.UUID {
			in := &verwerkingenlog.Invoer{ObjectenAanwezig: true, Objecten: []verwerkingenlog.InvoerObject{{Objecttype: "persoon", SoortObjectID: "BSN", ObjectID: bsn, Betrokkenheid: "aanvrager"}}}
			in.Set(verwerkingenlog.VeldActieNaam, actie)
			in.Set(verwerkingenlog.VeldGebruiker, gebruiker)
			in.Set(verwerkingenlog.VeldTijdstip, time.Now().UTC().Format(time.RFC3339))
			in.Set(verwerkingenlog.VeldVerwerkingsactiviteitID, taak.String())
			v, err := p.s.Log().Create(ctx, a, in, "", nil)
			if err != nil {
				p.Fatal(err)
			}
			return v.Actie.Objecten[0].ID
		}
		eigen := log(bsnInwoner, "Controleren aanvraag", "medewerker-7")
		ander := log(bsnKind, "Controleren aanvraag van het kind", "medewerker-7")
		voor, err := p.s.Size(ctx, gemeente, bewijs.BoomLog)
		if err != nil {
			p.Fatal(err)
		}

		b := newBrowser(p.T, h.URL)
		p2 := b.do("/mijn/overzicht?van=2020-01-01")
		b.want(p2, "/mijn/", "Wie gebruikt uw gegevens?", "Aanmelden met DigiD")
		als := func(keuze ...string) {
			token := p.moetMelden(keuze...)
			u, err := url.Parse(h.URL)
			if err != nil {
				p.Fatal(err)
			}
			b.http.Jar.SetCookies(u, []*http.Cookie{{Name: "mijn", Value: token, Path: "/"}})
		}
		als("persoon", "basis", "niveau", "Basis")
		b.want(b.do("/mijn/overzicht"), "/mijn/overzicht", "U moet zich veiliger aanmelden")
		als("persoon", "ouder")
		b.want(b.do("/mijn/overzicht"), "/mijn/overzicht", "U komt voor iemand anders")
		b.want(b.do("/mijn/gebruik/"+ander.String()), "/mijn/gebruik/"+ander.String(), "U komt voor iemand anders")
		if n, err := p.s.Size(ctx, gemeente, bewijs.BoomLog); err != nil || n != voor {
			p.Errorf("who may not look left %d acties: %v", n-voor, err)
		}
		als("persoon", "anna")
		blad := b.do("/mijn/overzicht")
		b.want(blad, "/mijn/overzicht", "Controleren aanvraag", "Parkeerruimte eerlijk verdelen.", "Publieke taak", "U keek zelf 1 keer", "Anna Voorbeeld")
		if strings.Contains(blad, "van het kind") || strings.Contains(blad, "medewerker-7") || strings.Contains(blad, bsnInwoner) || strings.Contains(blad, bsnKind) {
			p.Error("the page shows what is of another, or a number")
		}
		b.want(b.do("/mijn/gebruik/"+eigen.String()), "/mijn/gebruik/"+eigen.String(), "aanvrager", "Gemeentewet, artikel 225.")
		b.want(b.do("/mijn/gebruik/"+ander.String()), "/mijn/gebruik/"+ander.String(), "Deze pagina is er niet")
		if n, err := p.s.Size(ctx, gemeente, bewijs.BoomLog); err != nil || n != voor+2 {
			p.Errorf("one look is %d acties: %v", n-voor, err)
		}
		b.want(b.do("/mijn/overzicht?doel="+taak.String()+"&tot=2019-12-31"), "/mijn/overzicht", "Gevonden: 0 regels.")
		b.want(b.do("/mijn/overzicht?organisatie="+gemeente), "/mijn/overzicht", "Op deze pagina:", "Controleren aanvraag")
		b.want(b.do("/mijn/overzicht?organisatie=00000099000000001999&wijze=vanzelf"), "/mijn/overzicht", "Op deze pagina: 0 regels.")
		csv := b.do("/mijn/downloaden", "vorm", "csv")
		if !strings.Contains(csv, "Controleren aanvraag") || strings.Contains(csv, bsnInwoner) || strings.Contains(csv, "van het kind") {
			p.Errorf("the file holds %q", csv)
		}
		b.want(b.do("/mijn/aanmeldingen"), "/mijn/aanmeldingen", "Aangemeld met DigiD.", "dit bent u nu")
		b.want(b.do("/mijn/afmelden", "x", "y"), "/mijn/afgemeld", "U bent afgemeld")
		b.want(b.do("/mijn/overzicht"), "/mijn/", "Aanmelden met DigiD")
		if s := p.log.String(); strings.Contains(s, bsnInwoner) || strings.Contains(s, bsnKind) {
			p.Error("the log of the program names somebody")
		}
		if regexp.MustCompile(`page of a citizen failed`).MatchString(p.log.String()) {
			p.Error(p.log.String())
		}
	})
}
