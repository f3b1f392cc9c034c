package demo

import (
	"encoding/json"
	"net/http"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/verantwoord/verantwoord/internal/verwerkingenlog"
)

// vaste is an ordinary working day.
var vaste = time.Date(2026, time.October, 14, 11, 20, 0, 0, time.UTC)

func script(t testing.TB, zaad uint64, nu time.Time) []*verhaal {
	t.Helper()
	verhalen, err := newDraaiboek(zaad, nu)
	if err != nil {
		t.Fatal(err)
	}
	return verhalen
}

func TestTheScriptHoldsAtAnyMoment(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		z := rapid.Uint64().Draw(rt, "zaad")
		// Every second of six years, leap day and changes of the clock among them.
		nu := time.Unix(rapid.Int64Range(1735686000, 1924988400).Draw(rt, "nu"), 0)
		verhalen, err := newDraaiboek(z, nu)
		if err != nil {
			rt.Fatal(err)
		}
		controleer(rt, verhalen, nu)
	})
}

func TestTheScriptHoldsAtAwkwardMoments(t *testing.T) {
	t.Parallel()
	for naam, nu := range map[string]string{
		"on leap day":                   "2028-02-29T12:00:00+01:00",
		"on the last night of February": "2027-02-28T02:30:00+01:00",
		"in the hour that comes twice":  "2026-10-25T02:30:00+01:00",
		"after the hour that is not":    "2027-03-28T03:00:01+02:00",
		"at the start of the year":      "2027-01-01T00:00:00+01:00",
		"in the weekend":                "2026-11-22T23:59:59+01:00",
	} {
		t.Run(naam, func(t *testing.T) {
			t.Parallel()
			tijd, err := time.Parse(time.RFC3339, nu)
			if err != nil {
				t.Fatal(err)
			}
			controleer(t, script(t, zaad, tijd), tijd)
		})
	}
}

// controleer checks what must hold of every script.
func controleer(t rapid.TB, verhalen []*verhaal, nu time.Time) {
	t.Helper()
	zone, err := time.LoadLocation("Europe/Amsterdam")
	if err != nil {
		t.Fatal(err)
	}
	begin := nu.In(zone).AddDate(-1, 0, 0).Add(-time.Second)
	acties, vorige := 0, time.Time{}
	for _, v := range verhalen {
		if b := v.begin(); b.Before(vorige) {
			t.Fatalf("a story that began earlier comes later")
		} else {
			vorige = b
		}
		var laatste time.Time
		for n, s := range v.stappen {
			switch s.methode {
			case http.MethodPost:
				acties++
				tijd, err := time.Parse(time.RFC3339, s.actie.Tijdstip)
				if err != nil || tijd.Before(begin) || tijd.After(nu) {
					t.Fatalf("%s at %s is not in the year before %s", s.actie.ActieNaam, s.actie.Tijdstip, nu)
				}
				if tijd.Before(laatste) {
					t.Fatalf("%s comes before the step before it", s.actie.ActieNaam)
				}
				laatste = tijd
				if got, want := s.actie.Tijdstip, tijd.In(zone).Format(time.RFC3339); got != want {
					t.Fatalf("moment %s has not the Dutch offset: %s", got, want)
				}
			case http.MethodPut, http.MethodDelete:
				if s.op >= n || v.stappen[s.op].methode != http.MethodPost || v.stappen[s.op].client != s.client {
					t.Fatalf("%s by %s is about nothing it logged", s.methode, s.client)
				}
			case http.MethodPatch:
				if s.verwerking != v.stappen[0].actie.VerwerkingID {
					t.Fatalf("PATCH by %s is about another verwerking", s.client)
				}
			default:
				t.Fatalf("a step has method %q", s.methode)
			}
		}
	}
	if acties < 3600 || acties > 4400 {
		t.Fatalf("%d acties, want about 4000", acties)
	}
}

func TestEveryActieIsValid(t *testing.T) {
	t.Parallel()
	for z := range uint64(4) {
		for _, v := range script(t, z, vaste.AddDate(0, int(z)*3, int(z))) {
			for _, s := range v.stappen {
				if s.actie == nil {
					continue
				}
				if fouten := ongeldig(t, s.actie); fouten != "" {
					t.Fatalf("%s by %s is refused: %s", s.actie.ActieNaam, s.client, fouten)
				}
			}
		}
	}
}

// ongeldig puts an actie through the checks of the register itself; "" when it passes.
func ongeldig(t testing.TB, a *actie) string {
	t.Helper()
	raw, err := json.Marshal(a)
	if err != nil {
		t.Fatal(err)
	}
	var velden map[string]any
	if err := json.Unmarshal(raw, &velden); err != nil {
		t.Fatal(err)
	}
	var in verwerkingenlog.Invoer
	for naam, waarde := range velden {
		if naam == "verwerkteObjecten" {
			continue
		}
		v, ok := verwerkingenlog.ParseVeld([]byte(naam))
		if !ok {
			return naam + " does not exist"
		}
		in.Set(v, waarde.(string))
	}
	in.ObjectenAanwezig = true
	for _, o := range a.VerwerkteObjecten {
		io := verwerkingenlog.InvoerObject{Objecttype: o.Objecttype, SoortObjectID: o.SoortObjectID, ObjectID: o.ObjectID, Betrokkenheid: o.Betrokkenheid}
		for _, s := range o.VerwerkteSoortenGegevens {
			io.Soorten = append(io.Soorten, s.SoortGegeven)
		}
		in.Objecten = append(in.Objecten, io)
	}
	var fouten []string
	_, params := in.Validate(false)
	for _, p := range params {
		fouten = append(fouten, p.Name+": "+p.Code)
	}
	return strings.Join(fouten, ", ")
}

