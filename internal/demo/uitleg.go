package demo

import (
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"

	"github.com/google/uuid"
)

// uitleg is what is printed once the register runs. All of it is valid for sh: what is said stands
// behind a #, so that it may be pasted as a whole.
type uitleg struct {
	url        string
	programma  string
	dir        string
	verplaatst bool // the asked port was taken
	proxy      bool // curl would go through a proxy
	nu         time.Time
	starten    time.Duration
	vullen     time.Duration // 0: it was filled before
	acties     int
	tokens     tokens
}

// breedte is the width of a screen that every line fits.
const breedte = 100

// WriteTo prints it.
func (u *uitleg) WriteTo(w io.Writer) (int64, error) {
	var b strings.Builder
	u.intro(&b)
	u.aanmelden(&b)
	u.variabelen(&b)
	u.opdrachten(&b)
	fmt.Fprintf(&b, `
# Een token geldt een uur. Een nieuw token (voor elke applicatie in %[2]s):
#   %[1]s token --config %[3]s --client burgerzaken
# Opnieuw beginnen: stop, en gooi de map %[4]s weg.
# Stoppen: Ctrl-C
`, u.shell(u.programma), bestandApplicaties, u.shell(u.dir+"/"+bestandConfig), u.dir)
	n, err := io.WriteString(w, b.String())
	return int64(n), err
}

func (u *uitleg) intro(b *strings.Builder) {
	fmt.Fprintln(b, "# Verantwoord draait, met een fictieve gemeente. Niets hiervan gaat over echte mensen.")
	fmt.Fprintf(b, "# Gestart in %s; ", seconden(u.starten))
	if u.vullen > 0 {
		fmt.Fprintf(b, "%d verwerkingsacties vastgelegd in %s.\n", u.acties, seconden(u.vullen))
	} else {
		fmt.Fprintln(b, "de gegevens van de vorige keer staan er nog.")
	}
	if u.verplaatst {
		fmt.Fprintln(b, "# De gevraagde poort is bezet; dit is een vrije.")
	}
	fmt.Fprintln(b, "#")
	for _, a := range [][2]string{
		{"Startpagina", "/"}, {"Beheer", "/beheer/"}, {"Mijn gegevens", "/mijn/"}, {"Inwoners", "/verwerkingsactiviteiten"}, {"Postvak", padPostvak}, {"Documentatie", "/docs"}, {"Bewerking", "/bewerking/api/v1/"}, {"Inzage", "/inzage/api/v1/"},
		{"Gezondheid", "/healthz/ready"}, {"Metingen", "/metrics"},
	} {
		fmt.Fprintf(b, "#   %-14s%s%s\n", a[0], u.url, a[1])
	}
}

// aanmelden prints who may sign in.
func (u *uitleg) aanmelden(b *strings.Builder) {
	fmt.Fprintf(b, "#\n# Aanmelden op %s/beheer/ met wachtwoord \"%s\":\n", u.url, wachtwoordMensen)
	for _, m := range mensen {
		fmt.Fprintf(b, "#   %-32s %s %s\n", m.email, m.naam, m.werk)
	}
	fmt.Fprintln(b, "# De code per e-mail, en die uit de app van een beheerder, staan in het postvak.")
	fmt.Fprintf(b, "# Op %s/mijn/ meldt u zich aan als inwoner; u kiest er wie u bent.\n", u.url)
}

// variabelen prints what the commands share.
func (u *uitleg) variabelen(b *strings.Builder) {
	h := newBewoners(zaad)[0]
	fmt.Fprintf(b, `
# Plak eerst dit: adressen, een nieuwe verwerking, het lopende onderzoek, een inwoner (met een
# testnummer dat niemand heeft), drie tokens en wat van een antwoord wordt getoond.
URL=%s
ACTIES=$URL%s
OBJECTEN=$URL/inzage/api/v1/verwerkte-objecten
VERWERKING=%s
DOSSIER=%s
INWONER=%s
`, u.url, padActies, uuid.NewString(), lopendOnderzoek, h.volwassenen[0])
	if u.proxy {
		fmt.Fprintln(b, `export no_proxy="$no_proxy,127.0.0.1,::1,localhost"`)
	}
	for _, t := range []struct {
		variabele, wat string
		applicatie     *applicatie
	}{
		{"BURGERZAKEN", "Bewerking: gewone rechten", burgerzaken},
		{"ONDERZOEK", "Bewerking: ook vertrouwelijk", fraudeonderzoek},
		{"MIJN", "Inzage: wat de burger ziet", mijnOmgeving},
	} {
		fmt.Fprintf(b, "# %s (%s)\n%s=\"%s\"\n", t.wat, t.applicatie.clientID, t.variabele, split(u.tokens[t.applicatie.clientID], len(t.variabele)+2))
	}
	fmt.Fprint(b, `JSON='Content-Type: application/json'
toon() { grep -oE '"(count|actieNaam|vertrouwelijkheid|status|detail)":("[^"]*"|[0-9]+)'; echo; }
`)
}

