package verwerkingenlog

import (
	"bytes"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"
	"pgregory.net/rapid"

	"github.com/verantwoord/verantwoord/internal/betrokkene"
	"github.com/verantwoord/verantwoord/internal/bewijs"
)

// genVersie is any version of any actie.
var genVersie = rapid.Custom(func(t *rapid.T) *Versie {
	a := genActie.Draw(t, "actie")
	staat := NewStaat(rapid.SampledFrom([]Vertrouwelijkheid{Normaal, Vertrouwelijk, Opgeheven}).Draw(t, "earlier")).Next(a.Vertrouwelijkheid)
	if rapid.Bool().Draw(t, "vervallen") {
		staat = staat.Expire()
	}
	return &Versie{
		ActieID: uuid.New(), Nummer: rapid.Uint32Range(1, 1<<31).Draw(t, "number"),
		Operatie: rapid.SampledFrom([]bewijs.Operatie{bewijs.OperatiePOST, bewijs.OperatiePUT, bewijs.OperatiePATCH, bewijs.OperatieDELETE}).Draw(t, "operation"),
		Staat:    staat, ClientID: rapid.StringN(1, 20, 80).Draw(t, "client"), Toelichting: genTekst.Draw(t, "toelichting"), Actie: a,
	}
})

func TestWhatIsSealedOpensTheSameAndShowsNothingPlain(t *testing.T) {
	t.Parallel()
	s := keysOf(t, openKeys(t), oinVoorbeeldstad)
	rapid.Check(t, func(t *rapid.T) {
		v := genVersie.Draw(t, "version")
		rij, err := seal(s, oinVoorbeeldstad, v, nil)
		if err != nil {
			t.Fatal(err)
		}
		rij.Blad, rij.Registratie = 17, 1712324142123456
		got, err := open(s, oinVoorbeeldstad, rij)
		if err != nil {
			t.Fatal(err)
		}
		want := *v
		want.Blad, want.Registratie = rij.Blad, rij.Registratie
		if d := cmp.Diff(&want, got); d != "" {
			t.Fatal(d)
		}
		if v.VersieID().Version() != 4 || v.VersieID() == v.ActieID {
			t.Fatal("versieId is not a random one of its own")
		}
		if rij.Bewijs.Vervallen != v.Staat.Vervallen() || rij.Bewijs.Nummer != v.Nummer || len(rij.Bewijs.Personen) != len(v.Actie.Objecten) {
			t.Fatal("the leaf is about something else")
		}
		for _, o := range v.Actie.Objecten {
			// Four bytes stand in what is sealed by chance, now and then.
			if id := []byte(o.ObjectID); len(id) > 4 && (bytes.Contains(rij.Inhoud, id) || hasIngang(rij, id)) {
				t.Fatal("an identifier stands plain in the row")
			}
		}
	})
}

func hasIngang(rij *Rij, id []byte) bool {
	for _, i := range rij.Ingangen {
		if bytes.Contains(i.Sleutel[:], id) {
			return true
		}
	}
	return false
}

// Two versions with the same content share no byte pattern, salts and ids included.
func TestTheSameContentIsNeverSealedTheSame(t *testing.T) {
	t.Parallel()
	s := keysOf(t, openKeys(t), oinVoorbeeldstad)
	v := testVersie(Normaal)
	first, err := seal(s, oinVoorbeeldstad, v, nil)
	if err != nil {
		t.Fatal(err)
	}
	versieID := v.VersieID()
	second, err := seal(s, oinVoorbeeldstad, v, nil)
	if err != nil {
		t.Fatal(err)
	}
	if bytes.Equal(first.Inhoud, second.Inhoud) || first.Bewijs.Publiek == second.Bewijs.Publiek || first.Bewijs.Personen[0] == second.Bewijs.Personen[0] || versieID == v.VersieID() {
		t.Error("a salt or nonce was used twice")
	}
}

func testVersie(v Vertrouwelijkheid) *Versie {
	a, _ := goed().Validate(true)
	a.Vertrouwelijkheid = v
	return newVersie(&Aanroeper{Organisatie: oinVoorbeeldstad, ClientID: "burgerzaken"}, a)
}

