package autorisatie_test

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/verantwoord/verantwoord/internal/autorisatie"
	"github.com/verantwoord/verantwoord/internal/fout"
)

// voorbeeld is the file of the register's contract, letter for letter.
const voorbeeld = `organisaties:
  - {oin: "00000099123456780000", naam: Gemeente Voorbeeldstad}
applicaties:
  - clientIds: [burgerzaken]
    geheim: "een-geheim-van-minstens-32-tekens!"     # or geheimBestand: PATH
    label: Burgerzaken
    organisatie: "00000099123456780000"
    oins: ["00000099123456780000"]
    heeftAlleAutorisaties: false
    autorisaties:
      - {component: verwerkingenlogging-bewerking, scopes: ["create:normal", "read:normal"]}
      - {component: verwerkingenlogging-inzage, scopes: ["read:normal"]}
`

// kop names one organisation; the tests append applications.
const kop = `organisaties: [{oin: "00000099123456780000", naam: Gemeente Voorbeeldstad}, {oin: "00000099000000010000"}]
applicaties:
`

// applicatie gives a good application of which some lines are replaced (or, empty, left out).
func applicatie(anders map[string]string) string {
	regels := []struct{ sleutel, waarde string }{
		{"clientIds", "[balie]"}, {"geheim", "abcdefghijklmnopqrstuvwxyz-012345"}, {"geheimBestand", ""}, {"label", "Balie"},
		{"organisatie", `"00000099123456780000"`}, {"organisaties", ""}, {"oins", ""}, {"heeftAlleAutorisaties", ""},
		{"autorisaties", ""}, {"meer", ""},
	}
	var s strings.Builder
	streep := "  - "
	for _, r := range regels {
		if w, ok := anders[r.sleutel]; ok {
			r.waarde = w
		}
		if r.waarde != "" {
			s.WriteString(streep + r.sleutel + ": " + r.waarde + "\n")
			streep = "    "
		}
	}
	return s.String()
}

func parse(s string) (*autorisatie.Bestand, error) {
	return autorisatie.Parse(strings.NewReader(s), "")
}

func TestTheExampleOfTheContractLoads(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "applicaties.yaml")
	if err := os.WriteFile(path, []byte(voorbeeld), 0o600); err != nil {
		t.Fatal(err)
	}
	got, err := autorisatie.Load(path)
	if err != nil {
		t.Fatal(err)
	}
	want := &autorisatie.Bestand{
		Organisaties: []autorisatie.Organisatie{{OIN: gemeente, Naam: "Gemeente Voorbeeldstad"}},
		Applicaties: []autorisatie.Applicatie{{
			ClientIDs: []string{"burgerzaken"}, Geheim: autorisatie.Geheim("een-geheim-van-minstens-32-tekens!"),
			Label: "Burgerzaken", Organisaties: []string{gemeente}, OINs: []string{gemeente},
			Autorisaties: []autorisatie.Autorisatie{
				{Component: autorisatie.ComponentBewerking, Scopes: scopes{"create:normal", "read:normal"}},
				{Component: autorisatie.ComponentInzage, Scopes: scopes{"read:normal"}},
			},
		}},
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
	if app, ok := got.Applicatie("burgerzaken"); !ok || app.Label != "Burgerzaken" {
		t.Error("the application is not found by its client id")
	}
	if _, ok := got.Applicatie("niemand"); ok {
		t.Error("an unknown client id is found")
	}
}

