package inzage_test

import (
	"errors"
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/verantwoord/verantwoord/internal/activiteit"
	"github.com/verantwoord/verantwoord/internal/fout"
	"github.com/verantwoord/verantwoord/internal/inwoner"
	"github.com/verantwoord/verantwoord/internal/inzage"
	"github.com/verantwoord/verantwoord/internal/verwerkingenlog"
)

// The decision table of Inzage with read:confidential, which is that of this portal (F2008).
func TestACitizenSeesWhatInzageMayShow(t *testing.T) {
	t.Parallel()
	for naam, op := range map[string]func(testing.TB) opslag{"sqlite": opSQLite, "postgres": opPostgres} {
		t.Run(naam, func(t *testing.T) {
			t.Parallel()
			p := newProefOp(t, op(t))
			patch := func(actie string, klassen ...string) *verwerkingenlog.Versie {
				verwerking := uuid.NewString()
				velden := []func(*verwerkingenlog.Invoer){zet(verwerkingenlog.VeldActieNaam, actie), zet(verwerkingenlog.VeldVerwerkingID, verwerking)}
				if len(klassen) > 0 {
					velden = append(velden, zet(verwerkingenlog.VeldVertrouwelijkheid, klassen[0]))
					klassen = klassen[1:]
				}
				v := p.leg(regel(anna, "2026-02-10T10:00:00+01:00", velden...))
				for _, k := range klassen {
					w := verwerkingenlog.Wijziging{Vertrouwelijkheid: k, HasVertrouwelijkheid: true}
					if _, err := p.log.UpdateVerwerking(bg, applicatie(), verwerking, w, ""); err != nil {
						t.Fatal(err)
					}
				}
				return v
			}
			patch("N0")
			patch("N1", "vertrouwelijk", "normaal")
			patch("V", "vertrouwelijk")
			patch("V na N", "normaal", "vertrouwelijk")
			patch("O", "vertrouwelijk", "opgeheven")
			weg := patch("X")
			if err := p.log.Delete(bg, applicatie(), weg.ActieID.String(), "", ""); err != nil {
				t.Fatal(err)
			}
			var gezien []string
			w := p.mens(anna)
			o := p.kijk(w)
			for _, g := range regels(o) {
				gezien = append(gezien, g.Actie)
				if g.Verborgen != (g.Actie != "N0") {
					t.Errorf("%s: that it was hidden for a time is told as %v", g.Actie, g.Verborgen)
				}
				if inzage.Grof(g).Verborgen {
					t.Errorf("%s: who is protected reads that it was hidden", g.Actie)
				}
			}
			slices.Sort(gezien)
			if want := []string{"N0", "N1", "O"}; !slices.Equal(gezien, want) {
				t.Errorf("seen %q, want %q", gezien, want)
			}
			if o.Aantal != 4 || len(o.Maanden) != 2 { // and the own look of March
				t.Errorf("%d lines in %d months", o.Aantal, len(o.Maanden))
			}
			if _, err := p.Een(bg, w, weg.Actie.Objecten[0].ID); !errors.Is(err, fout.NietGevonden) {
				t.Errorf("what is vervallen: %v", err)
			}
		})
	}
}

