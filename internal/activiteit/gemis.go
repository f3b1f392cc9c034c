package activiteit

import (
	"fmt"

	"github.com/google/uuid"
)

// Gemis is something that the register needs to be accountable and does not have.
type Gemis struct {
	Code  string // stable
	Tekst string // Dutch: what, and the way out
	Pad   string // the page where it can be mended
}

// The pages where what is missing can be filled in.
const (
	padLijst             = "/beheer/verwerkingsactiviteiten"
	padLog               = padLijst + "/log"
	padVerantwoordelijke = padLijst + "/verantwoordelijke"
)

// Ontbreekt tells what is missing of an organisation.
func (r *Register) Ontbreekt(oin string) (uit []Gemis) {
	t, nu := r.kast.Stand(oin), r.nu()
	mis := func(ontbreekt bool, code, tekst, pad string) {
		if ontbreekt {
			uit = append(uit, Gemis{code, tekst, pad})
		}
	}
	g := t.loggrond
	mis(g == nil, "loggrond", "Er staat nog niet waarom het loggen zelf mag. Vul de grond van de log in.", padLog)
	if g != nil {
		mis(g.Activiteit == uuid.UUID{} || !t.geldig(g.Activiteit, nu), "loggrond_activiteit",
			"De log heeft zelf geen geldige verwerkingsactiviteit. Stel die vast en kies haar bij de grond van de log.", padLog)
		mis(len(g.Plichten) == 0, "loggrond_plichten", "Er staat nog niet welke plichten de log dient. Vul die in, met voor elke plicht een grondslag.", padLog)
		mis(g.Vloer == "", "loggrond_vloer", "Er is geen kortste bewaartermijn van de log gekozen. Vul de vloer in.", padLog)
		mis(g.Maximum == "", "loggrond_maximum", "Er is geen langste bewaartermijn van de log gekozen. Vul het maximum in.", padLog)
		mis(g.Selectielijst == "", "loggrond_selectielijst", "Er staat nog niet op welke regel van de selectielijst de bewaartermijnen rusten. Vul die in.", padLog)
		mis(g.Besluit == "" || g.BesluitDatum == "", "loggrond_besluit", "Er staat nog niet wie over de log besloot en wanneer. Vul het besluit en de datum in.", padLog)
	}
	onbekend := 0
	for _, id := range r.eigen(oin) {
		if !t.geldig(id, nu) {
			onbekend++
		}
	}
	mis(onbekend > 0, "opvragingen",
		"Het register logt wie het raadpleegt onder een activiteit die hier niet geldig is. Stel die vast, of noem in de instellingen een andere.", padLijst)
	v := t.verantwoordelijke
	mis(v == nil, "verantwoordelijke", "Er staat nog niet wie verantwoordelijk is. Vul de naam en het adres van de organisatie in.", padVerantwoordelijke)
	mis(v == nil || v.FG.Email == "" && v.FG.Telefoon == "", "fg",
		"Er staat nog niet hoe inwoners de functionaris gegevensbescherming bereiken. Vul het adres of nummer in.", padVerantwoordelijke)
	zonder := 0
	for _, a := range t.activiteiten {
		if a.Actueel().Log.Omvang == "" {
			zonder++
		}
	}
	wie := "Van één verwerkingsactiviteit"
	if zonder > 1 {
		wie = fmt.Sprintf("Van %d verwerkingsactiviteiten", zonder)
	}
	mis(zonder > 0, "logprofiel", wie+" is nog niet gekozen wat applicaties loggen. Kies dat bij de activiteit.", padLijst)
	return uit
}
