package e2e

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"github.com/verantwoord/verantwoord/internal/activiteit"
	"github.com/verantwoord/verantwoord/internal/autorisatie"
)

// The recipe in plain HTTP is a document of which every command is run here, and every answer compared.

// blok is a fenced block of a document.
type blok struct{ soort, tekst string }

func blokken(t *testing.T, file string) (uit []blok) {
	t.Helper()
	tekst, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	for k, deel := range strings.Split("\n"+string(tekst), "\n```") {
		if soort, inhoud, ok := strings.Cut(deel, "\n"); ok && k%2 == 1 {
			uit = append(uit, blok{soort, inhoud})
		}
	}
	return uit
}

// recept is the document with the registers that it speaks of: of an organisation that asks, and of one that delivers.
type recept struct {
	*register
	draad     *draad
	aanbieder *aanbieder
	blokken   []blok
}

func startRecept(t *testing.T) *recept {
	t.Helper()
	r := start(t)
	v := &recept{register: r, draad: span(t, r), aanbieder: newAanbieder(t, r), blokken: blokken(t, filepath.Join("..", "docs", "sdk", "http.md"))}
	r.applicatie("balie", anderdorp, anderdorp, op(autorisatie.ComponentVAR, "var:read"), op(autorisatie.ComponentBewerking, "create:confidential", "update:confidential"))
	r.applicatie("magazijn", voorbeeldstad, voorbeeldstad, op(autorisatie.ComponentVAR, "var:leveringen"), op(autorisatie.ComponentBewerking, "create:confidential"))
	r.applicatie("balie-anderdorp", voorbeeldstad, anderdorp, op(autorisatie.ComponentBewerking, "update:confidential"))
	in := eenvoudig("Verhuizing")
	in.VerantwoordelijkeOrganisatie = anderdorp
	id := r.activiteit(anderdorp, in, "2020-01-01", true)
	r.koppel(anderdorp, "balie", "Adres bij verhuizing", id)
	r.lever(voorbeeldstad, activiteit.Levering{
		Afnemer: anderdorp, Gegevensset: "personen", Doel: id.String(), Activiteit: r.activiteit(voorbeeldstad, verhuisactiviteit(), "2020-01-01", true), Vertrouwelijk: true,
	})
	return v
}

const (
	begin = "==== blok "
	eind  = "==== eind"
)

// doe runs the commands in one shell, and gives what each block wrote, and afterwards the ids of the verwerkingen.
func (v *recept) doe(t *testing.T) (uit []string, verwerkingen []string, ok bool) {
	t.Helper()
	var script strings.Builder
	script.WriteString("set -eu\n")
	for _, b := range v.blokken {
		if b.soort == "sh" {
			fmt.Fprintf(&script, "echo '%s'\n%s\necho\n", begin, b.tekst)
		}
	}
	fmt.Fprintf(&script, "echo '%s'\necho $VERWERKING\necho $ONDERZOEK\n", eind)
	cmd := exec.CommandContext(t.Context(), "sh")
	cmd.Dir = t.TempDir()
	cmd.Env = append(os.Environ(), "REGISTER="+v.draad.URL, "CLIENT_ID=balie", "GEHEIM="+nieuwGeheim, "OIN="+anderdorp, "AANBIEDER="+v.aanbieder.URL,
		"AANBIEDER_REGISTER="+v.url, "AANBIEDER_CLIENT_ID=balie-anderdorp", "AANBIEDER_GEHEIM="+nieuwGeheim, "MAGAZIJN_CLIENT_ID=magazijn", "MAGAZIJN_GEHEIM="+nieuwGeheim)
	var out, fouten bytes.Buffer
	cmd.Stdin, cmd.Stdout, cmd.Stderr = strings.NewReader(script.String()), &out, &fouten
	err := cmd.Run()
	if err == nil && fouten.Len() > 0 {
		t.Errorf("the commands complain: %s", fouten.String())
	}
	tekst, rest, _ := strings.Cut(out.String(), eind)
	return strings.Split(tekst, begin)[1:], strings.Fields(rest), err == nil
}

var (
	reID   = regexp.MustCompile(`[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}`)
	reHost = regexp.MustCompile(`https?://[^/"]+`)
)

// vast is an answer without what differs each time.
func vast(soort, tekst string) any {
	tekst = strings.TrimSpace(reHost.ReplaceAllString(reID.ReplaceAllString(tekst, "id"), "host"))
	var v any
	if soort == "json" && json.Unmarshal([]byte(tekst), &v) == nil {
		return v
	}
	return tekst
}

