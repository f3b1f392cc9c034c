package doctor

import (
	"bufio"
	"context"
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"time"

	"golang.org/x/mod/sumdb/note"

	"github.com/verantwoord/verantwoord/internal/bewijs"
	"github.com/verantwoord/verantwoord/internal/checkpoint"
	punten "github.com/verantwoord/verantwoord/internal/store/checkpoint"
	"github.com/verantwoord/verantwoord/internal/store/kamer"
	"github.com/verantwoord/verantwoord/internal/store/tijdvak"
)

// punt is what the running register tells of the newest checkpoints of a tree, of all organisations together.
type punt struct {
	boom    string
	moment  time.Time
	gestopt bool
}

// stilte is how long no checkpoint may come: there is one every hour.
const stilte = 2 * time.Hour

var rePunt = regexp.MustCompile(`^verantwoord_checkpoint_(moment_seconden|gestopt)\{boom="(log|beheer)"\} (\S+)$`)

// leesPunten finds them among the figures of a register.
func leesPunten(tekst string) []*punt {
	var uit []*punt
	per := map[string]*punt{}
	lines := bufio.NewScanner(strings.NewReader(tekst))
	for lines.Scan() {
		m := rePunt.FindStringSubmatch(lines.Text())
		if m == nil {
			continue
		}
		p := per[m[2]]
		if p == nil {
			p = &punt{boom: m[2]}
			per[m[2]], uit = p, append(uit, p)
		}
		f, err := strconv.ParseFloat(m[3], 64)
		switch {
		case err != nil:
		case m[1] == "gestopt":
			p.gestopt = f != 0
		default:
			p.moment = time.Unix(int64(f), 0)
		}
	}
	return uit
}

// leesBewaard reads the newest checkpoints of a store that is not open; a store that is older than they are has none.
func leesBewaard(ctx context.Context, k kamer.Opslag, oins []string) map[string]checkpoint.Bewaard {
	uit := map[string]checkpoint.Bewaard{}
	for _, oin := range oins {
		if w, err := punten.New(k).Laatste(ctx, oin, bewijs.BoomLog); err == nil && w.Nr > 0 {
			uit[oin] = w
		}
	}
	return uit
}

// leesTijdvakken reads the epochs of the logs; a store that is older than they are has none. Whether they are right is for verify.
func leesTijdvakken(ctx context.Context, k kamer.Opslag, oins []string) map[string]bewijs.Tijdvakken {
	uit := map[string]bewijs.Tijdvakken{}
	for _, oin := range oins {
		l, err := tijdvak.New(k).Lijst(ctx, oin, bewijs.BoomLog)
		if err != nil {
			continue
		}
		if t, err := bewijs.OpenTijdvakken(oin, bewijs.BoomLog, l); err == nil && len(t) > 0 {
			uit[oin] = t
		}
	}
	return uit
}

// checkpoints judges what was signed: by the register that runs, or in the store that doctor reads.
func (o *onderzoek) checkpoints() {
	const onderwerp = "bewijs"
	kapot := false
	if o.dienst != nil {
		for _, p := range o.dienst.punten {
			switch {
			case p.gestopt:
				kapot = true
				o.meld(Fout, onderwerp, "Minstens één boom "+p.boom+" wordt niet meer ondertekend, want hij bouwt niet voort op wat eerder is ondertekend.",
					"De opslag is teruggezet naar een oudere kopie, of iemand heeft haar veranderd.", "Bewaar een kopie van de opslag zoals zij nu is, en zoek in het logboek van de dienst van welke organisatie en wat er niet klopt. Is de opslag teruggezet: docs/beheer/herstel.md.")
			case !p.moment.IsZero() && o.Nu().Sub(p.moment) > stilte:
				kapot = true
				o.meld(Waarschuwing, onderwerp, fmt.Sprintf("Minstens één boom %s is al %v niet ondertekend.", p.boom, o.Nu().Sub(p.moment).Truncate(time.Minute)),
					"Er hoort elk uur een checkpoint te komen; wie vastlegt krijgt nu geen bewijs.", "Kijk in het logboek van de dienst. Met meer nodes tekent er een: vraag ook die.")
			}
		}
		if !kapot && len(o.dienst.punten) > 0 {
			o.goed(onderwerp, "De log en het beheerlog worden ondertekend.")
		}
	}
	for oin, w := range o.punten {
		if !o.getekend(oin, &w) {
			kapot = true
			o.meld(Fout, onderwerp, "Het nieuwste checkpoint van organisatie "+oin+" is niet met haar sleutels ondertekend.",
				"Iemand heeft het in de opslag veranderd, of de sleutels horen bij een andere opslag.", "Bewaar een kopie van de opslag zoals zij nu is, en vergelijk met een checkpoint dat een ander bewaart.")
		}
	}
	for oin, t := range o.tijdvakken {
		laatste := t[len(t)-1]
		o.goed(onderwerp, "De log van organisatie %s is in tijdvak %d, begonnen na %d bladen; verloren zijn toen %d ondertekende bladen.", oin, laatste.Nummer, laatste.Blad, laatste.Gat())
	}
	if !kapot && len(o.punten) > 0 {
		o.goed(onderwerp, "De nieuwste checkpoints in de opslag zijn met de sleutels van hun organisatie ondertekend.")
	}
}

// getekend verifies a checkpoint with the keys of its organisation.
func (o *onderzoek) getekend(oin string, w *checkpoint.Bewaard) bool {
	if o.bos == nil {
		return true // the keys are judged elsewhere
	}
	s, ok := o.bos.Organisatie(oin)
	if !ok {
		return true
	}
	var keys []note.Verifier
	for _, zaad := range s.Tekens() {
		if t, err := bewijs.NewTekenaar(bewijs.OriginVan(w.Tekst), zaad); err == nil {
			keys = append(keys, t.Lezer())
		}
	}
	c, err := bewijs.OpenCheckpoint(w.Tekst, bewijs.OriginVan(w.Tekst), keys...)
	return err == nil && c.Grootte == w.Grootte && c.Wortel == w.Wortel
}
