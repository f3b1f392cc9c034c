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
	// Aanvaard is the number of an epoch of which it is accepted that it lost what was seen; 0: none.
	Aanvaard uint32
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
	// Tijdvakken are the epochs that began since the remembered checkpoint, or all after the first.
	Tijdvakken []GevolgdTijdvak `json:"tijdvakken,omitempty"`
	Verloren   uint32           `json:"verlorenIn,omitzero"` // the epoch that lost the end of the remembered checkpoint
	Gebreken   []Gebrek         `json:"gebreken"`
	Tekst      []byte           `json:"-"` // the signed checkpoint, to be remembered
}

// Oordeel tells what it comes to.
func (g *Gevolgd) Oordeel() Oordeel {
	if len(g.Gebreken) > 0 {
		return Fout
	}
	return Goed
}

// vanLog are the keys of a log, in whatever epoch it is.
func vanLog(keys []note.Verifier, origin string) (uit []note.Verifier) {
	origin, _ = bewijs.Basis(origin)
	for _, k := range keys {
		if k.Name() == origin {
			uit = append(uit, k)
		}
	}
	return uit
}

// Volg verifies the newest public checkpoint, that it continues the remembered one or an epoch says what was lost of that, and,
// when asked, the whole tree. An error means that it could not be checked;
// it is Dutch, for who asked.
func (v *Volger) Volg(ctx context.Context) (*Gevolgd, error) {
	tekst, err := v.Haal(ctx, "checkpoint")
	if err != nil {
		return nil, fmt.Errorf("het checkpoint is niet te krijgen: %w", err)
	}
	g := &Gevolgd{Origin: bewijs.OriginVan(tekst), Tekst: tekst, Gebreken: []Gebrek{}}
	fout := func(deel, wat string) { g.Gebreken = append(g.Gebreken, Gebrek{Deel: deel, Wat: wat}) }
	basis, _ := bewijs.Basis(g.Origin)
	sleutels := v.Sleutels
	if sleutels == "" {
		b, err := v.Haal(ctx, "sleutel")
		if err != nil {
			return nil, fmt.Errorf("de sleutel is niet te krijgen: %w", err)
		}
		if sleutels = string(b); basis != v.Adres {
			fout(DeelCheckpoint, "De log noemt zich anders dan zijn adres; geef zijn sleutel met --sleutel als dat zo hoort.")
			return g, nil
		}
	}
	alle, err := bewijs.ParseSleutels(sleutels)
	if err != nil {
		return nil, errSleutel
	}
	keys := vanLog(alle, g.Origin)
	if len(keys) == 0 {
		fout(DeelCheckpoint, "Het checkpoint is van een andere log dan de sleutel. Controleer eerst het adres en de sleutel: log en beheerlog hebben elk een eigen sleutel.")
		return g, nil
	}
	c, err := bewijs.OpenCheckpoint(tekst, g.Origin, keys...)
	if errors.Is(err, bewijs.ErrHandtekening) {
		fout(DeelCheckpoint, "De handtekening onder het checkpoint klopt niet, of is van een andere sleutel. Heeft de organisatie een nieuwe sleutel, vraag die dan langs een andere weg dan de log.")
		return g, nil
	}
	if err != nil {
		return nil, errors.New("wat de log als checkpoint geeft, is niet te lezen; controleer het adres")
	}
	g.Grootte, g.Wortel, g.Moment = c.Grootte, fmt.Sprintf("%x", c.Wortel[:]), c.Moment
	punten := []bewijs.Checkpoint{c}
	var oud *bewijs.Checkpoint
	if v.Onthouden != nil {
		o, err := bewijs.OpenCheckpoint(v.Onthouden, bewijs.OriginVan(v.Onthouden), keys...)
		if err != nil {
			return nil, v.onthouden(basis, err)
		}
		oud, g.Sinds = &o, &o.Grootte
	}
	tijdvakken, err := v.tijdvakken(ctx, g, oud, &c, fout)
	if err != nil || len(g.Gebreken) > 0 {
		return g, err
	}
	if oud != nil {
		verloren, err := v.verloren(g, tijdvakken, oud, fout)
		if err == nil && verloren == nil && len(g.Gebreken) == 0 {
			punten = append(punten, *oud)
			err = v.groei(ctx, *oud, c, fout)
		}
		if err != nil || len(g.Gebreken) > 0 {
			return g, err
		}
		if verloren != nil {
			g.Sinds = nil
		}
	}
	if v.Geheel {
		g.Nagerekend, err = v.geheel(ctx, punten, keys, fout)
	}
	return g, err
}

