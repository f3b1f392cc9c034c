package beheer

import (
	"net/http"

	"github.com/verantwoord/verantwoord/internal/web/pagina"
)

// routesActiviteiten are those of verwerkingsactiviteiten. Below an id stands one word; the tables beside the list have the id
// at the end, so that no address can mean two things.
func (p *paginas) routesActiviteiten() []pagina.Route {
	const get, post, m, pad = http.MethodGet, http.MethodPost, "activiteiten", padActiviteiten
	type r = pagina.Route
	return []r{
		{Methode: get, Patroon: pad, Module: m, Handeling: "zien", Handler: p.activiteiten},
		{Methode: get, Patroon: pad + "/nieuw", Module: m, Handeling: "wijzigen", Handler: p.toonNieuweActiviteit},
		{Methode: post, Patroon: pad + "/nieuw", Module: m, Handeling: "wijzigen", Max: maxActiviteit, Handler: p.nieuweActiviteit},
		{Methode: get, Patroon: pad + "/{id}", Module: m, Handeling: "zien", Handler: p.toonActiviteit},
		{Methode: get, Patroon: pad + "/{id}/wijzigen", Module: m, Handeling: "wijzigen", Handler: p.toonWijzigActiviteit},
		{Methode: post, Patroon: pad + "/{id}/wijzigen", Module: m, Handeling: "wijzigen", Max: maxActiviteit, Handler: p.wijzigActiviteit},
		{Methode: get, Patroon: pad + "/{id}/weggooien", Module: m, Handeling: "wijzigen", Handler: p.weggooien},
		{Methode: post, Patroon: pad + "/{id}/weggooien", Module: m, Handeling: "wijzigen", Handler: p.weggooien},
		{Methode: get, Patroon: pad + "/{id}/vaststellen", Module: m, Handeling: "goedkeuren", Handler: p.vaststellen},
		{Methode: post, Patroon: pad + "/{id}/vaststellen", Module: m, Handeling: "goedkeuren", Handler: p.vaststellen},
		{Methode: get, Patroon: pad + "/{id}/beeindigen", Module: m, Handeling: "goedkeuren", Handler: p.beeindigen},
		{Methode: post, Patroon: pad + "/{id}/beeindigen", Module: m, Handeling: "goedkeuren", Handler: p.beeindigen},
		{Methode: get, Patroon: pad + "/{id}/openbaar", Module: m, Handeling: "goedkeuren", Handler: p.openbaarMaken},
		{Methode: post, Patroon: pad + "/{id}/openbaar", Module: m, Handeling: "goedkeuren", Handler: p.openbaarMaken},

		{Methode: get, Patroon: pad + "/register", Module: m, Handeling: "zien", Handler: p.artikel30},
		{Methode: get, Patroon: pad + "/juridisch", Module: m, Handeling: "zien", Handler: p.juridisch},
		{Methode: get, Patroon: pad + "/uitvoeren", Module: m, Handeling: "exporteren", Handler: p.toonUitvoeren},
		{Methode: get, Patroon: pad + "/uitvoeren/csv", Module: m, Handeling: "exporteren", Handler: p.uitvoeren},
		{Methode: get, Patroon: pad + "/uitvoeren/xlsx", Module: m, Handeling: "exporteren", Handler: p.uitvoeren},
		{Methode: get, Patroon: pad + "/uitvoeren/json", Module: m, Handeling: "exporteren", Handler: p.uitvoeren},

		{Methode: get, Patroon: padInvoeren, Module: m, Handeling: "wijzigen", Handler: p.invoeren},
		{Methode: post, Patroon: padInvoeren, Module: m, Handeling: "wijzigen", Bestand: true, Max: MaxInvoer + 1<<20, Handler: p.invoeren},
		{Methode: get, Patroon: padInvoeren + "/bezig/{id}", Module: m, Handeling: "wijzigen", Handler: p.invoerBezig},
		{Methode: get, Patroon: padInvoeren + "/kolommen/{id}", Module: m, Handeling: "wijzigen", Handler: p.kolommen},
		{Methode: post, Patroon: padInvoeren + "/kolommen/{id}", Module: m, Handeling: "wijzigen", Handler: p.kolommen},
		{Methode: get, Patroon: padInvoeren + "/voorbeeld/{id}", Module: m, Handeling: "wijzigen", Handler: p.voorbeeld},
		{Methode: post, Patroon: padInvoeren + "/voorbeeld/{id}", Module: m, Handeling: "wijzigen", Handler: p.voorbeeld},
		{Methode: post, Patroon: padInvoeren + "/weg/{id}", Module: m, Handeling: "wijzigen", Handler: p.invoerWeg},

		{Methode: get, Patroon: padKoppelingen, Module: m, Handeling: "zien", Handler: p.koppelingen},
		{Methode: get, Patroon: padKoppelingen + "/nieuw", Module: m, Handeling: "wijzigen", Handler: p.koppelingFormulier},
		{Methode: post, Patroon: padKoppelingen + "/nieuw", Module: m, Handeling: "wijzigen", Handler: p.koppelingFormulier},
		{Methode: get, Patroon: padKoppelingen + "/wijzig/{id}", Module: m, Handeling: "wijzigen", Handler: p.koppelingFormulier},
		{Methode: post, Patroon: padKoppelingen + "/wijzig/{id}", Module: m, Handeling: "wijzigen", Handler: p.koppelingFormulier},
		{Methode: get, Patroon: padKoppelingen + "/weg/{id}", Module: m, Handeling: "wijzigen", Handler: p.koppelingWeg},
		{Methode: post, Patroon: padKoppelingen + "/weg/{id}", Module: m, Handeling: "wijzigen", Handler: p.koppelingWeg},

		{Methode: get, Patroon: padLeveringen, Module: m, Handeling: "zien", Handler: p.leveringen},
		{Methode: get, Patroon: padLeveringen + "/nieuw", Module: m, Handeling: "beheren", Handler: p.leveringFormulier},
		{Methode: post, Patroon: padLeveringen + "/nieuw", Module: m, Handeling: "beheren", Handler: p.leveringFormulier},
		{Methode: get, Patroon: padLeveringen + "/wijzig/{id}", Module: m, Handeling: "beheren", Handler: p.leveringFormulier},
		{Methode: post, Patroon: padLeveringen + "/wijzig/{id}", Module: m, Handeling: "beheren", Handler: p.leveringFormulier},
		{Methode: get, Patroon: padLeveringen + "/weg/{id}", Module: m, Handeling: "beheren", Handler: p.leveringWeg},
		{Methode: post, Patroon: padLeveringen + "/weg/{id}", Module: m, Handeling: "beheren", Handler: p.leveringWeg},

		{Methode: get, Patroon: padKwaliteit, Module: m, Handeling: "zien", Handler: p.kwaliteit},

		{Methode: get, Patroon: padLoggrond, Module: m, Handeling: "zien", Handler: p.loggrond},
		{Methode: get, Patroon: padLoggrond + "/wijzigen", Module: m, Handeling: "beheren", Handler: p.loggrondFormulier},
		{Methode: post, Patroon: padLoggrond + "/wijzigen", Module: m, Handeling: "beheren", Handler: p.loggrondFormulier},
		{Methode: get, Patroon: padVerantwoordelijke, Module: m, Handeling: "zien", Handler: p.verantwoordelijke},
		{Methode: get, Patroon: padVerantwoordelijke + "/wijzigen", Module: m, Handeling: "beheren", Handler: p.verantwoordelijkeFormulier},
		{Methode: post, Patroon: padVerantwoordelijke + "/wijzigen", Module: m, Handeling: "beheren", Handler: p.verantwoordelijkeFormulier},
	}
}
