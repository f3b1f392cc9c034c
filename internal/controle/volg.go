package controle

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"strings"
	"time"

	"golang.org/x/mod/sumdb/note"

	"github.com/verantwoord/verantwoord/internal/bewijs"
)

// ErrGeenToegang is what Haal gives when a path asks a credential, or another one.
var ErrGeenToegang = errors.New("no access")

// Volger looks at a log from afar.
type Volger struct {
	// Haal gets a path below that of the log, such as "checkpoint". ErrGeenToegang.
	Haal  func(ctx context.Context, pad string) ([]byte, error)
	Adres string // host and path of the log, which is its name unless it signs under another one
	// Sleutels are public keys, one on a line; "" trusts those that the log itself gives.
	Sleutels string
	// Onthouden is the signed checkpoint that was seen last; nil: none.
	Onthouden []byte
	// Geheel reads all of the tree that a credential may read.
	Geheel bool
	Gang   func(origin string, bladen uint64) // may be nil
}

// Gevolgd is what was seen.
type Gevolgd struct {
	Origin     string    `json:"log"`
	Grootte    uint64    `json:"bladen"`
	Wortel     string    `json:"wortel"`
	Moment     time.Time `json:"ondertekend,omitzero"`
	Sinds      *uint64   `json:"sinds,omitempty"` // leaves of the remembered one
	Nagerekend uint64    `json:"nagerekend"`      // leaves from which the tree was computed
	Gebreken   []Gebrek  `json:"gebreken"`
	Tekst      []byte    `json:"-"` // the signed checkpoint, to be remembered
}

// Oordeel tells what it comes to.
func (g *Gevolgd) Oordeel() Oordeel {
	if len(g.Gebreken) > 0 {
		return Fout
	}
	return Goed
}

func vanLog(keys []note.Verifier, origin string) (uit []note.Verifier) {
	for _, k := range keys {
		if k.Name() == origin {
			uit = append(uit, k)
		}
	}
	return uit
}

// Volg verifies the newest public checkpoint, that it continues the remembered one, and, when asked, the whole tree. An
// error means that it could not be checked.
func (v *Volger) Volg(ctx context.Context) (*Gevolgd, error) {
	tekst, err := v.Haal(ctx, "checkpoint")
	if err != nil {
		return nil, fmt.Errorf("get checkpoint: %w", err)
	}
	g := &Gevolgd{Origin: bewijs.OriginVan(tekst), Tekst: tekst, Gebreken: []Gebrek{}}
	fout := func(deel, wat string) { g.Gebreken = append(g.Gebreken, Gebrek{Deel: deel, Wat: wat}) }
	sleutels := v.Sleutels
	if sleutels == "" {
		b, err := v.Haal(ctx, "sleutel")
		if err != nil {
			return nil, fmt.Errorf("get key: %w", err)
		}
		if sleutels = string(b); g.Origin != v.Adres {
			fout(DeelCheckpoint, "De log noemt zich anders dan zijn adres; geef zijn sleutel met --sleutel als dat zo hoort.")
			return g, nil
		}
	}
	alle, err := bewijs.ParseSleutels(sleutels)
	if err != nil {
		return nil, err
	}
	keys := vanLog(alle, g.Origin)
	if len(keys) == 0 {
		fout(DeelCheckpoint, "Het checkpoint is van een andere log dan de sleutel.")
		return g, nil
	}
	c, err := bewijs.OpenCheckpoint(tekst, g.Origin, keys...)
	if errors.Is(err, bewijs.ErrHandtekening) {
		fout(DeelCheckpoint, "De handtekening onder het checkpoint klopt niet, of is van een andere sleutel.")
		return g, nil
	}
	if err != nil {
		return nil, err
	}
	g.Grootte, g.Wortel, g.Moment = c.Grootte, fmt.Sprintf("%x", c.Wortel[:]), c.Moment
	punten := []bewijs.Checkpoint{c}
	if v.Onthouden != nil {
		oud, err := bewijs.OpenCheckpoint(v.Onthouden, g.Origin, keys...)
		if err != nil {
			return nil, fmt.Errorf("open remembered checkpoint: %w", err)
		}
		g.Sinds = &oud.Grootte
		if err := v.groei(ctx, oud, c, fout); err != nil || len(g.Gebreken) > 0 {
			return g, err
		}
		punten = append(punten, oud)
	}
	if v.Geheel {
		g.Nagerekend, err = v.geheel(ctx, punten, keys, fout)
	}
	return g, err
}

