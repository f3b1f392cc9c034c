package sdk

import (
	"encoding/json"
	"net/http"
	"regexp"
	"strconv"

	"github.com/google/uuid"
)

// probleem is why a caller gets no data, as it hears it (RFC 9457), and why, as the operator does.
type probleem struct {
	code   string
	detail string // in place of that of the code
	params []Param
	soort  string // what is counted
	reden  error
	vast   bool // to ask again won't help
}

// problemen maps the codes to status, title and the sentence for a person.
var problemen = map[string]struct {
	status        int
	titel, detail string
}{
	"invalid":           {http.StatusBadRequest, "Ongeldige invoer.", "Er klopt iets niet in wat is gestuurd; zie invalidParams."},
	"personen_onbekend": {http.StatusBadRequest, "Onbekend om wie het gaat.", "Uit de vraag blijkt niet over welke persoon gegevens worden gevraagd; stuur de vraag zoals de documentatie van deze API haar beschrijft."},
	"not_authenticated": {http.StatusUnauthorized, "Niet aangemeld.", "Niet bewezen is wie dit vraagt; stuur een geldig token mee in de header Authorization, of maak verbinding met het certificaat van de organisatie."},

	"oin_niet_van_afnemer":          {http.StatusForbidden, "OIN van een ander.", "De OIN in de header hoort niet bij wie dit vraagt; stuur een OIN die voor deze afnemer is geregistreerd."},
	"geen_doelbinding":              {http.StatusForbidden, "Geen doelbinding.", "Deze gegevens zijn voor deze afnemer en deze verwerkingsactiviteit niet toegestaan; vraag de aanbieder om de levering te regelen."},
	"vertrouwelijk_niet_toegestaan": {http.StatusForbidden, "Vertrouwelijk niet toegestaan.", "Deze afnemer mag voor deze verwerkingsactiviteit niet om vertrouwelijkheid vragen; vraag de aanbieder om dat recht."},

	"te_groot": {http.StatusRequestEntityTooLarge, "Te groot.", "De vraag is te groot; maak haar kleiner."},

	"log_niet_beschikbaar":         {http.StatusServiceUnavailable, "Even niet beschikbaar.", "Dit is niet vast te leggen in het register, en zonder vastlegging worden geen gegevens geleverd; probeer het later opnieuw."},
	"doelbinding_niet_beschikbaar": {http.StatusServiceUnavailable, "Even niet beschikbaar.", "Nu is niet na te gaan of deze gegevens zijn toegestaan; probeer het later opnieuw."},

	"geen_personen_opgegeven": {http.StatusInternalServerError, "Antwoord niet getoond.", "Dit programma zegt niet over wie het antwoord gaat, en daarom is het niet getoond; meld dit bij de aanbieder."},
	"antwoord_te_groot":       {http.StatusInternalServerError, "Antwoord niet getoond.", "Het antwoord is te groot om vast te leggen voordat het wordt getoond; stel een vraag met minder resultaten."},
	"error":                   {http.StatusInternalServerError, "Er is een fout opgetreden.", "Er ging iets mis bij de aanbieder; probeer het later opnieuw en noem bij een melding de waarde van instance."},
}

// probleemJSON is what is sent, in the order of the register.
type probleemJSON struct {
	Type          string  `json:"type"`
	Code          string  `json:"code"`
	Title         string  `json:"title"`
	Status        int     `json:"status"`
	Detail        string  `json:"detail"`
	Instance      string  `json:"instance"`
	InvalidParams []Param `json:"invalidParams,omitempty"`
}

// schrijf answers with a problem.
func (p *probleem) schrijf(w http.ResponseWriter) {
	k := problemen[p.code]
	j := probleemJSON{Code: p.code, Title: k.titel, Status: k.status, Detail: k.detail, InvalidParams: p.params}
	if p.detail != "" {
		j.Detail = p.detail
	}
	switch k.status {
	case http.StatusUnauthorized:
		w.Header().Set("WWW-Authenticate", "Bearer")
	case http.StatusServiceUnavailable:
		if !p.vast {
			w.Header().Set("Retry-After", "1")
		}
	}
	j.schrijf(w)
}

func (j *probleemJSON) schrijf(w http.ResponseWriter) {
	j.Type, j.Instance = "about:blank", "urn:uuid:"+uuid.NewString()
	body, err := json.Marshal(j)
	if err != nil {
		body = nil // strings and numbers: it can't fail
	}
	h := w.Header()
	h.Set("Content-Type", "application/problem+json")
	h.Set("Content-Length", strconv.Itoa(len(body)))
	nietBewaren(h)
	w.WriteHeader(j.Status)
	_, _ = w.Write(body)
}

// codeVorm is what a code may look like. reeksCijfers may be the number of a person, so a code with one isn't passed on.
var (
	codeVorm     = regexp.MustCompile(`^[a-z0-9_]{1,64}$`)
	reeksCijfers = regexp.MustCompile(`[0-9]{7}`)
)

// schrijfNaam answers in the name of a handler that failed without saying who its answer is about: nothing of that
// answer is passed on but the status and the code.
func schrijfNaam(w http.ResponseWriter, status int, body []byte) {
	var van struct {
		Code string `json:"code"`
	}
	if json.Unmarshal(body, &van) != nil || !codeVorm.MatchString(van.Code) || reeksCijfers.MatchString(van.Code) {
		van.Code = "error"
	}
	j := probleemJSON{
		Code: van.Code, Title: "De vraag is niet beantwoord.", Status: status,
		Detail: "De aanbieder beantwoordt deze vraag niet; de status en de code zeggen waarom.",
	}
	j.schrijf(w)
}
