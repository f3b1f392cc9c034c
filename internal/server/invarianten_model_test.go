package server

import (
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"math/rand/v2"
	"net/http"
	"os/exec"
	"slices"
	"testing"
	"time"

	"github.com/verantwoord/verantwoord/internal/bewijs"
)

// reeks is one random sequence over one register, and the model of what must be in it.
type reeks struct {
	*testing.T
	r               *rand.Rand
	store, sleutels string
	logboek         string // what the process writes about itself
	merk            string // stands in each text of this sequence, and nowhere else
	http            *http.Client

	proces  *exec.Cmd
	adem    io.Closer // the process lives while it is open
	url     string
	vooruit time.Duration

	personen     []string // the numbers that there are
	verwerkingen []string
	acties       []*vastgelegd
	opgevraagd   int // inquiries that were logged
	nummer       int // of texts
	gevallen     int // requests at a kill
	beantwoord   int // and those that were answered

	draaiingen  int // rotations
	rijp        int // how many of them are long enough in use to be rewritten with
	herschreven int // and with how many all was rewritten
	punt        bewijs.Checkpoint
	bladen      []bewijs.Hash // as in the newest checkpoint
}

// vastgelegd is all that was acknowledged of one actie.
type vastgelegd struct {
	id      string
	versies []versie
}

// versie is one version as it was answered.
type versie struct {
	operatie  string
	inhoud    map[string]any
	vervallen bool
	ooit      bool // it or one before it is confidential
}

func (a *vastgelegd) nu() *versie { return &a.versies[len(a.versies)-1] }

// klasse is the effective class of R-216.
func (a *vastgelegd) klasse() string {
	v := a.nu()
	switch klasse := v.inhoud["vertrouwelijkheid"].(string); {
	case klasse == "normaal" && v.ooit:
		return "opgeheven"
	default:
		return klasse
	}
}

func (a *vastgelegd) erbij(operatie string, inhoud map[string]any) {
	ooit := inhoud["vertrouwelijkheid"] != "normaal" || len(a.versies) > 0 && a.nu().ooit
	a.versies = append(a.versies, versie{operatie: operatie, inhoud: inhoud, ooit: ooit})
}

func objecten(inhoud map[string]any) (uit []map[string]any) {
	for _, o := range inhoud["verwerkteObjecten"].([]any) {
		uit = append(uit, o.(map[string]any))
	}
	return uit
}

func over(inhoud map[string]any, persoon string) bool {
	return slices.ContainsFunc(objecten(inhoud), func(o map[string]any) bool { return o["objectId"] == persoon })
}

func kies[T any](p *reeks, uit ...T) T { return uit[p.r.IntN(len(uit))] }

func (p *reeks) actie() *vastgelegd { return kies(p, p.acties...) }

// levend gives some that were not deleted, in random order.
func (p *reeks) levend(max int) (uit []*vastgelegd) {
	for _, k := range p.r.Perm(len(p.acties)) {
		if a := p.acties[k]; !a.nu().vervallen && len(uit) < max {
			uit = append(uit, a)
		}
	}
	return uit
}

// tekst gives a text that is nowhere else.
func (p *reeks) tekst(wat string) string {
	p.nummer++
	return fmt.Sprintf("%s %s-%d", wat, p.merk, p.nummer)
}

// lijf is what is sent to log or to change.
func (p *reeks) lijf(klasse string) map[string]any {
	personen := []any{}
	for range p.r.IntN(3) + 1 {
		personen = append(personen, map[string]any{
			"objecttype": "persoon", "soortObjectId": "BSN", "objectId": kies(p, p.personen...), "betrokkenheid": p.tekst("Getuige"),
			"verwerkteSoortenGegevens": []any{map[string]any{"soortGegeven": p.tekst("Adres")}},
		})
	}
	return map[string]any{
		"actieNaam": p.tekst("Ophalen"), "handelingNaam": p.tekst("Intake"), "verwerkingNaam": p.tekst("Huwelijk"), "verwerkingId": kies(p, p.verwerkingen...),
		"verwerkingsactiviteitId": "5f0bef4c-f66f-4311-84a5-19e8bf359eaf", "verwerkingsactiviteitUrl": nil, "vertrouwelijkheid": klasse, "bewaartermijn": "P5Y",
		"uitvoerder": nil, "systeem": p.tekst("Balie"), "gebruiker": p.tekst("u"), "gegevensbron": p.tekst("Bron"), "soortAfnemerId": "BSN", "afnemerId": kies(p, p.personen...),
		"verwerkingsactiviteitIdAfnemer": nil, "verwerkingsactiviteitUrlAfnemer": nil, "verwerkingIdAfnemer": nil,
		"tijdstip": kies(p, "2024-03-30T12:00:00+01:00", "2024-03-31T23:59:59+02:00", "2024-04-01T00:00:00+02:00"), "verwerkteObjecten": personen,
	}
}