func TestAnAlteredRowNeverOpens(t *testing.T) {
	t.Parallel()
	b := openKeys(t)
	s := keysOf(t, b, oinVoorbeeldstad)
	sealed := func(v *Versie) Rij {
		rij, err := seal(s, oinVoorbeeldstad, v, nil)
		if err != nil {
			t.Fatal(err)
		}
		return *rij
	}
	mine, other, confidential := sealed(testVersie(Normaal)), sealed(testVersie(Normaal)), sealed(testVersie(Vertrouwelijk))
	refused := func(t *testing.T, s *betrokkene.Sleutels, oin string, rij Rij) {
		t.Helper()
		if v, err := open(s, oin, &rij); err == nil || v != nil {
			t.Error("it opened")
		}
	}
	if _, err := open(s, oinVoorbeeldstad, &mine); err != nil {
		t.Fatal(err)
	}
	t.Run("with any byte of the content changed", func(t *testing.T) {
		t.Parallel()
		for k := range mine.Inhoud {
			rij := mine
			rij.Inhoud = bytes.Clone(mine.Inhoud)
			rij.Inhoud[k] ^= 0x20
			refused(t, s, oinVoorbeeldstad, rij)
		}
	})
	t.Run("cut off anywhere", func(t *testing.T) {
		t.Parallel()
		for k := range mine.Inhoud {
			rij := mine
			rij.Inhoud = mine.Inhoud[:k]
			refused(t, s, oinVoorbeeldstad, rij)
		}
	})
	t.Run("with something behind it", func(t *testing.T) {
		t.Parallel()
		rij := mine
		rij.Inhoud = append(bytes.Clone(mine.Inhoud), 0)
		refused(t, s, oinVoorbeeldstad, rij)
	})
	for name, change := range map[string]func(*Rij){
		"with the content of another actie":         func(r *Rij) { r.Inhoud = other.Inhoud },
		"under the id of another actie":             func(r *Rij) { r.ActieID = other.ActieID },
		"under another version number":              func(r *Rij) { r.Nummer++ },
		"as if it had been confidential":            func(r *Rij) { r.Staat |= staatOoit },
		"with the content of a confidential record": func(r *Rij) { r.Inhoud = confidential.Inhoud },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			rij := mine
			change(&rij)
			refused(t, s, oinVoorbeeldstad, rij)
		})
	}
	t.Run("a confidential one as if it never had been", func(t *testing.T) {
		t.Parallel()
		rij := confidential
		rij.Staat = NewStaat(Normaal)
		refused(t, s, oinVoorbeeldstad, rij)
	})
	t.Run("as a record of another organisation", func(t *testing.T) {
		t.Parallel()
		refused(t, s, oinAnderdorp, mine)
		refused(t, keysOf(t, b, oinAnderdorp), oinVoorbeeldstad, mine)
		refused(t, keysOf(t, b, oinAnderdorp), oinAnderdorp, mine)
	})
	// What stands plain beside the content decides who sees it, so it may not say anything else.
	t.Run("a confidential one as if it were lifted", func(t *testing.T) {
		t.Parallel()
		rij := confidential
		rij.Staat = rij.Staat.Next(Opgeheven)
		refused(t, s, oinVoorbeeldstad, rij)
	})
}

