package sdk

import (
	"net/http"
	"slices"
	"strings"

	"github.com/google/uuid"
)

// The headers by which a consumer tells a provider on whose behalf and why it asks (B9177).
const (
	headerOIN               = "OIN"
	headerActiviteitID      = "VerwerkingsactiviteitId"
	headerActiviteitURL     = "VerwerkingsactiviteitUrl"
	headerVerwerkingID      = "VerwerkingId"
	headerVertrouwelijkheid = "Vertrouwelijkheid"
	headerBewaartermijn     = "Bewaartermijn"
)

var doorgaveHeaders = []string{headerOIN, headerActiviteitID, headerActiviteitURL, headerVerwerkingID, headerVertrouwelijkheid, headerBewaartermijn}

// Doorgave is what stands in those headers. What is zero was not told.
type Doorgave struct {
	OIN               string // of the consumer
	ActiviteitID      uuid.UUID
	ActiviteitURL     string
	VerwerkingID      uuid.UUID
	Vertrouwelijkheid Vertrouwelijkheid
	Bewaartermijn     string // of the record
}

// Zet writes the headers in place of any that were there.
func (d Doorgave) Zet(h http.Header) {
	for naam := range h { // in any spelling: a header that is set past Set keeps its own
		if slices.ContainsFunc(doorgaveHeaders, func(onze string) bool { return strings.EqualFold(onze, naam) }) {
			delete(h, naam)
		}
	}
	zet := func(naam, waarde string) {
		if waarde != "" {
			h.Set(naam, waarde)
		}
	}
	zet(headerOIN, d.OIN)
	if d.ActiviteitID != uuid.Nil {
		zet(headerActiviteitID, d.ActiviteitID.String())
	}
	zet(headerActiviteitURL, d.ActiviteitURL)
	if d.VerwerkingID != uuid.Nil {
		zet(headerVerwerkingID, d.VerwerkingID.String())
	}
	zet(headerVertrouwelijkheid, string(d.Vertrouwelijkheid))
	zet(headerBewaartermijn, d.Bewaartermijn)
}
