package doctor

import (
	"strings"
	"testing"
	"time"

	"github.com/verantwoord/verantwoord/internal/controle"
	nakijkingen "github.com/verantwoord/verantwoord/internal/store/nakijken"
	"github.com/verantwoord/verantwoord/internal/store/sqlite"
)

func TestWhatTheDailyCheckFoundIsTold(t *testing.T) {
	t.Parallel()
	o := opstellen(t)
	o.mail()
	o.draai(false)()
	s, err := sqlite.Open(t.Context(), o.pad("store"), sqlite.Opties{})
	if err != nil {
		t.Fatal(err)
	}
	err = nakijkingen.New(s).Voeg(t.Context(), &controle.Nagekeken{
		Omvang: controle.Omvang{OIN: oin}, Begonnen: time.Now().UTC(), Oordeel: controle.Fout, Aantal: 2,
		Gebreken: []controle.Gebrek{{OIN: oin, Deel: controle.DeelVersie, Waar: "blad 3", Wat: "De versie is veranderd."}, {Deel: controle.DeelOpslag, Wat: "Stuk."}},
	})
	o.moet(err)
	o.moet(s.Close())
	moetTonen(t, o.onderzoek(), Fout, "nakijken", "klopten 2 dingen niet")
	o.draai(true)
	for end := time.Now().Add(time.Minute); ; time.Sleep(50 * time.Millisecond) { // the figures come when it has looked
		b := o.onderzoek()
		gevonden := 0
		for _, x := range b {
			if x.Onderwerp == "nakijken" && x.Niveau == Fout && strings.Contains(x.Wat, "klopten 2 dingen niet") || x.Onderwerp == "bewijs" && x.Niveau == InOrde {
				gevonden++
			}
		}
		if gevonden == 2 {
			break
		}
		if time.Now().After(end) {
			t.Fatalf("it is not told: %+v", b)
		}
	}
	o.zet("nakijken.tijd", "uit")
	moetTonen(t, o.onderzoek(), Waarschuwing, "nakijken", "staat op uit")
}
