package beheer_test

import (
	"context"
	"strings"

	"github.com/google/uuid"

	"github.com/verantwoord/verantwoord/internal/fout"
	"github.com/verantwoord/verantwoord/internal/web/beheer"
	"github.com/verantwoord/verantwoord/internal/web/pagina"
)

// domeinen are the veilige domeinen of the municipality in memory.
type domeinen struct{ *proef }

var domeinOpen, domeinNieuw, busvervoer, gezin = id(501), id(502), id(511), id(512)

func (d domeinen) keuzes() []beheer.DomeinActiviteit {
	return []beheer.DomeinActiviteit{
		{ID: busvervoer, Naam: "Verzorgen van busvervoer naar school"},
		{ID: gezin, Naam: "Ondersteunen van gezinnen", Gevaren: []string{"bijzonder", "onderwerp"}},
	}
}

func (d domeinen) blad(wat uuid.UUID) beheer.DomeinBlad {
	k := d.keuzes()
	in := beheer.DomeinInhoud{Naam: "Leerlingenvervoer", Uitleg: "De aanvraag van de bus naar school, en de ritten.", Voor: []string{"ouder", "curator"}, Activiteiten: k[:1]}
	if wat == domeinOpen {
		return beheer.DomeinBlad{ID: wat, Versie: 2, Naam: in.Naam, Open: true, Sinds: d.nu.AddDate(0, -1, 0), Door: "Chris Çelik", Akkoord: "Dina Dirksen", Geldt: &in}
	}
	in.Naam, k[1].Waarom = "Steun aan gezinnen", "Alleen de uitnodiging voor een gesprek staat erin."
	in.Activiteiten = append(k, beheer.DomeinActiviteit{ID: id(513), Naam: "Behandelen van meldingen", Gevaren: []string{"vertrouwelijk"}, Buiten: true})
	return beheer.DomeinBlad{ID: wat, Versie: 1, Naam: in.Naam, Voorstel: &beheer.DomeinVoorstel{Inhoud: in, Door: "Bram van den Bovenkamp-Oosterhuizen", Op: d.nu.AddDate(0, 0, -1), Vervalt: d.nu.AddDate(0, 0, 13)}}
}

func (d domeinen) Lijst(context.Context, *pagina.Bezoeker) ([]beheer.DomeinBlad, error) {
	if d.leeg {
		return nil, d.stuk
	}
	return []beheer.DomeinBlad{d.blad(domeinOpen), d.blad(domeinNieuw)}, d.stuk
}

func (d domeinen) Een(_ context.Context, _ *pagina.Bezoeker, wat uuid.UUID) (*beheer.DomeinBlad, error) {
	if wat != domeinOpen && wat != domeinNieuw {
		return nil, fout.NietGevonden
	}
	uit := d.blad(wat)
	return &uit, d.stuk
}

func (d domeinen) Keuzes(context.Context, *pagina.Bezoeker) ([]beheer.DomeinActiviteit, error) {
	return d.keuzes(), d.stuk
}

func (d domeinen) StelVoor(_ context.Context, _ *pagina.Bezoeker, wat uuid.UUID, versie int64, in beheer.DomeinInvoer) (uuid.UUID, error) {
	d.noteer("domein voorgesteld %s %d %s %v %d", wat, versie, in.Naam, in.Voor, len(in.Activiteiten))
	var mis []fout.Param
	if in.Naam == "" {
		mis = append(mis, fout.Param{Name: "naam", Code: "required", Reason: "Vul dit in, in hooguit 80 tekens."})
	}
	if len(in.Voor) == 0 {
		mis = append(mis, fout.Param{Name: "voor", Code: "required", Reason: "Kies voor wie het domein open is."})
	}
	for _, a := range in.Activiteiten {
		if a.ID == gezin && len(strings.TrimSpace(a.Waarom)) < 15 {
			mis = append(mis, fout.Param{Name: "waarom." + gezin.String(), Code: "required", Reason: "Deze activiteit is gevoelig. Schrijf in 15 tot 500 tekens waarom zij toch veilig is, of haal haar weg."})
		}
	}
	if mis != nil {
		return uuid.Nil, fout.Ongeldig(mis...)
	}
	return domeinNieuw, nil
}

func (d domeinen) Beslis(_ context.Context, _ *pagina.Bezoeker, wat uuid.UUID, versie int64, goed bool, waarom string) error {
	d.noteer("domein beslist %s %d %v %s", wat, versie, goed, waarom)
	if !goed {
		return reden(waarom)
	}
	return nil
}

func (d domeinen) TrekIn(_ context.Context, _ *pagina.Bezoeker, wat uuid.UUID, versie int64) error {
	d.noteer("domein ingetrokken %s %d", wat, versie)
	return fout.New(fout.CodeGeenToestemming, "Alleen wie het voorstel deed trekt het in. Een andere medewerker kan het weigeren.")
}

func (d domeinen) Sluit(_ context.Context, _ *pagina.Bezoeker, wat uuid.UUID, waarom string) error {
	d.noteer("domein gesloten %s %s", wat, waarom)
	return reden(waarom)
}