func TestALookIsLoggedOnBothSidesAndTheCitizenSeesIt(t *testing.T) {
	t.Parallel()
	p := newProef(t)
	p.leg(regel(anna, "2026-03-01T10:00:00+01:00"))
	w := p.mens(anna)
	voor := p.size()
	o := p.kijk(w)
	if n := p.size() - voor; n != 2 {
		t.Fatalf("%d acties of one look, want that of the portal and that of the log", n)
	}
	if d := o.Delen[0]; o.Aantal != 2 || len(d.Groepen) != 1 || len(d.Eigen) != 1 || d.Blikken != 1 {
		t.Errorf("%d lines, %d look(s) of one's own in %d acties", o.Aantal, d.Blikken, len(d.Eigen))
	}
	f := &verwerkingenlog.Filter{Objecttype: "persoon", SoortObjectID: "BSN", ObjectID: anna}
	l, err := p.log.List(bg, applicatie(), f, "", verwerkingenlog.Doorgave{})
	if err != nil {
		t.Fatal(err)
	}
	var afnemer, aanbieder *verwerkingenlog.Versie
	for _, r := range l.Regels {
		switch r.Versie.Actie.VerwerkingsactiviteitID {
		case mijn:
			afnemer = r.Versie
		case inzien:
			aanbieder = r.Versie
		}
	}
	switch {
	case afnemer == nil || aanbieder == nil:
		t.Fatal("one of the two is missing")
	case afnemer.Eigen || !aanbieder.Eigen || afnemer.Blad > aanbieder.Blad:
		t.Error("the portal did not log first, as the consumer")
	case afnemer.Actie.AfnemerID != anna || afnemer.Actie.Gebruiker != "" || afnemer.Actie.ActieNaam != "Tonen verwerkingen" || afnemer.Actie.Bewaartermijn != "P2Y":
		t.Errorf("the portal logged %+v", afnemer.Actie)
	case aanbieder.Actie.AfnemerID != gemeente || aanbieder.Actie.VerwerkingIDAfnemer != afnemer.Actie.VerwerkingID || aanbieder.Actie.VerwerkingsactiviteitIDAfnemer != mijn:
		t.Errorf("the log logged %+v", aanbieder.Actie)
	case aanbieder.Actie.Vertrouwelijkheid != verwerkingenlog.Normaal:
		t.Error("the look is hidden from the citizen")
	}
	voor = p.size()
	p.kijk(w)
	if _, err := p.Een(bg, w, regels(o)[0].ID); err != nil {
		t.Error(err)
	}
	if p.size() != voor {
		t.Error("coming back, or opening a line, is logged as another look")
	}
	if _, err := p.Overzicht(bg, w, inzage.Filter{Van: "2026-01-01"}, ""); err != nil || p.size() != voor+2 {
		t.Errorf("another filter is another look: %d acties, %v", p.size()-voor, err)
	}
	p.verder(time.Minute)
	if p.kijk(p.mens(anna)); p.size() != voor+4 {
		t.Errorf("another session is another look: %d acties", p.size()-voor)
	}
	if err := p.Bijwerken(w, inzage.Filter{}); err != nil {
		t.Fatal(err)
	}
	o = p.kijk(w)
	if d := o.Delen[0]; p.size() != voor+6 || d.Blikken != 4 || len(d.Eigen) != 7 || len(d.Groepen) != 1 {
		t.Errorf("after four looks: %d look(s) in %d acties, %d group(s)", d.Blikken, len(d.Eigen), len(d.Groepen))
	}
	p.verder(51 * time.Minute)
	if voor = p.size(); p.kijk(w) == nil || p.size() != voor+2 {
		t.Error("a look does not end")
	}
}

func TestWhoComesTwiceAtOnceLooksOnce(t *testing.T) {
	t.Parallel()
	p := newProef(t)
	p.leg(regel(anna, "2026-03-01T10:00:00+01:00"))
	w, voor := p.mens(anna), p.size()
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			if o, err := p.Overzicht(bg, w, inzage.Filter{}, ""); err != nil || o.Aantal != 2 {
				t.Errorf("%v, %v", o, err)
			}
		})
	}
	wg.Wait()
	if n := p.size() - voor; n != 2 {
		t.Errorf("%d acties, want two", n)
	}
}

func TestAnApplicationCanNotHideAmongTheLooksOfACitizen(t *testing.T) {
	t.Parallel()
	p := newProef(t)
	p.leg(regel(anna, "2026-03-01T10:00:00+01:00", zet(verwerkingenlog.VeldVerwerkingsactiviteitID, mijn.String()), zet(verwerkingenlog.VeldActieNaam, "Tonen verwerkingen")))
	d := verwerkingenlog.Doorgave{OIN: gemeente, ActiviteitID: mijn, VerwerkingID: uuid.New()}
	f := &verwerkingenlog.Filter{Objecttype: "persoon", SoortObjectID: "BSN", ObjectID: anna, BeginDatum: "2026-01-01", EindDatum: "2027-01-01"}
	if _, err := p.log.ListInzage(bg, applicatie(), f, "", d); err != nil {
		t.Fatal(err)
	}
	if n := len(regels(p.kijk(p.mens(anna)))); n != 2 {
		t.Errorf("%d lines beside the own look, want both", n)
	}
}

