package beheerpaginas

import (
	"context"
	"strings"

	"github.com/verantwoord/verantwoord/internal/beheerlog"
	"github.com/verantwoord/verantwoord/internal/fout"
	"github.com/verantwoord/verantwoord/internal/gebruiker"
	"github.com/verantwoord/verantwoord/internal/web/beheer"
	"github.com/verantwoord/verantwoord/internal/web/pagina"
)

// log implements beheer.Beheerlog.
type log struct{ *Koppeling }

func (l log) Lijst(ctx context.Context, b *pagina.Bezoeker, soort string, voor uint64, n int) (uit []beheer.LogRegel, err error) {
	if !l.Beheer.Register().Rechten(b.OIN, b.ID, l.Nu()).MagErgens(gebruiker.ModuleBeheerlog, gebruiker.Zien) {
		return nil, fout.GeenToestemming
	}
	if voor == 0 {
		voor = beheerlog.Vanaf
	}
	regels, err := l.Log.Van(ctx, b.OIN, beheerlog.Soort(soort), voor, n)
	if err != nil {
		return nil, err
	}
	for _, r := range regels {
		uit = append(uit, beheer.LogRegel{
			Nummer: r.Nummer, Moment: r.Moment, Soort: soortnaam(r.Soort), Wat: r.Wat, Door: persoon(r.Door), Betreft: persoon(r.Betreft), Reden: r.Reden,
		})
	}
	return uit, nil
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

// instellingen implements beheer.Instellingen.
type instellingen struct{ *Koppeling }

func (i instellingen) Instellingen(_ context.Context, b *pagina.Bezoeker) (uit []beheer.Instelling, err error) {
	if !i.Beheer.Register().Rechten(b.OIN, b.ID, i.Nu()).MagErgens(gebruiker.ModuleInstellingen, gebruiker.Zien) {
		return nil, fout.GeenToestemming
	}
	for _, w := range i.Waarden(b.OIN) {
		groep, _, ok := strings.Cut(w.Sleutel, ".")
		if !ok {
			groep = "algemeen"
		}
		in := beheer.Instelling{
			Groep: groep, Sleutel: w.Sleutel, Betekenis: w.Betekenis, Gekozen: w.Tekst, Standaard: w.Standaard, Eenheid: w.Eenheid, Herkomst: w.Herkomst,
		}
		in.Onveilig = w.Gekozen() && w.Tekst != w.Standaard && onveilig[w.Sleutel] != "" && strings.HasPrefix(w.Tekst, onveilig[w.Sleutel])
		uit = append(uit, in)
	}
	return uit, nil
}

// onveilig are values that are less safe than the default.
var onveilig = map[string]string{"onversleuteld": "true", "tls.client": "uit"}