func TestTheSameSeedAndMomentGiveTheSameScript(t *testing.T) {
	t.Parallel()
	een := script(t, zaad, vaste)
	if !reflect.DeepEqual(een, script(t, zaad, vaste)) {
		t.Error("a second script differs")
	}
	if reflect.DeepEqual(een, script(t, zaad+1, vaste)) {
		t.Error("another seed gives the same script")
	}
}

func TestEveryApplicationHasItsShare(t *testing.T) {
	t.Parallel()
	acties, totaal := map[string]int{}, 0
	for _, v := range script(t, zaad, vaste) {
		for _, s := range v.stappen {
			if s.methode == http.MethodPost {
				acties[s.client]++
				totaal++
			}
		}
	}
	for _, test := range []struct {
		t         *applicatie
		van, tot  int // per cent
		opZichMin int // acties
	}{
		{burgerzaken, 20, 35, 800},
		{sociaalDomein, 8, 20, 300},
		{fraudeonderzoek, 0, 2, 20},
		{vergunningen, 6, 15, 250},
		{klantcontact, 12, 25, 500},
		{belastingen, 8, 18, 300},
		{gegevensmagazijn, 10, 25, 400},
		{mijnOmgeving, 4, 12, 150},
		{waterschap, 1, 4, 40},
	} {
		n := acties[test.t.clientID]
		if deel := 100 * n / totaal; deel < test.van || deel > test.tot || n < test.opZichMin {
			t.Errorf("%s logs %d of %d acties", test.t.clientID, n, totaal)
		}
	}
	if len(acties) != len(applicaties) {
		t.Errorf("%d clients log, want %d", len(acties), len(applicaties))
	}
}

func TestActiesLookLikeTheWorkOfAMunicipality(t *testing.T) {
	t.Parallel()
	methoden, vertrouwelijk := map[string]int{}, map[string]bool{}
	metGebruiker, inKantoortijd, zonderTermijn := 0, 0, 0
	for _, v := range script(t, zaad, vaste) {
		for _, s := range v.stappen {
			methoden[s.methode]++
			a := s.actie
			if a == nil {
				continue
			}
			// A7838: an infinitive and a noun.
			if werkwoord, rest, ok := strings.Cut(a.ActieNaam, " "); !ok || !strings.HasSuffix(werkwoord, "n") || rest == "" {
				t.Errorf("actieNaam %q is no infinitive with a noun", a.ActieNaam)
			}
			if a.Systeem == "" || a.Gegevensbron == "" || len(a.VerwerkteObjecten) == 0 {
				t.Errorf("%s says not in which system, from which source or about whom", a.ActieNaam)
			}
			if a.Vertrouwelijkheid == "vertrouwelijk" {
				vertrouwelijk[s.client] = true
			}
			if a.Bewaartermijn == "" {
				zonderTermijn++
				if a.VerwerkingID == "" {
					t.Errorf("%s has no term and no verwerkingId to set it by", a.ActieNaam)
				}
			}
			if a.Gebruiker == "" {
				continue
			}
			metGebruiker++
			tijd, err := time.Parse(time.RFC3339, a.Tijdstip)
			if err != nil {
				t.Fatal(err)
			}
			if uur := tijd.Hour(); werkdag(tijd) && uur >= 8 && uur < 18 {
				inKantoortijd++
			}
		}
	}
	if want := (map[string]bool{fraudeonderzoek.clientID: true, gegevensmagazijn.clientID: true}); !cmp.Equal(vertrouwelijk, want) {
		t.Errorf("confidential acties are logged by %v, want %v", vertrouwelijk, want)
	}
	if methoden[http.MethodPut] < 10 || methoden[http.MethodDelete] < 10 || methoden[http.MethodPatch] < 30 {
		t.Errorf("too few changes: %v", methoden)
	}
	if metGebruiker < 1800 || inKantoortijd*100 < metGebruiker*95 {
		t.Errorf("of %d acties by people, %d are in office hours", metGebruiker, inKantoortijd)
	}
	if zonderTermijn < 100 {
		t.Errorf("only %d acties without a term", zonderTermijn)
	}
}

func TestOneInvestigationIsLiftedAndOneStillRuns(t *testing.T) {
	t.Parallel()
	acties, bijMagazijn, opgeheven := map[string]int{}, map[string]int{}, map[string]bool{}
	persoon := string(verdachte(zaad))
	for _, v := range script(t, zaad, vaste) {
		for _, s := range v.stappen {
			switch {
			case s.methode == http.MethodPatch && s.wijzig["vertrouwelijkheid"] == "opgeheven":
				opgeheven[s.verwerking] = true
			case s.actie == nil || s.actie.Vertrouwelijkheid != "vertrouwelijk":
			case s.client == gegevensmagazijn.clientID:
				bijMagazijn[s.actie.VerwerkingIDAfnemer]++
			default:
				acties[s.actie.VerwerkingID]++
				for _, o := range s.actie.VerwerkteObjecten {
					if s.actie.VerwerkingID == afgerondOnderzoek && o.ObjectID == persoon {
						t.Error("the lifted investigation names the person of the one that runs")
					}
				}
			}
		}
	}
	for _, id := range []string{lopendOnderzoek, afgerondOnderzoek} {
		if acties[id] < 10 || bijMagazijn[id] < 3 {
			t.Errorf("investigation %s has %d acties and %d at the gegevensmagazijn", id, acties[id], bijMagazijn[id])
		}
	}
	if want := map[string]bool{afgerondOnderzoek: true}; !cmp.Equal(opgeheven, want) {
		t.Errorf("lifted: %v, want %v", opgeheven, want)
	}
}