func TestWhyIsToldByTheVersionThatWasValidThen(t *testing.T) {
	t.Parallel()
	p := newProef(t)
	vreemd := uuid.NewString()
	for _, v := range []struct {
		activiteit, moment, doel, grond string
		bekend, geldig, openbaar        bool
	}{
		{verhuizen.String(), "2024-12-31T23:30:00Z", "Het oude doel.", "Publieke taak", true, true, true}, // a day later in Amsterdam
		{verhuizen.String(), "2026-01-31T22:59:00Z", "Het oude doel.", "Publieke taak", true, true, true},
		{verhuizen.String(), "2026-01-31T23:00:00Z", "Het nieuwe doel.", "Wettelijke verplichting", true, true, true},
		{parkeren.String(), "2026-01-31T23:00:00Z", "Parkeerruimte verdelen.", "Publieke taak", true, true, false},
		{parkeren.String(), "2025-05-31T12:00:00Z", "", "", true, false, false},
		{vreemd, "2026-01-31T12:00:00Z", "", "", false, false, false},
		{"", "2026-01-31T12:00:00Z", "", "", false, false, false},
	} {
		p.TB = t
		p.leg(regel(bas, v.moment, zet(verwerkingenlog.VeldVerwerkingsactiviteitID, v.activiteit), zet(verwerkingenlog.VeldActieNaam, v.activiteit+v.moment)))
		p.verder(time.Second)
		var u *inzage.Uitleg
		for _, g := range regels(p.kijk(p.mens(bas))) {
			if g.Actie == v.activiteit+v.moment {
				u = g.Uitleg
			}
		}
		grond := ""
		if u != nil && len(u.Grondslagen) == 1 {
			grond = u.Grondslagen[0].Naam
		}
		if u == nil || u.Doel != v.doel || grond != v.grond || u.Bekend != v.bekend || u.Geldig != v.geldig || u.Openbaar != v.openbaar {
			t.Errorf("%s at %s: %+v", v.activiteit, v.moment, u)
		}
		if u != nil && u.Geldig && (u.Grondslagen[0].Uitleg == "" || u.Grondslagen[0].Artikel == "") {
			t.Errorf("the ground is not explained: %+v", u.Grondslagen)
		}
	}
}

func TestWhoDidItAndWhoGotItAreNamed(t *testing.T) {
	t.Parallel()
	p := newProef(t)
	aan := func(soort, id string) *verwerkingenlog.Invoer {
		return regel(anna, "2026-02-10T10:00:00+01:00", zet(verwerkingenlog.VeldSoortAfnemerID, soort), zet(verwerkingenlog.VeldAfnemerID, id), zet(verwerkingenlog.VeldActieNaam, soort+id[:min(len(id), 4)]+id[len(id)-3:]))
	}
	p.leg(aan("OIN", waterschap), aan("OIN", fictief), aan("OIN", gemeente), aan("bsn", anna), aan("BSN", bas),
		regel(anna, "2026-02-10T10:00:00+01:00", zet(verwerkingenlog.VeldUitvoerder, waterschap), zet(verwerkingenlog.VeldActieNaam, "namens")),
		regel(anna, "2026-02-10T10:00:00+01:00", zet(verwerkingenlog.VeldUitvoerder, gemeente), zet(verwerkingenlog.VeldActieNaam, "zelf")))
	want := map[string][2]inzage.Partij{
		"OIN0000002": {{}, {Soort: inzage.Organisatie, OIN: waterschap, Naam: "Waterschap Voorbeeldvliet"}}, "OIN0000999": {{}, {Soort: inzage.Organisatie, OIN: fictief}}, "OIN0000001": {{}, {Soort: inzage.Wij}},
		"bsn9999340": {{}, {Soort: inzage.Zelf}}, "BSN9999456": {{}, {Soort: inzage.Persoon}},
		"namens": {{Soort: inzage.Organisatie, OIN: waterschap, Naam: "Waterschap Voorbeeldvliet"}, {}}, "zelf": {{}, {}},
	}
	for _, g := range regels(p.kijk(p.mens(anna))) {
		if w, ok := want[g.Actie]; !ok || g.Uitvoerder != w[0] || g.Ontvanger != w[1] {
			t.Errorf("%s: by %+v, to %+v", g.Actie, g.Uitvoerder, g.Ontvanger)
		}
		delete(want, g.Actie)
		if g.Rol != "aanvrager" || !slices.Equal(g.Soorten, []string{"Adres"}) {
			t.Errorf("role %q, kinds %q", g.Rol, g.Soorten)
		}
	}
	if len(want) > 0 {
		t.Errorf("not seen: %v", want)
	}
}

func TestAVerwerkingStandsTogetherWithinAMonth(t *testing.T) {
	t.Parallel()
	p := newProef(t)
	een := zet(verwerkingenlog.VeldVerwerkingID, uuid.NewString())
	p.leg(
		regel(anna, "2026-02-10T10:00:00+01:00", een, zet(verwerkingenlog.VeldVerwerkingNaam, "Verhuizing")), regel(anna, "2026-02-10T10:05:00+01:00", een),
		regel(anna, "2026-01-31T23:59:59+01:00", een), regel(anna, "2026-02-10T10:02:00+01:00"), regel(anna, "2026-02-10T10:03:00+01:00"),
	)
	o := p.kijk(p.mens(anna))
	var groepen []int
	for _, d := range o.Delen {
		for _, g := range d.Groepen {
			groepen = append(groepen, len(g.Gebruik))
		}
	}
	if want := []int{2, 1, 1, 1}; !slices.Equal(groepen, want) { // March has the own look only
		t.Errorf("groups of %v, want %v", groepen, want)
	}
	g := o.Delen[1].Groepen[0]
	if tijd := g.Laatste.Sub(g.Eerste); tijd != 5*time.Minute || g.Laatste.Location().String() != "Europe/Amsterdam" {
		t.Errorf("took %v, in %v", tijd, g.Laatste.Location())
	}
}

