package hersleuteling

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"

	"github.com/verantwoord/verantwoord/internal/betrokkene"
	"github.com/verantwoord/verantwoord/internal/hersleuteling"
	"github.com/verantwoord/verantwoord/internal/store/aanmelding"
	"github.com/verantwoord/verantwoord/internal/store/applicatie"
	"github.com/verantwoord/verantwoord/internal/store/beheerlog"
	"github.com/verantwoord/verantwoord/internal/store/inwoner"
	"github.com/verantwoord/verantwoord/internal/store/kamer"
	"github.com/verantwoord/verantwoord/internal/store/kast"
	"github.com/verantwoord/verantwoord/internal/store/post"
)

// Verzegeld are all sealed columns of the rooms, in the order in which they are sealed anew.
func Verzegeld() []kamer.Verzegeld {
	return slices.Concat(applicatie.Verzegeld(), kast.Verzegeld(), aanmelding.Verzegeld(), inwoner.Verzegeld(), post.Verzegeld(), beheerlog.Verzegeld())
}

// They bound one transaction.
const (
	maxDocumenten = 128
	zwaarGenoeg   = 256 << 10 // bytes of content
)

// plek is where to go on: after a row of a column. It names no person: keys of rows are numbers, uuids and hashes of tokens.
type plek struct {
	Kolom string   `json:"kolom"`
	Na    []waarde `json:"na,omitempty"`
}

// waarde is one value of a key.
type waarde struct {
	Tekst  *string `json:"t,omitempty"`
	Getal  *int64  `json:"n,omitempty"`
	Binair []byte  `json:"b,omitempty"`
}

func naarWaarde(v any) (w waarde, err error) {
	switch v := v.(type) {
	case string:
		w.Tekst = &v
	case int64:
		w.Getal = &v
	case []byte:
		w.Binair = v
	default:
		err = fmt.Errorf("a key of type %T", v)
	}
	return w, err
}

func (w waarde) any() any {
	switch {
	case w.Tekst != nil:
		return *w.Tekst
	case w.Getal != nil:
		return *w.Getal
	}
	return w.Binair
}

// document is a row of a room.
type document struct {
	rij    []any // values of Sleutel and Ook
	inhoud []byte
	nieuw  []byte
}

// Hersleutel seals anew what is under an older key of at most max documents from a place on. Only the sealed bytes change: no
// version, no moment, no leaf. What somebody changes meanwhile is left, as it got the new key then. A place that is not
// known is the begin.
func (s *Opslag) Hersleutel(ctx context.Context, k *betrokkene.Sleutels, oin, vanaf string, max int) (stap hersleuteling.Stap, err error) {
	kolommen := Verzegeld()
	nu := 0
	var na []any
	var p plek
	if vanaf != "" && json.Unmarshal([]byte(vanaf), &p) == nil {
		i := slices.IndexFunc(kolommen, func(v kamer.Verzegeld) bool { return v.Kolom() == p.Kolom })
		if i >= 0 && (len(p.Na) == 0 || len(p.Na) == len(kolommen[i].Sleutel)) {
			nu = i
			for _, w := range p.Na {
				na = append(na, w.any())
			}
		}
	}
	v := &kolommen[nu]
	max = min(max, maxDocumenten)
	documenten, verder, err := s.lees(ctx, v, oin, na, max)
	if err != nil {
		return stap, fmt.Errorf("read %s: %w", v.Kolom(), err)
	}
	var l []*document
	for _, d := range documenten {
		if !k.Ouder(d.inhoud) {
			continue
		}
		if err := d.verzegel(k, v, oin); err != nil {
			stap.Gelaten++
			stap.Waarom = fmt.Errorf("a document of %s is left as it is: %w", v.Kolom(), err)
			continue
		}
		l = append(l, d)
	}
	if stap.Gewijzigd, err = s.vervang(ctx, v, oin, l); err != nil {
		return hersleuteling.Stap{}, fmt.Errorf("seal %s anew: %w", v.Kolom(), err)
	}
	stap.Bekeken = len(documenten)
	p = plek{Kolom: v.Kolom()}
	switch {
	case verder:
		laatste := documenten[len(documenten)-1]
		for i := range v.Sleutel {
			w, err := naarWaarde(laatste.rij[i])
			if err != nil {
				return hersleuteling.Stap{}, fmt.Errorf("read %s: %w", v.Kolom(), err)
			}
			p.Na = append(p.Na, w)
		}
	case nu+1 < len(kolommen):
		p.Kolom = kolommen[nu+1].Kolom()
	default:
		stap.Klaar = true
		return stap, nil
	}
	tekst, err := json.Marshal(p)
	stap.Plek = string(tekst)
	return stap, err
}

