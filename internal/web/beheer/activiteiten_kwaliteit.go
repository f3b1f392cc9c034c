package beheer

import (
	"strconv"
	"strings"

	"github.com/verantwoord/verantwoord/internal/web/pagina"
	"github.com/verantwoord/verantwoord/internal/web/taal"
)

const padKwaliteit = padActiviteiten + "/kwaliteit"

type kwaliteitBlad struct {
	Menu        []menuRegel
	Perioden    []pagina.Keuze
	Zin         string // how many of how many
	Bij         string // what is not counted yet; empty: nothing
	Leeg        bool
	Bevindingen []bevindingRegel
	Rest        int // findings that are not shown
}

type bevindingRegel struct {
	Bevinding
	Wat, Uitweg, Aantal string
	Pad                 string // where it can be mended; empty: nowhere here
	PadTekst            string
}

// perioden are those to choose from, in days; the first is the default, 0 is all.
var perioden = []struct {
	dagen int
	tekst string
}{{30, "De laatste 30 dagen"}, {90, "De laatste 90 dagen"}, {365, "Het laatste jaar"}, {0, "Alles"}}

// maxBevindingen bounds the page.
const maxBevindingen = 200

// kwaliteit shows which records of the log can't be accounted for.
func (p *paginas) kwaliteit(b *pagina.Bezoek) (pagina.Antwoord, error) {
	gekozen := perioden[0].dagen
	vraag := b.URL.Query().Get("periode")
	var keuzes []pagina.Keuze
	for _, k := range perioden {
		waarde := strconv.Itoa(k.dagen)
		if vraag == waarde {
			gekozen = k.dagen
		}
		keuzes = append(keuzes, pagina.Keuze{Waarde: waarde, Tekst: b.T(k.tekst)})
	}
	sinds := ""
	if gekozen > 0 {
		sinds = pagina.SchrijfDag(b.Nu().AddDate(0, 0, 1-gekozen))
	}
	k, err := p.o.Toezicht.Kwaliteit(b.Context(), b.Bezoeker, sinds)
	if err != nil {
		return nil, err
	}
	blad := kwaliteitBlad{
		Menu: activiteitenMenu(b), Perioden: keuzes, Leeg: k.Totaal == 0,
		Zin: b.T("%s van de %s vastleggingen horen bij een activiteit die toen gold: %s.", getal(b.Taal, k.Goed), getal(b.Taal, k.Totaal), aandeel(b.Taal, k.Goed, k.Totaal)),
	}
	if k.Ongeteld > 0 {
		blad.Bij = b.T("%s nieuwe vastleggingen zijn nog niet geteld. Dat gebeurt vanzelf, meestal binnen een minuut.", getal(b.Taal, k.Ongeteld))
	}
	for i, v := range k.Bevindingen {
		if i == maxBevindingen {
			blad.Rest = len(k.Bevindingen) - i
			break
		}
		blad.Bevindingen = append(blad.Bevindingen, bevinding(b, v))
	}
	b.Formulier.Zet("periode", strconv.Itoa(gekozen))
	return &pagina.Scherm{
		Sjabloon: "kwaliteit", Titel: b.T("Kwaliteit van de vastlegging"), Kruimels: kruimelsActiviteiten(b, nil), Inhoud: blad, Formulier: b.Formulier,
	}, nil
}

// bevinding says what is wrong, and the way out.
func bevinding(b *pagina.Bezoek, v Bevinding) bevindingRegel {
	r := bevindingRegel{Bevinding: v, Aantal: getal(b.Taal, v.Aantal)}
	switch v.Reden {
	case RedenLeeg:
		r.Wat = b.T("Er is geen activiteit meegegeven.")
		r.Uitweg = b.T("Koppel de functies van de applicatie, en laat de leverancier de activiteit meesturen.")
		r.Pad, r.PadTekst = padKoppelingen, b.T("Naar de functies")
	case RedenOnbekend:
		r.Wat = b.T("De activiteit staat niet in dit register.")
		r.Uitweg = b.T("Neem haar op met dit nummer, door een bestand in te voeren, of laat de leverancier het goede nummer instellen.")
		if b.Bezoeker.Mag("activiteiten", "wijzigen") {
			r.Pad, r.PadTekst = padInvoeren, b.T("Naar het invoeren")
		}
	case RedenOngeldig:
		r.Wat = b.T("De activiteit gold niet op de dag van de verwerking.")
		r.Uitweg = b.T("Kijk of de eerste en de laatste dag kloppen, of laat de applicatie een andere activiteit gebruiken.")
		r.Pad, r.PadTekst = padActiviteit(v.Activiteit), b.T("Naar de activiteit")
	}
	return r
}

// getal writes a number with a sign between thousands.
func getal(t taal.Taal, n int64) string {
	teken := "."
	if t == taal.Engels {
		teken = ","
	}
	s := strconv.FormatInt(n, 10)
	var uit strings.Builder
	for i, c := range s {
		if i > 0 && (len(s)-i)%3 == 0 && s[i-1] != '-' {
			uit.WriteString(teken)
		}
		uit.WriteRune(c)
	}
	return uit.String()
}

// aandeel writes a part of a whole in percents. It never rounds up to all, nor down to nothing.
func aandeel(t taal.Taal, deel, geheel int64) string {
	if geheel <= 0 {
		return ""
	}
	promille := deel * 1000 / geheel
	if promille == 0 && deel > 0 {
		promille = 1
	}
	teken := ","
	if t == taal.Engels {
		teken = "."
	}
	return strconv.FormatInt(promille/10, 10) + teken + strconv.FormatInt(promille%10, 10) + "\u00a0%"
}
