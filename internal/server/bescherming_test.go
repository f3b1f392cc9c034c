package server

import (
	"fmt"
	"html"
	"math/rand/v2"
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
	"github.com/verantwoord/verantwoord/internal/fout"
	"github.com/verantwoord/verantwoord/internal/inwoner"
	"github.com/verantwoord/verantwoord/internal/opruimen"
	"github.com/verantwoord/verantwoord/internal/verwerkingenlog"
)

var adressen = regexp.MustCompile(`(?:href|action)="([^"]*)"`)

// A citizen who is protected reads everything that there is below /mijn/, and nothing of it holds a word that somebody typed, a day or an hour:
// no page, download, header or address. Without protection the same walk meets them all.
func TestAProtectedCitizenMeetsNoPlaceNoOrganisationAndNoTime(t *testing.T) {
	t.Parallel()
	elkeOpslag(t, func(p *burgerproef) {
		ctx := p.Context()
		h := httptest.NewServer(p.s.Handler())
		opruimen.Na(p, h.Close)
		var woorden []string
		woord := func(soort string) string {
			letters := make([]byte, 12)
			for i := range letters {
				letters[i] = "bcdfghjklmnpqrstvwxz"[rand.IntN(20)]
			}
			woorden = append(woorden, string(letters))
			return soort + " " + string(letters)
		}
		d := activiteit.Dader{OIN: gemeente, Wie: beheerlog.Opdrachtregel, Mag: func(string) bool { return true }}
		a := &verwerkingenlog.Aanroeper{Organisatie: gemeente, ClientID: "opvang", OINs: []string{gemeente}}
		const afnemer = "00000099000000001999"
		begin := time.Now().AddDate(0, -5, 0)
		var taken []uuid.UUID
		for range 4 {
			taak := uuid.New()
			taken = append(taken, taak)
			if _, err := p.s.Activiteiten().Importeer(ctx, d, []activiteit.Invoer{{ID: taak, Ingangsdatum: "2020-01-01", Inhoud: activiteit.Inhoud{
				Naam: woord("Opvang in"), VerantwoordelijkeOrganisatie: gemeente, Doel: woord("Wonen in"), Categorie: woord("Wijk"), Grondslagen: []string{"publieke_taak"}, ToelichtingGrondslag: woord("Verordening van"),
				Betrokkenen: []string{"bewoners"}, Persoonsgegevens: []activiteit.Persoonsgegeven{{Naam: "naam", Rol: "bewoner"}}, Bewaartermijn: "1 jaar", Beveiliging: "Goed.",
				Log: activiteit.Logprofiel{Omvang: activiteit.OmvangVolledig}, BewaartermijnLog: "P2Y",
			}}}, true); err != nil {
				p.Fatal(err)
			}
		}
		for n := range 70 {
			in := &verwerkingenlog.Invoer{ObjectenAanwezig: true, Objecten: []verwerkingenlog.InvoerObject{{
				Objecttype: "persoon", SoortObjectID: "BSN", ObjectID: bsnInwoner, Betrokkenheid: woord("bewoner van"), Soorten: []string{"naam", woord("adres"), woord("naam")},
			}}}
			in.Set(verwerkingenlog.VeldActieNaam, woord("Verstrekken aan"))
			in.Set(verwerkingenlog.VeldHandelingNaam, woord("Inschrijven bij"))
			in.Set(verwerkingenlog.VeldVerwerkingNaam, woord("Verhuizing naar"))
			in.Set(verwerkingenlog.VeldSysteem, woord("Systeem"))
			in.Set(verwerkingenlog.VeldSoortAfnemerID, "OIN")
			in.Set(verwerkingenlog.VeldAfnemerID, afnemer)
			if n%3 == 0 {
				in.Set(verwerkingenlog.VeldVerwerkingID, uuid.NewString())
			}
			tijd := begin.Add(time.Duration(rand.Int64N(int64(time.Since(begin)))))
			in.Set(verwerkingenlog.VeldTijdstip, tijd.UTC().Format(time.RFC3339))
			in.Set(verwerkingenlog.VeldVerwerkingsactiviteitID, taken[n%4].String())
			if _, err := p.s.Log().Create(ctx, a, in, "", nil); err != nil {
				p.Fatal(err)
			}
		}
		verboden := append([]string{afnemer}, woorden...)
		for _, taak := range taken {
			verboden = append(verboden, taak.String())
		}
		tijden := regexp.MustCompile(`\b\d{1,2}:\d{2}\b|\b\d{4}-\d{2}-\d{2}|\b\d{1,2} (?:januari|februari|maart|april|mei|juni|juli|augustus|september|oktober|november|december|January|March|June|November|December)\b`)

		// wandel follows every address, and tells which words it met and in what.
		wandel := func(token string) (gezien map[string]string, bladen int) {
			gezien = map[string]string{}
			u, err := url.Parse(h.URL)
			if err != nil {
				p.Fatal(err)
			}
			b := newBrowser(p.T, h.URL)
			b.http.Jar.SetCookies(u, []*http.Cookie{{Name: "mijn", Value: token, Path: "/"}})
			kijk := func(waar, alles string) {
				alles = html.UnescapeString(alles)
				for _, w := range verboden {
					if strings.Contains(alles, w) {
						gezien[w] = waar
					}
				}
				if s := tijden.FindString(alles); s != "" {
					gezien["tijd"] = waar + ": " + s
				}
			}
			rij, geweest := []string{"/mijn/overzicht", "/mijn/overzicht?van=2020-01-01&doel=" + taken[0].String(), "/mijn/downloaden", "/mijn/wat-u-niet-ziet", "/mijn/hoe-het-werkt"}, map[string]bool{}
			lees := func(waar string, r *http.Response, err error) {
				p.Helper()
				if err != nil || r.StatusCode != http.StatusOK && r.StatusCode != http.StatusNotFound { // a look that was logged after the one under way is not in it
					p.Fatalf("%s: %v, %v", waar, r, err)
				}
				blad := b.lees(r)
				r.Header.Del("Date")
				bladen++
				// The period that was asked for is what the citizen typed; the address it is asked with comes back in no page.
				kijk(waar, blad+"\n"+fmt.Sprint(r.Header))
				for _, m := range adressen.FindAllStringSubmatch(blad, -1) {
					if adres := html.UnescapeString(m[1]); strings.HasPrefix(adres, "/mijn/overzicht") || strings.HasPrefix(adres, "/mijn/gebruik/") {
						rij = append(rij, adres)
					}
				}
			}
			plaatsen := 0
			for len(rij) > 0 {
				adres := rij[0]
				rij = rij[1:]
				wat := adres
				if strings.HasPrefix(adres, "/mijn/gebruik/") { // a line from one place in the list is enough
					wat, _, _ = strings.Cut(adres, "?")
				}
				if geweest[wat] {
					continue
				}
				if strings.HasPrefix(adres, "/mijn/overzicht") && strings.Contains(adres, "p=") { // a place in the list is sealed anew on every page: some of them are enough
					if plaatsen++; plaatsen > 15 {
						continue
					}
				}
				geweest[wat] = true
				r, err := b.http.Get(h.URL + adres)
				lees(adres, r, err)
			}
			for _, vorm := range []string{"csv", "json", "afdruk"} {
				r, err := b.http.PostForm(h.URL+"/mijn/downloaden", url.Values{"vorm": {vorm}})
				lees(vorm, r, err)
			}
			return gezien, bladen
		}
		if gezien, bladen := wandel(p.moetMelden("persoon", "anna")); len(gezien) < 70 || gezien["tijd"] == "" || bladen < 70 {
			p.Fatalf("who is not protected meets %d of %d words on %d pages", len(gezien), len(verboden), bladen)
		}
		m := inwoner.Medewerker{OIN: gemeente, Wie: beheerlog.Wie{Soort: "gebruiker", ID: "bea", Naam: "Bea Heer"}, Mag: func(string) bool { return true }}
		if _, err := p.s.inwoners.beschermingen.Stel(ctx, m, inwoner.BSN(bsnInwoner), inwoner.BeschermingInvoer{Wat: inwoner.Beschermd, Aanleiding: inwoner.Opvang}); err != nil {
			p.Fatal(err)
		}
		gezien, bladen := wandel(p.moetMelden("persoon", "anna"))
		for w, waar := range gezien {
			p.Errorf("%s stands in %s", w, waar)
		}
		if bladen < 70 {
			p.Errorf("only %d pages", bladen)
		}
	})
}

