package sdk

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"sync"

	"github.com/google/uuid"
)

// Keten are the registers that took part in a verwerking: the own one, and those of the parties that were asked. A log
// does not know who they are; the application remembers whom it called (B8157).
type Keten struct {
	Eigen   *Client
	Anderen map[string]*Client // by a name of the party; each a client at its register
}

// Uitkomst is what came of a change at one register.
type Uitkomst struct {
	Naam  string // of the party; empty for the own register
	Niets bool   // it holds nothing of this verwerking
	Fout  error  // why it did not change
}

// ErrKeten: not all registers of a chain were changed. Do it again: what has changed already stays as it is.
var ErrKeten = errors.New("niet in de hele keten veranderd; doe het opnieuw, wat al veranderd is blijft goed")

// Verander lifts the confidentiality or sets the term of a verwerking at all of them, side by side: at a party its acties
// with this verwerkingIdAfnemer (X09). All are tried and each outcome is given, the own one first and then by name.
// The error is nil when none failed; that a party holds nothing of it is no failure, unless nobody does.
func (k Keten) Verander(ctx context.Context, verwerking uuid.UUID, v Verander) ([]Uitkomst, error) {
	if k.Eigen == nil {
		return nil, errors.New("de Keten heeft geen Eigen register")
	}
	namen := append([]string{""}, slices.Sorted(maps.Keys(k.Anderen))...)
	uit := make([]Uitkomst, len(namen))
	var wg sync.WaitGroup
	for n, naam := range namen {
		c := k.Eigen
		if n > 0 {
			c = k.Anderen[naam]
		}
		wg.Go(func() {
			err := c.VeranderVerwerking(ctx, verwerking, v)
			uit[n] = Uitkomst{Naam: naam, Niets: isNiets(err), Fout: err}
			if uit[n].Niets {
				uit[n].Fout = nil
			}
		})
	}
	wg.Wait()
	var fouten []error
	ergens := false
	for _, u := range uit {
		ergens = ergens || u.Fout == nil && !u.Niets
		if u.Fout != nil {
			naam := u.Naam
			if naam == "" {
				naam = "eigen register"
			}
			fouten = append(fouten, fmt.Errorf("%s: %w", naam, u.Fout))
		}
	}
	switch {
	case len(fouten) > 0:
		return uit, errors.Join(append([]error{ErrKeten}, fouten...)...)
	case !ergens:
		return uit, errors.New("geen enkel register kent deze verwerking; controleer haar id")
	}
	return uit, nil
}

// isNiets reports whether a register says that it knows no such verwerking.
func isNiets(err error) bool {
	var f *Fout
	if !errors.As(err, &f) {
		return false
	}
	return f.Status == http.StatusNotFound || f.Status == http.StatusBadRequest &&
		slices.ContainsFunc(f.Params, func(p Param) bool { return p.Name == "verwerkingId" && p.Code == "not_found" })
}
