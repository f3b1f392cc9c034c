package e2e

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"net/http"

	"github.com/google/uuid"
)

const (
	perWerk     = 400 // acties of one verwerking, so that asking for them takes few pages
	aantalSamen = 6   // acties that are changed together
)

// afnemer is one consumer: it logs, looks back and changes, one thing after another, and remembers what
// it was told.
type afnemer struct {
	b           *belasting
	client, bsn string

	werken    []string          // verwerkingIds under which it logs
	bevestigd map[string]logged // by actieNaam: each name was sent for one actie only
	recent    []string          // actieIds

	// samen are changed by PATCH, all at once, and los by PUT: each to a number that counts on.
	samen, los    string // their verwerkingId
	losID         string
	term, termUit int // acknowledged, sent
	naam, naamUit int
}

// logged is what is known of one actie that was sent.
type logged struct {
	id       string // "" as long as it was not acknowledged
	record   afdruk
	onbekend bool // the register said that it didn't know whether it was written, or said nothing at all
}

// newAfnemer gives a consumer that has logged what it will change.
func newAfnemer(b *belasting, client string) *afnemer {
	b.t.Helper()
	a := &afnemer{b: b, client: client, bsn: nieuweBSN(), bevestigd: map[string]logged{}, samen: uuid.NewString(), los: uuid.NewString()}
	first := func(werk, naam string) string {
		b.t.Helper()
		answer, _ := b.probeer(client, "", "POST", "", []byte(body(a.actie(werk, naam))), uuid.NewString(), http.StatusCreated)
		if answer == nil {
			b.t.Fatal("nothing can be logged at all")
		}
		m, _ := b.lees(answer)
		return id(m)
	}
	for range aantalSamen {
		first(a.samen, uuid.NewString())
	}
	a.losID = first(a.los, "Naam 0")
	return a
}

// actie is one about the person of this consumer.
func (a *afnemer) actie(werk, naam string) actie {
	return basis().with("verwerkingId", werk).with("actieNaam", naam).with("bewaartermijn", "P0D").
		with("verwerkteObjecten", []any{persoon(a.bsn, "Aanvrager", "Naam")})
}

// run works until it is told to stop.
func (a *afnemer) run() {
	for !a.b.gestaakt() {
		switch rand.N(12) {
		case 0:
			a.wijzigSamen()
		case 1:
			a.wijzigLos()
		case 2:
			a.kijkTerug()
		case 3:
			a.logEens()
		default:
			a.log()
		}
	}
}

// werk is the verwerkingId to log under now.
func (a *afnemer) werk() string {
	if len(a.bevestigd)%perWerk == 0 {
		a.werken = append(a.werken, uuid.NewString())
	}
	return a.werken[len(a.werken)-1]
}

// log logs an actie with a key, until it is acknowledged, and asks another node for it at once.
func (a *afnemer) log() {
	naam := uuid.NewString()
	sent := []byte(body(a.actie(a.werk(), naam)))
	answer, node := a.b.probeer(a.client, "", "POST", "", sent, uuid.NewString(), http.StatusCreated)
	if a.note(naam, answer) {
		a.leesTerug(node, a.bevestigd[naam])
	}
}

// logEens logs an actie without a key, once, whatever comes of it.
func (a *afnemer) logEens() {
	naam := uuid.NewString()
	status, answer := a.b.send(a.client, a.b.willekeurig(""), "POST", "", []byte(body(a.actie(a.werk(), naam))), "", http.StatusCreated)
	if status == http.StatusCreated {
		a.note(naam, answer)
		return
	}
	a.bevestigd[naam] = logged{onbekend: status == 0 || bytes.Contains(answer, []byte("nog niet bekend"))}
}

// note remembers what was acknowledged; no answer was told already.
func (a *afnemer) note(naam string, answer []byte) bool {
	if answer == nil {
		return false
	}
	m, record := a.b.lees(answer)
	a.bevestigd[naam] = logged{id: id(m), record: record}
	a.recent = append(a.recent[max(0, len(a.recent)-50):], naam)
	a.b.telling.bevestigd.Add(1)
	return true
}

