package api

import (
	"crypto/sha256"
	"encoding/hex"
	"strings"

	"github.com/verantwoord/verantwoord/internal/activiteit"
)

// activiteitURL is where an activity lives.
func (s *server) activiteitURL() string { return s.URL + PadVAR + "/verwerkingsactiviteiten/" }

// activiteit writes a version of an activity: what is public, and for the organisation itself the rest. Who decided on it and
// why is never in it; that is for the pages.
func (q *verzoek) activiteit(b *schrijver, a *activiteit.Activiteit, v *activiteit.Versie) {
	b.open()
	b.key("url").link(q.activiteitURL(), a.ID)
	b.key("id").uuid(a.ID)
	b.key("versie").getal(v.Nummer)
	b.key("versieId").uuid(v.ID)
	b.key("ingangsdatum").formaat(string(v.Ingangsdatum))
	b.key("einddatum").formaat(string(v.Einddatum))
	b.key("naam").tekst(v.Naam)
	b.key("nummer").tekst(v.Inhoud.Nummer)
	b.key("gebaseerdOp").formaat(v.GebaseerdOp)
	b.key("categorie").tekst(v.Categorie)
	b.key("verantwoordelijkeOrganisatie").tekst(v.VerantwoordelijkeOrganisatie)
	b.key("verantwoordelijkeBestuursorgaan").tekst(v.VerantwoordelijkeBestuursorgaan)
	b.key("gezamenlijkMet").teksten(v.GezamenlijkMet)
	b.key("doel").tekst(v.Doel)
	b.key("grondslag").tekst(q.grondslag(v))
	b.key("grondslagen").teksten(v.Grondslagen)
	b.key("toelichtingGrondslag").tekst(v.ToelichtingGrondslag)
	b.key("uitzonderingen").teksten(v.Uitzonderingen)
	b.key("betrokkenen").teksten(v.Betrokkenen)
	b.key("verwerktePersoonsgegevens").openList()
	for k := range v.Persoonsgegevens {
		p := &v.Persoonsgegevens[k]
		soort := p.Soort
		if soort == "" {
			soort = "gewoon"
		}
		b.next().open().key("rolBetrokkene").tekst(p.Rol).key("naam").tekst(p.Naam).key("soort").tekst(soort).close()
	}
	b.closeList()
	b.key("bewaartermijn").tekst(v.Bewaartermijn)
	b.key("herkomst").tekst(v.Herkomst)
	b.key("afnemendeCategorieOntvangers").teksten(v.Ontvangers)
	b.key("afnemendeInternationaleDerden").teksten(v.InternationaleDerden)
	b.key("doorgifte").tekst(v.Doorgifte)
	eigen := q.besluit != nil && q.besluit.Organisatie == a.OIN
	b.key("verwerkers").openList()
	for k := range v.Verwerkers {
		w := &v.Verwerkers[k]
		b.next().open().key("naam").tekst(w.Naam)
		if eigen {
			b.key("contact").tekst(w.Contact).key("overeenkomst").tekst(w.Overeenkomst)
		}
		b.close()
	}
	b.closeList()
	b.key("selecties").tekst(v.Selecties)
	b.key("toestemming").tekst(v.Toestemming)
	if eigen {
		b.key("openbaar").jaNee(a.Openbaar)
		activiteitIntern(b, &v.Inhoud)
	}
	b.close()
}

// activiteitIntern writes what is for the organisation itself, in an object that is open: how it works, how data are secured, and
// what steers the log.
func activiteitIntern(b *schrijver, i *activiteit.Inhoud) {
	b.key("gedelegeerdVerantwoordelijke").tekst(i.GedelegeerdVerantwoordelijke)
	b.key("proceseigenaar").tekst(i.Proceseigenaar)
	b.key("beveiliging").tekst(i.Beveiliging)
	activiteitLog(b, i)
	b.key("grondVertrouwelijk").formaat(i.GrondVertrouwelijk)
	b.key("duurVertrouwelijkheid").formaat(i.DuurVertrouwelijkheid)
	b.key("overig").openList()
	for k := range i.Overig {
		b.next().open().key("naam").tekst(i.Overig[k].Naam).key("waarde").tekst(i.Overig[k].Waarde).close()
	}
	b.closeList()
}

// activiteitLog writes what steers the log, in an object that is open.
func activiteitLog(b *schrijver, i *activiteit.Inhoud) {
	b.key("log").open().key("omvang").formaat(i.Log.Omvang).key("gebruiker").jaNee(i.Log.Gebruiker).key("soorten").jaNee(i.Log.Soorten).close()
	b.key("bewaartermijnLog").formaat(i.BewaartermijnLog)
	vertrouwelijkheid := i.Vertrouwelijkheid
	if vertrouwelijkheid == "" {
		vertrouwelijkheid = "normaal"
	}
	b.key("vertrouwelijkheid").tekst(vertrouwelijkheid)
}

// grondslag names the grounds in one text, as the draft has it.
func (q *verzoek) grondslag(v *activiteit.Versie) string {
	namen := make([]string, len(v.Grondslagen))
	for k, code := range v.Grondslagen {
		namen[k] = q.Activiteiten.Grondslag(code, v.Ingangsdatum)
	}
	return strings.Join(namen, "; ")
}

// entityTag is the ETag of exactly these bytes.
func entityTag(b []byte) string {
	som := sha256.Sum256(b)
	return `"` + hex.EncodeToString(som[:16]) + `"`
}

// matches tells whether If-None-Match names the tag, weakly compared, or any.
func matches(values []string, etag string) bool {
	for _, value := range values {
		for part := range strings.SplitSeq(value, ",") {
			part = strings.TrimSpace(part)
			if part == "*" || strings.TrimPrefix(part, "W/") == etag {
				return true
			}
		}
	}
	return false
}