func TestFilesThatAreAccepted(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		anders map[string]string
		check  func(a autorisatie.Applicatie) bool
	}{
		"OINs default to none": {nil, func(a autorisatie.Applicatie) bool { return a.OINs != nil && len(a.OINs) == 0 }},
		"several organisations": {map[string]string{"organisatie": "", "organisaties": `["00000099000000010000", "00000099123456780000"]`},
			func(a autorisatie.Applicatie) bool { return cmp.Equal(a.Organisaties, []string{buurman, gemeente}) }},
		"an OIN without quotes keeps its digits": {map[string]string{"organisatie": "00000099123456780000"},
			func(a autorisatie.Applicatie) bool { return cmp.Equal(a.Organisaties, []string{gemeente}) }},
		"scopes in dot form": {map[string]string{"autorisaties": "[{component: verwerkingenlogging-bewerking, scopes: [create.confidential, audit.read]}]"},
			func(a autorisatie.Applicatie) bool {
				return cmp.Equal(a.Autorisaties[0].Scopes, scopes{"create:confidential", "audit:read"})
			}},
		"scopes of the authorisation component": {map[string]string{"autorisaties": "[{component: ac, scopes: [autorisaties.lezen, autorisaties.bijwerken]}]"},
			func(a autorisatie.Applicatie) bool { return len(a.Autorisaties[0].Scopes) == 2 }},
		"no scopes on a component": {map[string]string{"autorisaties": "[{component: ac, scopes: []}]"},
			func(a autorisatie.Applicatie) bool { return len(a.Autorisaties) == 1 }},
		"empty values are absent": {map[string]string{"oins": "null", "organisaties": "~", "geheimBestand": "null", "autorisaties": "null"},
			func(a autorisatie.Applicatie) bool { return len(a.OINs) == 0 }},
		"a secret of exactly 32 bytes": {map[string]string{"geheim": strings.Repeat("x", 32)},
			func(a autorisatie.Applicatie) bool { return len(a.Geheim) == 32 }},
		"a secret that YAML takes for a number": {map[string]string{"geheim": strings.Repeat("1", 40)},
			func(a autorisatie.Applicatie) bool { return string(a.Geheim) == strings.Repeat("1", 40) }},
		"a client id of 255 characters": {map[string]string{"clientIds": "[" + strings.Repeat("é", 255) + "]"},
			func(a autorisatie.Applicatie) bool { return len(a.ClientIDs) == 1 }},
		"heeftAlleAutorisaties": {map[string]string{"heeftAlleAutorisaties": "true"},
			func(a autorisatie.Applicatie) bool { return a.HeeftAlleAutorisaties }},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b, err := parse(kop + applicatie(tt.anders))
			if err != nil {
				t.Fatal(err)
			}
			if !tt.check(b.Applicaties[0]) {
				t.Errorf("read as %+v", b.Applicaties[0])
			}
		})
	}
}

func TestAllAuthorisationsGrantNothingAndWarn(t *testing.T) {
	t.Parallel()
	b, err := parse(kop + applicatie(map[string]string{"heeftAlleAutorisaties": "true", "oins": "[]"}))
	if err != nil {
		t.Fatal(err)
	}
	want := []string{"applicaties.0 (Balie): heeftAlleAutorisaties telt hier niet; noem de scopes onder autorisaties"}
	if d := cmp.Diff(want, b.Waarschuwingen); d != "" {
		t.Error(d)
	}
	token, err := autorisatie.Sign("balie", b.Applicaties[0].Geheim, autorisatie.Claims{}, nu)
	if err != nil {
		t.Fatal(err)
	}
	d, err := autorisatie.NewRegister(b).Authenticate(token, instellingen)
	if err != nil {
		t.Fatal(err)
	}
	for component, want := range map[string]string{
		autorisatie.ComponentBewerking: "create:normal", autorisatie.ComponentInzage: "", autorisatie.ComponentAC: "",
	} {
		if got := mag(d, component); got != want {
			t.Errorf("%s: %q", component, got)
		}
	}
}

func TestASharedSecretWarns(t *testing.T) {
	t.Parallel()
	b, err := parse(kop + applicatie(nil) + applicatie(map[string]string{"clientIds": "[loket]", "label": "Loket"}))
	if err != nil {
		t.Fatal(err)
	}
	want := []string{"applicaties.1 (Loket).geheim: hetzelfde geheim als applicaties.0 (Balie).geheim; zo kan de ene applicatie zich voor de andere uitgeven"}
	if d := cmp.Diff(want, b.Waarschuwingen); d != "" {
		t.Error(d)
	}
}

