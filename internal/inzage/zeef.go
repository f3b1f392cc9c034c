package inzage

import (
	"cmp"
	"slices"
	"strings"

	"github.com/verantwoord/verantwoord/internal/verwerkingenlog"
)

// Wijze is whether a person had a hand in it (A5924). The standard does not say it (X17): it is known where the organisation named the systems
// that work by themselves.
type Wijze string

// The ways. Empty: both.
const (
	Vanzelf Wijze = "vanzelf"
	MetMens Wijze = "mens" // or a system that was not named
)

// gelezen bounds the lines that are read for one page of what is kept by content: ten pages.
func (i *Inzage) gelezen() int { return 10 * i.o.PerPagina }

// Wijzen tells whether citizens of an organisation can choose by it.
func (i *Inzage) Wijzen(oin string) bool { return len(i.o.Instellingen(oin).Automatisch) > 0 }

// zeef is what a filter keeps by content; nil: everything.
func (i *Inzage) zeef(oin string, f Filter) *verwerkingenlog.Zeef {
	automatisch := i.o.Instellingen(oin).Automatisch
	if len(automatisch) == 0 {
		f.Wijze = "" // nothing is known
	}
	if f.Organisatie == "" && f.Wijze == "" {
		return nil
	}
	return &verwerkingenlog.Zeef{Grens: i.gelezen(), Houdt: func(a *verwerkingenlog.Verwerkingsactie) bool {
		if f.Organisatie != "" {
			deed := cmp.Or(a.Uitvoerder, oin)
			kreeg := strings.EqualFold(a.SoortAfnemerID, "OIN") && a.AfnemerID == f.Organisatie
			if deed != f.Organisatie && !kreeg {
				return false
			}
		}
		return f.Wijze == "" || (f.Wijze == Vanzelf) == slices.Contains(automatisch, a.Systeem)
	}}
}

// maxNamen bounds what is kept for a session.
const maxNamen = 200

// gezien gives the organisations that a session met so far, those of a page included, and the one that is chosen, by name: what the citizen may see anyway. Of a portal
// elsewhere it is one session for as long as the citizen goes on.
func (i *Inzage) gezien(z zitting, o *Overzicht) (uit []Partij) {
	i.mu.Lock()
	defer i.mu.Unlock()
	k := i.bekeken(z)
	if z.portaal != "" {
		k.laatst = i.o.Nu()
	}
	if k.namen == nil {
		k.namen = map[string]bool{}
	}
	k.namen[z.oin] = true
	for _, d := range o.Delen {
		for _, g := range d.Groepen {
			for n := range g.Gebruik {
				for _, p := range []Partij{g.Gebruik[n].Uitvoerder, g.Gebruik[n].Ontvanger} {
					if p.Soort == Organisatie && p.OIN != "" && len(k.namen) < maxNamen {
						k.namen[p.OIN] = true
					}
				}
			}
		}
	}
	for oin := range k.namen {
		uit = append(uit, Partij{Organisatie, oin, i.o.Naam(oin)})
	}
	if oin := o.Filter.Organisatie; oin != "" && !k.namen[oin] { // by a link from before: it tells nothing of this session
		uit = append(uit, Partij{Organisatie, oin, i.o.Naam(oin)})
	}
	slices.SortFunc(uit, func(a, b Partij) int {
		return cmp.Or(cmp.Compare(cmp.Or(a.Naam, "~"), cmp.Or(b.Naam, "~")), cmp.Compare(a.OIN, b.OIN))
	})
	return uit
}
