package e2e

import (
	"encoding/json"
	"os/exec"
	"slices"
	"strings"
	"testing"

	"github.com/verantwoord/verantwoord/internal/doctor"
)

// besloten are the settings an organisation has to decide on before it may run with real people.
var besloten = []string{
	"VERANTWOORD_ORGANISATIES_" + voorbeeldstad + "_BEWAREN_VLOER=P1Y",
	"VERANTWOORD_ORGANISATIES_" + voorbeeldstad + "_BEWAREN_MAXIMUM=P20Y",
	"VERANTWOORD_ORGANISATIES_" + voorbeeldstad + "_BEWAREN_SELECTIELIJST=Selectielijst 2020, 18.1",
	"VERANTWOORD_ORGANISATIES_" + voorbeeldstad + "_VERANTWOORDING_GRONDSLAG=AVG art. 6 lid 1 onder c",
}

// bevindingen reads what doctor --json says; on a failure a sentence on standard error follows it.
func bevindingen(t *testing.T, out string) []doctor.Bevinding {
	t.Helper()
	var r struct{ Bevindingen []doctor.Bevinding }
	if err := json.NewDecoder(strings.NewReader(out)).Decode(&r); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	return r.Bevindingen
}

func heeft(list []doctor.Bevinding, n doctor.Niveau, onderwerp, deel string) bool {
	return slices.ContainsFunc(list, func(b doctor.Bevinding) bool {
		return b.Niveau == n && b.Onderwerp == onderwerp && strings.Contains(b.Wat, deel)
	})
}

func TestDoctorExaminesARealInstallation(t *testing.T) {
	t.Parallel()
	o := opstellen(t, contract)

	// Before anything was decided: it fails and names what is missing, with the way out.
	out := o.run(1, []string{"doctor"})
	for _, want := range []string{"FOUT          bewaren", "FOUT          grondslag", "Uitweg: ", "niveau fout"} {
		if !strings.Contains(out, want) {
			t.Errorf("no %q in:\n%s", want, out)
		}
	}
	o.run(2, []string{"doctor", "--onzin"})
	o.run(2, []string{"doctor", "iets"})

	// Decided, before the first start; and running; and stopped again.
	if list := bevindingen(t, o.run(0, []string{"doctor", "--json"}, besloten...)); !heeft(list, doctor.InOrde, "opslag", "nog geen opslag") {
		t.Errorf("got %v", list)
	}
	d := o.serve(besloten...)
	list := bevindingen(t, o.run(0, []string{"doctor", "--json"}, besloten...))
	if !heeft(list, doctor.InOrde, "opslag", "register dat gereed is") || !heeft(list, doctor.InOrde, "klok", "past bij") {
		t.Errorf("got %v", list)
	}
	d.stop()
	// Stopped, the store can be read: nobody said yet why the log itself is allowed.
	list = bevindingen(t, o.run(1, []string{"doctor", "--json"}, besloten...))
	if !heeft(list, doctor.InOrde, "opslag", "is heel") || !heeft(list, doctor.InOrde, "sleutels", "die van de opslag") || !heeft(list, doctor.Fout, "verantwoording", "waarom het loggen zelf mag") {
		t.Errorf("got %v", list)
	}
	// It left everything as it was: the register starts again.
	o.serve(besloten...).stop()
}

func TestDoctorSeesApplicationsOfTheStoreAndLimitsOfTheSystem(t *testing.T) {
	t.Parallel()
	o := opstellen(t, contract)
	o.run(0, []string{"applicatie", "toevoegen", "--client", "alleskunner", "--oin", voorbeeldstad,
		"--scopes", "verwerkingenlogging-bewerking:read:confidential,verwerkingenlogging-bewerking:update:normal,verwerkingenlogging-bewerking:audit:read", "--beheerder"})
	list := bevindingen(t, o.run(1, []string{"doctor", "--json"}, besloten...)) // the log has no ground yet
	for _, deel := range []string{`"alleskunner" heeft audit:read`, `"alleskunner" kan rechten uitdelen`} {
		if !heeft(list, doctor.Waarschuwing, "rechten", deel) {
			t.Errorf("no %s in %v", deel, list)
		}
	}

	cmd, buf := o.command([]string{"doctor", "--json"}, besloten...)
	shell := exec.Command("/bin/sh", "-c", `ulimit -n 300 && exec "$0" "$@"`)
	shell.Args = append(shell.Args, cmd.Args...)
	shell.Env, shell.Dir, shell.Stdout = cmd.Env, cmd.Dir, buf
	if err := shell.Run(); err == nil {
		t.Error("exit status 0 with 300 open files")
	}
	if list = bevindingen(t, buf.String()); !heeft(list, doctor.Fout, "systeem", "300 bestanden") {
		t.Errorf("got %v", list)
	}
}