// lees reads some documents of a column, until they are many or weigh much, and tells whether there may be more.
func (s *Opslag) lees(ctx context.Context, v *kamer.Verzegeld, oin string, na []any, max int) (l []*document, verder bool, err error) {
	err = s.kamer.Read(ctx, func(tx *kamer.Tx) error {
		l, verder = nil, false
		nr, err := tx.Organisatie(oin)
		if err != nil {
			return err
		}
		zwaar := 0
		for row, err := range tx.Query(v.Lees(na != nil), append([]any{nr, int64(max)}, na...)...) {
			d := &document{rij: make([]any, len(v.Sleutel)+len(v.Ook))}
			in := make([]any, len(d.rij), len(d.rij)+1)
			for i := range d.rij {
				in[i] = &d.rij[i]
			}
			if err == nil {
				err = row.Scan(append(in, &d.inhoud)...)
			}
			if err != nil {
				return err
			}
			l = append(l, d)
			if zwaar += len(d.inhoud); zwaar >= zwaarGenoeg {
				break
			}
		}
		verder = len(l) == max || zwaar >= zwaarGenoeg
		return nil
	})
	return l, verder, err
}

// verzegel seals what a document holds with the key of now, and sees that it says the same.
func (d *document) verzegel(k *betrokkene.Sleutels, v *kamer.Verzegeld, oin string) error {
	binding, err := v.Binding(oin, d.rij)
	if err != nil {
		return errors.New("its key can't be read") // the cause could quote
	}
	plain, err := k.Open(nil, betrokkene.KlasseNormaal, binding, d.inhoud)
	if err != nil {
		return err
	}
	d.nieuw = k.Seal(nil, betrokkene.KlasseNormaal, binding, plain)
	weer, err := k.Open(nil, betrokkene.KlasseNormaal, binding, d.nieuw)
	if err == nil && !bytes.Equal(weer, plain) {
		err = errors.New("it is another one after sealing anew")
	}
	return err
}

// vervang writes in one transaction, and tells how many were still what they were.
func (s *Opslag) vervang(ctx context.Context, v *kamer.Verzegeld, oin string, l []*document) (gewijzigd int, err error) {
	if len(l) == 0 {
		return 0, nil
	}
	tekst := v.Vervang()
	err = kamer.Overwrite(ctx, s.kamer, func(tx *kamer.Tx) error {
		gewijzigd = 0
		nr, err := tx.Organisatie(oin)
		if err != nil {
			return err
		}
		for _, d := range l {
			n, err := tx.Exec(tekst, append([]any{nr, d.nieuw, d.inhoud}, d.rij[:len(v.Sleutel)]...)...)
			if err != nil {
				return err
			}
			gewijzigd += int(n)
		}
		return nil
	})
	return gewijzigd, err
}

// Tel counts the documents of the rooms of an organisation by the number of the zegel key that they are under; 0 counts what
// names none.
func (s *Opslag) Tel(ctx context.Context, oin string) (uit map[uint16]uint64, err error) {
	err = s.kamer.Read(ctx, func(tx *kamer.Tx) error {
		uit = map[uint16]uint64{}
		nr, err := tx.Organisatie(oin)
		if err != nil {
			return err
		}
		for _, v := range Verzegeld() {
			for row, err := range tx.Query(v.Tel(), nr, int64(betrokkene.ZegelBegin)) {
				var begin []byte
				var n int64
				if err == nil {
					err = row.Scan(&begin, &n)
				}
				if err != nil {
					return fmt.Errorf("count %s: %w", v.Kolom(), err)
				}
				nummer, _ := betrokkene.Zegelnummer(begin)
				uit[nummer] += uint64(n)
			}
		}
		return nil
	})
	return uit, err
}
