package e2e

import (
	"errors"
	"io/fs"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/verantwoord/verantwoord/internal/activiteit"
	"github.com/verantwoord/verantwoord/internal/autorisatie"
	"github.com/verantwoord/verantwoord/internal/doctor"
	"github.com/verantwoord/verantwoord/internal/fout"
	"github.com/verantwoord/verantwoord/internal/juridisch"
	"github.com/verantwoord/verantwoord/internal/store/postgrestest"
)

// wetboek makes a directory of legal data.
func wetboek(t *testing.T, bestanden map[string]string) string {
	t.Helper()
	dir := t.TempDir()
	for naam, tekst := range bestanden {
		if err := os.WriteFile(filepath.Join(dir, naam), []byte(tekst), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

func TestAnOrganisationReplacesLegalDataWithoutAnotherProgram(t *testing.T) {
	t.Parallel()
	meegeleverd, err := fs.ReadFile(juridisch.Ingebouwd(), "grondslagen-2018-05-25.yaml")
	if err != nil {
		t.Fatal(err)
	}
	nieuw := strings.NewReplacer("vanaf: 2018-05-25", "vanaf: 2026-07-01", "naam: Publieke taak", "naam: Taak van de gemeente",
		"code: gerechtvaardigd_belang", "code: ander_belang").Replace(string(meegeleverd))
	r := start(t, "juridisch: "+wetboek(t, map[string]string{"grondslagen-2026-07-01.yaml": nieuw, "LEESMIJ.md": "Van de gemeente."}))
	r.klok.Set(time.Date(2026, 8, 1, 12, 0, 0, 0, time.UTC))
	in := eenvoudig("Verhuizing verwerken")
	in.Grondslagen, in.ToelichtingGrondslag = []string{"publieke_taak"}, "Wet BRP"
	id := r.activiteit(voorbeeldstad, in, "2026-01-01", true)
	in.Grondslagen = []string{"publieke_taak", "ander_belang"}
	r.versie(voorbeeldstad, id, in, activiteit.Vaststelling{Ingangsdatum: "2026-07-01", Openbaar: true})
	for dag, want := range map[string]string{"2026-06-30": "Publieke taak", "2026-07-01": "Taak van de gemeente; Gerechtvaardigd belang"} {
		if got := r.lees(een(id) + "?geldigOp=" + dag).Want(http.StatusOK).JSON()["grondslag"]; got != want {
			t.Errorf("on %s: %v, want %s", dag, got, want)
		}
	}
	// What the new file does not hold can't be chosen any more, for a day on which it is gone.
	in.Grondslagen = []string{"gerechtvaardigd_belang"}
	if _, err := r.server.Activiteiten().Begin(t.Context(), functionaris(voorbeeldstad), in); !errors.Is(err, &fout.Fout{Code: fout.CodeOngeldig}) {
		t.Errorf("a ground that is gone: %v", err)
	}
}

func TestLegalDataThatCannotBeReadKeepTheProgramFromStarting(t *testing.T) {
	t.Parallel()
	o := opstellen(t, contract)
	kapot := "VERANTWOORD_JURIDISCH=" + wetboek(t, map[string]string{"grondslagen-2026-07-01.yaml": "soort: grondslagen\nvanaf: 2026-07-02\n"})
	for _, want := range []string{"grondslagen-2026-07-01.yaml: vanaf moet 2026-07-01 zijn", "er staan geen regels in"} {
		if out := o.run(1, []string{"serve"}, kapot); !strings.Contains(out, want) {
			t.Errorf("no %q in: %s", want, out)
		}
	}
	list := bevindingen(t, o.run(1, []string{"doctor", "--json"}, append([]string{kapot}, besloten...)...))
	if !heeft(list, doctor.Fout, "juridisch", "grondslagen-2026-07-01.yaml") {
		t.Errorf("got %v", list)
	}
	// The data that come along are good, and say that no lawyer saw them.
	list = bevindingen(t, o.run(0, []string{"doctor", "--json"}, besloten...))
	if !heeft(list, doctor.InOrde, "juridisch", "grondslagen van 2018-05-25") || !heeft(list, doctor.Waarschuwing, "juridisch", "Nog geen jurist") || !heeft(list, doctor.Waarschuwing, "juridisch", "voorbeelden") {
		t.Errorf("got %v", list)
	}
}

func TestTheProgramServesItsActivities(t *testing.T) {
	t.Parallel()
	o := opstellen(t, contract)
	o.run(0, []string{"applicatie", "toevoegen", "--client", "lezer", "--oin", voorbeeldstad, "--scopes", "verwerkingsactiviteiten:var:read", "--label", "Lezer"})
	d := o.serve()
	r := d.register()
	gelijk(t, []string{}, activiteitnamen(r.lees(activiteiten)))
	token := strings.TrimSpace(o.run(0, []string{"token", "--client", "burgerzaken"}))
	r.lees(activiteiten, header("Authorization", "Bearer "+token)).Want(http.StatusForbidden)
	if a := r.lees("/metrics").Want(http.StatusOK); !strings.Contains(string(a.Body), `api="var"`) {
		t.Error("requests to this API are not in the figures")
	}
	d.stop()
}

// Two nodes on one PostgreSQL are one register.
func TestAnotherNodeServesWhatOneNodePublished(t *testing.T) {
	t.Parallel()
	dir, store := t.TempDir(), "store: "+postgrestest.Database(t)
	een1 := startIn(t, dir, store)
	twee := startIn(t, dir, store)
	lezer := een1.lezer(voorbeeldstad)
	id := een1.activiteit(voorbeeldstad, verhuisactiviteit(), "2020-01-01", true)
	binnen := func(path string, status int, opties ...optie) *antwoord {
		t.Helper()
		for end := time.Now().Add(time.Minute); ; time.Sleep(50 * time.Millisecond) {
			if a := twee.lees(path, opties...); a.Status == status || time.Now().After(end) {
				return a.Want(status)
			}
		}
	}
	binnen(een(id), http.StatusOK)
	m := binnen(een(id), http.StatusOK, lezer).JSON()
	gelijk(t, "Toegang op rol, versleuteld.", m["beveiliging"].(string))
	een1.zetOpenbaar(voorbeeldstad, id, false)
	binnen(een(id), http.StatusNotFound)
	twee.lees(een(id), twee.as("lezer-"+voorbeeldstad, nieuwGeheim, autorisatie.Claims{})).Want(http.StatusOK)
}