// Who died: nobody signs in as them, who is in goes out, and the text is no other than that for who may not go on.
func TestNobodySignsInAsWhoDied(t *testing.T) {
	t.Parallel()
	elkeOpslag(t, func(p *burgerproef) {
		ctx := p.Context()
		token, wie := p.moetMelden("persoon", "anna"), beheerlog.Wie{Soort: "gebruiker", ID: "bea", Naam: "Bea Heer"}
		m := inwoner.Medewerker{OIN: gemeente, Wie: wie, Mag: func(string) bool { return true }}
		if _, err := p.s.inwoners.beschermingen.Stel(ctx, m, inwoner.BSN(bsnInwoner), inwoner.BeschermingInvoer{Wat: inwoner.Overleden}); err != nil {
			p.Fatal(err)
		}
		if _, err := p.s.inwoners.Zoek(ctx, token); fout.CodeOf(err) != fout.CodeNietAangemeld {
			p.Errorf("the session goes on: %v", err)
		}
		_, err := p.meld(false, "persoon", "anna")
		if fout.CodeOf(err) != fout.CodeAanmeldenMislukt || !strings.Contains(err.Error(), "U kunt hier niet verder. Neem contact op met de organisatie.") || strings.Contains(err.Error(), "verl") {
			p.Errorf("signed in: %v", err)
		}
		if _, err := p.s.inwoners.Zoek(ctx, p.moetMelden("persoon", "basis", "niveau", "Basis")); err != nil {
			p.Errorf("another is kept out: %v", err)
		}
		// The session is taken out of the store too: it does not come back when it was a mistake.
		if err := p.s.inwoners.BeeindigVan(ctx, gemeente, inwoner.BSN(bsnInwoner), wie); err != nil {
			p.Fatal(err)
		}
		l, _, err := p.s.inwoners.beschermingen.Aandacht(m)
		if err != nil || len(l) != 0 {
			p.Error(err)
		}
		gevonden, err := p.s.inwoners.beschermingen.Zoek(m, inwoner.BSN(bsnInwoner))
		if err != nil || len(gevonden) != 1 {
			p.Fatalf("%+v, %v", gevonden, err)
		}
		if err := p.s.inwoners.beschermingen.StelEindeVoor(ctx, m, gevonden[0].ID, 1, "Het was een ander met die naam."); err != nil {
			p.Fatal(err)
		}
		ander := m
		ander.Wie.ID = "boris"
		if err := p.s.inwoners.beschermingen.Beeindig(ctx, ander, gevonden[0].ID, 1); err != nil {
			p.Fatal(err)
		}
		if _, err := p.s.inwoners.Zoek(ctx, token); fout.CodeOf(err) != fout.CodeNietAangemeld {
			p.Errorf("the session came back: %v", err)
		}
		p.moetMelden("persoon", "anna")
	})
}