func TestThePeriodCountsItsLastDayToo(t *testing.T) {
	t.Parallel()
	p := newProef(t)
	p.leg(regel(anna, "2026-01-31T23:59:59+01:00"), regel(anna, "2026-02-01T00:00:00+01:00"), regel(anna, "2026-02-28T23:59:59+01:00"),
		regel(anna, "2026-03-01T00:00:00+01:00", zet(verwerkingenlog.VeldVerwerkingsactiviteitID, parkeren.String())))
	w := p.mens(anna)
	for _, v := range []struct {
		f    inzage.Filter
		want int
	}{
		{inzage.Filter{Van: "2026-02-01", Tot: "2026-02-28"}, 2}, {inzage.Filter{Van: "2026-02-01", Tot: "2026-02-01"}, 1}, {inzage.Filter{Tot: "2026-01-31"}, 1},
		{inzage.Filter{Activiteit: parkeren}, 1}, {inzage.Filter{Activiteit: uuid.New()}, 0}, {inzage.Filter{Van: "2026-02-01", Tot: "2026-02-28", Activiteit: parkeren}, 0},
	} {
		o, err := p.Overzicht(bg, w, v.f, "")
		if err != nil {
			t.Fatal(err)
		}
		again, err := p.Overzicht(bg, w, v.f, "")
		if err != nil {
			t.Fatal(err)
		}
		if n := len(regels(o)); n != v.want || len(regels(again)) != n || o.Aantal != n {
			t.Errorf("%+v: %d lines of %d, then %d, want %d", v.f, n, o.Aantal, len(regels(again)), v.want)
		}
	}
	for _, f := range []inzage.Filter{{Van: "2026-02-02", Tot: "2026-02-01"}, {Van: "morgen"}, {Tot: "2026-02-30"}} {
		voor := p.size()
		if _, err := p.Overzicht(bg, w, f, ""); fout.CodeOf(err) != fout.CodeOngeldig || p.size() != voor {
			t.Errorf("%+v: %v, and %d acties", f, err, p.size()-voor)
		}
	}
}

func TestWhoMayNotLookIsNotLoggedEither(t *testing.T) {
	t.Parallel()
	p := newProef(t)
	g := p.leg(regel(anna, "2026-03-01T10:00:00+01:00")).Actie.Objecten[0].ID
	voor := p.size()
	laag, ouder := p.mens(anna), p.mens(anna)
	laag.Niveau, ouder.Namens = inwoner.Midden, &inwoner.Namens{Soort: inwoner.Ouder}
	for _, w := range []*inwoner.Inwoner{laag, ouder, {OIN: gemeente}, {}} {
		_, err := p.Overzicht(bg, w, inzage.Filter{}, "")
		_, een := p.Een(bg, w, g)
		alles := p.Alles(bg, w, inzage.Filter{}, func(*inzage.Gebruik) error { t.Error("a line"); return nil })
		for _, err := range []error{err, een, alles, p.Bijwerken(w, inzage.Filter{})} {
			if fout.CodeOf(err) != fout.CodeGeenToestemming {
				t.Errorf("level %v, for %v: %v", w.Niveau, w.Namens, err)
			}
		}
	}
	if p.size() != voor {
		t.Error("something was logged")
	}
}

// no log, no answer.
func TestWithoutALogThereIsNoAnswer(t *testing.T) {
	t.Parallel()
	p := newProef(t)
	g := p.leg(regel(anna, "2026-03-01T10:00:00+01:00")).Actie.Objecten[0].ID
	w := p.mens(anna)
	p.store.vol.Store(true)
	p.store.gevraagd()
	if o, err := p.Overzicht(bg, w, inzage.Filter{}, ""); err == nil || o != nil {
		t.Errorf("%v, %v", o, err)
	}
	if een, err := p.Een(bg, w, g); err == nil || een != nil {
		t.Errorf("%v, %v", een, err)
	}
	if err := p.Alles(bg, w, inzage.Filter{}, func(*inzage.Gebruik) error { t.Error("a line"); return nil }); err == nil {
		t.Error("a file without a log")
	}
	if n := p.store.gevraagd(); n != [3]int64{} {
		t.Errorf("the store was asked: %v", n)
	}
	p.store.vol.Store(false)
	p.kijk(w)
	p.store.vol.Store(true)
	if err := p.Alles(bg, w, inzage.Filter{}, func(*inzage.Gebruik) error { t.Error("a line"); return nil }); err == nil {
		t.Error("a file that is not logged")
	}
}

