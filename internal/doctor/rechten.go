package doctor

import (
	"crypto/sha256"
	"fmt"
	"slices"
	"strings"

	"github.com/verantwoord/verantwoord/internal/autorisatie"
)

// vertrouwelijkNormaal is how many applications of an organisation may hold a confidential scope
// before it is worth a question: an investigation is a matter of few.
const vertrouwelijkNormaal = 3

var vertrouwelijk = []autorisatie.Scope{
	autorisatie.CreateConfidential, autorisatie.ReadConfidential, autorisatie.UpdateConfidential, autorisatie.DeleteConfidential,
}

// rechten judges applications that may more than is wise.
func (o *onderzoek) rechten() {
	voor := len(o.bevindingen)
	wijd := map[string][]string{} // organisation -> labels of applications with a confidential scope
	geheimen := map[[sha256.Size]byte]string{}
	for k := range o.applicaties {
		a := &o.applicaties[k]
		o.rechtenVan(a)
		if heeft(a, "", vertrouwelijk...) {
			for _, oin := range a.Organisaties {
				wijd[oin] = append(wijd[oin], a.Label)
			}
		}
		som := sha256.Sum256(a.Geheim)
		if ander, dubbel := geheimen[som]; dubbel && len(a.Geheim) > 0 {
			o.meld(Fout, "rechten", fmt.Sprintf("Applicaties %q en %q hebben hetzelfde geheim.", ander, a.Label),
				"De ene kan zich voor de andere uitgeven, en krijgt dan haar rechten.", "Geef elke applicatie een eigen geheim.")
		}
		geheimen[som] = a.Label
	}
	for _, oin := range o.oins {
		if labels := wijd[oin]; len(labels) > vertrouwelijkNormaal {
			o.meld(Waarschuwing, "rechten", fmt.Sprintf("Bij organisatie %s hebben %d applicaties een :confidential-recht: %s.", oin, len(labels), strings.Join(labels, ", ")),
				"Vertrouwelijke acties horen bij een onderzoek; elke applicatie die ze ziet of verbergt is een plaats waar dat uitlekt.",
				"Houd het recht bij de applicaties van het onderzoek zelf.")
		}
	}
	if len(o.bevindingen) == voor {
		o.goed("rechten", "Geen van de %d applicaties heeft opvallend veel recht.", len(o.applicaties))
	}
}

func (o *onderzoek) rechtenVan(a *autorisatie.Applicatie) {
	meld := func(wat, waarom, uitweg string) {
		o.meld(Waarschuwing, "rechten", fmt.Sprintf("Applicatie %q ", a.Label)+wat, waarom, uitweg)
	}
	if a.HeeftAlleAutorisaties {
		meld("heeft heeftAlleAutorisaties.", "Dat telt hier niet (R-701); wie het bestand leest denkt van wel.", "Haal het weg en noem de scopes onder autorisaties.")
	}
	if raadbaar(a.Geheim) {
		meld("heeft een geheim dat te raden is.", "Met het geheim kan ieder tokens maken die het register aanneemt.", "Maak een willekeurig geheim, bijvoorbeeld met openssl rand -base64 48.")
	}
	if derde := slices.ContainsFunc(a.Organisaties, func(oin string) bool { return !slices.Contains(a.OINs, oin) }); derde && heeft(a, "", autorisatie.ReadConfidential) {
		meld("is van een derde en heeft read:confidential.", "Een ander dan de organisatie zelf kan dan zien dat er een onderzoek loopt.", "Neem het recht terug, of zet het OIN van de organisatie bij oins als de applicatie namens haar werkt.")
	}
	wijzigt := heeft(a, autorisatie.ComponentBewerking, autorisatie.UpdateNormal, autorisatie.UpdateConfidential, autorisatie.DeleteNormal, autorisatie.DeleteConfidential)
	if wijzigt && heeft(a, autorisatie.ComponentBewerking, autorisatie.AuditRead) {
		meld("heeft audit:read en kan ook wijzigen of verwijderen.", "Wie wijzigingen controleert hoort ze niet zelf te maken.", "Splits haar in twee applicaties.")
	}
	log := heeft(a, autorisatie.ComponentBewerking, autorisatie.ReadNormal, autorisatie.ReadConfidential, autorisatie.AuditRead) || wijzigt ||
		heeft(a, autorisatie.ComponentInzage, autorisatie.ReadNormal, autorisatie.ReadConfidential)
	if log && heeft(a, autorisatie.ComponentAC, autorisatie.AutorisatiesBijwerken) {
		meld("kan rechten uitdelen en heeft zelf rechten op de log.", "Wie rechten beheert kan ze zo aan een eigen applicatie geven en gebruiken.", "Beheer rechten met een aparte applicatie.")
	}
}

// heeft tells whether an application was granted one of the scopes on the component, "" for any.
func heeft(a *autorisatie.Applicatie, component string, scopes ...autorisatie.Scope) bool {
	for _, g := range a.Autorisaties {
		if component == "" || g.Component == component {
			for _, s := range g.Scopes {
				if slices.Contains(scopes, s) {
					return true
				}
			}
		}
	}
	return false
}

// raadbaar tells whether a secret looks made up by a person: few different characters, or a word
// that everybody tries.
func raadbaar(geheim autorisatie.Geheim) bool {
	if len(geheim) == 0 {
		return false
	}
	verschillend := map[byte]bool{}
	for _, b := range geheim {
		verschillend[b] = true
	}
	klein := strings.ToLower(string(geheim))
	return len(verschillend) < 12 || slices.ContainsFunc([]string{"geheim", "secret", "wachtwoord", "password", "welkom", "changeme", "voorbeeld"},
		func(w string) bool { return strings.Contains(klein, w) })
}