func TestMistakesAreReportedWithTheirPlace(t *testing.T) {
	t.Parallel()
	const g = "regel 3, applicaties.0 (Balie)"
	tests := map[string]struct {
		anders map[string]string
		want   string // one line of the report; the line number is checked where the case has one
	}{
		"no client ids":                {map[string]string{"clientIds": ""}, g + ": clientIds ontbreekt; noem minstens een client_id"},
		"empty list of client ids":     {map[string]string{"clientIds": "[]"}, g + ".clientIds: noem minstens een client_id"},
		"empty client id":              {map[string]string{"clientIds": `[""]`}, g + ".clientIds.0: is leeg"},
		"client ids is text":           {map[string]string{"clientIds": "balie"}, g + ".clientIds: hier hoort een lijst"},
		"client id is a list":          {map[string]string{"clientIds": "[[balie]]"}, g + ".clientIds.0: hier hoort tekst"},
		"client id too long":           {map[string]string{"clientIds": "[" + strings.Repeat("x", 256) + "]"}, g + ".clientIds.0: is langer dan 255 tekens"},
		"client id with a tab":         {map[string]string{"clientIds": `["a\tb"]`}, g + ".clientIds.0: bevat een besturingsteken"},
		"client id with NUL":           {map[string]string{"clientIds": `["a\0b"]`}, g + ".clientIds.0: bevat een besturingsteken"},
		"client id with a comma":       {map[string]string{"clientIds": `["Verantwoord, mijn omgeving"]`}, g + ".clientIds.0: een client_id heeft geen komma"},
		"client id twice":              {map[string]string{"clientIds": "[balie, balie]"}, g + ".clientIds.1: deze client_id staat ook bij applicaties.0 (Balie)"},
		"no secret":                    {map[string]string{"geheim": ""}, g + ": geheim of geheimBestand ontbreekt"},
		"empty secret":                 {map[string]string{"geheim": `""`}, ".geheim: het geheim is korter dan 32 bytes"},
		"secret of 31 bytes":           {map[string]string{"geheim": strings.Repeat("x", 31)}, "regel 4, applicaties.0 (Balie).geheim: het geheim is korter dan 32 bytes"},
		"secret too long":              {map[string]string{"geheim": strings.Repeat("x", 4097)}, ".geheim: het geheim is langer dan 4096 bytes"},
		"secret is a list":             {map[string]string{"geheim": "[abcdefghijklmnopqrstuvwxyz-012345]"}, ".geheim: hier hoort tekst"},
		"two secrets":                  {map[string]string{"geheimBestand": "x"}, ": noem geheim of geheimBestand, niet allebei"},
		"secret file without a folder": {map[string]string{"geheim": "", "geheimBestand": "/etc/hostname"}, ".geheimBestand: een geheimBestand kan hier niet; noem het geheim zelf"},
		"no label":                     {map[string]string{"label": ""}, "regel 3, applicaties.0: label ontbreekt"},
		"blank label":                  {map[string]string{"label": `" "`}, "applicaties.0.label: is leeg"},
		"label too long":               {map[string]string{"label": strings.Repeat("x", 101)}, "applicaties.0.label: is langer dan 100 tekens"},
		"label of two lines":           {map[string]string{"label": `"a\nb"`}, "applicaties.0.label: bevat een besturingsteken"},
		"no organisation":              {map[string]string{"organisatie": ""}, g + ": organisatie of organisaties ontbreekt"},
		"no organisations":             {map[string]string{"organisatie": "", "organisaties": "[]"}, ".organisaties: noem minstens een organisatie"},
		"organisation in both ways":    {map[string]string{"organisaties": `["00000099123456780000"]`}, ": noem organisatie of organisaties, niet allebei"},
		"organisation unknown":         {map[string]string{"organisatie": `"00000099000000020000"`}, ".organisatie: deze organisatie staat niet onder organisaties; voeg haar daar toe"},
		"second organisation unknown":  {map[string]string{"organisatie": "", "organisaties": `["00000099123456780000", "00000099000000020000"]`}, ".organisaties.1: deze organisatie staat niet onder organisaties; voeg haar daar toe"},
		"organisation named twice":     {map[string]string{"organisatie": "", "organisaties": `["00000099123456780000", "00000099123456780000"]`}, ".organisaties.1: deze OIN staat er twee keer"},
		"organisation of 19 digits":    {map[string]string{"organisatie": `"0000009912345678000"`}, ".organisatie: een OIN heeft precies 20 cijfers"},
		"OIN with a letter":            {map[string]string{"oins": `["0000009912345678000A"]`}, ".oins.0: een OIN heeft precies 20 cijfers"},
		"OIN in other digits":          {map[string]string{"oins": `["٠٠٠٠٠٠٩٩١٢"]`}, ".oins.0: een OIN heeft precies 20 cijfers"},
		"OIN with a space":             {map[string]string{"oins": `[" 00000099123456780000"]`}, ".oins.0: een OIN heeft precies 20 cijfers"},
		"OIN twice":                    {map[string]string{"oins": `["00000099123456780000", "00000099123456780000"]`}, ".oins.1: deze OIN staat er twee keer"},
		"unknown component":            {map[string]string{"autorisaties": `[{component: zaken, scopes: ["read:normal"]}]`}, ".autorisaties.0.component: onbekend component; bekend zijn verwerkingenlogging-bewerking, verwerkingenlogging-inzage, ac"},
		"no component":                 {map[string]string{"autorisaties": `[{scopes: ["read:normal"]}]`}, ".autorisaties.0: component ontbreekt"},
		"no scopes":                    {map[string]string{"autorisaties": `[{component: ac}]`}, ".autorisaties.0: scopes ontbreekt"},
		"unknown scope":                {map[string]string{"autorisaties": `[{component: ac, scopes: [alles]}]`}, ".autorisaties.0.scopes.0: onbekende scope; dit component kent autorisaties.lezen, autorisaties.bijwerken"},
		"scope of another component":   {map[string]string{"autorisaties": `[{component: verwerkingenlogging-inzage, scopes: ["read:normal", "create:normal"]}]`}, ".autorisaties.0.scopes.1: onbekende scope; dit component kent read:normal, read:confidential"},
		"authorisation is text":        {map[string]string{"autorisaties": "[alles]"}, ".autorisaties.0: hier horen sleutels met een waarde: component, scopes"},
		"yes for true":                 {map[string]string{"heeftAlleAutorisaties": "yes"}, ".heeftAlleAutorisaties: hier hoort true of false"},
		"text for true":                {map[string]string{"heeftAlleAutorisaties": `"true"`}, ".heeftAlleAutorisaties: hier hoort true of false"},
		"unknown key":                  {map[string]string{"meer": "1"}, "regel 7, applicaties.0: onbekende sleutel meer; bekend zijn clientIds, geheim"},
		"key twice":                    {map[string]string{"meer": "1\n    label: Twee"}, "regel 8, applicaties.0: label staat er twee keer"},
		"merge key":                    {map[string]string{"meer": "1\n    <<: {label: Twee}"}, "applicaties.0: onbekende sleutel; bekend"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b, err := parse(kop + applicatie(tt.anders))
			if b != nil || fout.CodeOf(err) != fout.CodeOngeldig {
				t.Fatalf("%v, want %s", err, fout.CodeOngeldig)
			}
			if !strings.Contains(err.Error(), tt.want) {
				t.Errorf("%v\nwant %s", err, tt.want)
			}
		})
	}
}

