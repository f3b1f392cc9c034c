// Command portaal is the smallest mijn-omgeving that shows its citizens who used their data: in its own page and theme, with the views of the
// register. Nobody sees anything of which it was not logged that they looked.
package main

import (
	"bytes"
	"encoding/json"
	"html/template"
	"io"
	"log"
	"net/http"
	"os"
	"strings"
	"time"

	"github.com/verantwoord/verantwoord/sdk"
)

const pad = "/mijn/gegevens" // of the page: links of the piece are made on it

// The page of the town; the piece of the register stands in it as it came. Without one it says the same whatever the reason: of some citizens
// nothing is shown here, and why is for nobody to read.
var pagina = template.Must(template.New("").Parse(`<!doctype html>
<html lang="nl" class="utrecht-root"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>Wie gebruikte uw gegevens? · Mijn Voorbeeldstad</title>
<link rel="stylesheet" href="{{.Register}}/ontwerp/verantwoord.css"><link rel="stylesheet" href="/thema.css"></head>
<body class="utrecht-document"><header class="kop">Mijn Voorbeeldstad</header><main><h1 class="utrecht-heading-1">Wie gebruikte uw gegevens?</h1>
{{with .Stuk}}{{.}}{{else}}<p class="utrecht-paragraph">Dit lukt hier nu niet. Probeer het over een minuut opnieuw, of
<a class="utrecht-link" href="{{.Register}}/mijn/">bekijk uw overzicht op de pagina's van het register</a>.</p>{{end}}</main></body></html>`))

// thema comes after the stylesheet of the register, so its tokens win: in the dark too, since this town has no dark pages.
const thema = `:root:root { --verantwoord-kleur-papier: #fff; --verantwoord-kleur-vlak: #f5f0f7; --verantwoord-kleur-lijn: #ddd0e2;
  --verantwoord-kleur-rand: #7c6a84; --verantwoord-kleur-inkt: #211626; --verantwoord-kleur-inkt-zacht: #574a5d;
  --verantwoord-kleur-accent: #6a1b7a; --verantwoord-kleur-accent-sterk: #47104f; --verantwoord-kleur-op-accent: #fff;
  --utrecht-focus-outline-color: #0c1417; --utrecht-document-font-family: Georgia, serif; color-scheme: light; }
.kop { background: #6a1b7a; color: #fff; padding: .5rem 1rem; font-size: 1.25rem; } main { max-width: 56rem; margin: auto; padding: 1rem; }`

type portaal struct {
	adres, oin string         // of the register, of the town
	activiteit sdk.Activiteit // "Tonen van eigen gegevens", of this portal alone
	log        *sdk.Client
	wie        func(*http.Request) (bsn string) // whom your own sign-in knows, at level substantieel; "" = nobody
}

func (p *portaal) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	bsn := p.wie(r)
	if bsn == "" {
		http.Error(w, "Meld u eerst aan.", http.StatusUnauthorized)
		return
	}
	stuk, status, err := p.stuk(r, bsn)
	if status == http.StatusBadRequest && r.URL.RawQuery != "" { // an old link, or a period that can't be: begin again
		http.Redirect(w, r, pad, http.StatusSeeOther)
		return
	}
	w.Header().Set("Cache-Control", "no-store")
	if err != nil || status != http.StatusOK {
		log.Print("overzicht niet getoond: ", status, " ", err)
		w.WriteHeader(http.StatusServiceUnavailable)
		stuk = ""
	}
	pagina.Execute(w, map[string]any{"Register": p.adres, "Stuk": stuk}) // an error means that the browser went away
}

// stuk logs that the citizen looks, and only then asks. What comes with a place in a list is a page of a look that was logged.
func (p *portaal) stuk(r *http.Request, bsn string) (template.HTML, int, error) {
	d := sdk.Doorgave{OIN: p.oin, ActiviteitID: p.activiteit.ID, ActiviteitURL: p.activiteit.URL}
	vraag := map[string]string{"soortObjectId": "BSN", "objectId": bsn, "basis": pad, "taal": "nl"}
	for _, naam := range []string{"van", "tot", "doel", "organisatie", "wijze", "p", "gebruik"} { // as they stand in links and form of the piece
		vraag[naam] = r.URL.Query().Get(naam)
	}
	if vraag["p"] == "" {
		d.VerwerkingID = sdk.NewVerwerkingID()
		v := sdk.Verwerking{
			Activiteit: d.ActiviteitID, ActiviteitURL: d.ActiviteitURL, VerwerkingID: d.VerwerkingID, ActieNaam: "Tonen verwerkingen",
			VerwerkingNaam: "Bekijken van het eigen overzicht", Bewaartermijn: "P2Y", Objecten: []sdk.Object{sdk.BSN(bsn, "Betrokkene", "Verwerkingen")},
		}
		actie := v.Actie(time.Now())
		actie.SoortAfnemerID, actie.AfnemerID = "BSN", bsn // the data go to the citizen
		if _, err := p.log.Log(r.Context(), actie); err != nil {
			return "", 0, err
		}
	}
	token, err := p.log.Token()
	if err != nil {
		return "", 0, err
	}
	body, _ := json.Marshal(vraag) // texts alone: it can't fail
	q, err := http.NewRequestWithContext(r.Context(), http.MethodPost, p.adres+"/inzage/api/v1/overzicht", bytes.NewReader(body))
	if err != nil {
		return "", 0, err
	}
	d.Zet(q.Header)
	q.Header.Set("Content-Type", "application/json")
	q.Header.Set("Accept", "text/html")
	q.Header.Set("Authorization", "Bearer "+token)
	a, err := (&http.Client{Timeout: 20 * time.Second}).Do(q)
	if err != nil {
		return "", 0, err
	}
	defer a.Body.Close()
	b, err := io.ReadAll(io.LimitReader(a.Body, 8<<20))
	return template.HTML(b), a.StatusCode, err // whole, or not at all; the register escaped every text in it
}

func nieuw(env func(string) string, wie func(*http.Request) string) (http.Handler, error) {
	p := &portaal{adres: strings.TrimSuffix(env("REGISTER"), "/"), oin: env("OIN"), wie: wie}
	p.activiteit.URL = env("ACTIVITEIT_URL")
	err := p.activiteit.ID.UnmarshalText([]byte(env("ACTIVITEIT")))
	if err != nil {
		return nil, err
	}
	p.log, err = sdk.New(sdk.Instellingen{URL: p.adres, ClientID: env("CLIENT_ID"), Geheim: []byte(env("GEHEIM")), Organisatie: p.oin, Systeem: "Mijn Voorbeeldstad 1.0"})
	mux := http.NewServeMux()
	mux.Handle("GET "+pad, p)
	mux.HandleFunc("GET /thema.css", func(w http.ResponseWriter, r *http.Request) {
		http.ServeContent(w, r, "thema.css", time.Time{}, strings.NewReader(thema))
	})
	return mux, err
}

func main() {
	h, err := nieuw(os.Getenv, func(*http.Request) string { return os.Getenv("BSN") }) // put your own sign-in here
	if err != nil {
		log.Fatal(err)
	}
	log.Fatal(http.ListenAndServe("127.0.0.1:8081", h))
}
