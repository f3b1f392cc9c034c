package beheer_test

import (
	"context"
	"strings"
	"time"

	"github.com/google/uuid"

	"github.com/verantwoord/verantwoord/internal/fout"
	"github.com/verantwoord/verantwoord/internal/web/beheer"
	"github.com/verantwoord/verantwoord/internal/web/pagina"
)

// inwoners are the protected citizens of the municipality in memory.
type inwoners struct{ *proef }

const proefBSN = "999912340"

var beschermd, overleden, voorgesteld, vergissing = id(401), id(402), id(403), id(404)

func (i inwoners) blad(wat uuid.UUID) *beheer.BeschermingBlad {
	d := &beheer.BeschermingBlad{
		ID: wat, Versie: 1, Nummer: "••••••340", Wat: "beschermd", Aanleiding: "opvang", Opmerking: "Bel eerst de opvang.", Door: "Chris Çelik", Sinds: i.nu.AddDate(0, -2, 0), Tot: i.nu.AddDate(0, 0, 12),
	}
	switch wat {
	case overleden, vergissing:
		d.Wat, d.Aanleiding, d.Opmerking, d.Tot = "overleden", "overlijden", "", time.Time{}
	}
	switch wat {
	case voorgesteld, vergissing:
		d.Voorstel = &beheer.BeschermingVoorstel{Versie: 3, Door: "Bram van den Bovenkamp-Oosterhuizen", Reden: "De inwoner vroeg hier zelf om.", Op: i.nu.AddDate(0, 0, -1), Vervalt: i.nu.AddDate(0, 0, 13)}
	}
	return d
}

func (i inwoners) Zoek(_ context.Context, _ *pagina.Bezoeker, bsn string) (*beheer.InwonerBlad, error) {
	if bsn != proefBSN {
		return nil, fout.Ongeldig(fout.Param{Name: "bsn", Code: "invalid", Reason: "Dit is geen burgerservicenummer. Vul de negen cijfers in."})
	}
	i.noteer("opgezocht")
	uit := &beheer.InwonerBlad{Sleutel: "verzegeld", Nummer: "••••••340"}
	if !i.leeg {
		uit.Beschermingen = []beheer.BeschermingBlad{*i.blad(beschermd), *i.blad(overleden)}
	}
	return uit, i.stuk
}

func (i inwoners) Gezocht(ctx context.Context, b *pagina.Bezoeker, sleutel string) (*beheer.InwonerBlad, error) {
	if sleutel != "verzegeld" {
		return nil, fout.NietGevonden
	}
	return i.Zoek(ctx, b, proefBSN)
}

func (i inwoners) Stel(_ context.Context, _ *pagina.Bezoeker, sleutel string, in beheer.BeschermingInvoer) (uuid.UUID, error) {
	if sleutel != "verzegeld" {
		return uuid.Nil, fout.NietGevonden
	}
	if in.Wat == "beschermd" && in.Aanleiding == "" {
		return uuid.Nil, fout.Ongeldig(fout.Param{Name: "aanleiding", Code: "invalid_choice", Reason: "Kies waarom dit nodig is."})
	}
	i.noteer("gesteld %s %s %s %s", in.Wat, in.Aanleiding, pagina.SchrijfDag(in.Tot), in.Opmerking)
	return beschermd, nil
}

func (i inwoners) Een(_ context.Context, _ *pagina.Bezoeker, wat uuid.UUID) (*beheer.BeschermingBlad, error) {
	if wat != beschermd && wat != overleden && wat != voorgesteld && wat != vergissing {
		return nil, fout.NietGevonden
	}
	i.noteer("bekeken")
	return i.blad(wat), i.stuk
}

func reden(s string) error {
	if len(strings.TrimSpace(s)) < 15 {
		return fout.Ongeldig(fout.Param{Name: "reden", Code: "required", Reason: "Schrijf in een zin waarom, in minstens 15 en hooguit 1000 tekens. De reden komt in het beheerlog."})
	}
	return nil
}

func (i inwoners) StelEindeVoor(_ context.Context, _ *pagina.Bezoeker, wat uuid.UUID, versie int64, waarom string) error {
	i.noteer("einde voorgesteld %s %d %s", wat, versie, waarom)
	return reden(waarom)
}

func (i inwoners) Beslis(_ context.Context, _ *pagina.Bezoeker, wat uuid.UUID, versie int64, goed bool, waarom string) error {
	i.noteer("einde beslist %s %d %v %s", wat, versie, goed, waarom)
	if !goed {
		return reden(waarom)
	}
	return nil
}

func (i inwoners) TrekIn(_ context.Context, _ *pagina.Bezoeker, wat uuid.UUID, versie int64) error {
	i.noteer("einde ingetrokken %s %d", wat, versie)
	return nil
}

func (i inwoners) Aandacht(context.Context, *pagina.Bezoeker) (*beheer.InwonersAandacht, error) {
	if i.leeg {
		return &beheer.InwonersAandacht{}, i.stuk
	}
	return &beheer.InwonersAandacht{Aflopend: []beheer.BeschermingBlad{*i.blad(beschermd)}, Wacht: []beheer.BeschermingBlad{*i.blad(voorgesteld)}}, i.stuk
}