func TestAnActieIsFoundUnderEveryKeyItHasOrHad(t *testing.T) {
	t.Parallel()
	s := keysOf(t, openKeys(t), oinVoorbeeldstad)
	p1, p2, p3 := s.Handle("persoon", "BSN", "2308572"), s.Handle("persoon", "BSN", "2308573"), s.Handle("persoon", "BSN", "2308574")
	v := testVersie(Normaal)
	v.Actie.Objecten = []VerwerktObject{
		{ID: uuid.New(), Objecttype: "persoon", SoortObjectID: "BSN", ObjectID: "2308572"},
		{ID: uuid.New(), Objecttype: "persoon", SoortObjectID: "bsn", ObjectID: "2308572"},
		{ID: uuid.New(), Objecttype: "persoon", SoortObjectID: "BSN", ObjectID: "2308573"},
	}
	first, err := seal(s, oinVoorbeeldstad, v, nil)
	if err != nil {
		t.Fatal(err)
	}
	next := *v
	next.Nummer = 2
	next.Actie.Objecten = []VerwerktObject{v.Actie.Objecten[2], {ID: uuid.New(), Objecttype: "persoon", SoortObjectID: "BSN", ObjectID: "2308574"}}
	second, err := seal(s, oinVoorbeeldstad, &next, first.Ingangen)
	if err != nil {
		t.Fatal(err)
	}
	count := func(rij *Rij, soort IngangSoort, key [16]byte) int {
		for _, i := range rij.Ingangen {
			if i.Soort == soort && i.Sleutel == key {
				return int(i.Aantal)
			}
		}
		return -1
	}
	for _, tt := range []struct {
		name  string
		rij   *Rij
		soort IngangSoort
		key   [16]byte
		want  int // -1 = not listed
	}{
		{"a person who stands in it twice", first, IngangPersoon, p1, 2},
		{"one who stands in it once", first, IngangPersoon, p2, 1},
		{"one who does not", first, IngangPersoon, p3, -1},
		{"its verwerking", first, IngangVerwerking, v.Actie.VerwerkingID, 1},
		{"the verwerking of the afnemer", first, IngangAfnemer, v.Actie.VerwerkingIDAfnemer, 1},
		{"the verwerking of the afnemer is not its own", first, IngangVerwerking, v.Actie.VerwerkingIDAfnemer, -1},
		{"an object", first, IngangVerwerktObject, v.Actie.Objecten[0].ID, 1},
		{"after a change: one who was taken out", second, IngangPersoon, p1, 0},
		{"after a change: one who stayed", second, IngangPersoon, p2, 1},
		{"after a change: one who was added", second, IngangPersoon, p3, 1},
		{"after a change: an object that was taken out", second, IngangVerwerktObject, v.Actie.Objecten[0].ID, 0},
	} {
		if got := count(tt.rij, tt.soort, tt.key); got != tt.want {
			t.Errorf("%s: %d, want %d", tt.name, got, tt.want)
		}
	}
}

// The list of keys is made in two ways, for few and for many objects.
func TestKeysOfManyObjectsAreCountedLikeThoseOfFew(t *testing.T) {
	t.Parallel()
	s := keysOf(t, openKeys(t), oinVoorbeeldstad)
	rapid.Check(t, func(t *rapid.T) {
		a := Verwerkingsactie{Objecten: rapid.SliceOfN(genObject, 0, 60).Draw(t, "objects")}
		vorige := ingangen(s, &Verwerkingsactie{VerwerkingID: uuid.New(), Objecten: rapid.SliceOfN(genObject, 0, 30).Draw(t, "earlier")}, nil)
		want := map[Ingang]int{}
		for k := range a.Objecten {
			o := &a.Objecten[k]
			want[Ingang{Soort: IngangPersoon, Sleutel: s.Handle(o.Objecttype, o.SoortObjectID, o.ObjectID)}]++
			want[Ingang{Soort: IngangVerwerktObject, Sleutel: o.ID}]++
		}
		for _, i := range vorige {
			want[Ingang{Soort: i.Soort, Sleutel: i.Sleutel}] += 0
		}
		got := map[Ingang]int{}
		for _, i := range ingangen(s, &a, vorige) {
			key := Ingang{Soort: i.Soort, Sleutel: i.Sleutel}
			if _, twice := got[key]; twice {
				t.Fatal("a key is listed twice")
			}
			got[key] = int(i.Aantal)
		}
		if d := cmp.Diff(want, got); d != "" {
			t.Fatal(d)
		}
	})
}

func BenchmarkValidate(b *testing.B) {
	in := goed()
	b.ReportAllocs()
	for b.Loop() {
		if _, params := in.Validate(false); len(params) > 0 {
			b.Fatal("refused")
		}
	}
}

func BenchmarkSeal(b *testing.B) {
	s := keysOf(b, openKeys(b), oinVoorbeeldstad)
	v := testVersie(Normaal)
	b.ReportAllocs()
	for b.Loop() {
		if _, err := seal(s, oinVoorbeeldstad, v, nil); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkOpen(b *testing.B) {
	s := keysOf(b, openKeys(b), oinVoorbeeldstad)
	rij, err := seal(s, oinVoorbeeldstad, testVersie(Normaal), nil)
	if err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	for b.Loop() {
		if _, err := open(s, oinVoorbeeldstad, rij); err != nil {
			b.Fatal(err)
		}
	}
}
