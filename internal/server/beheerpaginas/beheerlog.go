package beheerpaginas

import (
	"context"
	"strings"

	"github.com/verantwoord/verantwoord/internal/beheerlog"
	"github.com/verantwoord/verantwoord/internal/gebruiker"
	"github.com/verantwoord/verantwoord/internal/web/beheer"
	"github.com/verantwoord/verantwoord/internal/web/pagina"
)

// log implements beheer.Beheerlog.
type log struct{ *Koppeling }

func (l log) Lijst(ctx context.Context, b *pagina.Bezoeker, soort string, voor uint64, n int) (uit []beheer.LogRegel, err error) {
	if err := l.mag(b, gebruiker.ModuleBeheerlog, gebruiker.Zien); err != nil {
		return nil, err
	}
	rechten := l.Beheer.Register().Rechten(b.OIN, b.ID, l.Nu())
	if voor == 0 {
		voor = beheerlog.Vanaf
	}
	regels, err := l.Log.Van(ctx, b.OIN, beheerlog.Soort(soort), voor, n)
	if err != nil {
		return nil, err
	}
	for _, r := range regels {
		regel := beheer.LogRegel{
			Nummer: r.Nummer, Moment: r.Moment, Soort: soortnaam(r.Soort), Wat: r.Wat, Door: persoon(r.Door), Betreft: persoon(r.Betreft), Reden: r.Reden,
		}
		gebruiker.Toon(rechten, gebruiker.ModuleBeheerlog, gebruiker.BereikAlles, &regel)
		uit = append(uit, regel)
	}
	return uit, nil
}

func (l log) Stand(ctx context.Context, b *pagina.Bezoeker) (*beheer.BewijsStand, error) {
	if err := l.mag(b, gebruiker.ModuleBeheerlog, gebruiker.Zien); err != nil {
		return nil, err
	}
	return l.Koppeling.Bewijs(ctx, b.OIN)
}

func (l log) Bewijs(ctx context.Context, b *pagina.Bezoeker, nummer uint64) ([]byte, error) {
	if err := l.mag(b, gebruiker.ModuleBeheerlog, gebruiker.Zien); err != nil {
		return nil, err
	}
	return l.Regelbewijs(ctx, b.OIN, nummer)
}

func persoon(w beheerlog.Wie) string {
	switch {
	case w.Naam != "":
		return w.Naam
	case w.Soort == beheerlog.Opdrachtregel.Soort:
		return "opdrachtregel"
	case w.Soort == "applicatie":
		return "applicatie " + w.ID
	}
	return w.Soort
}

func (l log) Soorten() (uit []beheer.Woord) {
	for _, s := range beheerlog.Soorten() {
		uit = append(uit, beheer.Woord{Sleutel: string(s), Naam: soortnaam(s)})
	}
	return uit
}

func soortnaam(s beheerlog.Soort) string { return strings.ReplaceAll(string(s), "_", " ") }
