package overdracht

import (
	"bytes"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/google/uuid"

	"github.com/verantwoord/verantwoord/internal/activiteit"
	"github.com/verantwoord/verantwoord/internal/rekenblad"
)

// FuzzLees has a whole sheet change. What is read without an error is within what the register accepts by length, and goes out
// and comes back as the same.
func FuzzLees(f *testing.F) {
	f.Add("Naam;Doel;Grondslag\nBehandelen;Het \"doel\";Wettelijke verplichting (art. 1)\n")
	f.Add("Register;;\n\nUUID;Naam verwerkng;Persoonsgegevens\n5f0bef4c-0000-4000-8000-000000000001;a;\"Rol: Naam [bsn]\n• x\"\n")
	f.Add("Naam;Verwerkers;Overige gegevens\na;\"• b | c \\| d | e\n  f\";\"• n: w\n• geen\"\n")
	f.Add("Naam;Ingangsdatum;OIN;BSN;Vertrouwelijk;Overig: x\na;1-2-2026;1001299992000;ja;nee;y\n")
	f.Add("Naam;Uitzondering;Grond vertrouwelijk;Bewaartermijn log\na;Gezondheidszorg (wet);Nationale veiligheid: reden;5 jaar\n")
	f.Fuzz(func(t *testing.T, s string) {
		if strings.HasPrefix(s, "PK") {
			return
		}
		tabel, err := rekenblad.Lees(strings.NewReader(s), int64(len(s)), "x.csv", rekenblad.Limieten{})
		if err != nil {
			return
		}
		kop, m := Voorstel(tabel)
		if kop < 0 {
			return
		}
		v := Lees(tabel, kop, m, nil, wetten{}, vandaag)
		for _, r := range v.Regels {
			for _, x := range r.Meldingen {
				if x.Tekst == "" || x.Fout && v.Fouten == 0 {
					t.Fatalf("%+v", x)
				}
			}
		}
		if v.Fouten > 0 {
			return
		}
		list, err := v.Invoer()
		if err != nil {
			t.Fatal(err)
		}
		var uit []*activiteit.Activiteit
		for k := range list {
			i := &list[k]
			if i.Naam == "" || utf8.RuneCountInString(i.Naam) > maxKort || utf8.RuneCountInString(i.ToelichtingGrondslag) > maxLang || len(i.Overig) > maxLijst || len(i.Persoonsgegevens) > maxLijst {
				t.Fatalf("%+v", i)
			}
			if i.ID == uuid.Nil {
				i.ID = uuid.NewSHA1(uuid.NameSpaceOID, []byte{byte(k), byte(k >> 8)})
			}
			uit = append(uit, &activiteit.Activiteit{ID: i.ID, Versies: []activiteit.Versie{{Nummer: 1, Ingangsdatum: i.Ingangsdatum, Einddatum: i.Einddatum, Inhoud: i.Inhoud}}})
		}
		var b bytes.Buffer
		if err := rekenblad.SchrijfXLSX(&b, Schrijf(uit, vandaag)); err != nil {
			t.Fatal(err)
		}
		if b.Len() > 4<<20 {
			return
		}
		tabel, err = rekenblad.Lees(bytes.NewReader(b.Bytes()), int64(b.Len()), "x.xlsx", rekenblad.Limieten{})
		if err != nil {
			t.Fatal(err)
		}
		kop, m = Voorstel(tabel)
		weer := Lees(tabel, kop, m, uit, wetten{}, vandaag)
		if weer.Gelijk != len(list) || weer.Fouten > 0 {
			t.Fatalf("%d of %d are the same: %+v", weer.Gelijk, len(list), weer)
		}
		var terug []activiteit.Invoer
		for _, r := range weer.Regels {
			terug = append(terug, r.Invoer)
		}
		if d := cmp.Diff(list, terug, cmpopts.EquateEmpty()); d != "" {
			t.Fatal(d)
		}
	})
}