// opdrachten prints the five commands. They show the same at every start: the first uses a new
// verwerkingId, and a start makes the investigation confidential again.
func (u *uitleg) opdrachten(b *strings.Builder) {
	jaar := u.nu.Year()
	fmt.Fprintf(b, `
# 1. Leg een verwerkingsactie vast.
curl -sS "$ACTIES" -H "Authorization: Bearer $BURGERZAKEN" -H "$JSON" \
  -d '{"actieNaam": "Ophalen persoonsgegevens", "verwerkingNaam": "Registratie verhuizing",
  "verwerkingId": "'$VERWERKING'", "vertrouwelijkheid": "normaal", "bewaartermijn": "P5Y",
  "verwerkingsactiviteitId": "%[1]s",
  "systeem": "Balie Burgerzaken 6.2", "tijdstip": "'$(date -u +%%Y-%%m-%%dT%%H:%%M:%%SZ)'",
  "verwerkteObjecten": [{"objecttype": "persoon", "soortObjectId": "BSN", "objectId": "'$INWONER'",
  "betrokkenheid": "Aanvrager",
  "verwerkteSoortenGegevens": [{"soortGegeven": "Verblijfsadres"}]}]}'; echo

# 2. Vraag haar op. Wat u zoekt staat in het bericht, zodat geen nummer in een URL komt.
curl -sS "$ACTIES/_zoek" -H "Authorization: Bearer $BURGERZAKEN" -H "$JSON" \
  -d '{"verwerkingId": "'$VERWERKING'", "vertrouwelijkheid": "normaal"}' | toon

# 3. Er loopt een vertrouwelijk onderzoek. Een gewone applicatie ziet het niet en mag er niet naar
#    vragen; de onderzoeker ziet het (hier de laatste drie acties); de burger om wie het gaat niet.
curl -sS "$ACTIES/_zoek" -H "Authorization: Bearer $BURGERZAKEN" -H "$JSON" \
  -d '{"verwerkingId": "'$DOSSIER'", "vertrouwelijkheid": "normaal"}' | toon
curl -sS "$ACTIES/_zoek" -H "Authorization: Bearer $BURGERZAKEN" -H "$JSON" \
  -d '{"verwerkingId": "'$DOSSIER'", "vertrouwelijkheid": "vertrouwelijk"}' | toon
curl -sS "$ACTIES/_zoek" -H "Authorization: Bearer $ONDERZOEK" -H "$JSON" \
  -d '{"verwerkingId": "'$DOSSIER'", "pageSize": 3}' | toon
burger() { curl -sS "$OBJECTEN/_zoek" -H "Authorization: Bearer $MIJN" \
  -H "$JSON" -H "OIN: %[2]s" \
  -H "VerwerkingsactiviteitId: %[3]s" \
  -H "VerwerkingsactiviteitUrl: https://var.voorbeeldstad.example/mijn" \
  -d '{"objecttype": "persoon", "soortObjectId": "BSN", "objectId": "%[4]s",
  "beginDatum": "%[5]d-01-01", "eindDatum": "%[6]d-01-01",
  "verwerkingsactiviteitId": "%[7]s", "pageSize": 3}' | toon; }
burger

# 4. Het onderzoek is klaar: hef de vertrouwelijkheid op van alle acties ervan (204: gedaan).
curl -sS -o /dev/null -w '%%{http_code}\n' -X PATCH "$ACTIES?verwerkingId=$DOSSIER" \
  -H "Authorization: Bearer $ONDERZOEK" -H "$JSON" -d '{"vertrouwelijkheid": "opgeheven"}'

# 5. Nu ziet de burger wat er is gebeurd.
burger
`, verhuizen, oinGemeente, eigenGegevens, verdachte(zaad), jaar-1, jaar+2, fraude)
}

// split breaks a token into lines; within double quotes sh puts them together again. The first
// leaves room for what stands before it.
func split(token string, voor int) string {
	var lines []string
	for n := breedte - 2 - voor; len(token) > n; n = breedte - 2 {
		lines, token = append(lines, token[:n]), token[n:]
	}
	return strings.Join(append(lines, token), "\\\n")
}

// shell quotes a word when sh would not read it as one.
func (*uitleg) shell(s string) string {
	plain := func(r rune) bool {
		return r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || strings.ContainsRune("/._-+:@%", r)
	}
	if s != "" && !strings.ContainsFunc(s, func(r rune) bool { return !plain(r) }) {
		return s
	}
	return "'" + strings.ReplaceAll(s, "'", `'\''`) + "'"
}

// seconden writes a duration as people do.
func seconden(d time.Duration) string {
	return strings.Replace(strconv.FormatFloat(d.Seconds(), 'f', 2, 64), ".", ",", 1) + " seconden"
}
