package sdk

import (
	"errors"
	"fmt"
	"strings"
)

// Reasons why nothing was done or shown. They are wrapped: test with errors.Is.
var (
	// ErrGeenDoelbinding: the context holds no Verwerking, or its function belongs to no activity that holds now.
	ErrGeenDoelbinding = errors.New("geen doelbinding: zeg met MetVerwerking of MetZoekopdracht waarvoor dit gebeurt")
	// ErrVerwerking: the Verwerking is not one that can be logged; the text says what to change.
	ErrVerwerking = errors.New("de verwerking klopt niet")
	// ErrGeenPersonen: the Verwerking names nobody, and it is not a search.
	ErrGeenPersonen = errors.New("de verwerking noemt geen personen: vul Objecten in, of gebruik MetZoekopdracht als zij nog niet bekend zijn")
	// ErrNietVastgelegd: the register did not take the record, so the call was not made or its answer is not shown.
	ErrNietVastgelegd = errors.New("niet vastgelegd in het register, daarom niet uitgevoerd of niet getoond")
	// ErrOnbruikbaar: the answer of a search can't be logged: too large, unreadable, or in parts.
	ErrOnbruikbaar = errors.New("het antwoord is niet vast te leggen, daarom niet getoond")
	// ErrOmleiding: the other side sends the call on to another host.
	ErrOmleiding = errors.New("de aanroep wordt naar een andere server omgeleid en is niet uitgevoerd")
)

// Fout is an answer of a register that says what is wrong (problem+json). It holds no identifier of a person.
type Fout struct {
	Status int     `json:"status"`
	Code   string  `json:"code"` // stable, for machines
	Title  string  `json:"title"`
	Detail string  `json:"detail"` // Dutch, with the way out
	Params []Param `json:"invalidParams"`
}

// Param is one thing that is wrong with what was sent.
type Param struct {
	Name   string `json:"name"` // dotted path, or the name of a parameter or header
	Code   string `json:"code"`
	Reason string `json:"reason"`
}

// Error tells all of it in one line.
func (f *Fout) Error() string {
	var b strings.Builder
	fmt.Fprintf(&b, "het register antwoordt %d", f.Status)
	if f.Code != "" {
		fmt.Fprintf(&b, " (%s)", f.Code)
	}
	if f.Detail != "" {
		b.WriteString(": " + f.Detail)
	}
	for _, p := range f.Params {
		fmt.Fprintf(&b, " %s: %s", p.Name, p.Reason)
	}
	return b.String()
}
