package procesapplicatie

import (
	"context"
	"net/http"

	"github.com/google/uuid"

	"github.com/verantwoord/verantwoord/internal/keten/waarneming"
	"github.com/verantwoord/verantwoord/sdk"
)

// Termijn is what the page sets as term of the records: three years.
const Termijn = "P3Y"

// Opheffen lifts the confidentiality of a verwerking in the whole chain, and ZetTermijn sets the term of its records.
var (
	Opheffen   = sdk.Verander{Vertrouwelijkheid: sdk.Opgeheven}
	ZetTermijn = sdk.Verander{Bewaartermijn: Termijn}
)

// Verander changes a verwerking at all logs that took part in it, and gives what came of it at each.
func (a *Applicatie) Verander(ctx context.Context, verwerking uuid.UUID, v sdk.Verander) (map[Kant]sdk.Uitkomst, error) {
	uitkomsten, err := a.i.Keten.Verander(ctx, verwerking, v)
	uit := map[Kant]sdk.Uitkomst{}
	for _, u := range uitkomsten {
		k := Derde
		if u.Naam != "" {
			k = Gemeente
		}
		uit[k] = u
	}
	return uit, err
}

// wijzig changes what was logged of a look-up, and leads back to it.
func (p *Pagina) wijzig(w http.ResponseWriter, r *http.Request) {
	o := p.zoek(r.PathValue("id"))
	if o == nil {
		p.weg(w, r)
		return
	}
	var v sdk.Verander
	wat := wijziging{Wat: "Vertrouwelijkheid opgeheven", velden: []waarneming.Veld{{Naam: "Vertrouwelijkheid", Waarde: string(sdk.Opgeheven)}}}
	switch r.PostFormValue("wat") {
	case "opheffen":
		v = Opheffen
	case "termijn":
		v, wat.Wat, wat.velden = ZetTermijn, "Termijn op 3 jaar gezet", []waarneming.Veld{{Naam: "Bewaartermijn", Waarde: Termijn}}
	default:
		p.melding(w, r, http.StatusBadRequest, "Deze keuze is er niet", "Ga terug en kies opnieuw.")
		return
	}
	p.beurt.Lock()
	// The error is in the outcomes as well.
	uitkomsten, err := p.o.Applicatie.Verander(context.WithoutCancel(r.Context()), o.verwerking, v)
	p.beurt.Unlock()
	if err != nil {
		p.o.Logger.WarnContext(r.Context(), "change of a chain", "oorzaak", err.Error())
	}
	for _, k := range []Kant{Derde, Gemeente} {
		u := uitkomst{Wie: k, Tekst: "gedaan", Soort: "goed"}
		switch in, ok := uitkomsten[k]; {
		case !ok || in.Fout != nil:
			u.Tekst, u.Soort = "niet gelukt; doe het nog eens", "fout"
		case in.Niets:
			u.Tekst, u.Soort = "niets gevonden om te wijzigen", "stil"
		}
		if k == Gemeente {
			wat.Uitleg = uitlegVan(u.Soort)
		}
		wat.Uitkomsten = append(wat.Uitkomsten, u)
	}
	p.mu.Lock()
	o.wijzigingen = append(o.wijzigingen[:len(o.wijzigingen):len(o.wijzigingen)], wat)
	p.mu.Unlock()
	http.Redirect(w, r, "/opvragingen/"+o.id, http.StatusSeeOther)
}

// uitlegVan tells what the outcome at the municipality means.
func uitlegVan(soort string) string {
	switch soort {
	case "goed":
		return "De gemeente vond haar regel terug aan het verwerkingId dat het waterschap meestuurde. Zo verandert de hele keten mee."
	case "stil":
		return "De gemeente heeft niets met dit verwerkingId: het is haar niet verteld, of zij legde niets vast. Haar regel blijft dus zoals hij was."
	}
	return "Niet alle logs zijn veranderd. Doe het nog eens als het log weer aanstaat; wat al veranderd is, blijft goed."
}

func (p *Pagina) weg(w http.ResponseWriter, r *http.Request) {
	p.melding(w, r, http.StatusNotFound, "Deze opvraging is er niet meer", "De demonstratie onthoudt alleen de laatste. Doe de opvraging opnieuw. Wat is vastgelegd, staat nog wel in de logs.")
}
