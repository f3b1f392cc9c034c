package kast_test

import (
	"context"
	"errors"
	"maps"
	"strings"
	"testing"

	"github.com/google/uuid"

	"github.com/verantwoord/verantwoord/internal/beheerlog"
	"github.com/verantwoord/verantwoord/internal/betrokkene"
	"github.com/verantwoord/verantwoord/internal/fout"
	. "github.com/verantwoord/verantwoord/internal/kast"
	"github.com/verantwoord/verantwoord/internal/opruimen"
	"github.com/verantwoord/verantwoord/internal/store/kamer"
	opslag "github.com/verantwoord/verantwoord/internal/store/kast"
	"github.com/verantwoord/verantwoord/internal/store/sqlite"
)

const gemeente = "00000099000000001001"

var bg = context.Background()

// brief is the simplest document.
type brief struct {
	ID     uuid.UUID `json:"-"`
	Versie int64     `json:"-"`
	Tekst  string    `json:"tekst"`
	// Kenmerk is what no other has.
	Kenmerk string `json:"kenmerk,omitempty"`
}

func (b *brief) Plaats() Plaats { return Plaats{Soort: "brief", ID: b.ID, Versie: b.Versie} }
func (b *brief) Uniek() string  { return b.Kenmerk }

type brieven map[uuid.UUID]*brief

var vorm = Vorm[brieven]{
	Leeg: func() brieven { return brieven{} }, Kopie: maps.Clone[brieven],
	Nieuw: func(_ string, p Plaats) Document {
		if p.Soort != "brief" {
			return nil
		}
		return &brief{ID: p.ID, Versie: p.Versie}
	},
	Zet:     func(b brieven, d Document) { b[d.Plaats().ID] = d.(*brief) },
	HaalWeg: func(b brieven, d Document) { delete(b, d.Plaats().ID) },
}

// knopen gives a store and two nodes on it; gemeld are the complaints of the second.
func knopen(t *testing.T) (s *sqlite.Store, een, ander *Kast[brieven], gemeld *[]error) {
	t.Helper()
	s, err := sqlite.Open(bg, t.TempDir(), sqlite.Opties{Organisaties: []string{gemeente}})
	if err != nil {
		t.Fatal(err)
	}
	opruimen.Na(t, func() { s.Close() })
	sleutels, err := betrokkene.Open(bg, t.TempDir(), []string{gemeente}, s)
	if err != nil {
		t.Fatal(err)
	}
	gemeld = &[]error{}
	open := func(meld func(error)) *Kast[brieven] {
		k, err := New(bg, Opties[brieven]{
			Naam: "verantwoord/proef/v1", Wat: "letters", Vorm: vorm, Opslag: opslag.New(s, opslag.Activiteiten, nil), Sleutels: sleutels.Organisatie,
			Organisaties: []string{gemeente}, Meld: meld, Grens: 1000,
		})
		if err != nil {
			t.Fatal(err)
		}
		return k
	}
	return s, open(func(err error) { t.Error(err) }), open(func(err error) { *gemeld = append(*gemeld, err) }), gemeld
}

func zet(t *testing.T, k *Kast[brieven], b *brief) {
	t.Helper()
	if err := k.Wijzig(bg, gemeente, func(o *Ontwerp[brieven]) error {
		o.Zet(b)
		o.Meld(beheerlog.Regel{Soort: beheerlog.Instelling, Wat: "Brief gezet."})
		return nil
	}); err != nil {
		t.Fatal(err)
	}
}

func ververs(t *testing.T, k *Kast[brieven]) {
	t.Helper()
	if err := k.Refresh(bg); err != nil {
		t.Fatal(err)
	}
}

func TestOnlyWhatDiffersIsOpenedAgain(t *testing.T) {
	t.Parallel()
	_, een, ander, _ := knopen(t)
	a, b := &brief{ID: uuid.New(), Versie: 1, Tekst: "a"}, &brief{ID: uuid.New(), Versie: 1, Tekst: "b"}
	zet(t, een, a)
	zet(t, een, b)
	ververs(t, ander)
	voor := ander.Stand(gemeente)
	zet(t, een, &brief{ID: b.ID, Versie: 2, Tekst: "b, anders"})
	ververs(t, ander)
	na := ander.Stand(gemeente)
	if na[a.ID] != voor[a.ID] {
		t.Error("a document that stayed the same was opened again")
	}
	if na[b.ID].Tekst != "b, anders" || na[b.ID].Versie != 2 || voor[b.ID].Tekst != "b" {
		t.Errorf("%+v, and before %+v", na[b.ID], voor[b.ID])
	}
}

