package verhuizing

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/verantwoord/verantwoord/internal/store/kamer"
)

// Opties are what the operator chooses, and what moves along.
type Opties struct {
	OINs []string // none: all that stand on the source
	// Kamers move the rooms that are not the log, of these organisations. Each may run again, also when the log
	// has moved already or stands elsewhere, and then keeps what is newest.
	Kamers []func(ctx context.Context, van, naar kamer.Opslag, oins []string) error
	Meld   func(zin string) // takes progress, in Dutch
	Portie int              // leaves that the target takes over in one transaction; 4096 when 0
}

// weinig leaves are copied and compared in a moment: so few are left for when the source is closed.
const weinig = 1000

// Verslag tells of one organisation that has moved.
type Verslag struct {
	OIN     string
	Grootte uint64
	Wortel  string // of the tree, hexadecimal
	Al      bool   // it had moved before
}

// verhuizing is a move under way.
type verhuizing struct {
	bron   Bron
	levend Levend // nil: nobody writes to the source
	doel   Doel
	meld   func(string)
	gemeld time.Time
	portie int
}

// Run moves. Errors are for an operator: Dutch where the operator can mend it.
func Run(ctx context.Context, bron Bron, doel Doel, o Opties) (verslagen []Verslag, err error) {
	v := &verhuizing{bron: bron, doel: doel, meld: o.Meld, gemeld: time.Now(), portie: cmp.Or(o.Portie, 4096)}
	v.levend, _ = bron.(Levend)
	if v.meld == nil {
		v.meld = func(string) {}
	}
	bekend := bron.OINs()
	oins, alle := o.OINs, len(o.OINs) == 0
	if alle {
		oins = bekend
	}
	var tochten []*tocht
	for _, oin := range oins {
		if !slices.Contains(bekend, oin) {
			return nil, fmt.Errorf("organisatie %s staat niet op de bron; controleer het OIN en --van", oin)
		}
		t, err := v.begin(ctx, oin)
		if alle && errors.Is(err, errElders) {
			v.meld("de log van organisatie " + oin + " staat niet op de bron; alleen haar applicaties gaan mee")
			continue
		}
		if err != nil {
			return nil, err
		}
		tochten = append(tochten, t)
	}
	for _, t := range tochten {
		if err := v.follow(ctx, t); err != nil {
			return nil, err
		}
	}
	kamers := func() error {
		for _, f := range o.Kamers {
			if err := f(ctx, bron, doel, oins); err != nil {
				return err
			}
		}
		return nil
	}
	if err := v.finish(ctx, tochten, kamers); err != nil {
		return nil, err
	}
	for _, t := range tochten {
		verslagen = append(verslagen, Verslag{t.oin, t.kop.Grootte(), fmt.Sprintf("%x", t.kop.Rand.Wortel()), t.al})
	}
	return verslagen, nil
}

// errElders says that the log of an organisation moved away from the source before.
var errElders = errors.New("is op de bron gesloten, dus zij is al ergens anders heen verhuisd; weet u zeker dat zij nergens anders staat, open haar dan eerst met verantwoord verhuis --open")

// begin looks whether the organisation can move, and claims its place.
func (v *verhuizing) begin(ctx context.Context, oin string) (*tocht, error) {
	bron, err := v.bron.Kop(ctx, oin)
	if err != nil {
		return nil, err
	}
	doel, err := v.doel.Kop(ctx, oin)
	if err != nil {
		return nil, err
	}
	t := &tocht{oin: oin, kop: doel}
	open := doel.Staat == Open && doel.Grootte() > 0
	weg := v.levend == nil || bron.Staat == Vertrekt // the source does not claim to be where the log stands
	if gemeen := min(bron.Grootte(), doel.Grootte()); gemeen > 0 {
		a, err := v.bron.RandVan(ctx, oin, gemeen)
		if err != nil {
			return nil, err
		}
		b, err := v.doel.RandVan(ctx, oin, gemeen)
		if err != nil {
			return nil, err
		}
		if a.Wortel() != b.Wortel() {
			return nil, fmt.Errorf("op het doel staat een andere log van organisatie %s; kies een database waarin zij nog niet voorkomt", oin)
		}
	}
	switch {
	case bron.Staat == Komt:
		return nil, fmt.Errorf("organisatie %s is zelf nog naar de bron onderweg; maak die verhuizing eerst af", oin)
	case weg && doel.Grootte() > 0 && doel.Grootte() >= bron.Grootte() && doel.Staat != Komt:
		t.al = true
		if v.meld("organisatie " + oin + " is al verhuisd"); doel.Staat == Vertrekt {
			v.meld("organisatie " + oin + " is van het doel weer verder verhuisd; daar is niets veranderd")
		}
		return t, nil
	case open:
		return nil, fmt.Errorf("organisatie %s is op het doel al in gebruik, en de bron neemt ook nog aan; kijk welke van de twee de knooppunten gebruiken, en sluit niets voordat dat zeker is", oin)
	case weg && doel.Staat == Vertrekt:
		return nil, fmt.Errorf("organisatie %s is van het doel al verder verhuisd; haar log staat daar niet meer", oin)
	case bron.Staat == Vertrekt && doel.Staat == Open && bron.Grootte() > 0:
		return nil, fmt.Errorf("organisatie %s %w", oin, errElders) // one that is under way has its place claimed
	case doel.Grootte() > bron.Grootte():
		return nil, fmt.Errorf("de log van organisatie %s is op het doel langer dan op de bron; staan --van en --naar goed om?", oin)
	}
	if err := v.doel.Claim(ctx, oin); err != nil {
		return nil, err
	}
	return t, v.fingerprints(ctx, oin)
}

