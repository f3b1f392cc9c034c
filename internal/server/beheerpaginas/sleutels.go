package beheerpaginas

import (
	"context"
	"fmt"
	"maps"
	"slices"

	"github.com/verantwoord/verantwoord/internal/betrokkene"
	"github.com/verantwoord/verantwoord/internal/gebruiker"
	"github.com/verantwoord/verantwoord/internal/web/beheer"
	"github.com/verantwoord/verantwoord/internal/web/pagina"
)

func (i instellingen) Sleutels(ctx context.Context, b *pagina.Bezoeker) (uit beheer.Sleutels, err error) {
	if err := i.mag(b, gebruiker.ModuleInstellingen, gebruiker.Zien); err != nil {
		return uit, err
	}
	stand, err := i.Sleutelstand(ctx, b.OIN)
	if err != nil {
		return uit, err
	}
	for _, soort := range betrokkene.Soorten {
		uit.Schrijft = append(uit.Schrijft, fmt.Sprintf("%s-%d", soort, stand.Gebruik[soort]))
	}
	for _, naam := range slices.Sorted(maps.Keys(stand.Bekend)) {
		if i.Nu().Before(stand.Bekend[naam].Add(betrokkene.Wachttijd)) {
			uit.Wacht = append(uit.Wacht, naam)
		}
	}
	uit.Vervallen = slices.Sorted(maps.Keys(stand.Vervallen))
	uit.Vrij = stand.Vrij()
	v := stand.Voortgang
	switch {
	case stand.Doel == "":
		return uit, nil
	case v == nil || v.Doel != stand.Doel:
		uit.Stand = beheer.HerschrijfWacht
		return uit, nil
	case v.Klaar.IsZero():
		uit.Stand = beheer.HerschrijfBezig
	case v.Kamers.Klaar.IsZero():
		uit.Stand = beheer.HerschrijfKamer
	default:
		uit.Stand = beheer.HerschrijfKlaar
	}
	uit.Bekeken, uit.Totaal, uit.Gelaten, uit.Klaar = v.Volgende, v.Totaal, v.Gelaten+v.Kamers.Gelaten, v.Kamers.Klaar
	uit.Documenten = v.Kamers.Bekeken
	return uit, nil
}