// With the same id and version it is another document all the same.
func TestADocumentThatWasRemovedAndMadeAnewIsReadAnew(t *testing.T) {
	t.Parallel()
	_, een, ander, _ := knopen(t)
	a := &brief{ID: uuid.New(), Versie: 1, Tekst: "eerst"}
	zet(t, een, a)
	ververs(t, ander)
	if err := een.Wijzig(bg, gemeente, func(o *Ontwerp[brieven]) error { o.HaalWeg(o.Voor[a.ID]); return nil }); err != nil {
		t.Fatal(err)
	}
	zet(t, een, &brief{ID: a.ID, Versie: 1, Tekst: "later"})
	ververs(t, ander)
	if got := ander.Stand(gemeente)[a.ID]; got == nil || got.Tekst != "later" {
		t.Errorf("%+v", got)
	}
}

func TestARowThatIsTouchedUnderARunningNodeIsLeftOutAndTold(t *testing.T) {
	t.Parallel()
	s, een, ander, gemeld := knopen(t)
	a, b := &brief{ID: uuid.New(), Versie: 1, Tekst: "a"}, &brief{ID: uuid.New(), Versie: 1, Tekst: "b"}
	zet(t, een, a)
	zet(t, een, b)
	ververs(t, ander)
	if err := s.Write(bg, func(tx *kamer.Tx) error {
		_, err := tx.Exec(`UPDATE activiteitenrij SET inhoud = (SELECT inhoud FROM activiteitenrij WHERE id = $1) WHERE id = $2`, a.ID.String(), b.ID.String())
		return err
	}); err != nil {
		t.Fatal(err)
	}
	zet(t, een, &brief{ID: a.ID, Versie: 2, Tekst: "a, anders"})
	ververs(t, ander)
	if na := ander.Stand(gemeente); len(na) != 1 || na[a.ID] == nil || len(*gemeld) != 1 {
		t.Errorf("%d documents, told %v", len(na), *gemeld)
	}
}

func TestNobodyIsRefusedForWhatIsNoLongerSo(t *testing.T) {
	t.Parallel()
	_, een, ander, _ := knopen(t)
	a := &brief{ID: uuid.New(), Versie: 1, Tekst: "a"}
	zet(t, een, a)
	keer := 0
	err := ander.Wijzig(bg, gemeente, func(o *Ontwerp[brieven]) error {
		if keer++; o.Voor[a.ID] == nil {
			return fout.NietGevonden
		}
		o.Zet(&brief{ID: a.ID, Versie: 2, Tekst: "door de ander"})
		return nil
	})
	if err != nil || keer != 2 {
		t.Errorf("decided %d times: %v", keer, err)
	}
	keer = 0
	err = ander.Wijzig(bg, gemeente, func(*Ontwerp[brieven]) error { keer++; return fout.NietGevonden })
	if !errors.Is(err, fout.NietGevonden) || keer != 1 {
		t.Errorf("decided %d times: %v", keer, err)
	}
}

func TestWhatIsRefusedOrTooLargeLeavesEverythingAsItWas(t *testing.T) {
	t.Parallel()
	_, een, _, _ := knopen(t)
	id := uuid.New()
	zet(t, een, &brief{ID: id, Versie: 1, Tekst: "a"})
	voor := een.Stand(gemeente)
	for want, f := range map[error]func(*Ontwerp[brieven]) error{
		ErrTeGroot: func(o *Ontwerp[brieven]) error {
			o.Zet(&brief{ID: id, Versie: 2, Tekst: strings.Repeat("x", 1000)})
			return nil
		},
		fout.Voorwaarde: func(o *Ontwerp[brieven]) error {
			o.Zet(&brief{ID: id, Versie: 2, Tekst: "b"})
			return fout.Voorwaarde
		},
		fout.Gelijktijdig: func(o *Ontwerp[brieven]) error { // never fits, however often
			o.Zet(&brief{ID: id, Versie: 7, Tekst: "b"})
			return nil
		},
	} {
		if err := een.Wijzig(bg, gemeente, f); !errors.Is(err, want) {
			t.Errorf("got %v, want %v", err, want)
		}
		if na := een.Stand(gemeente); len(na) != 1 || na[id] != voor[id] || na[id].Tekst != "a" {
			t.Errorf("after %v: %+v", want, na[id])
		}
	}
	if err := een.Wijzig(bg, "00000099000000009999", func(*Ontwerp[brieven]) error { return nil }); !errors.Is(err, fout.GeenToestemming) {
		t.Errorf("an unknown organisation: %v", err)
	}
}
