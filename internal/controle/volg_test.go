package controle_test

import (
	"context"
	"crypto/sha256"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/verantwoord/verantwoord/internal/bewijs"
	"github.com/verantwoord/verantwoord/internal/controle"
)

const origin = "voorbeeldstad.example/bewijs/00000099000000000001"

// boom is a log of n leaves, those from anders on of another course.
type boom struct {
	t        *testing.T
	k        *bewijs.Tekenaar
	hashes   []bewijs.Hash
	inhouden []bewijs.Hash
	n        uint64
	wortel   bewijs.Hash
	later    time.Duration // than the others
}

func newBoom(t *testing.T, n, anders int) *boom {
	k, err := bewijs.NewTekenaar(origin, make([]byte, 32))
	if err != nil {
		t.Fatal(err)
	}
	b := &boom{t: t, k: k, n: uint64(n)}
	rand := &bewijs.Rand{}
	for i := range n {
		in := bewijs.Hash(sha256.Sum256(fmt.Appendf(nil, "blad %d %v", i, i >= anders)))
		b.inhouden = append(b.inhouden, in)
		b.hashes = rand.Append(b.hashes, sha256.Sum256(append([]byte{0}, in[:]...)))
	}
	b.wortel = rand.Wortel()
	return b
}

func (b *boom) knopen(indexes []uint64) (uit []bewijs.Hash, err error) {
	for _, x := range indexes {
		uit = append(uit, b.hashes[x])
	}
	return uit, nil
}

func (b *boom) punt() []byte {
	tekst, err := bewijs.Checkpoint{Origin: origin, Grootte: b.n, Wortel: b.wortel, Moment: time.Unix(1770000000, 0).Add(b.later)}.Sign(b.k)
	if err != nil {
		b.t.Fatal(err)
	}
	return tekst
}

func (b *boom) op(later time.Duration) *boom {
	b.later = later
	return b
}

func (b *boom) haal(_ context.Context, pad string) ([]byte, error) {
	var van, tot uint64
	switch {
	case strings.HasPrefix(pad, "tile/"):
		t, err := bewijs.ParseTegel(strings.TrimPrefix(pad, "tile/"))
		if err != nil || !t.In(b.n) {
			return nil, fmt.Errorf("tile %s: %v", pad, err)
		}
		if t.Niveau == bewijs.NiveauBundel {
			return bewijs.Bundel(b.inhouden[t.Van():t.Tot()]), nil
		}
		return t.Lees(b.knopen)
	case pad == "checkpoint", pad == "checkpoint/nieuw":
		return b.punt(), nil
	case pad == "sleutel":
		return []byte(b.k.Publiek() + "\n"), nil
	default:
		if _, err := fmt.Sscanf(pad, "consistentie?van=%d&tot=%d", &van, &tot); err != nil {
			return nil, err
		}
		p, err := bewijs.Consistentie(van, tot, b.knopen)
		return bewijs.PadTekst(p), err
	}
}

func TestALogThatIsNotWhatItWasIsNamed(t *testing.T) {
	t.Parallel()
	eerder := newBoom(t, 300, 1000)
	for naam, p := range map[string]struct {
		nu   *boom
		want string
	}{
		"grown":      {newBoom(t, 1000, 1000), ""},
		"the same":   {newBoom(t, 300, 1000), ""},
		"put back":   {newBoom(t, 299, 1000), "teruggezet"},
		"split view": {newBoom(t, 300, 299), "twee gezichten"},
		"rewritten":  {newBoom(t, 1000, 150), "herschreven"},
		"older":      {newBoom(t, 300, 1000).op(-time.Second), "ouder"},
		"backdated":  {newBoom(t, 1000, 1000).op(-time.Hour), "ouder"},
		"later":      {newBoom(t, 300, 1000).op(time.Hour), ""},
	} {
		v := &controle.Volger{Haal: p.nu.haal, Adres: origin, Onthouden: eerder.punt()}
		g, err := v.Volg(t.Context())
		if err != nil {
			t.Fatalf("%s: %v", naam, err)
		}
		if p.want == "" && g.Oordeel() != controle.Goed || p.want != "" && (len(g.Gebreken) != 1 || !strings.Contains(g.Gebreken[0].Wat, p.want)) {
			t.Errorf("%s: %+v", naam, g.Gebreken)
		}
	}
}

// Who has a credential must not be shown less than the public is.
func TestTheNewestCheckpointHoldsAllThatIsPublic(t *testing.T) {
	t.Parallel()
	openbaar, nieuw := newBoom(t, 700, 1000), newBoom(t, 300, 1000)
	v := &controle.Volger{Adres: origin, Geheel: true, Haal: func(ctx context.Context, pad string) ([]byte, error) {
		if pad == "checkpoint" {
			return openbaar.punt(), nil
		}
		return nieuw.haal(ctx, pad)
	}}
	g, err := v.Volg(t.Context())
	if err != nil || len(g.Gebreken) != 1 || !strings.Contains(g.Gebreken[0].Wat, "minder") {
		t.Errorf("%v: %+v", err, g)
	}
	if nieuw.k, err = bewijs.NewTekenaar(origin, []byte(strings.Repeat("2", 32))); err != nil {
		t.Fatal(err)
	}
	v.Sleutels = openbaar.k.Publiek()
	if g, err := v.Volg(t.Context()); err != nil || len(g.Gebreken) != 1 || !strings.Contains(g.Gebreken[0].Wat, "handtekening") {
		t.Errorf("signed by another key: %v: %+v", err, g)
	}
}

func TestTheWholeTreeIsComputedFromAfar(t *testing.T) {
	t.Parallel()
	b := newBoom(t, 1<<16+700, 1<<20)
	volg := func() []controle.Gebrek {
		g, err := (&controle.Volger{Haal: b.haal, Adres: origin, Geheel: true}).Volg(t.Context())
		if err != nil || g.Nagerekend != b.n {
			t.Fatalf("%d of %d leaves: %v", g.Nagerekend, b.n, err)
		}
		return g.Gebreken
	}
	if l := volg(); len(l) != 0 {
		t.Fatalf("a good tree is called wrong: %+v", l)
	}
	// A leaf, a node that is in a full tile of the second level, one in a partial one, one of the third, and an entry.
	for naam, h := range map[string]*bewijs.Hash{
		"leaf":  &b.hashes[bewijs.AantalKnopen(70)],
		"full":  &b.hashes[bewijs.AantalKnopen(255)+8],
		"part":  &b.hashes[bewijs.AantalKnopen(1<<16+511)+8],
		"third": &b.hashes[bewijs.AantalKnopen(1<<16-1)+16],
		"entry": &b.inhouden[66000],
	} {
		h[5] ^= 1
		if l := volg(); len(l) == 0 {
			t.Errorf("a changed %s is not found", naam)
		}
		h[5] ^= 1
	}
}
