package controle

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"golang.org/x/mod/sumdb/note"

	"github.com/verantwoord/verantwoord/internal/betrokkene"
	"github.com/verantwoord/verantwoord/internal/bewijs"
	"github.com/verantwoord/verantwoord/internal/getuige"
)

// Punt is a checkpoint with all that is stored beside its text.
type Punt struct {
	Nr                uint64
	Grootte           uint64
	Wortel            bewijs.Hash
	Moment            time.Time
	Openbaar, Houdend int64 // 0 or 1
	Tekst             []byte
}

// Punten reads the checkpoints of a tree.
type Punten interface {
	// Alle are all that are kept, in the order of their numbers.
	Alle(ctx context.Context, oin string, b bewijs.Boom) ([]Punt, error)
	// Sinds is since when each public key signs.
	Sinds(ctx context.Context, oin string, b bewijs.Boom) (map[string]time.Time, error)
	// AlleMede are the cosignatures of witnesses, by the number of the checkpoint.
	AlleMede(ctx context.Context, oin string, b bewijs.Boom) (map[uint64][]getuige.Medeondertekening, error)
}

// BewaardePunten is how many checkpoints stay, whether somebody needs them or not: of the newest so many none is missing.
const BewaardePunten = 1000

// punten judges the checkpoints of a tree. wortel gives the roots that the tree may have had at a size.
func punten(oin string, b bewijs.Boom, l []Punt, tijdvakken bewijs.Tijdvakken, sinds map[string]time.Time, s *betrokkene.Sleutels, wortel func(uint64) ([]bewijs.Hash, bool), meld Meld) {
	eerste := map[string]time.Time{} // by public key, when it signed first
	var vorige *Punt
	var openbaar time.Time
	begonnen := uint32(0) // epoch of the newest public one
	for i := range l {
		p := &l[i]
		fout := func(wat string) {
			meld(Gebrek{oin, DeelCheckpoint, fmt.Sprintf("checkpoint %d van de boom %s (%d bladen)", p.Nr, b, p.Grootte), wat})
		}
		tekenaars, wat := ondertekend(oin, b, p, s)
		if wat != "" {
			fout(wat)
		}
		for _, k := range tekenaars {
			if _, is := eerste[k]; !is {
				eerste[k] = p.Moment
			}
		}
		if w, ok := wortel(p.Grootte); !ok {
			fout("Er is meer ondertekend dan er in de log staat: bladen zijn verdwenen, of de opslag is een oudere kopie.")
		} else if !slices.Contains(w, p.Wortel) {
			fout("De log heeft niet de wortel die hier is ondertekend: de log of het checkpoint is veranderd.")
		}
		if vorige != nil && (p.Grootte < vorige.Grootte || p.Moment.Before(vorige.Moment)) {
			fout("Dit checkpoint is kleiner of ouder dan het checkpoint ervoor.")
		}
		_, tijdvak := bewijs.Basis(bewijs.OriginVan(p.Tekst))
		if wat == "" && tijdvak != tijdvakken.Van(p.Grootte) {
			fout("Dit checkpoint noemt een ander tijdvak dan waarin de boom zo groot was.")
		}
		// The first of each hour of the clock is public, and that of an epoch; it stays.
		hoort := openbaar.Before(p.Moment.Truncate(time.Hour)) || tijdvak > begonnen
		if hoort != (p.Openbaar == 1) || p.Openbaar&^1 != 0 || p.Houdend&^1 != 0 {
			fout("Wat naast het checkpoint staat over openbaar en bewaren klopt niet: het eerste van elk uur en van elk tijdvak is openbaar.")
		}
		if hoort {
			openbaar, begonnen = p.Moment, tijdvak
		}
		van := uint64(0)
		if vorige != nil {
			van = vorige.Nr
		}
		if last := l[len(l)-1].Nr; p.Nr != van+1 && p.Nr+BewaardePunten > last+1 {
			fout(fmt.Sprintf("Tussen checkpoint %d en dit checkpoint ontbreekt er een.", van))
		}
		vorige = p
	}
	heel := len(l) > 0 && l[len(l)-1].Nr == uint64(len(l))
	for k, m := range sinds {
		e, is := eerste[k]
		if heel && (!is || !e.Equal(m)) || is && e.Before(m) {
			naam, _, _ := strings.Cut(k, "+")
			meld(Gebrek{oin, DeelCheckpoint, "sleutel van " + naam, "Sinds wanneer deze sleutel ondertekent klopt niet met de checkpoints."})
		}
	}
}

