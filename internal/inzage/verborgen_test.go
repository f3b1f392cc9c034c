package inzage_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/verantwoord/verantwoord/internal/fout"
	"github.com/verantwoord/verantwoord/internal/inzage"
	"github.com/verantwoord/verantwoord/internal/verwerkingenlog"
)

func TestAConfidentialInquiryLeavesNoTrace(t *testing.T) {
	t.Parallel()
	p := newProef(t)
	for _, b := range []string{anna, bas} {
		for n := range 3 {
			p.leg(regel(b, fmt.Sprintf("2026-02-%02dT10:00:00+01:00", 10+n)))
		}
	}
	onderzoek := uuid.NewString()
	geheim := p.leg(regel(anna, "2026-01-15T10:00:00+01:00", zet(verwerkingenlog.VeldVertrouwelijkheid, "vertrouwelijk"),
		zet(verwerkingenlog.VeldActieNaam, "Onderzoeken"), zet(verwerkingenlog.VeldVerwerkingID, onderzoek))).Actie.Objecten[0].ID
	// An officer looks at her log, and asks for what is confidential: that look is confidential too.
	if _, err := p.log.List(bg, applicatie(), &verwerkingenlog.Filter{Objecttype: "persoon", SoortObjectID: "BSN", ObjectID: anna}, "", verwerkingenlog.Doorgave{}); err != nil {
		t.Fatal(err)
	}
	beeld := func(bsn string) (tekst string, gevraagd [3]int64) {
		w := p.mens(bsn)
		p.store.gevraagd()
		o := p.kijk(w)
		if _, err := p.Een(bg, w, uuid.New()); !errors.Is(err, fout.NietGevonden) {
			t.Error(err)
		}
		gevraagd = p.store.gevraagd()
		o.Hier = ""
		for n := range o.Maanden {
			o.Maanden[n].Cursor = ""
		}
		for i := range o.Delen {
			for j := range o.Delen[i].Eigen {
				o.Delen[i].Eigen[j].ID = uuid.Nil
			}
			for j := range o.Delen[i].Groepen {
				for k := range o.Delen[i].Groepen[j].Gebruik {
					o.Delen[i].Groepen[j].Gebruik[k].ID = uuid.Nil
				}
			}
		}
		b, err := json.Marshal(o)
		if err != nil {
			t.Fatal(err)
		}
		return string(b), gevraagd
	}
	van, nVan := beeld(anna)
	zonder, nZonder := beeld(bas)
	if van != zonder || nVan != nZonder {
		t.Errorf("an inquiry shows:\n%s\n%s\nasked %v and %v", van, zonder, nVan, nZonder)
	}
	// The line itself, and one that is not there, get the same answer after the same reads.
	w := p.mens(anna)
	p.kijk(w)
	p.store.gevraagd()
	_, een := p.Een(bg, w, geheim)
	nGeheim := p.store.gevraagd()
	_, ander := p.Een(bg, w, uuid.New())
	if nAnder := p.store.gevraagd(); een == nil || fmt.Sprint(een) != fmt.Sprint(ander) || nGeheim != nAnder {
		t.Errorf("%v after %v, and %v after %v", een, nGeheim, ander, nAnder)
	}
	lift := verwerkingenlog.Wijziging{Vertrouwelijkheid: "opgeheven", HasVertrouwelijkheid: true}
	if _, err := p.log.UpdateVerwerking(bg, applicatie(), onderzoek, lift, ""); err != nil {
		t.Fatal(err)
	}
	p.verder(time.Second)
	o := p.kijk(p.mens(anna))
	if !slices.ContainsFunc(regels(o), func(g inzage.Gebruik) bool { return g.ID == geheim && g.Actie == "Onderzoeken" }) {
		t.Error("what was lifted is not seen")
	}
	if n := o.Maanden[len(o.Maanden)-1]; n.Begin.Format("2006-01") != "2026-01" || n.Aantal != 1 {
		t.Errorf("the last month is %+v", n)
	}
}

func TestNobodyTakesThePlaceOfAnother(t *testing.T) {
	t.Parallel()
	p := newProef(t)
	for n := range 60 {
		p.leg(regel(anna, fmt.Sprintf("2026-02-10T10:%02d:00+01:00", n)), regel(bas, fmt.Sprintf("2026-02-10T10:%02d:00+01:00", n)))
	}
	a, b := p.mens(anna), p.mens(bas)
	vanAnna, vanBas := p.kijk(a), p.kijk(b)
	if vanAnna.Volgende == "" || vanAnna.Vorige != "" || len(vanAnna.Maanden) != 2 {
		t.Fatalf("%+v", vanAnna)
	}
	voor := p.size()
	for _, c := range []string{vanAnna.Volgende, vanAnna.Maanden[1].Cursor, vanBas.Volgende[:20], "zomaar"} {
		if _, err := p.Overzicht(bg, b, inzage.Filter{}, c); fout.CodeOf(err) != fout.CodeOngeldig {
			t.Errorf("a cursor of another: %v", err)
		}
	}
	if _, err := p.Een(bg, b, regels(vanAnna)[0].ID); !errors.Is(err, fout.NietGevonden) {
		t.Errorf("a line of another: %v", err)
	}
	if p.size() != voor {
		t.Error("trying is logged as a look")
	}
	twee, err := p.Overzicht(bg, a, inzage.Filter{}, vanAnna.Volgende)
	if err != nil || len(regels(twee)) != 11 || twee.Volgende != "" || twee.Vorige == "" {
		t.Errorf("the second page: %d lines, %v", len(regels(twee)), err)
	}
	een, err := p.Overzicht(bg, a, inzage.Filter{}, twee.Vorige)
	if err != nil || len(regels(een)) != 49 {
		t.Errorf("back: %d lines, %v", len(regels(een)), err)
	}
	maand, err := p.Overzicht(bg, a, inzage.Filter{}, vanAnna.Maanden[1].Cursor)
	if err != nil || len(maand.Delen) != 1 || len(regels(maand)) != 50 || maand.Vooraf != vanAnna.Maanden[0].Aantal || twee.Vooraf != 50 {
		t.Errorf("a month: %d lines, %v", len(regels(maand)), err)
	}
	if p.size() != voor {
		t.Error("turning pages is logged as a look")
	}
}

func TestNoTextOfTheRoomNamesAPerson(t *testing.T) {
	t.Parallel()
	p := newProef(t)
	p.leg(regel(anna, "2026-03-01T10:00:00+01:00"))
	w := p.mens(anna)
	b, err := json.Marshal(p.kijk(w))
	if err != nil {
		t.Fatal(err)
	}
	if strings.Contains(string(b), anna) {
		t.Error("the own number stands in the overview")
	}
}
