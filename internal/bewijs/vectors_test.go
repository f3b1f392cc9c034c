package bewijs_test

import (
	"bytes"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	stdjson "encoding/json"
	"flag"
	"fmt"
	"os"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/go-json-experiment/json/jsontext"
	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"
	"golang.org/x/mod/sumdb/tlog"

	"github.com/verantwoord/verantwoord/internal/bewijs"
)

var update = flag.Bool("update", false, "write testdata/vectors.json and the figures in docs/bewijs.md anew")

const (
	vectorFile = "testdata/vectors.json"
	docFile    = "../../docs/bewijs.md"
	docBegin   = "<!-- vectors: begin -->\n"
	docEnd     = "<!-- vectors: end -->\n"
)

// vectors is the file that a verifier in another language can test itself with. Bytes are hex.
type vectors struct {
	Versies []vector `json:"versies"` // the n-th is leaf n-1 of the tree
	Bomen   []tree   `json:"bomen"`
}

type vector struct {
	Omschrijving string       `json:"omschrijving"`
	Zaad         string       `json:"zaad"`
	Publiek      commitment   `json:"publiek"`
	Intern       commitment   `json:"intern"`
	Personen     []commitment `json:"personen"`
	Blad         leafFields   `json:"blad"`
	BladInvoer   string       `json:"bladInvoer"` // the bytes that are hashed to inhoud
	Inhoud       string       `json:"inhoud"`
	BladHash     string       `json:"bladHash"`
}

type commitment struct {
	Zout        string `json:"zout"`
	Canoniek    string `json:"canoniek"`
	Verbintenis string `json:"verbintenis"`
}

type leafFields struct {
	OIN         string `json:"oin"`
	ActieID     string `json:"actieId"`
	Nummer      uint32 `json:"nummer"`
	Registratie int64  `json:"registratie"`
	Operatie    uint8  `json:"operatie"`
	Vervallen   bool   `json:"vervallen"`
}

type tree struct {
	Grootte uint64 `json:"grootte"`
	Wortel  string `json:"wortel"`
}

// source is what a vector is made of.
type source struct {
	text             string
	public, internal map[string]any
	persons          []map[string]any
	leaf             leafFields
}

const (
	exampleOIN   = "00000099123456780000"
	exampleActie = "dc37d8f5-56a3-4e04-9b7c-3a1a5d1e0b42"
)

// attributes are empty ones, as docs/bewijs.md writes them, with the given ones filled in.
func attributes(empty string, filled map[string]any) map[string]any {
	m := map[string]any{}
	if err := stdjson.Unmarshal([]byte(empty), &m); err != nil {
		panic(err)
	}
	for k, v := range filled {
		if _, known := m[k]; !known {
			panic("no such attribute: " + k)
		}
		m[k] = v
	}
	return m
}

func public(filled map[string]any) map[string]any {
	return attributes(`{"actieNaam":"","handelingNaam":"","verwerkingNaam":"","verwerkingId":null,
		"verwerkingsactiviteitId":null,"verwerkingsactiviteitUrl":null,"vertrouwelijkheid":"normaal",
		"bewaartermijn":null,"uitvoerder":null,"soortAfnemerId":"","afnemerId":null,
		"verwerkingsactiviteitIdAfnemer":null,"verwerkingsactiviteitUrlAfnemer":null,
		"verwerkingIdAfnemer":null,"tijdstip":"2024-04-05T14:35:42+01:00"}`, filled)
}

func internal(filled map[string]any) map[string]any {
	return attributes(`{"afnemerId":null,"gebruiker":"","gegevensbron":"","systeem":""}`, filled)
}

func person(filled map[string]any) map[string]any {
	return attributes(`{"betrokkenheid":"","objectId":"","objecttype":"persoon","soortObjectId":"BSN",
		"verwerktObjectId":null,"verwerkteSoortenGegevens":[]}`, filled)
}

