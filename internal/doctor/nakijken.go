package doctor

import (
	"context"
	"fmt"
	"time"

	"github.com/verantwoord/verantwoord/internal/controle"
	"github.com/verantwoord/verantwoord/internal/store/kamer"
	nakijkingen "github.com/verantwoord/verantwoord/internal/store/nakijken"
)

// nagekeken is what the running register tells of its daily check; -1: nothing.
type nagekeken struct{ moment, gebreken int64 }

func leesNagekeken(tekst string) nagekeken {
	return nagekeken{metriek(tekst, "verantwoord_nakijken_moment_seconden"), metriek(tekst, "verantwoord_nakijken_gebreken")}
}

// leesNakijkingen reads the newest checks of a store that is not open; an older store has none.
func leesNakijkingen(ctx context.Context, k kamer.Opslag, oins []string) map[string]*controle.Nagekeken {
	uit := map[string]*controle.Nagekeken{}
	for _, oin := range oins {
		if n, err := nakijkingen.New(k).Laatste(ctx, oin); err == nil && n != nil {
			uit[oin] = n
		}
	}
	return uit
}

// lang is how long ago a daily check may be.
const lang = 36 * time.Hour

// nakijken judges the daily check of the log: of the register that runs, or in the store that doctor reads.
func (o *onderzoek) nakijken() {
	const (
		onderwerp = "nakijken"
		waarom    = "De opslag is veranderd of beschadigd, of was niet te lezen."
		uitweg    = "Kijk op de pagina Beheerlog of in het logboek van de dienst wat het is. Bewaar een kopie van de opslag zoals zij nu is, en draai verantwoord verify."
	)
	kapot := false
	if o.Config.Nakijken < 0 {
		kapot = true
		o.meld(Waarschuwing, onderwerp, "nakijken.tijd staat op uit: het register kijkt zelf niet na of de log klopt.", "Een verandering in de opslag valt dan pas op als iemand haar zoekt.",
			"Zet nakijken.tijd op een tijd, zoals 03:00, of draai zelf elke dag verantwoord verify.")
	}
	var laatst time.Time
	if o.dienst != nil {
		n := o.dienst.nagekeken
		if n.moment > 0 {
			laatst = time.Unix(n.moment, 0)
		}
		if n.gebreken > 0 {
			kapot = true
			o.meld(Fout, onderwerp, fmt.Sprintf("De laatste keer dat de log is nagekeken, klopten %d dingen niet.", n.gebreken), waarom, uitweg)
		}
	}
	for oin, n := range o.nagekeken {
		if laatst.IsZero() || n.Begonnen.Before(laatst) {
			laatst = n.Begonnen
		}
		if n.Oordeel != controle.Goed {
			kapot = true
			o.meld(Fout, onderwerp, fmt.Sprintf("De laatste keer dat de log van organisatie %s is nagekeken, klopten %d dingen niet.", oin, n.Aantal), waarom, uitweg)
		}
	}
	if o.dienst != nil && o.Config.Nakijken >= 0 && !laatst.IsZero() && o.Nu().Sub(laatst) > lang {
		kapot = true
		o.meld(Waarschuwing, onderwerp, fmt.Sprintf("De log is al %v niet nagekeken.", o.Nu().Sub(laatst).Truncate(time.Hour)), "Dat hoort elke dag te gebeuren.",
			"Zoek in het logboek van de dienst waarom het niet lukt.")
	}
	if !kapot && !laatst.IsZero() {
		o.goed(onderwerp, "De log is nagekeken op %s en alles klopte.", laatst.UTC().Format("2006-01-02 15:04 UTC"))
	}
}
