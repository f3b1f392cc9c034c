package demo

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/google/uuid"

	"github.com/verantwoord/verantwoord/internal/beheerlog"
	"github.com/verantwoord/verantwoord/internal/domein"
	"github.com/verantwoord/verantwoord/internal/gebruiker"
	"github.com/verantwoord/verantwoord/internal/inwoner"
	"github.com/verantwoord/verantwoord/internal/server"
)

// naamDomein is what the domein is called that parents see.
const naamDomein = "Leerlingenvervoer"

// vulDomeinen opens a domein for parents, as it goes: one officer proposes it and another decides, each with the rights that they have.
func vulDomeinen(ctx context.Context, s *server.Server) error {
	b, d := s.Mensen().Beheer, s.Domeinen()
	var officieren []inwoner.Medewerker
	for _, x := range mensen {
		if !x.domeinen {
			continue
		}
		g, err := vind(b, gebruiker.Opdrachtregel(oinGemeente), x.email)
		if errors.Is(err, errNiemand) {
			return nil
		}
		if err != nil {
			return err
		}
		officieren = append(officieren, inwoner.Medewerker{
			OIN: oinGemeente, Wie: beheerlog.Wie{Soort: "gebruiker", ID: g.ID.String(), Naam: g.Naam},
			Mag: func(h string) bool {
				return b.Register().Rechten(oinGemeente, g.ID, time.Now()).MagGewoon(gebruiker.ModuleDomeinen, gebruiker.Handeling(h))
			},
		})
	}
	alle, err := d.Alle(officieren[0])
	if err != nil || len(alle) > 0 {
		return err
	}
	id, err := d.StelVoor(ctx, officieren[0], uuid.Nil, 0, domein.Inhoud{
		Naam: naamDomein, Uitleg: "Of uw kind met een bus of taxi naar school kan.", Voor: []inwoner.NamensSoort{inwoner.Ouder},
		Activiteiten: []domein.Activiteit{{ID: uuid.MustParse(leerlingenvervoer)}},
	})
	if err != nil {
		return fmt.Errorf("propose a domein: %w", err)
	}
	een, err := d.Een(officieren[1], id)
	if err != nil {
		return err
	}
	if err := d.Beslis(ctx, officieren[1], id, een.Versie, true, ""); err != nil {
		return fmt.Errorf("open a domein: %w", err)
	}
	return nil
}