func sources() []source {
	type m = map[string]any
	full := m{
		"actieNaam": "Ophalen persoonsgegevens", "handelingNaam": "Intake", "verwerkingNaam": "Huwelijk",
		"verwerkingId":             "48086bf2-11b7-4603-9526-67d7c3bb6587",
		"verwerkingsactiviteitId":  "5f0bef4c-f66f-4311-84a5-19e8bf359eaf",
		"verwerkingsactiviteitUrl": "https://var.example/var/api/v1/verwerkingsactiviteiten/5f0bef4c-f66f-4311-84a5-19e8bf359eaf",
		"bewaartermijn":            "P150Y", "uitvoerder": exampleOIN,
		"soortAfnemerId": "OIN", "afnemerId": "00000099123456789000",
		"verwerkingsactiviteitIdAfnemer":  "c5b9f4e7-8c79-41b9-91e2-6268419cb167",
		"verwerkingsactiviteitUrlAfnemer": "https://var.example/afnemer/c5b9f4e7-8c79-41b9-91e2-6268419cb167",
		"verwerkingIdAfnemer":             "4b698de3-ffba-45e7-8697-a283ec863db2",
	}
	with := func(base, more m) m {
		out := m{}
		for _, part := range []m{base, more} {
			for k, v := range part {
				out[k] = v
			}
		}
		return out
	}
	system := m{"systeem": "FooBarApp v2.1", "gebruiker": "2ecf8e86-1a18-46ba-aa13-992c1dc231a5", "gegevensbron": "FooBar Database Publiekszaken"}
	partner := person(m{"betrokkenheid": "Partner", "objectId": "2308572", "verwerktObjectId": "0b54ee64-7a70-4b3f-8f0c-6d0f4fdbe0b1", "verwerkteSoortenGegevens": []string{"Geboortedatum", "Nationaliteit"}})
	witness := person(m{"betrokkenheid": "Getuige", "objectId": "999990019", "verwerktObjectId": "9a3c2f61-2a4e-4f0d-bb0e-0c58d1f4d7a2"})
	at := func(nummer uint32, operatie bewijs.Operatie, moment string) leafFields {
		return leafFields{OIN: exampleOIN, ActieID: exampleActie, Nummer: nummer, Registratie: micros(moment), Operatie: uint8(operatie)}
	}
	other := func(id string, l leafFields) leafFields { l.ActieID = id; return l }
	deleted := at(5, bewijs.OperatieDELETE, "2024-04-09T08:00:00.000001Z")
	deleted.Vervallen = true
	return []source{
		{"every attribute filled, one person", public(full), internal(system), []map[string]any{partner},
			at(1, bewijs.OperatiePOST, "2024-04-05T13:35:42.123456Z")},
		{"a second version: PUT with another person added", public(with(full, m{"handelingNaam": ""})), internal(system), []map[string]any{partner, witness},
			at(2, bewijs.OperatiePUT, "2024-04-06T09:00:00Z")},
		{"PATCH to vertrouwelijk", public(with(full, m{"handelingNaam": "", "vertrouwelijkheid": "vertrouwelijk"})), internal(system), []map[string]any{partner, witness},
			at(3, bewijs.OperatiePATCH, "2024-04-07T09:00:00Z")},
		{"PATCH to opgeheven, with another bewaartermijn", public(with(full, m{"handelingNaam": "", "vertrouwelijkheid": "opgeheven", "bewaartermijn": "P4Y"})), internal(system), []map[string]any{partner, witness},
			at(4, bewijs.OperatiePATCH, "2024-04-08T09:00:00Z")},
		{"DELETE", public(with(full, m{"handelingNaam": "", "vertrouwelijkheid": "opgeheven", "bewaartermijn": "P4Y"})), internal(system), []map[string]any{partner, witness},
			deleted},
		{"the afnemer is a citizen: afnemerId stands in the internal part", public(m{"actieNaam": "Verstrekken uittreksel", "soortAfnemerId": "bsn"}),
			internal(m{"afnemerId": "999990019", "systeem": "FooBarApp v2.1"}), []map[string]any{witness},
			other("3f9f0b0e-6a52-4d0e-9d39-5c7f6f2b8a11", at(1, bewijs.OperatiePOST, "2024-04-09T08:00:00.000002Z"))},
		{"nothing but what is required, nobody involved", public(nil), internal(nil), nil,
			other("a2d6c1de-0f43-4b36-8a7e-70b2f7d9c5e4", at(1, bewijs.OperatiePOST, "1969-12-31T23:59:59.999999Z"))},
		{"text that JSON could write in several ways", public(m{"actieNaam": "Inzien \"café\" <a&b> \\ €/😀\u2028", "tijdstip": "2024-12-31T23:59:59.123456789Z"}),
			internal(m{"gebruiker": "u/42"}), []map[string]any{person(m{"soortObjectId": "Personeelsnummer", "objectId": "P-007", "verwerktObjectId": "6f1de9d0-91a7-4a26-8f6b-0a3c1b7e2d90", "verwerkteSoortenGegevens": []string{"Één", "Adres"}})},
			other("e0b1c2d3-4f56-4789-8abc-def012345678", at(1, bewijs.OperatiePOST, "2025-01-01T00:00:00Z"))},
	}
}

func micros(moment string) int64 {
	t, err := time.Parse(time.RFC3339Nano, moment)
	if err != nil {
		panic(err)
	}
	return t.UnixMicro()
}

func canonical(t *testing.T, v any) string {
	t.Helper()
	text, err := stdjson.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	value := jsontext.Value(text)
	if err := value.Canonicalize(); err != nil {
		t.Fatal(err)
	}
	return string(value)
}

