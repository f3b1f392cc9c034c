// Package doctor examines an installation of the register and says what is wrong with it: what, why
// it matters, and the way out, in Dutch, for an operator.
//
// It changes nothing: it makes no keys, creates no store and writes no settings. It asks nobody but
// the register itself, at the configured url, and the mail servers and sign-in services of the
// settings, which it gives nothing to send on and nobody to sign in. A store that is open in
// a running register is not touched; that register is asked how it is instead.
//
// A fout is what must be mended before the register may run with real people: the purge refuses
// without floor and maximum, and the log itself needs a ground of its own (AVG art. 6). A
// waarschuwing is a choice to be made with open eyes. No finding holds a secret or an identifier of
// a person; it may name applications by their label.
package doctor

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/verantwoord/verantwoord/internal/autorisatie"
	"github.com/verantwoord/verantwoord/internal/betrokkene"
	"github.com/verantwoord/verantwoord/internal/bewijs"
	"github.com/verantwoord/verantwoord/internal/checkpoint"
	"github.com/verantwoord/verantwoord/internal/config"
	"github.com/verantwoord/verantwoord/internal/controle"
	"github.com/verantwoord/verantwoord/internal/juridisch"
)

// Niveau is how bad a finding is.
type Niveau string

// The levels.
const (
	InOrde       Niveau = "in orde"
	Waarschuwing Niveau = "waarschuwing"
	Fout         Niveau = "fout"
)

// Bevinding is one finding. Waarom and Uitweg are empty when all is well.
type Bevinding struct {
	Niveau    Niveau `json:"niveau"`
	Onderwerp string `json:"onderwerp"`
	Wat       string `json:"wat"`
	Waarom    string `json:"waarom,omitempty"`
	Uitweg    string `json:"uitweg,omitempty"`
}

// Opties are what the caller chooses.
type Opties struct {
	Config   *config.Config
	Nu       func() time.Time // nil: time.Now
	Controle time.Duration    // how long the check of the store's integrity may take; 0: 30 seconds
	// Schijf gives the free and total bytes where dir is; nil: asks the system.
	Schijf func(dir string) (vrij, totaal uint64, err error)
}

// onderzoek is an examination under way.
type onderzoek struct {
	Opties
	ctx context.Context

	oins        []string // of the organisations that are served
	applicaties []autorisatie.Applicatie
	rijen       []autorisatie.Rij              // applications in the store, sealed
	punten      map[string]checkpoint.Bewaard  // newest checkpoints in the store, by organisation
	tijdvakken  map[string]bewijs.Tijdvakken   // epochs of the logs in the store, by organisation
	nagekeken   map[string]*controle.Nagekeken // newest checks in the store, by organisation
	laden       map[string]lade                // processing activities in the store, sealed, by organisation
	recht       *juridisch.Gegevens            // nil when it can't be read
	bos         *betrokkene.Sleutelbos         // keys that are whole; nil when that was not looked at
	opslag      *opslag                        // nil when it can't be looked at
	dienst      *dienst                        // nil when no register answers

	bevindingen []Bevinding
}

// opslag is what the other examinations need of the store, whatever its engine.
type opslag struct {
	vingerafdrukken map[string]map[string]string // by OIN and name of the key
	laatste         time.Time                    // registration of the newest version; zero without one
}

// Onderzoek examines everything.
func Onderzoek(ctx context.Context, opties Opties) []Bevinding {
	if opties.Nu == nil {
		opties.Nu = time.Now
	}
	if opties.Controle == 0 {
		opties.Controle = 30 * time.Second
	}
	if opties.Schijf == nil {
		opties.Schijf = schijf
	}
	o := &onderzoek{Opties: opties, ctx: ctx}
	// In this order: each may need what an earlier one found.
	for _, f := range []func(){
		o.bestandVanApplicaties, o.instellingen, o.juridisch, o.vraagDienst, o.store, o.sleutels, o.herschrijven, o.checkpoints, o.nakijken, o.getuigen, o.activiteiten, o.rechten, o.ruimte, o.klok, o.certificaat, o.bereik, o.post, o.aanmelddiensten, o.inwonerdiensten, o.systeem,
	} {
		f()
	}
	return o.bevindingen
}

func (o *onderzoek) goed(onderwerp, wat string, a ...any) {
	o.bevindingen = append(o.bevindingen, Bevinding{Niveau: InOrde, Onderwerp: onderwerp, Wat: fmt.Sprintf(wat, a...)})
}

func (o *onderzoek) meld(n Niveau, onderwerp, wat, waarom, uitweg string) {
	o.bevindingen = append(o.bevindingen, Bevinding{n, onderwerp, wat, waarom, uitweg})
}

// Tel counts the findings of a level.
func Tel(bevindingen []Bevinding, n Niveau) (aantal int) {
	for _, b := range bevindingen {
		if b.Niveau == n {
			aantal++
		}
	}
	return aantal
}

// Print writes the findings for a person, the worst first.
func Print(w io.Writer, bevindingen []Bevinding) error {
	var b strings.Builder
	for _, niveau := range []Niveau{Fout, Waarschuwing, InOrde} {
		for _, v := range bevindingen {
			if v.Niveau != niveau {
				continue
			}
			fmt.Fprintf(&b, "%-12s  %-12s  %s\n", strings.ToUpper(string(niveau)), v.Onderwerp, v.Wat)
			if v.Waarom != "" {
				fmt.Fprintf(&b, "%28s%s\n", "", "Waarom: "+v.Waarom)
			}
			if v.Uitweg != "" {
				fmt.Fprintf(&b, "%28s%s\n", "", "Uitweg: "+v.Uitweg)
			}
		}
	}
	fmt.Fprintf(&b, "\n%d fout, %d waarschuwing, %d in orde.\n", Tel(bevindingen, Fout), Tel(bevindingen, Waarschuwing), Tel(bevindingen, InOrde))
	_, err := io.WriteString(w, b.String())
	return err
}

// PrintJSON writes the findings for a program.
func PrintJSON(w io.Writer, bevindingen []Bevinding) error {
	e := json.NewEncoder(w)
	e.SetIndent("", "  ")
	e.SetEscapeHTML(false)
	return e.Encode(struct {
		Fouten         int         `json:"fouten"`
		Waarschuwingen int         `json:"waarschuwingen"`
		Bevindingen    []Bevinding `json:"bevindingen"`
	}{Tel(bevindingen, Fout), Tel(bevindingen, Waarschuwing), bevindingen})
}
