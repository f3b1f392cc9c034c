package hersleuteling_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"github.com/verantwoord/verantwoord/internal/betrokkene"
	domein "github.com/verantwoord/verantwoord/internal/hersleuteling"
	"github.com/verantwoord/verantwoord/internal/store/hersleuteling"
	"github.com/verantwoord/verantwoord/internal/store/kamer"
	"github.com/verantwoord/verantwoord/internal/store/storetest"
)

// kolom is a column of the schema of an engine.
type kolom struct {
	naam, soort string
	verplicht   bool
}

// tabellen reads the whole schema.
func tabellen(t *testing.T, k kamer.Opslag) map[string][]kolom {
	t.Helper()
	uit := map[string][]kolom{}
	for _, tekst := range []string{
		`SELECT m.name, p.name, p.type, p."notnull" FROM sqlite_master m JOIN pragma_table_info(m.name) p WHERE m.type = 'table' ORDER BY 1, p.cid`,
		`SELECT CAST(table_name AS text), CAST(column_name AS text), CAST(data_type AS text), CAST(CASE is_nullable WHEN 'NO' THEN 1 ELSE 0 END AS bigint)
			FROM information_schema.columns WHERE table_schema = current_schema() ORDER BY 1, ordinal_position`,
	} {
		err := k.Read(bg, func(tx *kamer.Tx) error {
			for row, err := range tx.Query(tekst) {
				var tabel string
				var c kolom
				var verplicht int64
				if err == nil {
					err = row.Scan(&tabel, &c.naam, &c.soort, &verplicht)
				}
				if err != nil {
					return err
				}
				c.verplicht, c.soort = verplicht != 0, strings.ToLower(c.soort)
				uit[tabel] = append(uit[tabel], c)
			}
			return nil
		})
		if err == nil {
			break
		}
	}
	if len(uit) < 20 {
		t.Fatalf("only %d tables found", len(uit))
	}
	return uit
}

// openbaar are the binary columns that hold nothing sealed. A column that is new is named here with the reason, or described by
// the room that owns it: what is sealed and not described stays under a key that is taken away.
var openbaar = map[string]string{
	"versie.inhoud": "sealed; the log is rewritten by itself", "versie.actie": "id", "versie.activiteit": "id", "versie.ingangen": "ids and handles",
	"versie.merk": "keyed hash", "groep.merken": "keyed hashes", "tijdvak.inhoud": "public",
	"hersleuteld.ingangen": "ids and handles", "ingang.sleutel": "id or handle", "knoop.hashes": "hashes", "groep.hashes": "hashes", "logboek.id": "id",
	"organisatie.rand": "hashes", "idempotentie.sleutel": "hash", "idempotentie.lichaam": "hash",
	"boom.rand": "hashes", "beheerregel.hashes": "hashes", "checkpoint.wortel": "hash", "checkpoint.tekst": "public", "medeondertekening.regel": "public",
	"gebruikersrij.ingang": "handle", "activiteitenrij.ingang": "handle", "beschermingsrij.ingang": "handle", "domeinrij.ingang": "handle",
	"aanmelding.account": "handle", "aanmelding.code": "handle", "aanmelding.browser": "hash", "aanmeldteller.account": "handle",
	"sessie.id": "hash", "apparaat.id": "hash", "inwonersessie.id": "hash", "inwonersessie.persoon": "handle", "inwonerteller.wie": "handle",
	"inwonerstaat.id": "hash", "inwonerhistorie.persoon": "handle", "nakijking.gebreken": "names places and nobody",
}

func TestEverySealedColumnIsDescribed(t *testing.T) {
	t.Parallel()
	opElke(t, func(t *testing.T, k kamer.Opslag) {
		var beschreven []string
		for _, v := range hersleuteling.Verzegeld() {
			beschreven = append(beschreven, v.Kolom())
		}
		gezien := map[string]bool{}
		for tabel, kolommen := range tabellen(t, k) {
			for _, c := range kolommen {
				naam := tabel + "." + c.naam
				gezien[naam] = true
				if c.soort != "bytea" && c.soort != "blob" || strings.HasPrefix(tabel, "sqlite_") {
					continue
				}
				_, vrij := openbaar[naam]
				if vrij == slices.Contains(beschreven, naam) {
					t.Errorf("is %s sealed? describe it where its room stands, or say here why not (and not both)", naam)
				}
			}
		}
		for _, naam := range beschreven {
			if !gezien[naam] {
				t.Errorf("%s is described and not there", naam)
			}
		}
	})
}

