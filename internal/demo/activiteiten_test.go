package demo

import (
	"slices"
	"testing"

	"github.com/google/uuid"

	"github.com/verantwoord/verantwoord/internal/verwerkingenlog"
)

func TestEveryActivityIsComplete(t *testing.T) {
	t.Parallel()
	grondslagen := []string{wettelijk, publiek, "Gerechtvaardigd belang", "Toestemming betrokkene", "Uitvoering overeenkomst"}
	gezien := map[string]bool{}
	for _, a := range Activiteiten {
		if id, err := uuid.Parse(a.ID); err != nil || id.Version() != 4 || id.Variant() != uuid.RFC4122 {
			t.Errorf("%s: its id is no UUID v4", a.Naam)
		}
		if gezien[a.ID] {
			t.Errorf("%s: its id is used twice", a.Naam)
		}
		gezien[a.ID] = true
		for _, tekst := range []string{a.OIN, a.Orgaan, a.Categorie, a.Naam, a.Doel, a.Toelichting, a.Bewaartermijn} {
			if tekst == "" {
				t.Errorf("%s: a field is empty", a.Naam)
			}
		}
		if !slices.Contains(grondslagen, a.Grondslag) {
			t.Errorf("%s: %q is no ground of the AVG", a.Naam, a.Grondslag)
		}
		if a.BewaartermijnLog != "" && !verwerkingenlog.ValidBewaartermijn(a.BewaartermijnLog) {
			t.Errorf("%s: the term of the log is no duration", a.Naam)
		}
	}
}

func TestEveryActivityOccurs(t *testing.T) {
	t.Parallel()
	gebruikt := map[string]bool{logInzien: true, logOpvragen: true, waterschapLogInzien: true, waterschapLogOpvragen: true}
	for _, v := range script(t, zaad, vaste) {
		for _, s := range v.stappen {
			if s.actie != nil {
				gebruikt[s.actie.VerwerkingsactiviteitID] = true
			}
		}
	}
	for _, a := range Activiteiten {
		if !gebruikt[a.ID] {
			t.Errorf("nothing is logged for %q", a.Naam)
		}
	}
}