// groei tells whether a log begins with what it was.
func (v *Volger) groei(ctx context.Context, oud, c bewijs.Checkpoint, fout func(deel, wat string)) error {
	var pad []bewijs.Hash
	switch {
	case c.Grootte < oud.Grootte:
		fout(DeelBoom, fmt.Sprintf("De log is teruggezet: er waren %d bladen ondertekend, en nu zijn het er %d.", oud.Grootte, c.Grootte))
		return nil
	case c.Grootte == oud.Grootte && c.Wortel != oud.Wortel:
		fout(DeelBoom, fmt.Sprintf("De log heeft twee gezichten: van %d bladen zijn twee verschillende wortels ondertekend.", c.Grootte))
		return nil
	case c.Grootte > oud.Grootte && oud.Grootte > 0:
		b, err := v.Haal(ctx, fmt.Sprintf("consistentie?van=%d&tot=%d", oud.Grootte, c.Grootte))
		if err != nil {
			return fmt.Errorf("get proof of growth: %w", err)
		}
		if pad, err = bewijs.ParsePad(b); err != nil {
			return fmt.Errorf("get proof of growth: %w", err)
		}
	}
	if bewijs.CheckConsistentie(pad, oud.Grootte, c.Grootte, oud.Wortel, c.Wortel) != nil {
		fout(DeelBoom, fmt.Sprintf("De log is herschreven: de boom van %d bladen begint niet met de %d die eerder zijn ondertekend.", c.Grootte, oud.Grootte))
	}
	return nil
}

// geheel computes the tree from its leaves, up to the newest checkpoint, and compares the root of each checkpoint on the
// way, every tile above the leaves and every entry that was not purged.
func (v *Volger) geheel(ctx context.Context, punten []bewijs.Checkpoint, keys []note.Verifier, fout func(deel, wat string)) (uint64, error) {
	b, err := v.Haal(ctx, "checkpoint/nieuw")
	if err != nil {
		return 0, fmt.Errorf("get newest checkpoint: %w", err)
	}
	c, err := bewijs.OpenCheckpoint(b, keys[0].Name(), keys...)
	if err != nil {
		return 0, fmt.Errorf("open newest checkpoint: %w", err)
	}
	punten = append(punten, c)
	rand := &bewijs.Rand{}
	lagen := map[int][]bewijs.Hash{} // roots of full tiles, by level above them, that are not in a full tile themselves
	kijk := func() {
		for _, p := range punten {
			if p.Grootte == rand.Grootte() && p.Wortel != rand.Wortel() {
				fout(DeelBoom, fmt.Sprintf("De bladen geven een andere wortel dan er van %d bladen is ondertekend.", p.Grootte))
			}
		}
	}
	kijk()
	for rand.Grootte() < c.Grootte {
		n := int(min(bewijs.TegelBreedte, c.Grootte-rand.Grootte()))
		t := bewijs.Tegel{Nummer: rand.Grootte() / bewijs.TegelBreedte, Breedte: n}
		hashes, err := v.tegel(ctx, t)
		if err != nil {
			return rand.Grootte(), err
		}
		if err := v.bundel(ctx, t, hashes, fout); err != nil {
			return rand.Grootte(), err
		}
		deel := &bewijs.Rand{}
		for _, h := range hashes {
			rand.Append(nil, h)
			deel.Append(nil, h)
			kijk()
		}
		if t.Vol() {
			if err := v.boven(ctx, lagen, 1, deel.Wortel(), t.Nummer, fout); err != nil {
				return rand.Grootte(), err
			}
		}
		if v.Gang != nil {
			v.Gang(c.Origin, rand.Grootte())
		}
	}
	for niveau, l := range lagen { // those that are not full
		if len(l) == 0 {
			continue
		}
		t := bewijs.Tegel{Niveau: niveau, Nummer: c.Grootte >> (bewijs.TegelHoogte * (niveau + 1)), Breedte: len(l)}
		if err := v.zelfde(ctx, t, l, fout); err != nil {
			return rand.Grootte(), err
		}
	}
	return rand.Grootte(), nil
}

