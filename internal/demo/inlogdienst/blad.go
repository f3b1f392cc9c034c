package inlogdienst

import (
	"html/template"
	"net/http"
	"net/url"
)

// doorgeven are the parameters that the form carries on.
var doorgeven = []string{"client_id", "redirect_uri", "response_type", "scope", "state", "nonce", "code_challenge", "code_challenge_method", "acr_values", "prompt", "max_age"}

// toon is the page on which somebody chooses who to be; melding says what is wrong with what was chosen.
func (d *Dienst) toon(w http.ResponseWriter, r *http.Request, q url.Values, melding string) {
	h := w.Header()
	h.Set("Content-Type", "text/html; charset=utf-8")
	// Only the address that browsers are sent back to may follow the form.
	h.Set("Content-Security-Policy", "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'")
	h.Set("Referrer-Policy", "no-referrer")
	h.Set("X-Content-Type-Options", "nosniff")
	in := struct {
		Pad, Fout, Melding, Gekozen, Nummer, Niveau string
		Opnieuw, Geheim                             bool
		Velden                                      map[string]string
		Personen                                    []Persoon
		Niveaus                                     []string
		Gaat                                        []gang
	}{
		Pad: d.pad + "/aanmelden", Fout: d.vraagt(q), Melding: melding, Gekozen: q.Get("persoon"), Nummer: q.Get("nummer"), Niveau: q.Get("niveau"), Opnieuw: q.Get("prompt") == "login", Geheim: q.Has("geheim"),
		Velden: map[string]string{}, Personen: d.o.Personen, Niveaus: niveaus, Gaat: gangen,
	}
	if in.Niveau == "" {
		in.Niveau = "Substantieel"
	}
	for _, naam := range doorgeven {
		if q.Has(naam) {
			in.Velden[naam] = q.Get(naam)
		}
	}
	if in.Fout != "" || melding != "" {
		w.WriteHeader(http.StatusBadRequest)
	}
	_ = blad.Execute(w, in) // an error means that the client went away
}

// gang is how a sign-in can go.
type gang struct{ Sleutel, Tekst string }

var gangen = []gang{
	{"", "goed"}, {"stoppen", "u stopt halverwege"}, {"storing", "de dienst heeft een storing"}, {"ondertekening", "iemand anders heeft het antwoord ondertekend"},
	{"nonce", "het antwoord hoort bij een andere browser"}, {"niveau", "het niveau is onbekend"}, {"nummer", "het BSN klopt niet"}, {"vreemd", "iemand treedt op voor een ander, op een manier die niet is ingesteld"},
}

var blad = template.Must(template.New("blad").Parse(`<!doctype html>
<html lang="nl" class="utrecht-root">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><meta name="color-scheme" content="light dark">
<title>Inlogdienst van de demonstratie</title><link rel="stylesheet" href="/ontwerp/verantwoord.css"><link rel="icon" href="/ontwerp/merk.svg"></head>
<body class="utrecht-document"><div class="utrecht-page-layout"><main class="utrecht-page-body" id="inhoud">
<div class="verantwoord-kolom">
<h1 class="utrecht-heading-1">Wie wilt u zijn?</h1>
{{if .Fout}}<div class="utrecht-alert utrecht-alert--error" role="alert"><div class="utrecht-alert__content"><p class="utrecht-paragraph">{{.Fout}} Ga terug en begin opnieuw.</p></div></div>
{{else}}<p class="utrecht-paragraph utrecht-paragraph--lead">In het echt staat hier DigiD of een andere dienst. Deze mensen bestaan niet, dus u hoeft niets te bewijzen.</p>
{{if .Opnieuw}}<p class="utrecht-paragraph">Het register wil zeker weten dat u er zelf nog zit. Kies opnieuw wie u bent.</p>{{end}}
{{with .Melding}}<div class="utrecht-alert utrecht-alert--error" role="alert"><div class="utrecht-alert__content"><p class="utrecht-paragraph">{{.}}</p></div></div>{{end}}
<form method="post" action="{{.Pad}}">
{{range $naam, $waarde := .Velden}}<input type="hidden" name="{{$naam}}" value="{{$waarde}}">
{{end}}<fieldset class="utrecht-form-fieldset"><legend class="utrecht-form-fieldset__legend">Persoon</legend>
{{range .Personen}}<div class="utrecht-form-field utrecht-form-field--radio">
<input class="utrecht-radio-button" type="radio" id="p-{{.Sleutel}}" name="persoon" value="{{.Sleutel}}"{{if eq .Sleutel $.Gekozen}} checked=""{{end}} aria-describedby="u-{{.Sleutel}}">
<label class="utrecht-form-label utrecht-form-label--radio" for="p-{{.Sleutel}}">{{.Naam}}</label>
<p class="utrecht-form-field-description" id="u-{{.Sleutel}}">{{.Uitleg}}</p></div>
{{end}}<div class="utrecht-form-field utrecht-form-field--radio">
<input class="utrecht-radio-button" type="radio" id="p-ander" name="persoon" value="ander"{{if eq $.Gekozen "ander"}} checked=""{{end}} aria-describedby="u-ander">
<label class="utrecht-form-label utrecht-form-label--radio" for="p-ander">Iemand anders</label>
<p class="utrecht-form-field-description" id="u-ander">Iemand uit de stad, of iemand over wie u zelf iets hebt vastgelegd. Typ het nummer hieronder.</p></div>
</fieldset>
<div class="utrecht-form-field"><label class="utrecht-form-label" for="nummer">Testnummer van iemand anders</label>
<p class="utrecht-form-field-description" id="u-nummer">Negen cijfers. Het begint met 9999.</p>
<input class="utrecht-textbox" type="text" id="nummer" name="nummer" value="{{.Nummer}}" inputmode="numeric" maxlength="11" autocomplete="off" aria-describedby="u-nummer"></div>
<div class="utrecht-form-field utrecht-form-field--checkbox"><input class="utrecht-checkbox" type="checkbox" id="geheim" name="geheim" value="ja"{{if .Geheim}} checked=""{{end}}>
<label class="utrecht-form-label utrecht-form-label--checkbox" for="geheim">Dit adres is geheim</label></div>
<div class="utrecht-form-field"><label class="utrecht-form-label" for="niveau">Niveau</label>
<select class="utrecht-select" id="niveau" name="niveau">{{range .Niveaus}}<option{{if eq . $.Niveau}} selected=""{{end}}>{{.}}</option>{{end}}</select></div>
<div class="utrecht-form-field"><label class="utrecht-form-label" for="gaat">Hoe het aanmelden gaat</label>
<select class="utrecht-select" id="gaat" name="gaat">{{range .Gaat}}<option value="{{.Sleutel}}">{{.Tekst}}</option>{{end}}</select></div>
<div class="verantwoord-knoppen"><button class="utrecht-button utrecht-button--primary-action" type="submit">Aanmelden</button>
<button class="utrecht-button utrecht-button--secondary-action" type="submit" name="stop" value="ja">Stoppen</button></div>
</form>{{end}}
</div></main></div></body></html>
`))
