package autorisatie

import (
	"errors"
	"slices"

	"github.com/verantwoord/verantwoord/internal/fout"
)

// reden is why a caller was refused. As the cause of a Fout it goes to the log and the metrics, and
// being a fixed word it can't carry a secret, a client id or a person there.
type reden string

func (r reden) Error() string { return "refused: " + string(r) }

const (
	redenGeenToken    reden = "geen_token"
	redenTeGroot      reden = "te_groot"
	redenOnleesbaar   reden = "onleesbaar"
	redenAlgoritme    reden = "algoritme"
	redenClaim        reden = "claim"
	redenGeenClient   reden = "geen_client_id"
	redenClient       reden = "onbekende_client"
	redenHandtekening reden = "handtekening"
	redenGeenIat      reden = "geen_iat"
	redenToekomst     reden = "iat_in_toekomst"
	redenTeOud        reden = "te_oud"
	redenVerlopen     reden = "verlopen"
	redenNogNiet      reden = "nog_niet_geldig"
	redenGeenOrg      reden = "organisatie_ontbreekt"
	redenAndereOrg    reden = "andere_organisatie"
	redenComponent    reden = "autorisatiecomponent" // the external one can't be asked

	redenCertificaat     reden = "certificaat_ongeldig"
	redenGeenCertificaat reden = "certificaat_ontbreekt"
	redenGeenOIN         reden = "certificaat_zonder_oin"
	redenAndereOIN       reden = "certificaat_andere_oin"
	redenHeaderOIN       reden = "header_andere_oin"
)

var redenen = []reden{
	redenGeenToken, redenTeGroot, redenOnleesbaar, redenAlgoritme, redenClaim, redenGeenClient,
	redenClient, redenHandtekening, redenGeenIat, redenToekomst, redenTeOud, redenVerlopen,
	redenNogNiet, redenGeenOrg, redenAndereOrg, redenComponent,
	redenCertificaat, redenGeenCertificaat, redenGeenOIN, redenAndereOIN, redenHeaderOIN,
}

// Reden gives the word for why Authenticate or Grant refused, one of Redenen; "" for any other error and nil.
func Reden(err error) string {
	var r reden
	if errors.As(err, &r) && slices.Contains(redenen, r) {
		return string(r)
	}
	return ""
}

// Redenen gives every word that Reden can give, so that counters can exist from the start.
func Redenen() []string {
	s := make([]string, len(redenen))
	for i, r := range redenen {
		s[i] = string(r)
	}
	return s
}

// weigering maps a reason to what the caller may hear. The two reasons that would tell which client
// ids exist share one text.
func weigering(r reden) *fout.Fout {
	code, detail := fout.CodeAanmeldenMislukt, ""
	switch r {
	case redenGeenToken:
		code, detail = fout.CodeNietAangemeld, "Stuur een token mee in de header Authorization, als Bearer."
	case redenTeGroot:
		detail = "Het token is groter dan 8 KiB; maak een kleiner token."
	case redenAlgoritme:
		detail = "Onderteken het token met HS256; iets anders wordt niet aanvaard."
	case redenClaim:
		detail = "Een van de claims in het token heeft niet de juiste vorm; raadpleeg de documentatie over tokens."
	case redenGeenClient:
		detail = "Neem de claim client_id op in het token."
	case redenClient, redenHandtekening:
		detail = "Het token wordt niet aanvaard; controleer client_id en geheim."
	case redenGeenIat:
		detail = "Neem de claim iat, het moment van uitgifte, op in het token."
	case redenToekomst:
		detail = "Het token is volgens de claim iat nog niet uitgegeven; zet de klok van de applicatie gelijk."
	case redenTeOud:
		detail = "Het token is te lang geleden uitgegeven; maak een nieuw token."
	case redenVerlopen:
		detail = "Het token is verlopen; maak een nieuw token."
	case redenNogNiet:
		detail = "Het token is nog niet geldig; wacht tot het moment in de claim nbf of maak een nieuw token."
	case redenGeenOrg:
		code, detail = fout.CodeOrganisatieOntbr, "Deze applicatie werkt voor meer organisaties; noem er een in de claim organisatie van het token."
	case redenAndereOrg:
		code, detail = fout.CodeGeenToestemming, "Deze applicatie is niet geregistreerd voor de organisatie in het token."
	case redenCertificaat:
		code, detail = fout.CodeGeenToestemming, "Het certificaat is verlopen, onleesbaar of van een onbekende uitgever; gebruik een geldig certificaat."
	case redenGeenCertificaat:
		code, detail = fout.CodeGeenToestemming, "Dit register eist een certificaat van de afnemer; maak verbinding met het certificaat van de organisatie."
	case redenGeenOIN:
		code, detail = fout.CodeGeenToestemming, "In het certificaat staat geen OIN; gebruik een certificaat met een OIN van 20 cijfers in subject.serialNumber."
	case redenAndereOIN:
		code, detail = fout.CodeGeenToestemming, "De OIN in het certificaat hoort niet bij de applicatie in het token; gebruik een certificaat met een OIN die voor haar geregistreerd staat."
	case redenHeaderOIN:
		code, detail = fout.CodeGeenToestemming, "De OIN in de header is een andere dan die in het certificaat; stuur de OIN van het certificaat."
	case redenComponent:
		code, detail = fout.CodeNietBeschikbaar, "De rechten van deze applicatie zijn nu niet op te vragen bij het Autorisatiecomponent; probeer het straks opnieuw."
	default:
		detail = "Het token is onleesbaar; stuur een JWT in drie delen, gescheiden door punten."
	}
	return fout.Wrap(code, detail, r)
}
