package bewijs_test

import (
	"bytes"
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/google/uuid"
	"pgregory.net/rapid"

	"github.com/verantwoord/verantwoord/internal/bewijs"
)

func TestAProofHoldsForItsLeafAndForNoOther(t *testing.T) {
	t.Parallel()
	const max = 40
	k, roots := grow(t, max)
	key := tekenaar(t, origin, 1)
	rapid.Check(t, func(r *rapid.T) {
		n := rapid.Uint64Range(1, max).Draw(r, "n")
		i := rapid.Uint64Range(0, n-1).Draw(r, "leaf")
		pad, err := bewijs.Inclusie(i, n, k.knopen)
		if err != nil {
			r.Fatal(err)
		}
		c := bewijs.Checkpoint{Origin: origin, Grootte: n, Wortel: roots[n]}
		in := &bewijs.Bewijsstuk{Blad: i, Pad: pad, Checkpoint: sign(t, c, key)}
		if rapid.Bool().Draw(r, "extra") {
			in.Extra = rapid.SliceOfN(rapid.Byte(), 0, 50).Draw(r, "bytes")
		}
		b, err := bewijs.ParseBewijsstuk(in.Tekst())
		if err != nil {
			r.Fatal(err)
		}
		if d := cmp.Diff(in, b, cmpopts.EquateEmpty()); d != "" {
			r.Fatalf("(-written +read):\n%s", d)
		}
		if got, err := b.Verify(leafHash(content(i)), origin, key.Lezer()); err != nil || got != c {
			r.Errorf("leaf %d of %d: %v", i, n, err)
		}
		if _, err := b.Verify(leafHash(content(i+1)), origin, key.Lezer()); !errors.Is(err, bewijs.ErrBewijs) {
			r.Errorf("another leaf: %v", err)
		}
		b.Blad = (b.Blad + 1) % (n + 1)
		if _, err := b.Verify(leafHash(content(i)), origin, key.Lezer()); !errors.Is(err, bewijs.ErrBewijs) {
			r.Errorf("another number: %v", err)
		}
	})
}

// The example of C2SP tlog-proof.
const voorbeeld = `c2sp.org/tlog-proof@v1
extra YWdlLXYxLjIuMS1kYXJ3aW4tYXJtNjQudGFyLmd6
index 73894
gSKyXoYZUgZ6jduWYrkDOARinOMGJveXjgMkBTcdPlQ=
B95lDa8R83lS8n0eG+o0buTxRKQTYFi//1U8anccXmA=
EKNzoDWG8LGC0Yp9o+sv3qllpMP9uHQ9B20KNL+Q1zs=
RoopEkOdqkYqMB4MJXrbt/hMjOxsVn0IrWjpz1ZMMes=
AHCioX9nLjsrse6YhjRRmk1WUEirVOLLRoOQ6vfO5vk=

example.com/fancylog
109482
sFodV/vSp5O8n9a8QpW6PRY97tfOSW5bsc2Xl/EQi08=

— example.com/fancylog hI2DJw
`

func TestTheExampleOfC2SPIsRead(t *testing.T) {
	t.Parallel()
	b, err := bewijs.ParseBewijsstuk([]byte(voorbeeld))
	if err != nil {
		t.Fatal(err)
	}
	if string(b.Extra) != "age-v1.2.1-darwin-arm64.tar.gz" || b.Blad != 73894 || len(b.Pad) != 5 || !bytes.HasPrefix(b.Checkpoint, []byte("example.com/fancylog\n109482\n")) {
		t.Errorf("%+v", b)
	}
	if string(b.Tekst()) != voorbeeld {
		t.Errorf("written as\n%s", b.Tekst())
	}
	for naam, fout := range map[string]string{
		"another version": strings.Replace(voorbeeld, "@v1", "@v2", 1),
		"no index":        strings.Replace(voorbeeld, "index 73894\n", "", 1),
		"a leading zero":  strings.Replace(voorbeeld, "index 7", "index 07", 1),
		"two extras":      strings.Replace(voorbeeld, "extra", "extra AAAA\nextra", 1),
		"extra last":      strings.Replace(strings.Replace(voorbeeld, "extra YWdlLXYxLjIuMS1kYXJ3aW4tYXJtNjQudGFyLmd6\n", "", 1), "73894\n", "73894\nextra AAAA\n", 1),
		"a short hash":    strings.Replace(voorbeeld, "gSKy", "", 1),
		"no checkpoint":   voorbeeld[:strings.Index(voorbeeld, "\n\n")],
		"nothing":         "",
		"endless":         strings.Replace(voorbeeld, "gSKy", strings.Repeat("gSKyXoYZUgZ6jduWYrkDOARinOMGJveXjgMkBTcdPlQ=\n", 200)+"gSKy", 1),
	} {
		if _, err := bewijs.ParseBewijsstuk([]byte(fout)); err == nil {
			t.Errorf("%s was read", naam)
		}
	}
}

