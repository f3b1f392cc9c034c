package verwerkingenlog

import (
	"encoding/hex"
	"encoding/json"
	"os"
	"strings"
	"testing"

	"github.com/go-json-experiment/json/jsontext"
	"github.com/google/uuid"
	"pgregory.net/rapid"

	"github.com/verantwoord/verantwoord/internal/bewijs"
)

// canonical fails when b is not its own canonical form (RFC 8785), by a library of others.
func canonical(t *rapid.T, part string, b []byte) {
	v := jsontext.Value(append([]byte(nil), b...))
	if err := v.Canonicalize(); err != nil {
		t.Fatalf("%s is no JSON: %v", part, err)
	}
	if string(v) != string(b) {
		t.Fatalf("%s is not canonical:\n got %s\nwant %s", part, b, v)
	}
}

func TestCommittedTextIsCanonicalJSONForAnyText(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		a := genActie.Draw(t, "actie")
		a.ActieNaam = rapid.String().Draw(t, "any text") // also what validation refuses
		canonical(t, "public", canonicalPubliek(nil, &a))
		canonical(t, "internal", canonicalIntern(nil, &a))
		for k := range a.Objecten {
			canonical(t, "person", canonicalPersoon(nil, &a.Objecten[k]))
		}
	})
}

func TestTheNumberOfAPersonIsNeverInThePublicPart(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		a := Verwerkingsactie{SoortAfnemerID: rapid.SampledFrom([]string{"BSN", "bsn", "Bsn"}).Draw(t, "kind"), AfnemerID: "999990019",
			Systeem: "Geheim systeem", Objecten: []VerwerktObject{{Objecttype: "persoon", SoortObjectID: "BSN", ObjectID: "2308572"}}}
		public := string(canonicalPubliek(nil, &a))
		for _, s := range []string{"999990019", "2308572", "Geheim"} {
			if strings.Contains(public, s) {
				t.Fatalf("public part holds an internal value")
			}
		}
		if !strings.Contains(string(canonicalIntern(nil, &a)), `"afnemerId":"999990019"`) {
			t.Fatal("the person's number is committed to nowhere")
		}
	})
}

type vector struct {
	Omschrijving, Zaad string
	Publiek, Intern    commitment
	Personen           []commitment
	Blad               struct {
		OIN, ActieID string
		Nummer       uint32
		Registratie  int64
		Operatie     uint8
		Vervallen    bool
	}
	BladHash string
}

type commitment struct{ Canoniek, Verbintenis string }

// The vectors are made elsewhere, from docs/bewijs.md; here the way from an actie to its leaf is
// walked whole.
func TestTheWayFromAnActieToItsLeafGivesTheVectorsOfTheDocument(t *testing.T) {
	t.Parallel()
	raw, err := os.ReadFile("../bewijs/testdata/vectors.json")
	if err != nil {
		t.Fatal(err)
	}
	var file struct{ Versies []vector }
	if err := json.Unmarshal(raw, &file); err != nil {
		t.Fatal(err)
	}
	if len(file.Versies) < 5 {
		t.Fatalf("only %d vectors", len(file.Versies))
	}
	for _, tt := range file.Versies {
		t.Run(tt.Omschrijving, func(t *testing.T) {
			t.Parallel()
			a := tt.actie(t)
			var z bewijs.Zaad
			if n, err := hex.Decode(z[:], []byte(tt.Zaad)); n != len(z) || err != nil {
				t.Fatal("seed")
			}
			for what, pair := range map[string][2]string{
				"public":   {string(canonicalPubliek(nil, &a)), tt.Publiek.Canoniek},
				"internal": {string(canonicalIntern(nil, &a)), tt.Intern.Canoniek},
			} {
				if pair[0] != pair[1] {
					t.Errorf("%s:\n got %s\nwant %s", what, pair[0], pair[1])
				}
			}
			for k := range a.Objecten {
				if got := string(canonicalPersoon(nil, &a.Objecten[k])); got != tt.Personen[k].Canoniek {
					t.Errorf("person %d:\n got %s\nwant %s", k, got, tt.Personen[k].Canoniek)
				}
			}
			b := bewijs.Blad{
				OIN: tt.Blad.OIN, ActieID: uuid.MustParse(tt.Blad.ActieID), Nummer: tt.Blad.Nummer, Registratie: tt.Blad.Registratie,
				Operatie: bewijs.Operatie(tt.Blad.Operatie), Vervallen: tt.Blad.Vervallen,
			}
			commit(&b, &z, &a)
			if got := hex.EncodeToString(b.Publiek[:]); got != tt.Publiek.Verbintenis {
				t.Error("commitment to the public part differs")
			}
			if got := hex.EncodeToString(b.Intern[:]); got != tt.Intern.Verbintenis {
				t.Error("commitment to the internal part differs")
			}
			if hash := b.BladHash(); hex.EncodeToString(hash[:]) != tt.BladHash {
				t.Error("leaf hash differs")
			}
		})
	}
}

// actie reads back what a vector was made of.
func (v *vector) actie(t *testing.T) Verwerkingsactie {
	t.Helper()
	read := func(s string) map[string]any {
		var m map[string]any
		if err := json.Unmarshal([]byte(s), &m); err != nil {
			t.Fatal(err)
		}
		return m
	}
	text := func(m map[string]any, key string) string {
		s, _ := m[key].(string) // null is ""
		return s
	}
	id := func(m map[string]any, key string) uuid.UUID {
		s := text(m, key)
		if s == "" {
			return uuid.Nil
		}
		return uuid.MustParse(s)
	}
	p, i := read(v.Publiek.Canoniek), read(v.Intern.Canoniek)
	class, ok := ParseVertrouwelijkheid(text(p, "vertrouwelijkheid"))
	if !ok {
		t.Fatal("vertrouwelijkheid of the vector")
	}
	a := Verwerkingsactie{
		ActieNaam: text(p, "actieNaam"), HandelingNaam: text(p, "handelingNaam"), VerwerkingNaam: text(p, "verwerkingNaam"),
		VerwerkingID: id(p, "verwerkingId"), VerwerkingsactiviteitID: id(p, "verwerkingsactiviteitId"),
		VerwerkingsactiviteitURL: text(p, "verwerkingsactiviteitUrl"), Vertrouwelijkheid: class,
		Bewaartermijn: text(p, "bewaartermijn"), Uitvoerder: text(p, "uitvoerder"), SoortAfnemerID: text(p, "soortAfnemerId"),
		AfnemerID: text(p, "afnemerId") + text(i, "afnemerId"), VerwerkingsactiviteitIDAfnemer: id(p, "verwerkingsactiviteitIdAfnemer"),
		VerwerkingsactiviteitURLAfnemer: text(p, "verwerkingsactiviteitUrlAfnemer"), VerwerkingIDAfnemer: id(p, "verwerkingIdAfnemer"),
		Tijdstip: Moment(text(p, "tijdstip")), Systeem: text(i, "systeem"), Gebruiker: text(i, "gebruiker"), Gegevensbron: text(i, "gegevensbron"),
	}
	for _, c := range v.Personen {
		m := read(c.Canoniek)
		o := VerwerktObject{ID: id(m, "verwerktObjectId"), Objecttype: text(m, "objecttype"), SoortObjectID: text(m, "soortObjectId"),
			ObjectID: text(m, "objectId"), Betrokkenheid: text(m, "betrokkenheid")}
		for _, s := range m["verwerkteSoortenGegevens"].([]any) {
			o.Soorten = append(o.Soorten, s.(string))
		}
		a.Objecten = append(a.Objecten, o)
	}
	return a
}
