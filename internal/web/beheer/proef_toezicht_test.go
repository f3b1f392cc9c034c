package beheer_test

import (
	"context"

	"github.com/google/uuid"

	"github.com/verantwoord/verantwoord/internal/web/beheer"
	"github.com/verantwoord/verantwoord/internal/web/pagina"
)

type toezicht struct{ *proef }

func (t toezicht) Kwaliteit(_ context.Context, _ *pagina.Bezoeker, sinds string) (*beheer.Kwaliteit, error) {
	if t.leeg {
		return &beheer.Kwaliteit{}, t.stuk
	}
	if sinds == "" {
		return &beheer.Kwaliteit{Totaal: 1200, Goed: 1200}, t.stuk
	}
	return &beheer.Kwaliteit{
		Totaal: 1234567, Goed: 1234000, Ongeteld: 12,
		Bevindingen: []beheer.Bevinding{
			{Reden: beheer.RedenLeeg, Aantal: 412, Van: "2026-10-01", Tot: "2026-10-20"},
			{Reden: beheer.RedenOnbekend, Activiteit: uuid.MustParse("5f0bef4c-9d0a-4c1e-8f0e-3f1d1a2b3c4d"), Aantal: 140, Van: "2026-10-03", Tot: "2026-10-03"},
			{Reden: beheer.RedenOngeldig, Activiteit: loket, Naam: "Uitgeven van papieren stempelkaarten", Aantal: 15, Van: "2026-10-02", Tot: "2026-10-04"},
		},
	}, t.stuk
}
