package sdk_test

import (
	"net/http"
	"slices"
	"testing"
	"time"

	"github.com/verantwoord/verantwoord/internal/activiteit"
	"github.com/verantwoord/verantwoord/sdk"
)

// The table in the register of activities, with its days: what does not hold today is not delivered, whatever did or will.
func TestTheRegisterOfActivitiesSaysWhoMayHaveWhatToday(t *testing.T) {
	t.Parallel()
	g, b := newGemeente(t), newVARBank(t)
	zone, err := time.LoadLocation("Europe/Amsterdam")
	if err != nil {
		t.Fatal(err)
	}
	morgen := time.Now().In(zone).AddDate(0, 0, 1) // so that midnight may come while this runs
	dag := func(d int) activiteit.Datum { return activiteit.Datum(morgen.AddDate(0, 0, d).Format(time.DateOnly)) }
	geheim := activiteit.Inhoud{
		Log: activiteit.Logprofiel{Omvang: "volledig"}, Vertrouwelijkheid: "vertrouwelijk", GrondVertrouwelijk: "strafbare_feiten", DuurVertrouwelijkheid: "P6M",
	}
	id, onderzoek, niets := b.activiteit(volledig, ""), b.activiteit(geheim, ""), b.activiteit(activiteit.Inhoud{Log: activiteit.Logprofiel{Omvang: "uit"}}, "")
	eindigt := b.activiteit(volledig, dag(0))
	b.lever(activiteit.Levering{Afnemer: derdeOIN, Gegevensset: "altijd", Doel: activiteitDerde, Activiteit: id})
	b.lever(activiteit.Levering{Afnemer: derdeOIN, Gegevensset: "tot morgen", Doel: activiteitDerde, Activiteit: id, Tot: dag(0)})
	b.lever(activiteit.Levering{Afnemer: derdeOIN, Gegevensset: "later", Doel: activiteitDerde, Activiteit: id, Van: dag(2)})
	b.lever(activiteit.Levering{Afnemer: derdeOIN, Gegevensset: "activiteit tot morgen", Doel: activiteitDerde, Activiteit: eindigt})
	b.lever(activiteit.Levering{Afnemer: derdeOIN, Gegevensset: "onderzoek", Doel: activiteitDerde, Activiteit: onderzoek, Vertrouwelijk: true})
	b.lever(activiteit.Levering{Afnemer: derdeOIN, Gegevensset: "onderzoek, niet voor ieder", Doel: activiteitDerde, Activiteit: onderzoek})
	b.lever(activiteit.Levering{Afnemer: derdeOIN, Gegevensset: "zonder log", Doel: activiteitDerde, Activiteit: niets})
	b.lever(activiteit.Levering{Afnemer: derdeOIN, Gegevensset: "niet opgegeven", Doel: sdk.NietOpgegeven, Activiteit: id})
	b.lever(activiteit.Levering{Afnemer: gemeenteOIN, Gegevensset: "van een ander", Doel: activiteitDerde, Activiteit: id})

	a, n := g.aanbieder(func(i *sdk.AanbiederInstellingen) { i.Leveringen = b.lezer("magazijn", sdk.VARInstellingen{}) })
	vandaag, volgende := time.Date(morgen.Year(), morgen.Month(), morgen.Day(), 23, 59, 59, 0, zone), time.Second
	b.klok = vandaag
	vast, nietVast := []string{sdk.SoortVastgelegd}, []string{sdk.SoortGeweigerd}
	for _, tt := range []struct {
		set    string
		v      sdk.Vertrouwelijkheid
		status [2]int // today, and a second later, on the next day
		geteld []string
		want   sdk.Vertrouwelijkheid
	}{
		{"altijd", sdk.Normaal, [2]int{200, 200}, vast, sdk.Normaal},
		{"altijd", sdk.Vertrouwelijk, [2]int{403, 403}, nietVast, ""},
		{"tot morgen", sdk.Normaal, [2]int{200, 403}, vast, sdk.Normaal},
		{"later", sdk.Normaal, [2]int{403, 403}, nietVast, ""},
		{"activiteit tot morgen", sdk.Normaal, [2]int{200, 403}, vast, sdk.Normaal},
		{"onderzoek", sdk.Vertrouwelijk, [2]int{200, 200}, vast, sdk.Vertrouwelijk},
		{"onderzoek", sdk.Opgeheven, [2]int{200, 200}, vast, sdk.Opgeheven},
		{"onderzoek", sdk.Normaal, [2]int{200, 200}, vast, sdk.Vertrouwelijk},
		{"onderzoek, niet voor ieder", sdk.Vertrouwelijk, [2]int{403, 403}, nietVast, ""},
		{"zonder log", sdk.Normaal, [2]int{200, 200}, []string{sdk.SoortNietGelogd}, ""},
		{"zonder log", sdk.Vertrouwelijk, [2]int{403, 403}, nietVast, ""},
		{"niet opgegeven", sdk.Normaal, [2]int{403, 403}, nietVast, ""},
		{"van een ander", sdk.Normaal, [2]int{403, 403}, nietVast, ""},
		{"onbekend", sdk.Normaal, [2]int{403, 403}, nietVast, ""},
	} {
		s := g.serveer(a.Vooraf(sdk.Dienst{Gegevensset: tt.set, ActieNaam: "Ophalen gegevens"}, bsnInBody, geefGegevens(g)))
		d := doorgaveDerde()
		d.Vertrouwelijkheid = tt.v
		for k, status := range tt.status {
			b.mu.Lock()
			b.klok = vandaag.Add(time.Duration(k) * volgende)
			b.mu.Unlock()
			bsn := nieuwPersoon()
			res, body := doe(t, vraagAan(t, http.MethodPost, s.URL, bsn, d))
			if res.StatusCode != status {
				t.Errorf("%s, %s, day %d: %d %s", tt.set, tt.v, k, res.StatusCode, body)
			}
			geteld, want := tt.geteld, tt.want
			if status == 403 {
				geteld, want = nietVast, ""
			}
			if got := n.soorten(); !slices.Equal(got, geteld) {
				t.Errorf("%s, %s, day %d: counted %v", tt.set, tt.v, k, got)
			}
			var got sdk.Vertrouwelijkheid
			if acties := g.acties(bsn); len(acties) == 1 {
				got = acties[0].Vertrouwelijkheid
			}
			if got != want {
				t.Errorf("%s, %s, day %d: logged %q, want %q", tt.set, tt.v, k, got, want)
			}
		}
	}
}
