package beheer

import (
	"net/url"
	"slices"
	"strconv"

	"github.com/verantwoord/verantwoord/internal/fout"
	"github.com/verantwoord/verantwoord/internal/web/pagina"
)

type beheerlogBlad struct {
	Stand     *BewijsStand // only on the first page
	Regels    []LogRegel
	Soorten   []pagina.Keuze
	Bladeren  bladeren
	Gefilterd bool
	MagZoeken bool
}

func (p *paginas) beheerlog(b *pagina.Bezoek) (pagina.Antwoord, error) {
	q := b.URL.Query()
	soort := q.Get("soort")
	soorten := p.o.Beheerlog.Soorten()
	zoeken := b.Bezoeker.Mag("beheerlog", "zoeken")
	if !zoeken || !slices.ContainsFunc(soorten, func(w Woord) bool { return w.Sleutel == soort }) {
		soort = ""
	}
	voor, err := strconv.ParseUint(q.Get("vanaf"), 10, 64)
	if err != nil {
		voor = 0
	}
	regels, err := p.o.Beheerlog.Lijst(b.Context(), b.Bezoeker, soort, voor, perPagina+1)
	if err != nil {
		return nil, err
	}
	var volgende, vanaf string
	if len(regels) > perPagina {
		regels = regels[:perPagina]
		volgende = strconv.FormatUint(regels[perPagina-1].Nummer, 10)
	}
	if voor > 0 {
		vanaf = q.Get("vanaf")
	}
	keuzes := []pagina.Keuze{{Waarde: "", Tekst: b.T("Alle soorten")}}
	for _, s := range soorten {
		keuzes = append(keuzes, pagina.Keuze{Waarde: s.Sleutel, Tekst: b.T(s.Naam)})
	}
	for i := range regels {
		for _, s := range soorten {
			if s.Sleutel == regels[i].Soort {
				regels[i].Soort = b.T(s.Naam)
				break
			}
		}
	}
	var stand *BewijsStand
	if voor == 0 {
		if stand, err = p.o.Beheerlog.Stand(b.Context(), b.Bezoeker); err != nil {
			return nil, err
		}
	}
	return &pagina.Scherm{
		Sjabloon: "beheerlog", Titel: b.T("Beheerlog"),
		Inhoud:    beheerlogBlad{stand, regels, keuzes, blader("/beheer/beheerlog", url.Values{"soort": {soort}}, vanaf, volgende), soort != "", zoeken},
		Formulier: &pagina.Formulier{Waarden: url.Values{"soort": {soort}}},
	}, nil
}

// regelbewijs gives the proof of an event as a file.
func (p *paginas) regelbewijs(b *pagina.Bezoek) (pagina.Antwoord, error) {
	nummer, err := strconv.ParseUint(b.PathValue("nummer"), 10, 64)
	if err != nil {
		return nil, fout.New(fout.CodeNietGevonden, "Deze regel staat niet in het beheerlog; kies er een in de lijst.")
	}
	tekst, err := p.o.Beheerlog.Bewijs(b.Context(), b.Bezoeker, nummer)
	if err != nil {
		return nil, err
	}
	return pagina.Download{Naam: "beheerlog-" + strconv.FormatUint(nummer, 10) + "-bewijs.txt", Soort: "text/plain; charset=utf-8", Inhoud: tekst}, nil
}

type instellingenBlad struct {
	Groepen []instellingGroep
	Anders  int // how many differ from the default

	Sleutels Sleutels
}

type instellingGroep struct {
	Naam   string
	Regels []Instelling
}

func (p *paginas) instellingen(b *pagina.Bezoek) (pagina.Antwoord, error) {
	alle, err := p.o.Instellingen.Instellingen(b.Context(), b.Bezoeker)
	if err != nil {
		return nil, err
	}
	sleutels, err := p.o.Instellingen.Sleutels(b.Context(), b.Bezoeker)
	if err != nil {
		return nil, err
	}
	blad := instellingenBlad{Sleutels: sleutels}
	for _, i := range alle {
		if n := len(blad.Groepen); n == 0 || blad.Groepen[n-1].Naam != i.Groep {
			blad.Groepen = append(blad.Groepen, instellingGroep{Naam: i.Groep})
		}
		g := &blad.Groepen[len(blad.Groepen)-1]
		g.Regels = append(g.Regels, i)
		if i.Gekozen != i.Standaard {
			blad.Anders++
		}
	}
	return &pagina.Scherm{Sjabloon: "instellingen", Titel: b.T("Instellingen"), Inhoud: blad}, nil
}
