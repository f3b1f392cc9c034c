package doctor

import (
	"context"
	"fmt"
	"strings"

	"github.com/google/uuid"

	"github.com/verantwoord/verantwoord/internal/activiteit"
	"github.com/verantwoord/verantwoord/internal/fout"
	"github.com/verantwoord/verantwoord/internal/kast"
	"github.com/verantwoord/verantwoord/internal/store/kamer"
	kastopslag "github.com/verantwoord/verantwoord/internal/store/kast"
)

// lade is what a store holds of an organisation's processing activities, sealed; or why that can't be read.
type lade struct {
	rijen     []kast.Rij
	generatie int64
	err       error
}

// leesLaden takes them out of the store, for when it is closed again.
func leesLaden(ctx context.Context, k kamer.Opslag, oins []string) map[string]lade {
	uit := map[string]lade{}
	for _, oin := range oins {
		var l lade
		l.rijen, l.generatie, l.err = kastopslag.New(k, kastopslag.Activiteiten, nil).Load(ctx, oin)
		uit[oin] = l
	}
	return uit
}

// registerVan is what is asked of the register of processing activities; *activiteit.Register implements it.
type registerVan interface {
	Ontbreekt(oin string) []activiteit.Gemis
	Loggrond(activiteit.Dader) (activiteit.Loggrond, error)
}

// activiteiten judges what the register of processing activities lacks. It is read by a copy of the store: a register that
// has the embedded one open shows it on its own start page.
func (o *onderzoek) activiteiten() {
	switch {
	case o.opslag == nil && o.dienst != nil && o.dienst.gereed:
		o.goed("verantwoording", "Het register draait; op de startpagina van het beheer staat wat er in het register van verwerkingsactiviteiten ontbreekt.")
		return
	case o.opslag == nil || o.bos == nil:
		return // said before
	}
	for _, oin := range o.oins {
		if len(o.opslag.vingerafdrukken[oin]) == 0 {
			continue // new to the store: there is nothing yet
		}
		r, err := o.registerActiviteiten(oin)
		if err != nil {
			o.meld(Waarschuwing, "verantwoording", "De verwerkingsactiviteiten van organisatie "+oin+" zijn niet te lezen: "+zin(err),
				"Wat daarin ontbreekt is niet beoordeeld.", "Start het register eenmaal, zodat het de opslag bijwerkt; herstel de sleutels als die niet deugen.")
			continue
		}
		o.verantwoording(oin, r)
	}
}

func (o *onderzoek) registerActiviteiten(oin string) (*activiteit.Register, error) {
	l := o.laden[oin]
	if l.err != nil {
		return nil, l.err
	}
	return activiteit.New(o.ctx, activiteit.Opties{
		Opslag: l, Sleutels: o.bos.Organisatie, Organisaties: []string{oin}, Nu: o.Nu, Eigen: func(oin string) (uit []uuid.UUID) {
			a := o.Config.Organisatie(oin).Activiteit
			for _, tekst := range []string{a.Inzage, a.Bewerking} {
				if id, err := uuid.Parse(tekst); err == nil {
					uit = append(uit, id)
				}
			}
			return uit
		},
	})
}

// verantwoording tells what is missing, and whether the settings say the same as what was decided.
func (o *onderzoek) verantwoording(oin string, r registerVan) {
	voor := len(o.bevindingen)
	for _, g := range r.Ontbreekt(oin) {
		niveau := Waarschuwing
		waarom := "Het register van verwerkingsactiviteiten is zo niet af (AVG art. 30)."
		// Without ground, terms and profile the log may not run with real people.
		if strings.HasPrefix(g.Code, "loggrond") || g.Code == "logprofiel" {
			niveau, waarom = Fout, "Ook het loggen zelf verwerkt persoonsgegevens; zonder grond, termijnen en profiel is het niet te verantwoorden (AVG art. 5 en 6)."
		}
		tekst, uitweg, _ := strings.Cut(g.Tekst, ". ")
		if uitweg == "" {
			uitweg = "Vul het aan."
		}
		o.meld(niveau, "verantwoording", "Organisatie "+oin+": "+strings.TrimSuffix(tekst, ".")+".", waarom, uitweg+" De pagina is "+g.Pad+".")
	}
	l, err := r.Loggrond(activiteit.Dader{OIN: oin, Mag: func(handeling string) bool { return handeling == activiteit.Zien }})
	if err == nil {
		b := o.Config.Organisatie(oin).Bewaren
		for _, v := range []struct{ naam, besloten, ingesteld string }{{"vloer", l.Vloer, b.Vloer}, {"maximum", l.Maximum, b.Maximum}} {
			if v.besloten != "" && v.ingesteld != "" && v.besloten != v.ingesteld {
				o.meld(Waarschuwing, "verantwoording", fmt.Sprintf("Organisatie %s: de %s van de log is besloten op %s, en ingesteld op %s.", oin, v.naam, v.besloten, v.ingesteld),
					"De vernietiging houdt zich aan wat is ingesteld.", "Stel organisaties."+oin+".bewaren."+v.naam+" in op wat is besloten, of leg een nieuw besluit vast.")
			}
		}
		if o.recht != nil {
			if rij, ok := o.recht.Op(string(activiteit.DatumVan(o.Nu()))).Rij(l.Selectielijst); ok && rij.Voorbeeld {
				o.meld(Waarschuwing, "verantwoording", "Organisatie "+oin+": de termijnen van de log rusten op rij "+rij.Nummer+", en dat is een voorbeeld.",
					"Een bewaartermijn die op een voorbeeld rust, rust op niets.", "Kies met de archivaris de rij van de eigen selectielijst.")
			}
		}
	}
	if len(o.bevindingen) == voor {
		o.goed("verantwoording", "Organisatie %s heeft een grond voor de log, en een register van verwerkingsactiviteiten dat af is.", oin)
	}
}

// Load implements kast.Opslag.
func (l lade) Load(context.Context, string) ([]kast.Rij, int64, error) {
	return l.rijen, l.generatie, nil
}

// Generaties implements kast.Opslag.
func (lade) Generaties(context.Context) (map[string]int64, error) { return nil, nil }

// Bijlage implements kast.Opslag.
func (lade) Bijlage(context.Context, string, uuid.UUID) (kast.Rij, error) {
	return kast.Rij{}, fout.NietGevonden
}

// Put implements kast.Opslag.
func (lade) Put(context.Context, kast.Wijziging) error { return errDicht }