func (p *reeks) json(v any) []byte {
	p.Helper()
	b, err := json.Marshal(v)
	if err != nil {
		p.Fatal(err)
	}
	return b
}

// want sends a request whose answer must have this status, and gives the object in it.
func (p *reeks) want(status int, client, methode, pad string, body any, koppen ...string) map[string]any {
	p.Helper()
	var in []byte
	if body != nil {
		in = p.json(body)
	}
	got, b, err := p.stuur(client, methode, pad, in, koppen...)
	if err != nil || got != status {
		p.Fatalf("%s %s %s: status %d, want %d: %s %v", client, methode, pad, got, status, b, err)
	}
	if len(b) == 0 || b[0] != '{' {
		return nil
	}
	return p.ontleed(b)
}

func (p *reeks) ontleed(b []byte) (m map[string]any) {
	p.Helper()
	if err := json.Unmarshal(b, &m); err != nil {
		p.Fatal(err)
	}
	return m
}

func (p *reeks) took(m map[string]any) {
	a := &vastgelegd{id: m["actieId"].(string)}
	a.erbij("POST", m)
	p.acties = append(p.acties, a)
}

func (p *reeks) log() {
	client, klasse := kies(p, "alles", "gewoon", "leverancier", "alles"), kies(p, "normaal", "normaal", "vertrouwelijk", "opgeheven")
	if klasse == "opgeheven" || klasse == "vertrouwelijk" && client != "alles" {
		p.want(http.StatusForbidden, client, "POST", acties, p.lijf(klasse))
		return
	}
	p.took(p.want(http.StatusCreated, client, "POST", acties, p.lijf(klasse)))
}

const toelichting = "X-Audit-Toelichting"

func (p *reeks) wijzig() {
	a, client, klasse := p.actie(), kies(p, "alles", "alles", "gewoon"), kies(p, "normaal", "vertrouwelijk", "opgeheven")
	status := http.StatusOK
	switch was := a.nu().inhoud["vertrouwelijkheid"]; {
	case a.nu().vervallen:
		status = http.StatusBadRequest
	case client == "gewoon" && (a.klasse() != "normaal" || klasse != "normaal"), klasse == "opgeheven" && was != "opgeheven":
		status = http.StatusForbidden
	}
	m := p.want(status, client, "PUT", acties+"/"+a.id, p.lijf(klasse), toelichting, p.tekst("Hersteld"))
	if status == http.StatusOK {
		a.erbij("PUT", m)
	}
}

// hefOp changes the class of all acties of one verwerking, mostly to lift that they are confidential.
func (p *reeks) hefOp() {
	verwerking, klasse := kies(p, p.verwerkingen...), kies(p, "opgeheven", "opgeheven", "vertrouwelijk", "normaal")
	pad := acties + "?verwerkingId=" + verwerking
	wijziging := map[string]any{"vertrouwelijkheid": klasse}
	p.want(http.StatusForbidden, "gewoon", "PATCH", pad, wijziging)
	var raakt []*vastgelegd
	for _, a := range p.acties {
		if !a.nu().vervallen && a.nu().inhoud["verwerkingId"] == verwerking {
			raakt = append(raakt, a)
		}
	}
	if len(raakt) == 0 {
		p.want(http.StatusBadRequest, "alles", "PATCH", pad, wijziging)
		return
	}
	p.want(http.StatusNoContent, "alles", "PATCH", pad, wijziging, toelichting, p.tekst("Onderzoek"))
	for _, a := range raakt {
		inhoud := maps.Clone(a.nu().inhoud)
		inhoud["vertrouwelijkheid"] = klasse
		nu := p.haal(a)
		inhoud["tijdstipRegistratie"] = nu["tijdstipRegistratie"]
		p.gelijk("a PATCH", a, nu, inhoud)
		a.erbij("PATCH", nu)
	}
}

func (p *reeks) verwijder() {
	a, client := p.actie(), kies(p, "alles", "gewoon")
	status := http.StatusNoContent
	switch {
	case a.nu().vervallen:
		status = http.StatusBadRequest
	case client == "gewoon" && a.klasse() != "normaal":
		status = http.StatusForbidden
	}
	p.want(status, client, "DELETE", acties+"/"+a.id, nil, toelichting, p.tekst("Dubbel"))
	if status == http.StatusNoContent {
		v := *a.nu()
		v.operatie, v.vervallen = "DELETE", true
		a.versies = append(a.versies, v)
	}
}

// haal gives the newest state, to one who may see all.
func (p *reeks) haal(a *vastgelegd) map[string]any {
	p.Helper()
	p.opgevraagd++
	return p.want(http.StatusOK, "alles", "GET", acties+"/"+a.id, nil)
}

func (p *reeks) gelijk(wat string, a *vastgelegd, got, want map[string]any) {
	p.Helper()
	if x, y := string(p.json(got)), string(p.json(want)); x != y {
		p.Fatalf("%s of %s shows %s, want %s", wat, a.id, x, y)
	}
}