func TestFilesThatAreRefusedAsAWhole(t *testing.T) {
	t.Parallel()
	tests := map[string]struct{ file, want string }{
		"empty":                   {"", "is leeg"},
		"only a comment":          {"# niets\n", "is leeg"},
		"null":                    {"null", "hier horen sleutels"},
		"a list":                  {"[1]", "hier horen sleutels"},
		"no organisations":        {"applicaties: []", "noem minstens een organisatie"},
		"empty organisations":     {"organisaties: []", "noem minstens een organisatie"},
		"organisation twice":      {`organisaties: [{oin: "00000099123456780000"}, {oin: "00000099123456780000"}]`, "organisaties.1.oin: deze organisatie staat ook bij organisaties.0"},
		"organisation without":    {`organisaties: [{naam: X}]`, "organisaties.0: oin ontbreekt"},
		"organisation wrong":      {`organisaties: [{oin: "1"}]`, "organisaties.0.oin: een OIN heeft precies 20 cijfers"},
		"unknown key on top":      {kop + "  []\nsleutels: x", "bestand: onbekende sleutel sleutels"},
		"broken YAML":             {"organisaties: [\n  {oin: 1", "geen geldige YAML rond regel"},
		"tab for indentation":     {"organisaties:\n\t- x", "geen geldige YAML"},
		"control character":       {"organisaties: \x00", "geen geldige YAML"},
		"not UTF-8":               {"organisaties: \xff", "geen geldige YAML"},
		"two documents":           {voorbeeld + "---\n" + voorbeeld, "meer dan een YAML-document"},
		"broken second document":  {voorbeeld + "---\n[", "geen geldige YAML"},
		"alias":                   {kop + applicatie(map[string]string{"label": "&x Balie", "clientIds": "[*x]"}), "geen geldige YAML"},
		"alias of something seen": {kop + applicatie(map[string]string{"clientIds": "&x [balie]", "oins": "*x"}), ".oins: hier hoort een lijst"},
		"unknown anchor":          {"organisaties: *geheim-uit-de-kluis", "geen geldige YAML"},
		"client of two":           {kop + applicatie(nil) + applicatie(map[string]string{"label": "Loket"}), "applicaties.1 (Loket).clientIds.0: deze client_id staat ook bij applicaties.0 (Balie)"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b, err := parse(tt.file)
			if b != nil || err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("%v, want %s", err, tt.want)
			}
			if err != nil && strings.Contains(err.Error(), "kluis") {
				t.Error("the error quotes the file")
			}
		})
	}
}

