package e2e

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/verantwoord/verantwoord/internal/bewijs"
)

// logURL is the public address of the registers whose proof is verified here.
const logURL = "https://log.voorbeeldstad.example"

// bewijsVan asks the receipt of an actie until there is one.
func (r *register) bewijsVan(client, actieID string) []byte {
	r.t.Helper()
	for end := time.Now().Add(time.Minute); ; time.Sleep(100 * time.Millisecond) {
		a := r.do(client, "GET", bewerking+"/verwerkingsacties/"+actieID+"/bewijs", nil)
		if a.Status == http.StatusOK || time.Now().After(end) {
			return a.Want(http.StatusOK).Body
		}
	}
}

// waarden gives every value of a record with a function that sets another.
func waarden(v any, pad string, zet func(any), f func(pad string, was any, zet func(any))) {
	switch w := v.(type) {
	case map[string]any:
		for k, x := range w {
			waarden(x, pad+"."+k, func(y any) { w[k] = y }, f)
		}
	case []any:
		f(pad, v, zet)
		for i, x := range w {
			waarden(x, fmt.Sprintf("%s[%d]", pad, i), func(y any) { w[i] = y }, f)
		}
	default:
		f(pad, v, zet)
	}
}

func TestAVerifierOfAnotherMakerTellsARecordFromAnAlteredOne(t *testing.T) {
	t.Parallel()
	r := start(t, "url: "+logURL)
	n := nieuweNakijker(t)
	a := basis().with("bewaartermijn", nil).with("soortAfnemerId", "BSN").with("afnemerId", "999990019").with("actieNaam", "Inzien \"café\" <a&b> \\ €/😀\u2028\ufffd").
		with("verwerkteObjecten", []any{persoon("2308572", "Partner", "Geboortedatum", "Nationaliteit"), persoon("999990019", "Getuige")})
	var ids []string
	for i := range 6 {
		ids = append(ids, id(r.post("normaal", a.with("systeem", fmt.Sprintf("Balie %d", i)))))
	}
	pad := bewerking + "/verwerkingsacties/"
	record, stuk := r.do("normaal", "GET", pad+ids[2], nil).Want(http.StatusOK).Body, r.bewijsVan("normaal", ids[2])
	sleutel := string(r.do("", "GET", "/bewijs/"+voorbeeldstad+"/sleutel", nil).Want(http.StatusOK).Body)

	goed := n.record(0, record, stuk, sleutel)
	for _, zin := range []string{"versie 1 (POST) van actie " + ids[2] + " staat in de log log.voorbeeldstad.example/bewijs/" + voorbeeldstad, "het openbare deel is zoals", "het interne deel is zoals", "betrokkene 1 is zoals", "betrokkene 2 is zoals", "2 van de 2 betrokkenen"} {
		if !strings.Contains(goed, zin) {
			t.Errorf("does not say %q:\n%s", zin, goed)
		}
	}

	t.Run("every value of the record", func(t *testing.T) {
		n := nieuweNakijker(t)
		var paden []string
		lees := func() (v any) {
			if err := json.Unmarshal(record, &v); err != nil {
				t.Fatal(err)
			}
			return v
		}
		waarden(lees(), "", nil, func(pad string, _ any, _ func(any)) { paden = append(paden, pad) })
		if len(paden) < 30 {
			t.Fatalf("%d values", len(paden))
		}
		for _, doel := range paden {
			v := lees()
			waarden(v, "", nil, func(pad string, was any, zet func(any)) {
				switch w := was.(type) {
				case nil:
					if pad == doel {
						zet("iets")
					}
				case string:
					if pad == doel {
						zet(w + "x")
					}
				case []any:
					if pad == doel {
						zet(append(slices.Clone(w), map[string]any{"soortGegeven": "Inkomen"}))
					}
				}
			})
			anders, err := json.Marshal(v)
			if err != nil {
				t.Fatal(err)
			}
			if strings.HasSuffix(doel, ".url") { // where it is to be found is no part of what was logged, and that is said
				if uit := n.record(0, anders, stuk, sleutel); !strings.Contains(uit, "niet nagekeken: url") {
					t.Errorf("%s: %s", doel, uit)
				}
				continue
			}
			if uit := n.record(1, anders, stuk, sleutel); !strings.Contains(uit, "FOUT ") || !strings.Contains(uit, "ander") {
				t.Errorf("%s: %s", doel, uit)
			}
		}
	})

	t.Run("what is left out or added", func(t *testing.T) {
		n := nieuweNakijker(t)
		met := func(f func(m map[string]any)) []byte {
			var m map[string]any
			if err := json.Unmarshal(record, &m); err != nil {
				t.Fatal(err)
			}
			f(m)
			b, err := json.Marshal(m)
			if err != nil {
				t.Fatal(err)
			}
			return b
		}
		n.record(1, met(func(m map[string]any) { delete(m, "actieNaam") }), stuk, sleutel)
		n.record(1, met(func(m map[string]any) {
			m["verwerkteObjecten"] = append(m["verwerkteObjecten"].([]any), m["verwerkteObjecten"].([]any)[0])
		}), stuk, sleutel)
		een := n.record(0, met(func(m map[string]any) {
			m["verwerkteObjecten"] = m["verwerkteObjecten"].([]any)[1:]
			for _, k := range []string{"systeem", "gebruiker", "gegevensbron", "afnemerId"} {
				delete(m, k)
			}
		}), stuk, sleutel)
		if !strings.Contains(een, "1 van de 2 betrokkenen") || !strings.Contains(een, "het interne deel staat niet in dit record") {
			t.Error(een)
		}
		n.record(2, []byte(`{}`), stuk, sleutel)
		// A receiver that is a person is in the internal part, and can't be told without it.
		n.record(2, met(func(m map[string]any) {
			for _, k := range []string{"systeem", "gebruiker", "gegevensbron"} {
				delete(m, k)
			}
			m["afnemerId"] = "999990020"
		}), stuk, sleutel)
		n.record(2, met(func(m map[string]any) {
			m["verwerkteObjecten"] = map[string]any{"0": m["verwerkteObjecten"].([]any)[0]}
		}), stuk, sleutel)
		n.record(2, bytes.Replace(record, []byte(`"systeem":`), []byte(`"systeem":"Kluis","systeem":`), 1), stuk, sleutel)
		n.record(1, []byte(`{"volgnummer":2,"verwerkingsactie":`+string(record)+`}`), stuk, sleutel)
		n.record(1, []byte(`{"vervallen":true,"verwerkingsactie":`+string(record)+`}`), stuk, sleutel)
		n.record(1, []byte(`{"actieNaam":"Wissen","verwerkingsactie":`+string(record)+`}`), stuk, sleutel)
		n.record(1, []byte(`{"systeem":"Balie 2","verwerkingsactie":`+strings.Replace(string(record), `"Balie 2"`, `"Kluis"`, 1)+`}`), stuk, sleutel)
		n.record(0, []byte(`{"volgnummer":1,"operatie":"POST","vervallen":false,"verwerkingsactie":`+string(record)+`}`), stuk, sleutel)
		if uit := n.record(0, met(func(m map[string]any) { m["verwerkteObjecten"].([]any)[0].(map[string]any)["actieNaam"] = "x" }), stuk, sleutel); !strings.Contains(uit, "niet nagekeken: url, actieNaam") {
			t.Error(uit)
		}
		n.record(2, []byte(`[`), stuk, sleutel)
		// Bytes that are no UTF-8 are read as U+FFFD by who is not strict, and that is what was recorded.
		if geen := bytes.Replace(record, []byte("\ufffd"), []byte("\xff"), 1); bytes.Equal(geen, record) {
			t.Error("the record has no U+FFFD")
		} else {
			n.record(2, geen, stuk, sleutel)
		}
		// As the person sees it, by the Inzage API; and from the history.
		inzien := r.inzien("inzage-normaal", "2308572", "").Want(http.StatusOK)
		for _, regel := range inzien.Lijst() {
			if b, _ := json.Marshal(regel); bytes.Contains(b, []byte(ids[2])) {
				n.record(0, b, stuk, sleutel)
				n.record(1, bytes.Replace(b, []byte("Partner"), []byte("Getuige"), 1), stuk, sleutel)
			}
		}
		if !bytes.Contains(inzien.Body, []byte(ids[2])) {
			t.Error("the person does not see it")
		}
	})

	t.Run("every line of the proof", func(t *testing.T) {
		n := nieuweNakijker(t)
		regels := strings.SplitAfter(strings.TrimSuffix(string(stuk), "\n"), "\n")
		for i := range regels {
			for hoe, anders := range map[string]func(l []string) []string{
				"changed": func(l []string) []string {
					if l[i] == "\n" {
						l[i] = "x\n"
						return l
					}
					b := []byte(l[i])
					b[len(b)/2] ^= 1
					l[i] = string(b)
					return l
				},
				"with other bits at its end": func(l []string) []string { // of base64, where they mean nothing
					for van, naar := range map[string]string{"A=\n": "B=\n", "E=\n": "F=\n", "I=\n": "J=\n", "M=\n": "N=\n", "Q=\n": "R=\n", "U=\n": "V=\n", "Y=\n": "Z=\n", "c=\n": "d=\n", "g=\n": "h=\n", "k=\n": "l=\n", "o=\n": "p=\n", "s=\n": "t=\n", "w=\n": "x=\n", "0=\n": "1=\n", "4=\n": "5=\n", "8=\n": "9=\n"} {
						if strings.HasSuffix(l[i], van) {
							l[i] = strings.TrimSuffix(l[i], van) + naar
							return l
						}
					}
					return nil
				},
				"left out": func(l []string) []string { return slices.Delete(l, i, i+1) },
				"doubled":  func(l []string) []string { return slices.Insert(l, i, l[i]) },
				"cut off":  func(l []string) []string { return l[:i] },
			} {
				if hoe == "doubled" && i == len(regels)-1 {
					continue // one signature twice says no more and no less
				}
				l := anders(slices.Clone(regels))
				if n.record(-1, record, []byte(strings.Join(l, "")+"\n"), sleutel); t.Failed() {
					t.Fatalf("line %d %s", i, hoe)
				}
			}
		}
	})

	t.Run("every field of the leaf", func(t *testing.T) {
		n := nieuweNakijker(t)
		kop, rest, _ := strings.Cut(string(stuk), "\nindex ")
		kop, extra, _ := strings.Cut(kop, "extra ")
		tekst, err := base64.StdEncoding.DecodeString(extra)
		if err != nil {
			t.Fatal(err)
		}
		met := func(tekst string) []byte {
			return []byte(kop + "extra " + base64.StdEncoding.EncodeToString([]byte(tekst)) + "\nindex " + rest)
		}
		regels := strings.SplitAfter(string(tekst), "\n")
		for i, regel := range regels[:len(regels)-1] {
			anders := slices.Clone(regels)
			woorden := strings.Fields(regel)
			cijfer := []byte(woorden[1%len(woorden)])
			cijfer[len(cijfer)-1] ^= 1
			anders[i] = strings.Replace(regel, woorden[1%len(woorden)], string(cijfer), 1)
			if n.record(-1, record, met(strings.Join(anders, "")), sleutel); t.Failed() {
				t.Fatal(regel)
			}
			if len(woorden) == 3 { // a part that is closed can't be told
				anders[i] = woorden[0] + " " + woorden[1] + "\n"
				if uit := n.record(2, record, met(strings.Join(anders, "")), sleutel); !strings.Contains(uit, "niet na te kijken") {
					t.Error(uit)
				}
			}
		}
	})

	t.Run("other keys, logs and acties", func(t *testing.T) {
		n := nieuweNakijker(t)
		vals, err := bewijs.NewTekenaar("log.voorbeeldstad.example/bewijs/"+voorbeeldstad, bytes.Repeat([]byte{7}, 32))
		if err != nil {
			t.Fatal(err)
		}
		wantZin := func(zin, uit string) {
			t.Helper()
			if !strings.Contains(uit, zin) {
				t.Errorf("does not say %q: %s", zin, uit)
			}
		}
		wantZin("niet met deze sleutel", n.record(1, record, stuk, vals.Publiek()))
		n.record(0, record, stuk, vals.Publiek()+"\n"+sleutel) // keys of before are kept beside the newest
		wantZin("andere log", n.record(1, record, stuk, string(r.do("", "GET", "/bewijs/"+voorbeeldstad+"/beheer/sleutel", nil).Body)))
		wantZin("andere log", n.record(1, record, stuk, string(r.do("", "GET", "/bewijs/"+anderdorp+"/sleutel", nil).Body)))
		wantZin("andere actie", n.record(1, record, r.bewijsVan("normaal", ids[3]), sleutel))
		wantZin("past niet bij zijn eigen nummer", n.record(2, record, stuk, strings.Replace(sleutel, "voorbeeldstad", "voorbeelddorp", 1)))
		n.record(2, record, stuk, "geen sleutel")
		n.vraag(2, nil, "record", "weg.json", "bewijs.txt", "sleutel.txt")
		n.vraag(2, nil, "iets anders")
		// One leaf of another organisation, under a log that this key signs.
		anders := r.post("anderdorp", basis())
		n.record(1, r.do("anderdorp", "GET", pad+id(anders), nil).Body, r.bewijsVan("anderdorp", id(anders)), sleutel)
	})
}
