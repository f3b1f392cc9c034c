package beheer

import (
	"errors"
	"slices"
	"strconv"

	"github.com/google/uuid"

	"github.com/verantwoord/verantwoord/internal/fout"
	"github.com/verantwoord/verantwoord/internal/web/pagina"
)

// Importing a sheet, in four steps: choose a file, say what its columns are, see what would happen, do it.

const padInvoeren = padActiviteiten + "/invoeren"

// kruimelsInvoeren leads from the list and from the first step.
func kruimelsInvoeren(b *pagina.Bezoek) []pagina.Kruimel {
	return append(kruimelsActiviteiten(b, nil), pagina.Kruimel{Titel: b.T("Invoeren"), Pad: padInvoeren})
}

// stap is one of the four, with where one is.
type stap struct {
	Nr    int
	Titel string
	Hier  bool
	Klaar bool
}

func stappen(b *pagina.Bezoek, hier int) []stap {
	uit := []stap{{Nr: 1, Titel: b.T("Bestand kiezen")}, {Nr: 2, Titel: b.T("Kolommen nakijken")}, {Nr: 3, Titel: b.T("Voorbeeld bekijken")}, {Nr: 4, Titel: b.T("Ingevoerd")}}
	for i := range uit {
		uit[i].Hier, uit[i].Klaar = uit[i].Nr == hier, uit[i].Nr < hier
	}
	return uit
}

type invoerenBlad struct {
	Menu    []menuRegel
	Stappen []stap
	Lopend  []InvoerWerk
}

func (p *paginas) invoeren(b *pagina.Bezoek) (pagina.Antwoord, error) {
	if err := metZicht(b); err != nil {
		return nil, err
	}
	if b.Method == "POST" {
		inhoud, n, naam := b.Bestand("bestand")
		if inhoud == nil {
			b.Formulier.Meld("bestand", b.T("Kies een bestand: CSV of Excel (.xlsx)."))
		} else {
			id, bezig, err := p.o.Invoeren.Lees(b.Context(), b.Bezoeker, naam, inhoud, n)
			switch {
			case err == nil && bezig:
				return pagina.Verder{Naar: padBezig(id)}, nil
			case err == nil:
				return pagina.Verder{Naar: padInvoeren + "/kolommen/" + id.String()}, nil
			}
			if g, ok := errors.AsType[*fout.Fout](err); ok && g.Detail != "" && slices.Contains([]fout.Code{fout.CodeTeGroot, fout.CodeMediatype, fout.CodeOnleesbaar}, g.Code) {
				b.Formulier.Meld("bestand", b.T(g.Detail))
			} else if !b.Formulier.Neem(b, err) {
				return nil, err
			}
		}
	}
	return p.invoerenScherm(b)
}

func (p *paginas) invoerenScherm(b *pagina.Bezoek) (pagina.Antwoord, error) {
	lopend, err := p.o.Invoeren.Lopend(b.Context(), b.Bezoeker)
	if err != nil {
		return nil, err
	}
	return &pagina.Scherm{
		Sjabloon: "invoeren", Titel: b.T("Activiteiten invoeren uit een bestand"), Kruimels: kruimelsActiviteiten(b, nil),
		Inhoud: invoerenBlad{activiteitenMenu(b), stappen(b, 1), lopend},
	}, nil
}

type indelingBlad struct {
	InvoerIndeling
	Stappen  []stap
	Pad, Weg string
	Koppen   []pagina.Keuze
	Kolommen []kolomBlad
	Onbekend int // columns without a field
}

// kolomBlad is a column with its choice.
type kolomBlad struct {
	InvoerKolom
	Formulierveld string
	Keuzes        []pagina.Keuze
}

func (p *paginas) kolommen(b *pagina.Bezoek) (pagina.Antwoord, error) {
	id, err := b.ID("id")
	if err != nil {
		return nil, err
	}
	if w, err := p.o.Invoeren.Bezig(b.Context(), b.Bezoeker, id); err != nil {
		return nil, err
	} else if w != nil && (len(w.Fouten) == 0 || !w.Invoeren) {
		return pagina.Verder{Naar: padBezig(id)}, nil
	}
	in, err := p.o.Invoeren.Indeling(b.Context(), b.Bezoeker, id)
	if err != nil {
		return nil, err
	}
	kop := in.Kop
	if b.Method == "POST" {
		if kop, err = strconv.Atoi(b.Waarde("kop")); err != nil {
			kop = in.Kop
		}
		velden := make([]string, len(in.Kolommen))
		for i := range velden {
			velden[i] = b.Waarde("kolom." + strconv.Itoa(i))
		}
		if kop != in.Kop { // other names of columns: what was chosen for them says nothing
			velden = nil
		}
		err := p.o.Invoeren.ZetIndeling(b.Context(), b.Bezoeker, id, kop, velden)
		switch {
		case err == nil && kop != in.Kop:
			return pagina.Verder{Naar: padInvoeren + "/kolommen/" + id.String()}, nil
		case err == nil:
			return pagina.Verder{Naar: padInvoeren + "/voorbeeld/" + id.String()}, nil
		case !b.Formulier.Neem(b, err):
			return nil, err
		}
	}
	blad := indelingBlad{InvoerIndeling: *in, Stappen: stappen(b, 2), Pad: b.URL.Path, Weg: padInvoeren + "/weg/" + id.String()}
	for i, rij := range in.Eerste {
		tekst := b.T("rij %d", i+1)
		if eerste := eersteCellen(rij); eerste != "" {
			tekst += ": " + eerste
		}
		blad.Koppen = append(blad.Koppen, pagina.Keuze{Waarde: strconv.Itoa(i + 1), Tekst: tekst, Gekozen: i+1 == kop})
	}
	for i, k := range in.Kolommen {
		veld := "kolom." + strconv.Itoa(i)
		if b.Method != "POST" {
			b.Formulier.Zet(veld, k.Veld)
		}
		if b.Waarde(veld) == "" {
			blad.Onbekend++
		}
		kb := kolomBlad{InvoerKolom: k, Formulierveld: veld, Keuzes: []pagina.Keuze{{Tekst: b.T("geen veld: bewaren zoals het is")}}}
		for _, w := range in.Velden {
			kb.Keuzes = append(kb.Keuzes, pagina.Keuze{Waarde: w.Sleutel, Tekst: b.T(w.Naam), Gekozen: b.Waarde(veld) == w.Sleutel})
		}
		blad.Kolommen = append(blad.Kolommen, kb)
	}
	return &pagina.Scherm{Sjabloon: "invoer_kolommen", Titel: b.T("Kolommen nakijken"), Kruimels: kruimelsInvoeren(b), Inhoud: blad}, nil
}