func TestEveryCommandOfTheRecipeWorksAsWritten(t *testing.T) {
	t.Parallel()
	v := startRecept(t)
	uit, verwerkingen, ok := v.doe(t)
	if !ok || len(verwerkingen) != 2 {
		t.Fatalf("it ended in block %d, %v", len(uit), verwerkingen)
	}
	n := -1
	for k, b := range v.blokken {
		if b.soort == "sh" {
			n++
			continue
		}
		if d := cmp.Diff(vast(b.soort, b.tekst), vast(b.soort, uit[n])); k == 0 || d != "" {
			t.Errorf("block %d answers otherwise (-written +got):\n%s", n+1, d)
		}
	}
	vragen := v.aanbieder.gevraagd()
	if len(vragen) != 2 || len(vragen[0].gelogd) != 1 || len(vragen[1].gelogd) != 0 {
		t.Fatalf("%d calls", len(vragen))
	}
	gelijk(t, []string{"999990019 Aanvrager"}, wieErin(vragen[0].gelogd[0]))
	if n := len(v.vanVerwerking(vragen[0].header.Get("VerwerkingId"))); n != 1 {
		t.Errorf("%d records of one step", n)
	}
	gezocht := v.vanVerwerking(verwerkingen[0])
	if len(gezocht) != 1 || gezocht[0]["verwerkingId"] != vragen[1].header.Get("VerwerkingId") {
		t.Fatalf("%d records of the search", len(gezocht))
	}
	gelijk(t, []string{"999990019 Getoond in zoekresultaat", "999990020 Getoond in zoekresultaat"}, wieErin(gezocht[0]))

	// What was confidential is lifted on both sides.
	lijst := v.vanVerwerking(verwerkingen[1])
	for _, m := range v.do("vertrouwelijk", "POST", bewerking+"/verwerkingsacties/_zoek", map[string]any{"objecttype": "persoon", "soortObjectId": "BSN", "objectId": "999990019"}).Want(http.StatusOK).Lijst() {
		if m["verwerkingIdAfnemer"] == verwerkingen[1] && m["afnemerId"] == anderdorp && m["verwerkingId"] != verwerkingen[1] {
			lijst = append(lijst, m)
		}
	}
	if len(lijst) != 2 {
		t.Fatalf("%d records of the confidential verwerking", len(lijst))
	}
	for _, m := range lijst {
		if m["vertrouwelijkheid"] != "opgeheven" || m["bewaartermijn"] != "P10Y" {
			t.Errorf("%s: %v, %v", m["actieNaam"], m["vertrouwelijkheid"], m["bewaartermijn"])
		}
	}
}

func TestTheRecipeStopsWhenTheRegisterDoesNotTakeTheRecord(t *testing.T) {
	t.Parallel()
	for _, wat := range []string{"bezig", "weg"} {
		v := startRecept(t)
		v.draad.zet(func(r *http.Request) string {
			if r.Method == http.MethodPost {
				return wat
			}
			return ""
		})
		if uit, _, ok := v.doe(t); ok || len(uit) != 4 || len(v.aanbieder.gevraagd()) != 0 {
			t.Errorf("%s: it ended in block %d, the provider was asked %d times", wat, len(uit), len(v.aanbieder.gevraagd()))
		}
	}
}

// A search that can't be logged leaves nothing behind to be shown.
func TestTheRecipeThrowsAwayWhatItCannotLog(t *testing.T) {
	t.Parallel()
	v := startRecept(t)
	v.draad.zet(func(r *http.Request) string {
		if r.Method == http.MethodPost && len(v.aanbieder.gevraagd()) == 2 {
			return "bezig"
		}
		return ""
	})
	for k, b := range v.blokken {
		if strings.Contains(b.tekst, "rm gevonden.json") {
			v.blokken = append(v.blokken[:k:k], blok{"sh", b.tekst + "\nls gevonden.json 2>/dev/null || echo weg\nONDERZOEK=" + uuid.NewString()})
			break
		}
	}
	if uit, _, ok := v.doe(t); !ok || !strings.HasSuffix(strings.TrimSpace(uit[len(uit)-1]), "200\n503\nweg") {
		t.Errorf("%t: %q", ok, uit[len(uit)-1])
	}
}