func TestAllMistakesComeInOneReportInTheOrderOfTheFile(t *testing.T) {
	t.Parallel()
	_, err := parse(`applicaties:
  - clientIds: []
    geheim: te-kort-en-zeer-geheim
    label: Balie
    organisatie: "1"
    gehiem: ook-zeer-geheim
    ? ook-heel-erg-zeer-geheim-als-sleutel
    : x
organisaties:
  - {oin: "00000099123456780000", naam: ""}
`)
	var f *fout.Fout
	if !errors.As(err, &f) {
		t.Fatalf("no Fout: %v", err)
	}
	want := `Het applicatiebestand klopt niet; herstel dit en start opnieuw:
- regel 2, applicaties.0 (Balie).clientIds: noem minstens een client_id
- regel 3, applicaties.0 (Balie).geheim: het geheim is korter dan 32 bytes
- regel 5, applicaties.0 (Balie).organisatie: een OIN heeft precies 20 cijfers
- regel 6, applicaties.0: onbekende sleutel gehiem; bekend zijn clientIds, geheim, geheimBestand, label, organisatie, organisaties, oins, heeftAlleAutorisaties, autorisaties
- regel 7, applicaties.0: onbekende sleutel; bekend zijn clientIds, geheim, geheimBestand, label, organisatie, organisaties, oins, heeftAlleAutorisaties, autorisaties
- regel 10, organisaties.0.naam: is leeg`
	if d := cmp.Diff(want, f.Detail); d != "" {
		t.Error(d)
	}
}

func TestALongReportIsCut(t *testing.T) {
	t.Parallel()
	_, err := parse("organisaties:\n" + strings.Repeat("  - {}\n", 120))
	if err == nil || strings.Count(err.Error(), "\n") != 51 || !strings.HasSuffix(err.Error(), "- en nog 70") {
		t.Errorf("%v", err)
	}
}

