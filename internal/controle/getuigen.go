package controle

import (
	"fmt"
	"maps"
	"slices"

	"github.com/verantwoord/verantwoord/internal/bewijs"
	"github.com/verantwoord/verantwoord/internal/getuige"
)

// medeondertekend judges the cosignatures of a tree. That one is missing says nothing: a witness may be away.
func medeondertekend(oin string, b bewijs.Boom, l []Punt, mede map[uint64][]getuige.Medeondertekening, meld Meld) {
	openbaar := map[uint64]*Punt{}
	for i := range l {
		if l[i].Openbaar == 1 {
			openbaar[l[i].Nr] = &l[i]
		}
	}
	for _, nr := range slices.Sorted(maps.Keys(mede)) {
		for i, m := range mede[nr] {
			waar := fmt.Sprintf("medeondertekening %d van checkpoint %d van de boom %s", i+1, nr, b)
			switch p := openbaar[nr]; {
			case p == nil:
				meld(Gebrek{oin, DeelCheckpoint, waar, "Bij deze medeondertekening hoort geen openbaar checkpoint."})
			case !m.Klopt(p.Tekst):
				meld(Gebrek{oin, DeelCheckpoint, waar, "De medeondertekening klopt niet: zij, de sleutel van de getuige of het checkpoint is veranderd."})
			}
		}
	}
}