// eersteCellen shows what a row begins with.
func eersteCellen(rij []string) string {
	uit := ""
	for _, c := range rij {
		if c == "" {
			continue
		}
		if uit != "" {
			uit += " | "
		}
		if uit += c; len([]rune(uit)) > 60 {
			return string([]rune(uit)[:60]) + "…"
		}
	}
	return uit
}

// Rows of the preview that are shown at once.
const voorbeeldRijen = 50

type voorbeeldBlad struct {
	InvoerVoorbeeld
	Stappen       []stap
	Pad, Weg      string
	Kolommen      string
	Fouten        []InvoerRegel // rows in which something is wrong
	Getoond       []InvoerRegel
	Meer          int // rows that are not shown
	Bladeren      bladeren
	MagGoedkeuren bool
}

func (p *paginas) voorbeeld(b *pagina.Bezoek) (pagina.Antwoord, error) {
	id, err := b.ID("id")
	if err != nil {
		return nil, err
	}
	if w, err := p.o.Invoeren.Bezig(b.Context(), b.Bezoeker, id); err != nil {
		return nil, err
	} else if w != nil && len(w.Fouten) == 0 {
		return pagina.Verder{Naar: padBezig(id)}, nil // it is being done, or was
	}
	v, err := p.o.Invoeren.Voorbeeld(b.Context(), b.Bezoeker, id)
	if err != nil {
		return nil, err
	}
	mag := b.Bezoeker.Mag("activiteiten", "goedkeuren")
	if b.Method == "POST" && v.Fout == 0 && len(v.Blad) == 0 {
		definitief := mag && b.Waarde("soort") == "definitief"
		dag := ""
		if definitief {
			dag = datumVeld(b, "ingangsdatum", true)
		}
		if b.Formulier.Goed() {
			uit, err := p.o.Invoeren.Voer(b.Context(), b.Bezoeker, id, definitief, dag)
			switch {
			case err == nil && uit == nil:
				return pagina.Verder{Naar: padBezig(id)}, nil
			case err == nil:
				return invoerKlaar(b, uit, definitief), nil
			}
			if !b.Formulier.Neem(b, err) {
				return nil, err
			}
		}
	}
	return p.voorbeeldScherm(b, id, v, mag), nil
}

type klaarBlad struct {
	InvoerUitkomst
	Stappen    []stap
	Definitief bool
	MagUit     bool // may take the activities away as a file
}

func (p *paginas) voorbeeldScherm(b *pagina.Bezoek, id uuid.UUID, v *InvoerVoorbeeld, mag bool) *pagina.Scherm {
	if b.Method != "POST" {
		vulIn(b.Formulier, "soort", "concept", "ingangsdatum", vandaag(b))
	}
	pad := padInvoeren + "/voorbeeld/" + id.String()
	blad := voorbeeldBlad{
		InvoerVoorbeeld: *v, Stappen: stappen(b, 3), Pad: pad, Weg: padInvoeren + "/weg/" + id.String(),
		Kolommen: padInvoeren + "/kolommen/" + id.String(), MagGoedkeuren: mag,
	}
	for _, r := range v.Regels {
		if len(r.Fouten) > 0 {
			blad.Fouten = append(blad.Fouten, r)
		}
	}
	vanaf, err := strconv.Atoi(b.URL.Query().Get("vanaf"))
	if err != nil || vanaf < 0 || vanaf >= len(v.Regels) {
		vanaf = 0
	}
	blad.Getoond = v.Regels[vanaf:min(vanaf+voorbeeldRijen, len(v.Regels))]
	if vanaf > 0 {
		blad.Bladeren.Eerste = pad
	}
	if n := vanaf + len(blad.Getoond); n < len(v.Regels) {
		blad.Bladeren.Volgende = pad + "?vanaf=" + strconv.Itoa(n)
	}
	if n := len(blad.Fouten) - voorbeeldRijen; n > 0 {
		blad.Meer, blad.Fouten = n, blad.Fouten[:voorbeeldRijen]
	}
	return &pagina.Scherm{Sjabloon: "invoer_voorbeeld", Titel: b.T("Voorbeeld van het invoeren"), Kruimels: kruimelsInvoeren(b), Inhoud: blad}
}

func (p *paginas) invoerWeg(b *pagina.Bezoek) (pagina.Antwoord, error) {
	id, err := b.ID("id")
	if err != nil {
		return nil, err
	}
	err = p.o.Invoeren.GooiInvoerWeg(b.Context(), b.Bezoeker, id)
	if fout.CodeOf(err) == fout.CodeVoorwaarde { // it was imported just before
		return pagina.Verder{Naar: padBezig(id)}, nil
	}
	if err != nil {
		return nil, err
	}
	return pagina.Verder{Naar: padInvoeren, Melding: pagina.InvoerWeg}, nil
}
