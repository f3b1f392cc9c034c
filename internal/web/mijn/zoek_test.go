package mijn_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/verantwoord/verantwoord/internal/inzage"
	"github.com/verantwoord/verantwoord/internal/web/mijn"
)

// Choosing by organisation and by hand is offered where something is known, and a page of it says that there may be more.
func TestACitizenChoosesByOrganisationAndByHand(t *testing.T) {
	t.Parallel()
	p := &proef{wijzen: true}
	m := mijn.New(opties(p))
	w := vraag(t, m, http.MethodGet, "/mijn/overzicht", goed)
	wil(t, w, http.StatusOK, "Welke organisatie?", "een andere organisatie (nummer 00000099999999990000)", "Ja, er was een mens bij", "Ouder")
	w = vraag(t, m, http.MethodGet, "/mijn/overzicht?organisatie="+waterschap.OIN+"&wijze=mens&van=2026-01-01", goed)
	wil(t, w, http.StatusOK, "Op deze pagina: 12 regels. Er is nog niet overal gezocht.", "Verder zoeken")
	if p.filter != (inzage.Filter{Van: "2026-01-01", Organisatie: waterschap.OIN, Wijze: inzage.MetMens}) {
		t.Errorf("asked for %+v", p.filter)
	}
	for _, s := range []string{`value="` + waterschap.OIN + `" selected`, `value="mens" selected`, "organisatie=" + waterschap.OIN + "&amp;p=volgende&amp;van=2026-01-01&amp;wijze=mens"} {
		if !strings.Contains(w.Body.String(), s) {
			t.Errorf("%q is not on the page", s)
		}
	}
	wil(t, vraag(t, m, http.MethodGet, "/mijn/downloaden?wijze=vanzelf&organisatie="+waterschap.OIN, goed), http.StatusOK, "van de organisatie die u koos, alleen wat een computer vanzelf deed")
	p.leeg = true
	wil(t, vraag(t, m, http.MethodGet, "/mijn/overzicht?wijze=vanzelf", goed), http.StatusOK, "Tot hier is niets gevonden. Zoek verder", "Verder zoeken")
	p.leeg, p.wijzen = false, false
	w = vraag(t, m, http.MethodGet, "/mijn/overzicht?wijze=vanzelf", goed)
	if strings.Contains(lees(w), "Deed een mens het?") || p.filter.Wijze != "" {
		t.Error("what nobody knows can be chosen")
	}
}