// boven adds the root of a full tile to the tile above it.
func (v *Volger) boven(ctx context.Context, lagen map[int][]bewijs.Hash, niveau int, h bewijs.Hash, nummer uint64, fout func(deel, wat string)) error {
	lagen[niveau] = append(lagen[niveau], h)
	if len(lagen[niveau]) < bewijs.TegelBreedte {
		return nil
	}
	l := lagen[niveau]
	lagen[niveau] = nil
	t := bewijs.Tegel{Niveau: niveau, Nummer: nummer / bewijs.TegelBreedte, Breedte: bewijs.TegelBreedte}
	if err := v.zelfde(ctx, t, l, fout); err != nil {
		return err
	}
	deel := &bewijs.Rand{}
	for _, h := range l {
		deel.Append(nil, h)
	}
	return v.boven(ctx, lagen, niveau+1, deel.Wortel(), t.Nummer, fout)
}

func (v *Volger) zelfde(ctx context.Context, t bewijs.Tegel, want []bewijs.Hash, fout func(deel, wat string)) error {
	got, err := v.tegel(ctx, t)
	if err != nil {
		return err
	}
	for i := range got {
		if got[i] != want[i] {
			fout(DeelBoom, fmt.Sprintf("Tegel %s past niet bij de bladen.", t.Pad()))
			break
		}
	}
	return nil
}

func (v *Volger) tegel(ctx context.Context, t bewijs.Tegel) (l []bewijs.Hash, err error) {
	b, err := v.Haal(ctx, "tile/"+t.Pad())
	if err != nil {
		return nil, fmt.Errorf("get tile %s: %w", t.Pad(), err)
	}
	if len(b) != t.Breedte*bewijs.HashSize {
		return nil, fmt.Errorf("get tile %s: %d bytes", t.Pad(), len(b))
	}
	for ; len(b) > 0; b = b[bewijs.HashSize:] {
		l = append(l, bewijs.Hash(b))
	}
	return l, nil
}

// bundel holds the entries of leaves against their hashes.
func (v *Volger) bundel(ctx context.Context, t bewijs.Tegel, hashes []bewijs.Hash, fout func(deel, wat string)) error {
	t.Niveau = bewijs.NiveauBundel
	b, err := v.Haal(ctx, "tile/"+t.Pad())
	if err != nil {
		return fmt.Errorf("get entries %s: %w", t.Pad(), err)
	}
	inhouden, err := bewijs.ParseBundel(b)
	if err == nil && len(inhouden) != len(hashes) {
		err = errors.New("another number of entries")
	}
	if err != nil {
		return fmt.Errorf("get entries %s: %w", t.Pad(), err)
	}
	for i := range inhouden {
		if sha256.Sum256(append([]byte{0}, inhouden[i][:]...)) != hashes[i] {
			fout(DeelVersie, fmt.Sprintf("Blad %d: de inhoud en de hash in de boom verschillen.", t.Van()+uint64(i)))
		}
	}
	return nil
}

// Adres gives the name that a log has by its URL, without a scheme.
func Adres(url string) string {
	_, rest, is := strings.Cut(url, "://")
	if !is {
		rest = url
	}
	return strings.TrimSuffix(rest, "/")
}
