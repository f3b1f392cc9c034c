package doctor

import (
	"context"
	"errors"
	"fmt"
	"regexp"
	"strconv"
	"time"

	"github.com/verantwoord/verantwoord/internal/getuige"
	protocol "github.com/verantwoord/verantwoord/internal/getuige/dienst"
)

// getuigenis is what the running register tells of the witness with a number, of all organisations.
type getuigenis struct {
	moment      time.Time // zero: it never cosigned
	tegenspraak bool
}

var reGetuige = regexp.MustCompile(`(?m)^verantwoord_getuige_(moment_seconden|tegenspraak)\{getuige="([0-9]+)"\} (\S+)$`)

// leesGetuigen finds them among the figures of a register, by number.
func leesGetuigen(tekst string) map[int]getuigenis {
	uit := map[int]getuigenis{}
	for _, m := range reGetuige.FindAllStringSubmatch(tekst, -1) {
		n, err := strconv.Atoi(m[2])
		f, fErr := strconv.ParseFloat(m[3], 64)
		if err != nil || fErr != nil || f == 0 {
			continue
		}
		g := uit[n]
		if m[1] == "tegenspraak" {
			g.tegenspraak = true
		} else {
			g.moment = time.Unix(int64(f), 0)
		}
		uit[n] = g
	}
	return uit
}

// getuigen looks whether each witness of the settings can be reached, and what the running register tells of them.
func (o *onderzoek) getuigen() {
	const onderwerp = "getuigen"
	aantal, kapot, meest := 0, false, 0
	for _, oin := range o.oins {
		l := o.Config.Organisatie(oin).Getuigen
		meest = max(meest, len(l))
		for i, g := range l {
			aantal++
			wie := fmt.Sprintf("Getuige %d van organisatie %s", i+1, oin)
			if _, err := getuige.ParseSleutel(g.Sleutel); err != nil {
				kapot = true
				o.meld(Fout, onderwerp, wie+" heeft een sleutel die niet te lezen is.", "Het register start zo niet.", "Neem de sleutel heel over van de pagina van de getuige.")
				continue
			}
			ctx, cancel := context.WithTimeout(o.ctx, 5*time.Second)
			err := protocol.NewClient(nil).Bereikbaar(ctx, g.URL)
			cancel()
			wat := wie + " is niet te bereiken."
			if s := protocol.Status(0); errors.As(err, &s) {
				wat = fmt.Sprintf("%s antwoordt met status %d en is dus geen getuige.", wie, int(s))
			}
			if err != nil {
				kapot = true
				o.meld(Waarschuwing, onderwerp, wat, "Zo lang ondertekent hij niet mee. Het register gaat gewoon door.", "Controleer url, en of verkeer naar buiten mag.")
			}
		}
	}
	if o.dienst != nil {
		for n := 1; n <= meest; n++ {
			g := o.dienst.getuigen[n]
			switch {
			case g.tegenspraak:
				kapot = true
				o.meld(Fout, onderwerp, fmt.Sprintf("Getuige %d heeft een andere log gezien dan het register nu toont.", n),
					"De opslag is teruggezet naar een oudere kopie, of een ander register ondertekent met dezelfde sleutel.", "Bewaar een kopie van de opslag, en vraag de getuige wat hij zag.")
			case !g.moment.IsZero() && o.Nu().Sub(g.moment) > stilte:
				kapot = true
				o.meld(Waarschuwing, onderwerp, fmt.Sprintf("Getuige %d heeft een log al %v niet medeondertekend.", n, o.Nu().Sub(g.moment).Truncate(time.Minute)),
					"Elk uur hoort er een medeondertekening te komen.", "Kijk in het logboek van de dienst wat de getuige antwoordt. Met meer nodes vraagt er een: kijk ook daar.")
			}
		}
	}
	if aantal > 0 && !kapot {
		o.goed(onderwerp, "De getuigen zijn te bereiken (%d).", aantal)
	}
}