// generate makes the vectors with the package itself; the test below checks them without it.
func generate(t *testing.T) vectors {
	t.Helper()
	var out vectors
	edge := emptyEdge(t)
	for i, s := range sources() {
		seed := bewijs.Zaad(sha256.Sum256([]byte("testvector " + strconv.Itoa(i+1))))
		commit := func(label string, index int, values map[string]any) (commitment, bewijs.Hash) {
			text, salt := canonical(t, values), seed.Zout(label, index)
			h := bewijs.Verbintenis(label, salt, []byte(text))
			return commitment{hex.EncodeToString(salt[:]), text, hex.EncodeToString(h[:])}, h
		}
		v := vector{Omschrijving: s.text, Zaad: hex.EncodeToString(seed[:]), Blad: s.leaf, Personen: []commitment{}}
		leaf := bewijs.Blad{
			OIN: s.leaf.OIN, ActieID: uuid.MustParse(s.leaf.ActieID), Nummer: s.leaf.Nummer, Registratie: s.leaf.Registratie,
			Operatie: bewijs.Operatie(s.leaf.Operatie), Vervallen: s.leaf.Vervallen,
		}
		v.Publiek, leaf.Publiek = commit(bewijs.LabelPubliek, 0, s.public)
		v.Intern, leaf.Intern = commit(bewijs.LabelIntern, 0, s.internal)
		for j, p := range s.persons {
			c, h := commit(bewijs.LabelPersoon, j, p)
			v.Personen, leaf.Personen = append(v.Personen, c), append(leaf.Personen, h)
		}
		content, hash := leaf.Inhoud(), leaf.BladHash()
		v.BladInvoer = leafInput(v)
		v.Inhoud, v.BladHash = hex.EncodeToString(content[:]), hex.EncodeToString(hash[:])
		out.Versies = append(out.Versies, v)
		edge.Append(nil, hash)
		root := edge.Wortel()
		out.Bomen = append(out.Bomen, tree{edge.Grootte(), hex.EncodeToString(root[:])})
	}
	return out
}

// leafInput writes the bytes of a leaf in hex, field by field as docs/bewijs.md lists them.
func leafInput(v vector) string {
	vervallen := map[bool]string{false: "00", true: "01"}[v.Blad.Vervallen]
	in := hex.EncodeToString([]byte("verantwoord/blad/v1"+v.Blad.OIN)) + strings.ReplaceAll(v.Blad.ActieID, "-", "") +
		fmt.Sprintf("%08x%016x%02x", v.Blad.Nummer, uint64(v.Blad.Registratie), v.Blad.Operatie) + vervallen +
		v.Publiek.Verbintenis + v.Intern.Verbintenis + fmt.Sprintf("%08x", len(v.Personen))
	for _, p := range v.Personen {
		in += p.Verbintenis
	}
	return in
}

// figures are the vectors as docs/bewijs.md shows them.
func figures(v vectors) string {
	var b strings.Builder
	commit := func(name string, c commitment) {
		fmt.Fprintf(&b, "%-11s canoniek     %s\n", name, c.Canoniek)
		fmt.Fprintf(&b, "            zout         %s\n            verbintenis  %s\n", c.Zout, c.Verbintenis)
	}
	for i, x := range v.Versies {
		fmt.Fprintf(&b, "### Leaf %d: %s\n\n```text\nzaad        %s\n", i, x.Omschrijving, x.Zaad)
		commit("publiek", x.Publiek)
		commit("intern", x.Intern)
		for j, p := range x.Personen {
			commit("persoon "+strconv.Itoa(j), p)
		}
		fmt.Fprintf(&b, "oin         %s\nactieId     %s\nnummer      %d\nregistratie %d\noperatie    %d (%s)\nvervallen   %t\n",
			x.Blad.OIN, x.Blad.ActieID, x.Blad.Nummer, x.Blad.Registratie, x.Blad.Operatie, bewijs.Operatie(x.Blad.Operatie), x.Blad.Vervallen)
		fmt.Fprintf(&b, "bladInvoer  %s\ninhoud      %s\nbladHash    %s\n```\n\n", x.BladInvoer, x.Inhoud, x.BladHash)
	}
	b.WriteString("### Roots\n\n| leaves | root |\n|---|---|\n")
	for _, x := range v.Bomen {
		fmt.Fprintf(&b, "| %d | `%s` |\n", x.Grootte, x.Wortel)
	}
	return b.String()
}

// splitDoc gives what is before, between and after the marks in docs/bewijs.md.
func splitDoc(t *testing.T) (before, shown, after string) {
	t.Helper()
	doc, err := os.ReadFile(docFile)
	if err != nil {
		t.Fatal(err)
	}
	before, rest, ok := strings.Cut(string(doc), docBegin)
	shown, after, ok2 := strings.Cut(rest, docEnd)
	if !ok || !ok2 {
		t.Fatalf("%s has no marks for the vectors", docFile)
	}
	return before, shown, after
}

