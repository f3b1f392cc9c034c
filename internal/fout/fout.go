// Package fout holds the one error type of the product.
//
// A Fout has a code from a closed set. The code is stable and meant for machines; Detail is
// Dutch, meant for a person, says the way out in one sentence and never holds an identifier of a
// person (contracts: "Errors"). Any other error that reaches the edge is an internal one: it is
// logged there and shown as CodeIntern only.
//
// The codes are those of the ZGW standards where these have one. They are mapped to an HTTP
// status and a title in exactly one place, internal/api/probleem.go.
package fout

import (
	"errors"
	"time"
)

// Code is a stable machine word for a kind of error.
type Code string

// The closed set of codes.
const (
	CodeIntern           Code = "error"                  // 500, cause only in the server log
	CodeOngeldig         Code = "invalid"                // 400, with Params
	CodeOnleesbaar       Code = "parse_error"            // 400, the body or a header can't be read
	CodeNietAangemeld    Code = "not_authenticated"      // 401, no token
	CodeAanmeldenMislukt Code = "authentication_failed"  // 401, a token that is not accepted
	CodeGeenToestemming  Code = "permission_denied"      // 403
	CodeGeenDoelbinding  Code = "geen_doelbinding"       // 403, no activity that allows it
	CodeOrganisatieOntbr Code = "organisatie_ontbreekt"  // 403, token names none of several organisations
	CodeNietGevonden     Code = "not_found"              // 404
	CodeMethode          Code = "method_not_allowed"     // 405
	CodeNietAanvaardbaar Code = "not_acceptable"         // 406
	CodeIdempotentie     Code = "idempotentie_conflict"  // 409
	CodeVoorwaarde       Code = "precondition_failed"    // 412
	CodeTeGroot          Code = "te_groot"               // 413
	CodeMediatype        Code = "unsupported_media_type" // 415
	CodeTeVeel           Code = "throttled"              // 429
	CodeNietBeschikbaar  Code = "niet_beschikbaar"       // 503, try again: nothing was lost or half done
	CodeBewijsNogNiet    Code = "bewijs_nog_niet"        // 503, no checkpoint covers it yet; try again
	CodeGelijktijdig     Code = "gelijktijdig_gewijzigd" // internal: another version came first; use cases retry
)

// Param names one wrong field, query parameter or header.
type Param struct {
	Name   string // dotted path ("verwerkteObjecten.0.objectId"), parameter or header name
	Code   string // stable word: required, invalid, max_length, invalid_choice, ...
	Reason string // Dutch, for a person; never the value itself
}

// Fout is an error that may be shown.
type Fout struct {
	Code      Code
	Detail    string        // Dutch; empty takes the code's own text
	Params    []Param       // with CodeOngeldig and CodeOnleesbaar: all that is wrong, in one answer
	OpnieuwNa time.Duration // with CodeNietBeschikbaar, CodeBewijsNogNiet and CodeTeVeel: Retry-After
	Oorzaak   error         // for the server log only
}

// Error gives the code and detail; neither holds an identifier of a person.
func (f *Fout) Error() string {
	s := string(f.Code)
	if f.Detail != "" {
		s += ": " + f.Detail
	}
	for _, p := range f.Params {
		s += " [" + p.Name + " " + p.Code + "]"
	}
	if f.Oorzaak != nil {
		s += ": " + f.Oorzaak.Error()
	}
	return s
}

// Unwrap gives the cause.
func (f *Fout) Unwrap() error { return f.Oorzaak }

// Is reports two Fouten of one code as the same, so that errors.Is(err, fout.NietGevonden) works.
func (f *Fout) Is(target error) bool {
	var g *Fout
	return errors.As(target, &g) && g.Code == f.Code
}

// Sentinels for errors.Is, and for returning when the code's own text says enough.
var (
	NietGevonden    = &Fout{Code: CodeNietGevonden}
	GeenToestemming = &Fout{Code: CodeGeenToestemming}
	GeenDoelbinding = &Fout{Code: CodeGeenDoelbinding}
	Gelijktijdig    = &Fout{Code: CodeGelijktijdig}
	Voorwaarde      = &Fout{Code: CodeVoorwaarde}
	NietBeschikbaar = &Fout{Code: CodeNietBeschikbaar}
	Idempotentie    = &Fout{Code: CodeIdempotentie}
)

// Ongeldig is a validation error over one or more fields.
func Ongeldig(params ...Param) *Fout { return &Fout{Code: CodeOngeldig, Params: params} }

// New is an error of a code with a Dutch sentence for a person.
func New(code Code, detail string) *Fout { return &Fout{Code: code, Detail: detail} }

// Wrap adds the cause, which is logged and never shown.
func Wrap(code Code, detail string, oorzaak error) *Fout {
	return &Fout{Code: code, Detail: detail, Oorzaak: oorzaak}
}

// CodeOf gives the code of err, CodeIntern when it has none.
func CodeOf(err error) Code {
	var f *Fout
	if errors.As(err, &f) {
		return f.Code
	}
	return CodeIntern
}