// fingerprints takes over those of the keys. Other ones on the target would make the log unreadable there.
func (v *verhuizing) fingerprints(ctx context.Context, oin string) error {
	bron, err := v.bron.Vingerafdrukken(ctx, oin)
	if err != nil {
		return err
	}
	if err := v.doel.BewaarVingerafdrukken(ctx, oin, bron); err != nil {
		return err
	}
	doel, err := v.doel.Vingerafdrukken(ctx, oin)
	if err != nil {
		return err
	}
	for naam, afdruk := range bron {
		if doel[naam] != afdruk {
			return fmt.Errorf("het doel kent voor organisatie %s een andere sleutel %s; kies een database waarin zij nog niet voorkomt", oin, naam)
		}
	}
	return nil
}

// follow copies and compares until little is left. A source that grows as fast as it is read is left as well.
func (v *verhuizing) follow(ctx context.Context, t *tocht) error {
	for rest := ^uint64(0); !t.al; {
		kop, err := v.bron.Kop(ctx, t.oin)
		if err != nil {
			return err
		}
		erbij := kop.Grootte() - t.bekeken
		if v.levend != nil && (erbij <= weinig || erbij >= rest) {
			return nil
		}
		rest = erbij
		if err := v.move(ctx, t, kop); err != nil || v.levend == nil {
			return err
		}
	}
	return nil
}

// finish closes the source, moves what is left and opens the target. Until then an error opens the source
// again.
func (v *verhuizing) finish(ctx context.Context, tochten []*tocht, kamers func() error) (err error) {
	var dicht []*tocht
	defer func() {
		if err == nil {
			return
		}
		// Also when it was interrupted.
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), time.Minute)
		defer cancel()
		for _, t := range dicht {
			if e := v.levend.SetGesloten(ctx, t.oin, false); e != nil {
				err = errors.Join(err, fmt.Errorf("organisatie %s is op de bron nog gesloten (%w); open haar met verantwoord verhuis --open", t.oin, e))
				continue
			}
			v.meld("organisatie " + t.oin + " is op de bron weer open")
		}
	}()
	for _, t := range tochten {
		if t.al {
			continue
		}
		if v.levend != nil {
			dicht = append(dicht, t)
			if err := v.levend.SetGesloten(ctx, t.oin, true); err != nil {
				return err
			}
			v.meld("organisatie " + t.oin + " is op de bron gesloten")
		}
	}
	for _, t := range tochten {
		if t.al {
			continue
		}
		kop, err := v.bron.Kop(ctx, t.oin)
		if err != nil {
			return err
		}
		if err := v.move(ctx, t, kop); err != nil {
			return err
		}
		t.laatste = kop.Laatste
	}
	if err := kamers(); err != nil {
		return err
	}
	for k, t := range tochten {
		if t.al {
			continue
		}
		if err := v.doel.Release(ctx, t.oin, t.laatste); err != nil {
			dicht = slices.DeleteFunc(dicht, func(d *tocht) bool { return slices.Contains(tochten[:k+1], d) })
			return fmt.Errorf("of organisatie %s op het doel open is, is niet bekend; doe de verhuizing opnieuw, dat kan geen kwaad: %w", t.oin, err)
		}
	}
	return nil
}