func TestASecretMayComeFromAFile(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	geheim := strings.Repeat("s", 32)
	for naam, inhoud := range map[string]string{
		"geheim": geheim + "\n", "windows": geheim + "\r\n", "zonder": geheim, "kort": geheim[1:] + "\n",
		"groot": strings.Repeat("s", 5000), "grens": strings.Repeat("s", 4096) + "\r\n",
	} {
		if err := os.WriteFile(filepath.Join(dir, naam), []byte(inhoud), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Symlink("geheim", filepath.Join(dir, "koppeling")); err != nil { // as orchestrators mount secrets
		t.Fatal(err)
	}
	tests := map[string]struct {
		pad, want string // want: part of the report, "" when it is read
		lengte    int
	}{
		"relative to the file":     {"geheim", "", 32},
		"absolute":                 {filepath.Join(dir, "geheim"), "", 32},
		"through a link":           {"koppeling", "", 32},
		"with a Windows line end":  {"windows", "", 32},
		"without a line end":       {"zonder", "", 32},
		"as long as allowed":       {"grens", "", 4096},
		"too short":                {"kort", "het geheim is korter dan 32 bytes", 0},
		"too long":                 {"groot", "het geheim is langer dan 4096 bytes", 0},
		"a file that isn't there":  {"weg", "dit bestand bestaat niet", 0},
		"a folder":                 {".", "dit is geen gewoon bestand", 0},
		"a device that never ends": {"/dev/zero", "dit is geen gewoon bestand", 0},
		"a path through a file":    {"geheim/x", "dit bestand is niet te lezen", 0},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			path := filepath.Join(t.TempDir(), "applicaties.yaml")
			if !filepath.IsAbs(tt.pad) {
				path = filepath.Join(dir, strings.ReplaceAll(name, " ", "-")+".yaml")
			}
			inhoud := kop + applicatie(map[string]string{"geheim": "", "geheimBestand": `"` + tt.pad + `"`})
			if err := os.WriteFile(path, []byte(inhoud), 0o600); err != nil {
				t.Fatal(err)
			}
			b, err := autorisatie.Load(path)
			switch {
			case tt.want != "":
				if err == nil || !strings.Contains(err.Error(), "applicaties.0 (Balie).geheimBestand: "+tt.want) {
					t.Errorf("%v, want %s", err, tt.want)
				}
			case err != nil:
				t.Error(err)
			case len(b.Applicaties[0].Geheim) != tt.lengte:
				t.Errorf("secret of %d bytes, want %d", len(b.Applicaties[0].Geheim), tt.lengte)
			}
		})
	}
}

func TestAFileThatCannotBeRead(t *testing.T) {
	t.Parallel()
	if _, err := autorisatie.Load(filepath.Join(t.TempDir(), "weg")); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("%v", err)
	}
	if _, err := autorisatie.Load(t.TempDir()); err == nil {
		t.Error("a folder was read")
	}
	if _, err := parse("# " + strings.Repeat("x", 8<<20)); fout.CodeOf(err) != fout.CodeTeGroot {
		t.Errorf("%v", err)
	}
}

func TestThousandsOfApplicationsLoad(t *testing.T) {
	t.Parallel()
	var s strings.Builder
	s.WriteString(kop)
	for i := range 3000 {
		s.WriteString(applicatie(map[string]string{
			"clientIds": fmt.Sprintf("[c%d]", i), "geheim": fmt.Sprintf("geheim-van-minstens-32-tekens-%05d", i),
		}))
	}
	b, err := parse(s.String())
	if err != nil {
		t.Fatal(err)
	}
	if len(b.Applicaties) != 3000 || len(b.Waarschuwingen) != 0 {
		t.Errorf("%d applications, %d warnings", len(b.Applicaties), len(b.Waarschuwingen))
	}
}
