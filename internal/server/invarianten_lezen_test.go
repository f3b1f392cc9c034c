package server

import (
	"fmt"
	"net/http"
	"strings"

	"golang.org/x/mod/sumdb/tlog"

	"github.com/verantwoord/verantwoord/internal/bewijs"
)

// What readers of the sequence must see, and what the tree must say.

func (p *reeks) vraag(persoon string) map[string]any {
	return map[string]any{"objecttype": "persoon", "soortObjectId": "BSN", "objectId": persoon}
}

// doorgegeven are the headers of a question of a citizen.
var doorgegeven = []string{
	"OIN", oinBewijs, "VerwerkingsactiviteitId", "5f0bef4c-f66f-4311-84a5-19e8bf359eaf", "VerwerkingsactiviteitUrl", "https://var.voorbeeldstad.example/5f0bef4c",
}

// lijst gives all pages of a list about a person, which is one inquiry, or when vraag is nil of another, in which each page
// is one.
func (p *reeks) lijst(client, pad string, vraag map[string]any) (uit []map[string]any) {
	p.Helper()
	var m map[string]any
	if vraag != nil {
		vraag["pageSize"] = 50
		m = p.want(http.StatusOK, client, "POST", pad, vraag, doorgegeven...)
	} else {
		m = p.want(http.StatusOK, client, "GET", pad+"&pageSize=50", nil)
	}
	for p.opgevraagd++; ; {
		for _, x := range m["results"].([]any) {
			uit = append(uit, x.(map[string]any))
		}
		volgende, _ := m["next"].(string)
		if volgende == "" {
			return uit
		}
		if vraag == nil {
			p.opgevraagd++
		}
		m = p.want(http.StatusOK, client, "GET", strings.TrimPrefix(volgende, "http://"+hostInvarianten), nil, doorgegeven...)
	}
}

// vindt compares a list with what an asker must find, each once and in its newest state.
func (p *reeks) vindt(client string, lijst []map[string]any, in func(*vastgelegd) bool) {
	p.Helper()
	want := map[string]*vastgelegd{}
	for _, a := range p.acties {
		if !a.nu().vervallen && (client == "alles" || a.klasse() == "normaal") && in(a) {
			want[a.id] = a
		}
	}
	for _, m := range lijst {
		if !strings.Contains(m["actieNaam"].(string), p.merk) {
			continue // an inquiry
		}
		a := want[m["actieId"].(string)]
		if a == nil {
			p.Fatalf("%s finds %s, which is not to be seen or was seen already: %s", client, m["actieId"], m["actieNaam"])
		}
		delete(want, a.id)
		if m["actieNaam"] != a.nu().inhoud["actieNaam"] || m["vertrouwelijkheid"] != a.nu().inhoud["vertrouwelijkheid"] {
			p.Fatalf("%s finds another state of %s than the newest", client, a.id)
		}
	}
	if len(want) > 0 {
		p.Fatalf("%s does not find %d records", client, len(want))
	}
}

// lees searches each person and each verwerking for each reader, and compares with the model.
func (p *reeks) lees() {
	for _, client := range []string{"alles", "gewoon"} {
		klassen := []string{"normaal"}
		if client == "alles" {
			klassen = []string{"normaal", "vertrouwelijk", "opgeheven"}
		}
		for _, verwerking := range p.verwerkingen {
			pad := acties + "?verwerkingId=" + verwerking + "&vertrouwelijkheid=" + strings.Join(klassen, ",")
			p.vindt(client, p.lijst(client, pad, nil), func(a *vastgelegd) bool { return a.nu().inhoud["verwerkingId"] == verwerking })
		}
		for _, persoon := range p.personen {
			vraag := p.vraag(persoon)
			vraag["vertrouwelijkheid"] = klassen
			p.vindt(client, p.lijst(client, acties+"/_zoek", vraag), func(a *vastgelegd) bool { return over(a.nu().inhoud, persoon) })

			// The citizen's side, by verwerktObjectId.
			want := map[string]bool{}
			for _, a := range p.acties {
				for _, o := range objecten(a.nu().inhoud) {
					if !a.nu().vervallen && o["objectId"] == persoon && (a.klasse() == "normaal" || client == "alles" && a.klasse() == "opgeheven") {
						want[o["verwerktObjectId"].(string)] = true
					}
				}
			}
			vraag = p.vraag(persoon)
			vraag["beginDatum"], vraag["eindDatum"] = "2024-03-01", "2024-05-01"
			for _, m := range p.lijst(client, "/inzage/api/v1/verwerkte-objecten/_zoek", vraag) {
				if o := m["verwerktObjectId"].(string); !want[o] || m["objectId"] != persoon {
					p.Fatalf("%s is shown an object that is not to be seen, or was seen already", client)
				} else {
					delete(want, o)
				}
			}
			if len(want) > 0 {
				p.Fatalf("%s is not shown %d objects of a person", client, len(want))
			}
		}
	}
}