func readVectors(t *testing.T) (v vectors) {
	t.Helper()
	text, err := os.ReadFile(vectorFile)
	if err != nil {
		t.Fatal(err)
	}
	d := stdjson.NewDecoder(bytes.NewReader(text))
	d.DisallowUnknownFields()
	if err := d.Decode(&v); err != nil {
		t.Fatal(err)
	}
	return v
}

// Not parallel: it may write what the other tests read.
func TestVectorsAreWhatThePackageMakes(t *testing.T) {
	want := generate(t)
	if *update {
		var text bytes.Buffer
		e := stdjson.NewEncoder(&text)
		e.SetEscapeHTML(false)
		e.SetIndent("", "  ")
		if err := e.Encode(want); err != nil {
			t.Fatal(err)
		}
		before, _, after := splitDoc(t)
		for name, content := range map[string]string{vectorFile: text.String(), docFile: before + docBegin + figures(want) + docEnd + after} {
			if err := os.WriteFile(name, []byte(content), 0o644); err != nil {
				t.Fatal(err)
			}
		}
	}
	if diff := cmp.Diff(want, readVectors(t)); diff != "" {
		t.Errorf("%s (-made +file):\n%s", vectorFile, diff)
	}
}

func TestDocumentShowsTheVectorsOfTheFile(t *testing.T) {
	t.Parallel()
	_, shown, _ := splitDoc(t)
	if diff := cmp.Diff(figures(readVectors(t)), shown); diff != "" {
		t.Errorf("docs/bewijs.md (-file +shown), run with -update:\n%s", diff)
	}
}

// The vectors are checked here with nothing but SHA-256, HMAC, RFC 8785 and tlog, as a verifier
// who only read docs/bewijs.md would.
func TestVectorsHoldForAVerifierOfItsOwn(t *testing.T) {
	t.Parallel()
	v := readVectors(t)
	if len(v.Versies) != 8 || len(v.Bomen) != 8 {
		t.Fatalf("%d versions and %d trees, want 8 of each", len(v.Versies), len(v.Bomen))
	}
	unhex := func(s string) []byte {
		b, err := hex.DecodeString(s)
		if err != nil {
			t.Fatal(err)
		}
		return b
	}
	sum := func(parts ...[]byte) string {
		h := sha256.Sum256(bytes.Join(parts, nil))
		return hex.EncodeToString(h[:])
	}
	var stored []tlog.Hash
	read := tlog.HashReaderFunc(func(indexes []int64) ([]tlog.Hash, error) {
		out := make([]tlog.Hash, len(indexes))
		for i, x := range indexes {
			out[i] = stored[x]
		}
		return out, nil
	})
	for i, x := range v.Versies {
		check := func(name, label string, index byte, c commitment) {
			value := jsontext.Value(c.Canoniek)
			if err := value.Canonicalize(); err != nil || string(value) != c.Canoniek {
				t.Errorf("leaf %d: %s is not canonical: %v", i, name, err)
			}
			mac := hmac.New(sha256.New, unhex(x.Zaad))
			mac.Write([]byte(label))
			mac.Write([]byte{0, 0, 0, 0, index})
			if got := hex.EncodeToString(mac.Sum(nil)); got != c.Zout {
				t.Errorf("leaf %d: salt of %s is %s", i, name, got)
			}
			if got := sum([]byte(label), unhex(c.Zout), []byte(c.Canoniek)); got != c.Verbintenis {
				t.Errorf("leaf %d: commitment of %s is %s", i, name, got)
			}
		}
		check("publiek", "verantwoord/publiek/v1", 0, x.Publiek)
		check("intern", "verantwoord/intern/v1", 0, x.Intern)
		for j, p := range x.Personen {
			check("persoon", "verantwoord/persoon/v1", byte(j), p)
		}
		if got := leafInput(x); got != x.BladInvoer {
			t.Errorf("leaf %d: input is %s", i, got)
		}
		if got := sum(unhex(x.BladInvoer)); got != x.Inhoud {
			t.Errorf("leaf %d: inhoud is %s", i, got)
		}
		if got := sum([]byte{0}, unhex(x.Inhoud)); got != x.BladHash {
			t.Errorf("leaf %d: leaf hash is %s", i, got)
		}
		added, err := tlog.StoredHashes(int64(i), unhex(x.Inhoud), read)
		if err != nil {
			t.Fatal(err)
		}
		stored = append(stored, added...)
		root, err := tlog.TreeHash(int64(i+1), read)
		if err != nil {
			t.Fatal(err)
		}
		if got := hex.EncodeToString(root[:]); got != v.Bomen[i].Wortel || v.Bomen[i].Grootte != uint64(i+1) {
			t.Errorf("root of %d leaves is %s", i+1, got)
		}
	}
}
