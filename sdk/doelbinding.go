package sdk

import (
	"context"
	"errors"
	"fmt"
	"regexp"
	"strings"

	"github.com/google/uuid"
)

// What is logged for an activity (A5924). Empty is not chosen, and then all of it is logged.
const (
	OmvangUit      = "uit"      // nothing, unless it is confidential
	OmvangMinimaal = "minimaal" // no names, unless it is confidential
	OmvangVolledig = "volledig"
)

// Activiteit is an activity of the own organisation, and what is logged for it: its profile. That steers who logs; the
// register stores what it is sent.
type Activiteit struct {
	ID               uuid.UUID // verwerkingsactiviteitId
	URL              string    // where it can be read; empty: not told
	Omvang           string    // one of the above
	Gebruiker        bool      // log which employee it was; of no account when Omvang is empty
	Soorten          bool      // log which kinds of data; likewise
	BewaartermijnLog string    // of the records, an ISO 8601 duration; empty: none chosen
	Vertrouwelijk    bool      // what is done for it is confidential

	vanVAR bool // read in the register of activities: only that may switch a log off
}

// Functies says which activity what an application does belongs to (B0869).
type Functies interface {
	// Activiteit gives the activity of a function that holds now. ErrGeenDoelbinding: there is none. Any other error:
	// that can't be told now. After both the function can't run. It is written as in the table, to the letter.
	Activiteit(ctx context.Context, functie string) (Activiteit, error)
}

// Levering is what a caller gets data for.
type Levering struct {
	Activiteit    Activiteit // of the own organisation, the provider
	Vertrouwelijk bool       // the caller may ask for confidential logging
}

// Leveringen says who may have which data for which purpose. What isn't in the table is refused.
type Leveringen interface {
	// Levering gives what holds now for the OIN of a caller, a gegevensset of the provider, and a doel: the id of the
	// activity of the caller in lower case, or NietOpgegeven. ErrGeenDoelbinding: there is none. Any other error: that
	// can't be told now. After both nothing is delivered.
	Levering(ctx context.Context, afnemer, gegevensset, doel string) (Levering, error)
}

// NietOpgegeven is the doel of a caller who doesn't tell for which activity it asks (the second situation of C2866).
const NietOpgegeven = "niet-opgegeven"

// VasteFuncties are functions that stand in the application itself. It can't switch a log off: uit counts as volledig.
type VasteFuncties map[string]Activiteit

// Activiteit implements Functies.
func (f VasteFuncties) Activiteit(_ context.Context, functie string) (Activiteit, error) {
	a, ok := f[functie]
	if !ok || a.ID == uuid.Nil {
		return Activiteit{}, fmt.Errorf("deze functie hoort bij geen verwerkingsactiviteit: %w", ErrGeenDoelbinding)
	}
	return a, nil
}

// Regel is a line of a table of leveringen.
type Regel struct {
	Afnemer     string // OIN
	Gegevensset string
	Doel        string // the id of the activity of the caller, or NietOpgegeven
	Levering
}

// VasteLeveringen is a table that stands in the application itself. NewVasteLeveringen makes one.
type VasteLeveringen []Regel

// vormVanID is an id as it stands in a table.
var vormVanID = regexp.MustCompile(`^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$`)

// NewVasteLeveringen checks the lines: each of an OIN, with an activity, and no two for the same caller, data and doel.
func NewVasteLeveringen(regels ...Regel) (VasteLeveringen, error) {
	gezien := map[[3]string]bool{}
	uit := make(VasteLeveringen, 0, len(regels))
	for k, r := range regels {
		r.Doel = strings.ToLower(r.Doel)
		sleutel := [3]string{r.Afnemer, r.Gegevensset, r.Doel}
		var mis string
		switch {
		case !isOIN(r.Afnemer):
			mis = "de Afnemer is geen OIN van 20 cijfers"
		case r.Gegevensset == "":
			mis = "de Gegevensset ontbreekt"
		case r.Doel != NietOpgegeven && !vormVanID.MatchString(r.Doel):
			mis = "het Doel is geen id van een activiteit en niet " + NietOpgegeven
		case r.Activiteit.ID == uuid.Nil:
			mis = "de eigen Activiteit ontbreekt"
		case gezien[sleutel]:
			mis = "er is al een regel voor deze Afnemer, Gegevensset en dit Doel"
		}
		if mis != "" {
			return nil, errors.New("levering " + fmt.Sprint(k+1) + ": " + mis)
		}
		gezien[sleutel] = true
		uit = append(uit, r)
	}
	return uit, nil
}

// Levering implements Leveringen.
func (t VasteLeveringen) Levering(_ context.Context, afnemer, gegevensset, doel string) (Levering, error) {
	for _, r := range t {
		if r.Afnemer == afnemer && r.Gegevensset == gegevensset && r.Doel == doel {
			return r.Levering, nil
		}
	}
	return Levering{}, fmt.Errorf("deze afnemer krijgt deze gegevens niet voor dit doel: %w", ErrGeenDoelbinding)
}
