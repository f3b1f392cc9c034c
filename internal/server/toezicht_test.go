package server

import (
	"context"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/verantwoord/verantwoord/internal/activiteit"
	"github.com/verantwoord/verantwoord/internal/beheerlog"
	"github.com/verantwoord/verantwoord/internal/gebruiker"
	"github.com/verantwoord/verantwoord/internal/verwerkingenlog"
)

func TestThePageOfQualityTellsWhichRecordsHaveNoValidActivity(t *testing.T) {
	t.Parallel()
	s, mail, adres := startPaginas(t)
	s.stopTellen() // who counts at the same time leaves the rest to the other
	ctx := context.Background()
	b := privacyofficer(t, s, mail, adres, gebruiker.Zien)
	pad := padVAR + "/kwaliteit"
	b.want(b.do(pad), pad, "In deze periode is er niets geteld.")

	geldig, oud, vreemd := uuid.New(), uuid.New(), uuid.New()
	d := activiteit.Dader{OIN: oinPaginas, Wie: beheerlog.Opdrachtregel, Mag: func(string) bool { return true }}
	in := activiteit.Inhoud{
		Naam: "Stempelkaarten uitgeven", VerantwoordelijkeOrganisatie: oinPaginas, Doel: "Iets doen.", Grondslagen: []string{"toestemming"}, Betrokkenen: []string{"inwoners"},
		Persoonsgegevens: []activiteit.Persoonsgegeven{{Naam: "naam", Rol: "inwoner"}}, Bewaartermijn: "1 jaar", Beveiliging: "Goed.", Log: activiteit.Logprofiel{Omvang: activiteit.OmvangVolledig},
	}
	nu := in
	nu.Naam = "Sportpassen uitgeven"
	if _, err := s.Activiteiten().Importeer(ctx, d, []activiteit.Invoer{
		{ID: geldig, Ingangsdatum: "2020-01-01", Inhoud: nu}, {ID: oud, Ingangsdatum: "2020-01-01", Einddatum: "2021-12-31", Inhoud: in},
	}, true); err != nil {
		t.Fatal(err)
	}
	a := &verwerkingenlog.Aanroeper{Organisatie: oinPaginas, ClientID: "zaken", OINs: []string{oinPaginas}}
	for id, n := range map[uuid.UUID]int{geldig: 6, oud: 2, vreemd: 1, uuid.Nil: 1} {
		for range n {
			i := &verwerkingenlog.Invoer{
				ObjectenAanwezig: true, Objecten: []verwerkingenlog.InvoerObject{{Objecttype: "persoon", SoortObjectID: "BSN", ObjectID: "999993653"}},
			}
			i.Set(verwerkingenlog.VeldActieNaam, "Opslaan persoonsgegevens")
			i.Set(verwerkingenlog.VeldTijdstip, time.Now().UTC().Format(time.RFC3339))
			if id != uuid.Nil {
				i.Set(verwerkingenlog.VeldVerwerkingsactiviteitID, id.String())
			}
			if _, err := s.Log().Create(ctx, a, i, "", nil); err != nil {
				t.Fatal(err)
			}
		}
	}
	if err := s.teller.Tel(ctx, oinPaginas); err != nil {
		t.Fatal(err)
	}
	p := b.do(pad)
	b.want(p, pad, "6 van de 10 vastleggingen horen bij een activiteit die toen gold: 60,0", "Er is geen activiteit meegegeven.", vreemd.String(), "Stempelkaarten uitgeven", "Naar de activiteit")
	b.want(b.do(pad+"?periode=0"), pad, "6 van de 10", `value="0" selected`)

	vreemdeling := newBrowser(t, adres)
	vreemdeling.want(vreemdeling.do(pad), "/beheer/aanmelden")
}