// onthouden says why the remembered checkpoint of a log can't be used.
func (v *Volger) onthouden(basis string, err error) error {
	switch was, _ := bewijs.Basis(bewijs.OriginVan(v.Onthouden)); {
	case errors.Is(err, bewijs.ErrHandtekening) && was == basis:
		return errors.New("wat eerder is gezien, is niet met deze sleutel ondertekend; geef ook de sleutel van toen, een sleutel op een regel")
	case strings.Contains(was, "/bewijs/") && was != basis:
		return errors.New("wat eerder is gezien, is van een andere log; onthoud elke log in een eigen bestand")
	default:
		return errors.New("wat eerder is gezien, is niet als checkpoint te lezen; controleer het bestand")
	}
}

// groei tells whether a log begins with what it was, and tells no earlier moment.
func (v *Volger) groei(ctx context.Context, oud, c bewijs.Checkpoint, fout func(deel, wat string)) error {
	var pad []bewijs.Hash
	switch {
	case c.Grootte < oud.Grootte:
		fout(DeelBoom, fmt.Sprintf("De log is teruggezet: er waren %d bladen ondertekend, en nu zijn het er %d.", oud.Grootte, c.Grootte))
		return nil
	case c.Grootte == oud.Grootte && c.Wortel != oud.Wortel:
		fout(DeelBoom, fmt.Sprintf("De log heeft twee gezichten: van %d bladen zijn twee verschillende wortels ondertekend.", c.Grootte))
		return nil
	case !c.Moment.IsZero() && c.Moment.Before(oud.Moment):
		fout(DeelCheckpoint, fmt.Sprintf("De log toont een checkpoint van %s, en dat is ouder dan het checkpoint van %s dat eerder is gezien: zij toont iets van vroeger, of zegt een verkeerd moment.",
			c.Moment.Format(time.RFC3339), oud.Moment.Format(time.RFC3339)))
		return nil
	case c.Grootte > oud.Grootte && oud.Grootte > 0:
		b, err := v.Haal(ctx, fmt.Sprintf("consistentie?van=%d&tot=%d", oud.Grootte, c.Grootte))
		if err != nil {
			return fmt.Errorf("het bewijs dat de log voortbouwt is niet te krijgen: %w", err)
		}
		if pad, err = bewijs.ParsePad(b); err != nil {
			return errors.New("het bewijs dat de log voortbouwt, is niet te lezen; probeer het later opnieuw")
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
		return 0, fmt.Errorf("het nieuwste checkpoint is niet te krijgen: %w", err)
	}
	c, err := bewijs.OpenCheckpoint(b, bewijs.OriginVan(b), keys...)
	if errors.Is(err, bewijs.ErrHandtekening) {
		fout(DeelCheckpoint, "De handtekening onder het nieuwste checkpoint klopt niet, of is van een andere sleutel.")
		return 0, nil
	}
	if err != nil {
		return 0, errors.New("het nieuwste checkpoint is niet te lezen; probeer het later opnieuw")
	}
	for _, p := range punten {
		if p.Grootte > c.Grootte {
			fout(DeelCheckpoint, fmt.Sprintf("Wie een token heeft, krijgt minder te zien dan iedereen: %d bladen, en er zijn er %d ondertekend.", c.Grootte, p.Grootte))
			return 0, nil
		}
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
		return nil, fmt.Errorf("tegel %s is niet te krijgen: %w", t.Pad(), err)
	}
	if len(b) != t.Breedte*bewijs.HashSize {
		return nil, fmt.Errorf("tegel %s is niet te lezen: zij heeft %d bytes; probeer het later opnieuw", t.Pad(), len(b))
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
		return fmt.Errorf("bundel %s is niet te krijgen: %w", t.Pad(), err)
	}
	inhouden, err := bewijs.ParseBundel(b)
	if err != nil || len(inhouden) != len(hashes) {
		return fmt.Errorf("bundel %s is niet te lezen; probeer het later opnieuw", t.Pad())
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