// vul seals n documents of each column for organisation A, with rows as the schema wants them, and gives what they say in order
// of the column.
func vul(t *testing.T, k kamer.Opslag, s *betrokkene.Sleutels, n int) map[string][]string {
	t.Helper()
	schema, uit := tabellen(t, k), map[string][]string{}
	for _, v := range hersleuteling.Verzegeld() {
		for i := range n {
			waarden := map[string]any{}
			for _, c := range schema[v.Tabel] {
				switch {
				case c.naam == "organisatie" || !c.verplicht && !slices.Contains(v.Sleutel, c.naam):
				case c.soort == "text":
					waarden[c.naam] = uuid.NewString()
				case c.soort == "bigint":
					waarden[c.naam] = int64(i + 1)
				default:
					waarden[c.naam] = bytes.Repeat([]byte{byte(i + 1)}, map[string]int{"id": 32, "persoon": 16}[c.naam])
				}
			}
			var rij []any
			for _, c := range append(slices.Clone(v.Sleutel), v.Ook...) {
				rij = append(rij, waarden[c])
			}
			binding, err := v.Binding(storetest.A, rij)
			if err != nil {
				t.Fatal(err)
			}
			plain := fmt.Sprintf("%s nummer %d %s", v.Tabel, i, strings.Repeat("x", 40*i))
			waarden[v.Inhoud] = s.Seal(nil, betrokkene.KlasseNormaal, binding, []byte(plain))
			uit[v.Kolom()] = append(uit[v.Kolom()], plain)
			namen, plaatsen, args := []string{"organisatie"}, []string{"(SELECT nr FROM organisatie WHERE oin = $1)"}, []any{storetest.A}
			for c, w := range waarden {
				args = append(args, w)
				namen, plaatsen = append(namen, c), append(plaatsen, fmt.Sprintf("$%d", len(args)))
			}
			err = k.Write(bg, func(tx *kamer.Tx) error {
				_, err := tx.Exec(fmt.Sprintf("INSERT INTO %s(%s) VALUES(%s)", v.Tabel, strings.Join(namen, ", "), strings.Join(plaatsen, ", ")), args...)
				return err
			})
			if err != nil {
				t.Fatal(err)
			}
		}
	}
	return uit
}