// leesTerug asks another node for what was acknowledged.
func (a *afnemer) leesTerug(niet string, l logged) {
	answer, _ := a.b.probeer(a.client, niet, "GET", "/"+l.id, nil, "", http.StatusOK)
	if answer == nil {
		return // said already
	}
	if _, record := a.b.lees(answer); record != l.record {
		a.b.fout("a record is not what was acknowledged")
	}
	a.b.telling.gelezen.Add(1)
}

// kijkTerug asks for something of a while ago.
func (a *afnemer) kijkTerug() {
	if len(a.recent) > 0 {
		a.leesTerug("", a.bevestigd[a.recent[rand.N(len(a.recent))]])
	}
}

// wijzigSamen changes the acties of one verwerking at once.
func (a *afnemer) wijzigSamen() {
	a.termUit++
	status, _ := a.b.send(a.client, a.b.willekeurig(""), "PATCH", "?verwerkingId="+a.samen,
		[]byte(body(actie{"bewaartermijn": fmt.Sprintf("P%dD", a.termUit)})), "", http.StatusNoContent)
	if status == http.StatusNoContent {
		a.term = a.termUit
		a.b.telling.gewijzigd.Add(1)
	}
}

// wijzigLos changes one actie.
func (a *afnemer) wijzigLos() {
	a.naamUit++
	status, _ := a.b.send(a.client, a.b.willekeurig(""), "PUT", "/"+a.losID,
		[]byte(body(a.actie(a.los, fmt.Sprintf("Naam %d", a.naamUit)))), "", http.StatusOK)
	if status == http.StatusOK {
		a.naam = a.naamUit
		a.b.telling.gewijzigd.Add(1)
	}
}

// controleer compares all that was acknowledged with what there is.
func (a *afnemer) controleer() {
	gezien := map[string]bool{}
	for _, werk := range a.werken {
		for _, m := range a.b.zoek(a.client, werk) {
			naam := m["actieNaam"].(string)
			l, sent := a.bevestigd[naam]
			switch {
			case !sent:
				a.b.fout("there is a record that nobody sent")
			case gezien[naam]:
				a.b.fout("a record is there twice")
			case l.id == "" && !l.onbekend:
				a.b.fout("a record is there that was refused, without a word that it might be")
			case l.id != "" && (l.id != id(m) || l.record != vat(m)):
				a.b.fout("a record is not what was acknowledged")
			}
			gezien[naam] = true
		}
	}
	for naam, l := range a.bevestigd {
		if l.id != "" && !gezien[naam] {
			a.b.fout("an acknowledged record is lost")
		}
	}
	list := a.b.zoek(a.client, a.samen)
	if len(list) != aantalSamen {
		a.b.fout("%d acties are changed together, want %d", len(list), aantalSamen)
	}
	for _, m := range list {
		if m["bewaartermijn"] != list[0]["bewaartermijn"] {
			a.b.fout("a change is half there: %v and %v", m["bewaartermijn"], list[0]["bewaartermijn"])
		}
		a.tussen(m["bewaartermijn"], "P%dD", a.term, a.termUit)
	}
	list = a.b.zoek(a.client, a.los)
	if len(list) != 1 {
		a.b.fout("%d acties of one", len(list))
	}
	for _, m := range list {
		a.tussen(m["actieNaam"], "Naam %d", a.naam, a.naamUit)
	}
}

// tussen checks that what is stored is what was acknowledged last, or something that was sent since.
func (a *afnemer) tussen(v any, format string, bevestigd, verstuurd int) {
	stored := 0
	if _, err := fmt.Sscanf(v.(string), format, &stored); err != nil || stored < bevestigd || stored > verstuurd {
		a.b.fout("a change to %d was acknowledged, and stored is %v", bevestigd, v)
	}
}