func blad(personen int) (b bewijs.Blad, z bewijs.Zaad) {
	z = bewijs.Zaad(content(1))
	b = bewijs.Blad{OIN: "00000099123456780000", ActieID: uuid.MustParse("dc37d8f5-56a3-4e04-9b7c-3a1a5d1e0b42"), Nummer: 2, Registratie: -1,
		Operatie: bewijs.OperatiePATCH, Vervallen: true}
	b.Publiek = bewijs.Verbintenis(bewijs.LabelPubliek, z.Zout(bewijs.LabelPubliek, 0), []byte("{}"))
	b.Intern = content(2)
	for i := range personen {
		b.Personen = append(b.Personen, content(uint64(3+i)))
	}
	return b, z
}

func TestAnOpenedLeafKeepsItsHashAndShowsOnlyWhatItMay(t *testing.T) {
	t.Parallel()
	for personen := range 4 {
		b, z := blad(personen)
		for naam, in := range map[string]*bewijs.Bladopening{"open": b.Open(&z), "closed": b.Dicht()} {
			out, err := bewijs.ParseBladopening(in.Tekst())
			if err != nil {
				t.Fatalf("%s, %d persons: %v", naam, personen, err)
			}
			if out.BladHash() != b.BladHash() {
				t.Errorf("%s, %d persons: another leaf", naam, personen)
			}
			if (out.ZoutPubliek != nil) != (naam == "open") || len(out.ZoutPersonen) != personen {
				t.Errorf("%s: %+v", naam, out)
			}
		}
	}
	b, z := blad(2)
	o := b.Open(&z)
	o.ZoutPersonen[0], o.ZoutIntern = nil, nil // the part of the second person
	out, err := bewijs.ParseBladopening(o.Tekst())
	if err != nil || out.ZoutIntern != nil || out.ZoutPersonen[0] != nil || out.ZoutPersonen[1] == nil {
		t.Fatalf("%+v, %v", out, err)
	}
	if bewijs.Verbintenis(bewijs.LabelPubliek, *out.ZoutPubliek, []byte("{}")) != out.Publiek {
		t.Error("the public part can't be recomputed")
	}
}

func TestTheFieldsOfALeafAreReadStrictly(t *testing.T) {
	t.Parallel()
	b, z := blad(1)
	goed := string(b.Open(&z).Tekst())
	for _, c := range [][2]string{
		{"verantwoord/blad/v1", "verantwoord/blad/v2"}, {"oin 0", "oin x"}, {"oin 0", "oin "}, {"nummer 2", "nummer 02"}, {"nummer 2", "nummer 4294967296"},
		{"registratie -1", "registratie -0"}, {"operatie 3", "operatie 5"}, {"operatie 3", "operatie PATCH"}, {"vervallen 1", "vervallen 2"},
		{"dc37d8f5", "DC37D8F5"}, {"publiek ", "publiek"}, {"intern ", "persoon "}, {"persoon ", "iemand "}, {"nummer 2\n", ""}, {"\npersoon", "\n\npersoon"},
		{"publiek ", "publiek  "},
	} {
		fout := strings.Replace(goed, c[0], c[1], 1)
		if fout == goed {
			t.Fatalf("%q is not in it", c[0])
		}
		if _, err := bewijs.ParseBladopening([]byte(fout)); err == nil {
			t.Errorf("%q for %q was read", c[1], c[0])
		}
	}
	for i := range goed {
		if _, err := bewijs.ParseBladopening([]byte(goed[:i])); err == nil && strings.Count(goed[:i], "\n") < 9 {
			t.Errorf("read when it was cut off after %d", i)
		}
	}
}

func FuzzParseBewijsstuk(f *testing.F) {
	f.Add([]byte(voorbeeld))
	b, z := blad(1)
	f.Add(b.Open(&z).Tekst())
	f.Fuzz(func(t *testing.T, in []byte) {
		if s, err := bewijs.ParseBewijsstuk(in); err == nil && !bytes.Equal(s.Tekst(), in) {
			t.Errorf("%q is written as %q", in, s.Tekst())
		}
		if o, err := bewijs.ParseBladopening(in); err == nil && !bytes.Equal(o.Tekst(), in) {
			t.Errorf("%q is written as %q", in, o.Tekst())
		}
	})
}