// zegt gives what documents say, opened with a keyring, and how many are under an older key than it writes with.
func zegt(t *testing.T, k kamer.Opslag, s *betrokkene.Sleutels) (uit map[string][]string, ouder int) {
	t.Helper()
	uit = map[string][]string{}
	for _, v := range hersleuteling.Verzegeld() {
		err := k.Read(bg, func(tx *kamer.Tx) error {
			tekst := "SELECT " + strings.Join(slices.Concat(v.Sleutel, v.Ook, []string{v.Inhoud}), ", ") + " FROM " + v.Tabel
			for row, err := range tx.Query(tekst) {
				rij := make([]any, len(v.Sleutel)+len(v.Ook))
				var in []any
				var inhoud []byte
				for i := range rij {
					in = append(in, &rij[i])
				}
				if err == nil {
					err = row.Scan(append(in, &inhoud)...)
				}
				if err != nil {
					return err
				}
				binding, err := v.Binding(storetest.A, rij)
				if err != nil {
					return err
				}
				if s.Ouder(inhoud) {
					ouder++
				}
				plain, err := s.Open(nil, betrokkene.KlasseNormaal, binding, inhoud)
				if err != nil {
					plain = []byte("does not open")
				}
				uit[v.Kolom()] = append(uit[v.Kolom()], string(plain))
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		slices.Sort(uit[v.Kolom()])
	}
	return uit, ouder
}

func ring(t *testing.T, b *betrokkene.Sleutelbos) *betrokkene.Sleutels {
	t.Helper()
	s, ok := b.Organisatie(storetest.A)
	if !ok {
		t.Fatal("no keys")
	}
	return s
}

// eerste gives a keyring of the first keys in a directory, that knows no others.
func eerste(t *testing.T, dir string) *betrokkene.Sleutels {
	t.Helper()
	apart := filepath.Join(t.TempDir(), "sleutels")
	if err := os.MkdirAll(filepath.Join(apart, storetest.A), 0o700); err != nil {
		t.Fatal(err)
	}
	for _, soort := range betrokkene.Soorten {
		bestand := filepath.Join(storetest.A, soort+"-1.key")
		key, err := os.ReadFile(filepath.Join(dir, bestand))
		if err == nil {
			err = os.WriteFile(filepath.Join(apart, bestand), key, 0o600)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	b, err := betrokkene.Open(bg, apart, []string{storetest.A}, openSQLite(t))
	if err != nil {
		t.Fatal(err)
	}
	return ring(t, b)
}

func TestEveryDocumentOfEveryRoomIsSealedAnew(t *testing.T) {
	t.Parallel()
	opElke(t, func(t *testing.T, k kamer.Opslag) {
		dir := t.TempDir()
		ringen := storetest.NieuweSleutelringenIn(t, dir)
		een, twee := ring(t, ringen.Een), ring(t, ringen.Twee)
		const aantal = 7
		want := vul(t, k, een, aantal)
		for _, l := range want {
			slices.Sort(l)
		}
		opslag := hersleuteling.New(k)
		alle := uint64(aantal * len(hersleuteling.Verzegeld()))
		if n, err := opslag.Tel(bg, storetest.A); err != nil || !cmp.Equal(n, map[uint16]uint64{1: alle}) {
			t.Errorf("before: %v, %v", n, err)
		}
		if got, _ := zegt(t, k, twee); !cmp.Equal(got, want) {
			t.Fatal(cmp.Diff(want, got))
		}
		// One that somebody changed in the store is left, told and counted.
		err := k.Write(bg, func(tx *kamer.Tx) error {
			_, err := tx.Exec(`UPDATE applicatiewijziging SET versie = versie + 100 WHERE nr = 3`)
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		var som domein.Stap
		for plek, klaar := "", false; !klaar; {
			stap, err := opslag.Hersleutel(bg, twee, storetest.A, plek, 3)
			if err != nil {
				t.Fatal(err)
			}
			if stap.Bekeken > 3 {
				t.Errorf("%d documents at once", stap.Bekeken)
			}
			// A crash before the place is saved: the same again changes nothing more.
			weer, err := opslag.Hersleutel(bg, twee, storetest.A, plek, 3)
			if err != nil || weer.Gewijzigd != 0 || weer.Plek != stap.Plek {
				t.Errorf("again: %+v, %v", weer, err)
			}
			som.Bekeken, som.Gewijzigd, som.Gelaten = som.Bekeken+stap.Bekeken, som.Gewijzigd+stap.Gewijzigd, som.Gelaten+stap.Gelaten
			if som.Waarom = errors.Join(som.Waarom, stap.Waarom); stap.Klaar != (stap.Plek == "") {
				t.Errorf("%+v", stap)
			}
			plek, klaar = stap.Plek, stap.Klaar
		}
		if som.Bekeken != int(alle) || som.Gewijzigd != int(alle)-1 || som.Gelaten != 1 || !errors.Is(som.Waarom, betrokkene.NietTeOpenen) {
			t.Errorf("in all %+v", som)
		}
		if n, err := opslag.Tel(bg, storetest.A); err != nil || !cmp.Equal(n, map[uint16]uint64{1: 1, 2: alle - 1}) {
			t.Errorf("after: %v, %v", n, err)
		}
		err = k.Write(bg, func(tx *kamer.Tx) error {
			_, err := tx.Exec(`UPDATE applicatiewijziging SET versie = versie - 100 WHERE nr = 3`)
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		got, ouder := zegt(t, k, twee)
		if !cmp.Equal(got, want) || ouder != 1 {
			t.Errorf("%d under the old key %s", ouder, cmp.Diff(want, got))
		}
		// Who has the old key alone reads nothing of the others.
		got, _ = zegt(t, k, eerste(t, dir))
		dicht := 0
		for _, l := range got {
			for _, tekst := range l {
				if tekst == "does not open" {
					dicht++
				}
			}
		}
		if dicht != int(alle)-1 {
			t.Errorf("the old key still opens %d documents", int(alle)-dicht)
		}
	})
}

// tussendoor changes a document between what the work read and what it writes.
type tussendoor struct {
	kamer.Opslag
	eerst func()
}

func (o *tussendoor) Write(ctx context.Context, f func(*kamer.Tx) error) error {
	if g := o.eerst; g != nil {
		o.eerst = nil
		g()
	}
	return o.Opslag.Write(ctx, f)
}

func TestADocumentThatChangesMeanwhileIsLeft(t *testing.T) {
	t.Parallel()
	opElke(t, func(t *testing.T, k kamer.Opslag) {
		ringen := storetest.NieuweSleutelringen(t)
		vul(t, k, ring(t, ringen.Een), 2)
		nieuw := []byte("what somebody made of it")
		o := &tussendoor{Opslag: k}
		o.eerst = func() {
			err := k.Write(bg, func(tx *kamer.Tx) error {
				_, err := tx.Exec(`UPDATE applicatie SET versie = 2, inhoud = $1 WHERE versie = 1`, nieuw)
				return err
			})
			if err != nil {
				t.Error(err)
			}
		}
		stap, err := hersleuteling.New(o).Hersleutel(bg, ring(t, ringen.Twee), storetest.A, "", 10)
		if err != nil || stap.Bekeken != 2 || stap.Gewijzigd != 1 {
			t.Errorf("%+v, %v", stap, err)
		}
		var n int64
		err = k.Read(bg, func(tx *kamer.Tx) error {
			return tx.QueryRow(`SELECT count(*) FROM applicatie WHERE inhoud = $1`, nieuw).Scan(&n)
		})
		if err != nil || n != 1 {
			t.Errorf("%d of what was changed is there, %v", n, err)
		}
	})
}

func TestAPlaceThatNobodyKnowsIsTheBegin(t *testing.T) {
	t.Parallel()
	k := openSQLite(t)
	ringen := storetest.NieuweSleutelringen(t)
	vul(t, k, ring(t, ringen.Een), 1)
	for _, plek := range []string{"", "x", `{"kolom":"weg.inhoud","na":[{"n":3}]}`, `{"kolom":"post.inhoud","na":[{"n":3},{"n":4}]}`} {
		stap, err := hersleuteling.New(k).Hersleutel(bg, ring(t, ringen.Twee), storetest.A, plek, 10)
		if err != nil || stap.Bekeken != 1 || !strings.Contains(stap.Plek, "applicatiewijziging.inhoud") {
			t.Errorf("from %q: %+v, %v", plek, stap, err)
		}
	}
}