// alles asks for each record: its newest state, its history as it was acknowledged, and its receipts.
func (p *reeks) alles() {
	_, sleutel, err := p.stuur("", "GET", "/bewijs/"+oinBewijs+"/sleutel", nil)
	if err != nil {
		p.Fatal(err)
	}
	for _, a := range p.acties {
		pad := acties + "/" + a.id
		switch v := a.nu(); {
		case v.vervallen:
			p.want(http.StatusNotFound, "alles", "GET", pad, nil)
			p.want(http.StatusNotFound, "gewoon", "GET", pad, nil)
		default:
			p.gelijk("the newest state", a, p.haal(a), v.inhoud)
			status := http.StatusOK
			if v.ooit {
				status = http.StatusForbidden
			} else {
				p.opgevraagd++
			}
			p.want(status, "gewoon", "GET", pad, nil)
		}
		p.opgevraagd++
		lijst := p.want(http.StatusOK, "alles", "GET", pad+"/versies", nil)["results"].([]any)
		if len(lijst) != len(a.versies) {
			p.Fatalf("%s has %d versions, want %d", a.id, len(lijst), len(a.versies))
		}
		for i, v := range a.versies {
			m := lijst[i].(map[string]any)
			if m["volgnummer"] != float64(i+1) || m["operatie"] != v.operatie || m["vervallen"] != v.vervallen || m["ooitVertrouwelijk"] != v.ooit {
				p.Fatalf("version %d of %s is %v %v %v %v, want %s %t %t", i+1, a.id, m["volgnummer"], m["operatie"], m["vervallen"], m["ooitVertrouwelijk"], v.operatie, v.vervallen, v.ooit)
			}
			toen := m["verwerkingsactie"].(map[string]any)
			if v.vervallen { // a deletion is registered later than what it deletes
				toen["tijdstipRegistratie"] = v.inhoud["tijdstipRegistratie"]
			}
			p.gelijk(fmt.Sprintf("version %d", i+1), a, toen, v.inhoud)

			status, tekst, err := p.stuur("alles", "GET", fmt.Sprintf("%s/bewijs?versie=%d", pad, i+1), nil)
			if err != nil || status != http.StatusOK {
				p.Fatalf("receipt %d of %s: %d %s %v", i+1, a.id, status, tekst, err)
			}
			if i == len(a.versies)-1 && !v.vervallen {
				if err := houdt(p, tekst, v.inhoud, string(sleutel), oinBewijs); err != nil {
					p.Fatalf("the receipt of %s: %v", a.id, err)
				}
			}
		}
	}
}

// teken has the tree signed, and holds what it says against what it said before: it only grew, by as many leaves as there
// were versions and inquiries.
func (p *reeks) teken() {
	p.zeg("teken")
	basis := "/bewijs/" + oinBewijs
	haal := func(pad string) []byte {
		status, b, err := p.stuur("alles", "GET", basis+pad, nil)
		if err != nil || status != http.StatusOK {
			p.Fatalf("%s: %d %s %v", pad, status, b, err)
		}
		return b
	}
	keys, err := bewijs.ParseSleutels(string(haal("/sleutel")))
	if err != nil {
		p.Fatal(err)
	}
	c, err := bewijs.OpenCheckpoint(haal("/checkpoint/nieuw"), hostInvarianten+basis, keys...)
	if err != nil {
		p.Fatal(err)
	}
	var bladen []bewijs.Hash
	for van := uint64(0); van < c.Grootte; van += bewijs.TegelBreedte {
		t := bewijs.Tegel{Nummer: van / bewijs.TegelBreedte, Breedte: int(min(bewijs.TegelBreedte, c.Grootte-van))}
		hashes := haal("/tile/" + t.Pad())
		t.Niveau = bewijs.NiveauBundel
		inhouden, err := bewijs.ParseBundel(haal("/tile/" + t.Pad()))
		if err != nil || len(inhouden) != t.Breedte || len(hashes) != t.Breedte*bewijs.HashSize {
			p.Fatalf("%d entries and %d bytes of hashes of a tile of %d, %v", len(inhouden), len(hashes), t.Breedte, err)
		}
		for i, inhoud := range inhouden {
			h := bewijs.Hash(hashes[i*bewijs.HashSize:])
			if h != bewijs.Hash(tlog.RecordHash(inhoud[:])) {
				p.Fatalf("leaf %d is not the hash of what it says", van+uint64(i))
			}
			bladen = append(bladen, h)
		}
	}
	var knopen []tlog.Hash
	lees := tlog.HashReaderFunc(func(l []int64) (uit []tlog.Hash, err error) {
		for _, i := range l {
			uit = append(uit, knopen[i])
		}
		return uit, nil
	})
	for i, h := range bladen {
		l, err := tlog.StoredHashesForRecordHash(int64(i), tlog.Hash(h), lees)
		if err != nil {
			p.Fatal(err)
		}
		knopen = append(knopen, l...)
	}
	if wortel, err := tlog.TreeHash(int64(c.Grootte), lees); err != nil || bewijs.Hash(wortel) != c.Wortel {
		p.Fatalf("the checkpoint of %d leaves is not of these leaves, %v", c.Grootte, err)
	}
	for i, h := range p.bladen {
		if bladen[i] != h {
			p.Fatalf("leaf %d is another than before", i)
		}
	}
	if p.punt.Grootte > 0 {
		pad, err := bewijs.ParsePad(haal(fmt.Sprintf("/consistentie?van=%d&tot=%d", p.punt.Grootte, c.Grootte)))
		if err == nil {
			err = bewijs.CheckConsistentie(pad, p.punt.Grootte, c.Grootte, p.punt.Wortel, c.Wortel)
		}
		if err != nil {
			p.Fatalf("the checkpoint of %d leaves and that of %d: %v", p.punt.Grootte, c.Grootte, err)
		}
	}
	p.punt, p.bladen = c, bladen
	want := p.opgevraagd
	for _, a := range p.acties {
		want += len(a.versies)
	}
	if len(bladen) != want {
		p.Fatalf("%d leaves, want %d: %d of inquiries", len(bladen), want, p.opgevraagd)
	}
}