// onthouden judges the checkpoints l that are kept outside the store, one of each epoch: a store that was put back took its own
// along. Of what an epoch says that it was lost, nothing is asked.
func onthouden(oin string, b bewijs.Boom, l []Punt, tijdvakken bewijs.Tijdvakken, s *betrokkene.Sleutels, wortel func(uint64) ([]bewijs.Hash, bool), meld Meld) {
	for i := range l {
		p := &l[i]
		fout := func(wat string) {
			meld(Gebrek{oin, DeelCheckpoint, fmt.Sprintf("checkpoint van de boom %s naast de sleutels (%d bladen)", b, p.Grootte), wat})
		}
		if _, wat := ondertekend(oin, b, p, s); wat != "" {
			fout(wat)
			continue
		}
		verloren, err := tijdvakken.Verloren(&bewijs.Checkpoint{Origin: bewijs.OriginVan(p.Tekst), Grootte: p.Grootte, Wortel: p.Wortel})
		switch {
		case errors.Is(err, bewijs.ErrTijdvak):
			fout("De opslag is van voor het tijdvak waarin dit is ondertekend: zij is een oudere kopie.")
			continue
		case err != nil:
			fout("Het tijdvak dat daarna begon, kent dit checkpoint niet: er is meer verloren dan het zegt, of de log is herschreven.")
			continue
		case verloren != nil:
			continue
		}
		if w, ok := wortel(p.Grootte); !ok {
			fout("De opslag heeft minder bladen: zij is een oudere kopie, of bladen zijn verdwenen.")
		} else if !slices.Contains(w, p.Wortel) {
			fout("De log heeft niet de wortel die hier is ondertekend: zij is herschreven, of van een ander register.")
		}
	}
}

// ondertekend verifies the text of a checkpoint with the keys of its organisation, and that it is written as it would be
// written again, to the byte: base64 has bits that no signature covers. It gives the public keys that signed, and what is
// wrong in Dutch; "" is good.
func ondertekend(oin string, b bewijs.Boom, p *Punt, s *betrokkene.Sleutels) ([]string, string) {
	origin := bewijs.OriginVan(p.Tekst)
	if basis, _ := bewijs.Basis(origin); !strings.HasSuffix(basis, bewijs.Origin("", oin, b)) {
		return nil, "Het checkpoint is van een andere log."
	}
	var lezers []note.Verifier
	per := map[uint32]*bewijs.Tekenaar{}
	for _, zaad := range s.Tekens() {
		t, err := bewijs.NewTekenaar(origin, zaad)
		if err != nil {
			return nil, "Het checkpoint draagt een naam die niet kan."
		}
		lezers, per[t.KeyHash()] = append(lezers, t.Lezer()), t
	}
	c, err := bewijs.OpenCheckpoint(p.Tekst, origin, lezers...)
	if err != nil {
		return nil, "De handtekening klopt niet, of is niet van een sleutel van deze organisatie."
	}
	var namen []string
	var tekenaars []*bewijs.Tekenaar
	n, err := note.Open(p.Tekst, note.VerifierList(lezers...))
	if err == nil {
		for _, sig := range n.Sigs {
			if t := per[sig.Hash]; t != nil {
				tekenaars, namen = append(tekenaars, t), append(namen, t.Publiek())
			}
		}
		var weer []byte
		if weer, err = c.Sign(tekenaars...); err == nil && !bytes.Equal(weer, p.Tekst) {
			err = errors.New("other bytes")
		}
	}
	switch {
	case err != nil:
		return namen, "De tekst is veranderd: zo ondertekent het register haar niet."
	case c.Grootte != p.Grootte || c.Wortel != p.Wortel || !c.Moment.Equal(p.Moment):
		return namen, "Wat naast de tekst van het checkpoint staat, verschilt ervan."
	}
	return namen, ""
}
