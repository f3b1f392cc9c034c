package server

import (
	"bytes"
	"context"
	"fmt"
	"net/http"
	"strconv"
	"sync"

	"github.com/google/uuid"

	"github.com/verantwoord/verantwoord/internal/betrokkene"
	"github.com/verantwoord/verantwoord/internal/hersleuteling"
	"github.com/verantwoord/verantwoord/internal/store/postgres"
	"github.com/verantwoord/verantwoord/internal/store/sqlite"
)

// What happens to the register as a whole: other keys, rewriting, a kill, an index that is made anew.

// draai makes new keys, and has them taken into use.
func (p *reeks) draai() {
	soorten := []string{kies(p, betrokkene.SoortHandle, betrokkene.SoortZegel)}
	for _, soort := range betrokkene.Soorten {
		if p.r.IntN(2) == 0 && soort != soorten[0] {
			soorten = append(soorten, soort)
		}
	}
	for _, soort := range soorten {
		if _, err := betrokkene.Nieuw(p.sleutels, oinBewijs, soort); err != nil {
			p.Fatal(err)
		}
	}
	p.later(0)
	p.log()
	p.later(betrokkene.Wachttijd)
	p.log()
	p.draaiingen++
}

// rijpen lets time pass until what is there may be rewritten.
func (p *reeks) rijpen() {
	if p.draaiingen == 0 {
		p.draai()
	}
	if p.rijp < p.draaiingen {
		p.later(hersleuteling.Rust)
		p.rijp = p.draaiingen
	}
}

func (p *reeks) aantal() (oud, n int) {
	if _, err := fmt.Sscan(p.zeg("oud"), &oud, &n); err != nil {
		p.Fatal(err)
	}
	return oud, n
}

// herschrijfDeels rewrites some of the first versions.
func (p *reeks) herschrijfDeels() {
	p.rijpen()
	_, n := p.aantal()
	for van := 0; van < n/2; {
		volgende, err := strconv.Atoi(p.zeg(fmt.Sprintf("stuk?van=%d&max=%d", van, 1+p.r.IntN(8))))
		if err != nil || volgende <= van {
			p.Fatalf("rewriting goes from %d to %d, %v", van, volgende, err)
		}
		van = volgende
	}
}

func (p *reeks) herschrijf() {
	p.rijpen()
	p.zeg("herschrijf")
	p.herschreven = p.draaiingen
	if oud, n := p.aantal(); oud > 0 {
		p.Fatalf("%d of %d versions are under an old key after rewriting", oud, n)
	}
}

// val kills the register while it logs, changes and rewrites, and then asks what became of that.
func (p *reeks) val() {
	if p.herschreven == p.draaiingen {
		p.draai()
	}
	p.rijpen()
	type verzoek struct {
		methode, pad, sleutel string
		lijf                  []byte
		a                     *vastgelegd
		status                int
		uit                   []byte
	}
	var alle []*verzoek
	var rijen [][]*verzoek // each one after the other
	for range 4 {
		var rij []*verzoek
		for range 12 {
			rij = append(rij, &verzoek{methode: "POST", pad: acties, sleutel: uuid.NewString(), lijf: p.json(p.lijf(kies(p, "normaal", "vertrouwelijk")))})
		}
		rijen = append(rijen, rij)
	}
	for _, a := range p.levend(3) {
		rijen = append(rijen, []*verzoek{{methode: "PUT", pad: acties + "/" + a.id, lijf: p.json(p.lijf("vertrouwelijk")), a: a}})
	}
	stroom := &verzoek{methode: "POST", pad: acties + "/_bulk", sleutel: uuid.NewString()}
	for range 30 {
		stroom.lijf = append(append(stroom.lijf, p.json(p.lijf("normaal"))...), '\n')
	}
	rijen = append(rijen, []*verzoek{stroom})
	stuur := func(v *verzoek) (int, []byte, error) {
		soort := "application/json"
		if v == stroom {
			soort = "application/x-ndjson"
		}
		koppen := []string{"Content-Type", soort}
		if v.sleutel != "" {
			koppen = append(koppen, "Idempotency-Key", v.sleutel)
		}
		return p.stuur("alles", v.methode, v.pad, v.lijf, koppen...)
	}
	gehoord := make(chan *verzoek, len(rijen)*12)
	var vragen, werk sync.WaitGroup
	for _, rij := range rijen {
		alle = append(alle, rij...)
		vragen.Go(func() {
			for _, v := range rij {
				status, b, err := stuur(v)
				if v.uit = b; err != nil {
					return
				}
				v.status = status
				gehoord <- v
			}
		})
	}
	werk.Go(func() { // and rewriting goes on
		for van := 0; ; van += 2 {
			if _, _, err := p.stuur("", "POST", fmt.Sprintf("/_proef/stuk?van=%d&max=2", van), nil); err != nil {
				return
			}
		}
	})
	werk.Go(func() { vragen.Wait(); close(gehoord) })
	for range 1 + p.r.IntN(40) { // of the 49 and more
		<-gehoord
	}
	p.einde()
	werk.Wait()
	for _, v := range alle {
		if p.gevallen++; v.status != 0 {
			p.beantwoord++
		}
	}
	p.begin()
	p.later(0)

	for _, v := range alle {
		switch {
		case v == stroom:
			_, b, err := stuur(v)
			nu := uitkomsten(b)
			if err != nil || len(nu) != 30 {
				p.Fatalf("a stream again: %d answers, %v", len(nu), err)
			}
			for i, u := range uitkomsten(v.uit) {
				if u.Status != http.StatusCreated || nu[i].ActieID != u.ActieID {
					p.Fatalf("line %d was acknowledged with %d as %s, and is now %s", i+1, u.Status, u.ActieID, nu[i].ActieID)
				}
			}
			for _, u := range nu {
				if u.Status != http.StatusCreated {
					p.Fatalf("line %d of a stream again: %d %s", u.Regel, u.Status, u.Fout)
				}
				p.took(p.haal(&vastgelegd{id: u.ActieID}))
			}
		case v.methode == "POST":
			status, b, err := stuur(v)
			if err != nil || status != http.StatusCreated || v.status != 0 && (v.status != status || !bytes.Equal(b, v.uit)) {
				p.Fatalf("a record that was answered with %d %s is now answered with %d %s %v", v.status, v.uit, status, b, err)
			}
			p.took(p.ontleed(b))
		default:
			nu := p.haal(v.a)
			gevraagd := p.ontleed(v.lijf)["actieNaam"]
			if v.status != 0 && v.status != http.StatusOK {
				p.Fatalf("a change is answered with %d %s", v.status, v.uit)
			}
			if v.status == http.StatusOK {
				p.gelijk("a change before the kill", v.a, nu, p.ontleed(v.uit))
			}
			if nu["actieNaam"] == gevraagd {
				v.a.erbij("PUT", nu)
			}
			p.gelijk("the state after the kill", v.a, nu, v.a.nu().inhoud)
		}
	}
	p.lees()
}

// herindex makes what is derived anew, on what a kill left.
func (p *reeks) herindex() {
	p.einde()
	p.kijkNa()
	var err error
	if dir := p.dir(); dir != "" {
		err = sqlite.Herbouw(context.Background(), dir)
	} else {
		err = postgres.Herbouw(context.Background(), p.store)
	}
	if err != nil {
		p.Fatal(err)
	}
	p.kijkNa()
	p.begin()
	p.later(0)
	p.lees()
}