func TestAFileHoldsEverythingAndIsLogged(t *testing.T) {
	t.Parallel()
	p := newProef(t)
	const veel = 1203
	p.veel(anna, veel)
	w := p.mens(anna)
	p.kijk(w)
	voor := p.size()
	var vorige time.Time
	aantal := 0
	gezien := map[uuid.UUID]bool{}
	err := p.Alles(bg, w, inzage.Filter{}, func(g *inzage.Gebruik) error {
		if aantal > 0 && g.Moment.After(vorige) {
			t.Error("not in order")
		}
		vorige, gezien[g.ID] = g.Moment, true
		aantal++
		return nil
	})
	if err != nil || aantal != veel+1 || len(gezien) != aantal {
		t.Errorf("%d lines, %d of them different, %v", aantal, len(gezien), err)
	}
	if p.size() != voor+1 {
		t.Errorf("%d acties of the file", p.size()-voor)
	}
	if err := p.Bijwerken(w, inzage.Filter{}); err != nil {
		t.Fatal(err)
	}
	if d := p.kijk(w).Delen[0]; d.Blikken != 2 || !slices.ContainsFunc(d.Eigen, func(g inzage.Gebruik) bool { return g.Actie == "Downloaden verwerkingen" }) {
		t.Errorf("%d looks", d.Blikken)
	}
	stop := errors.New("genoeg")
	if err := p.Alles(bg, w, inzage.Filter{}, func(*inzage.Gebruik) error { return stop }); !errors.Is(err, stop) {
		t.Error(err)
	}
}

func TestThePurposesToChooseFromAreThoseOfEverybody(t *testing.T) {
	t.Parallel()
	p := newProef(t)
	if d := p.Doelen(gemeente); len(d) != 1 || d[0].ID != verhuizen || d[0].Naam != "Verhuizen" {
		t.Errorf("%+v", d)
	}
	if d := p.Doelen(waterschap); d != nil {
		t.Errorf("%+v", d)
	}
}

func TestASessionCanNotFillTheLog(t *testing.T) {
	t.Parallel()
	p := newProef(t)
	w := p.mens(anna)
	var err error
	keer := 0
	for ; err == nil && keer < 1000; keer++ {
		if err = p.Bijwerken(w, inzage.Filter{}); err == nil {
			_, err = p.Overzicht(bg, w, inzage.Filter{}, "")
		}
	}
	if fout.CodeOf(err) != fout.CodeTeVeel || p.size() != 400 {
		t.Errorf("after %d looks %d acties: %v", keer, p.size(), err)
	}
	if err := p.Alles(bg, w, inzage.Filter{}, func(*inzage.Gebruik) error { return nil }); fout.CodeOf(err) != fout.CodeTeVeel || p.size() != 400 {
		t.Errorf("a file: %v", err)
	}
	p.verder(time.Minute)
	p.kijk(p.mens(anna))
	p.kijk(p.mens(bas))
}

// A line is opened from the newest look, whatever other looks there are in the session: of an older one it would not be a part.
func TestALineOfTheNewestLookOpensBesideOlderLooks(t *testing.T) {
	t.Parallel()
	p := newProef(t)
	p.leg(regel(anna, "2026-02-10T10:00:00+01:00"))
	w := p.mens(anna)
	for n := range 20 { // as many looks with a choice
		if _, err := p.Overzicht(bg, w, inzage.Filter{Van: activiteit.Datum(fmt.Sprintf("2026-01-%02d", n+1))}, ""); err != nil {
			t.Fatal(err)
		}
	}
	p.verder(time.Minute)
	nieuw := p.leg(regel(anna, "2026-02-11T10:00:00+01:00")).Actie.Objecten[0].ID
	if o := p.kijk(w); !slices.ContainsFunc(regels(o), func(g inzage.Gebruik) bool { return g.ID == nieuw }) {
		t.Fatal("the line is not in the newest look")
	}
	if _, err := p.Een(bg, w, nieuw); err != nil {
		t.Errorf("it stands in the list and does not open: %v", err)
	}
}
