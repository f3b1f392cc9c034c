package server

import (
	"encoding/json"
	"net/http"
	"strings"

	"github.com/google/uuid"
)

// What must be refused, and nothing beside it.

// bulkUitkomst is a line of the answer to a stream.
type bulkUitkomst struct {
	Regel, Status int
	ActieID       string
	Fout          json.RawMessage
}

func uitkomsten(b []byte) (uit []bulkUitkomst) {
	for regel := range strings.Lines(string(b)) {
		var u bulkUitkomst
		if json.Unmarshal([]byte(regel), &u) == nil { // one that was cut off was not answered
			uit = append(uit, u)
		}
	}
	return uit
}

// bulk sends a stream with lines that are no good between those that are.
func (p *reeks) bulk() {
	client := kies(p, "alles", "gewoon", "leverancier")
	var lijnen []string
	var want []int
	for range 4 + p.r.IntN(9) {
		lijf, status := p.lijf("normaal"), http.StatusCreated
		tekst := ""
		switch p.r.IntN(9) {
		case 0:
			tekst, status = `{"actieNaam": "half `, http.StatusBadRequest
		case 1:
			lijf["tijdstip"], status = "gisteren", http.StatusBadRequest
		case 2:
			lijf["verwerkteObjecten"].([]any)[0].(map[string]any)["objectId"], status = "", http.StatusBadRequest
		case 3:
			lijf["vertrouwelijkheid"], status = "opgeheven", http.StatusForbidden
		case 4:
			if lijf["vertrouwelijkheid"] = "vertrouwelijk"; client != "alles" {
				status = http.StatusForbidden
			}
		case 5:
			lijf["gebruiker"], status = strings.Repeat("x", 2<<20), http.StatusRequestEntityTooLarge
		}
		if tekst == "" {
			tekst = string(p.json(lijf))
		}
		lijnen, want = append(lijnen, tekst), append(want, status)
	}
	_, b, err := p.stuur(client, "POST", acties+"/_bulk", []byte(strings.Join(lijnen, "\n")+"\n"), "Content-Type", "application/x-ndjson")
	uit := uitkomsten(b)
	if err != nil || len(uit) != len(want) {
		p.Fatalf("a stream of %d lines has %d answers, %v", len(want), len(uit), err)
	}
	for i, u := range uit {
		if u.Regel != i+1 || u.Status != want[i] {
			p.Fatalf("line %d of a stream: status %d, want %d: %s", i+1, u.Status, want[i], u.Fout)
		}
		if u.Status == http.StatusCreated {
			p.took(p.haal(&vastgelegd{id: u.ActieID}))
		}
	}
}

// weiger tries what must be refused, whatever it is about.
func (p *reeks) weiger() {
	a := p.actie()
	for _, pad := range []string{"", "/versies", "/bewijs"} {
		p.want(http.StatusUnauthorized, kies(p, "", "vreemd"), "GET", acties+"/"+a.id+pad, nil)
		p.want(http.StatusNotFound, "ander", "GET", acties+"/"+a.id+pad, nil)
	}
	methode := kies(p, "PUT", "DELETE")
	var lijf any
	if methode == "PUT" {
		lijf = p.lijf("normaal")
	}
	p.want(http.StatusUnauthorized, "vreemd", methode, acties+"/"+a.id, lijf)
	p.want(http.StatusForbidden, kies(p, "niets", "leverancier"), methode, acties+"/"+a.id, lijf)
	p.want(http.StatusBadRequest, "ander", methode, acties+"/"+a.id, lijf)
	p.want(http.StatusForbidden, kies(p, "niets", "leverancier"), "GET", acties+"/"+a.id, nil)
	p.want(http.StatusForbidden, kies(p, "gewoon", "niets", "leverancier"), "GET", acties+"/"+a.id+"/versies", nil)
	p.want(http.StatusUnauthorized, "vreemd", "POST", acties, p.lijf("normaal"))
	p.want(http.StatusForbidden, "gewoon", "POST", acties+"/_zoek", p.vraag(p.personen[0])) // it does not leave out what is confidential
	for _, pad := range []string{"/bewerking/api/v1/iets", "/iets", "/bewijs/" + oinBewijs + "/iets", acties + "/" + a.id + "/iets"} {
		p.want(http.StatusNotFound, "alles", "GET", pad, nil)
	}
	p.want(http.StatusForbidden, "gewoon", "GET", "/bewijs/"+oinBewijs+"/checkpoint/nieuw", nil)
	if a.klasse() != "normaal" && !a.nu().vervallen {
		p.want(http.StatusForbidden, "gewoon", "GET", acties+"/"+a.id, nil)
	}
	onbekend := uuid.NewString()
	p.want(http.StatusNotFound, "alles", "GET", acties+"/"+onbekend, nil)
	p.want(http.StatusNotFound, "alles", "GET", acties+"/"+onbekend+"/versies", nil)
}
