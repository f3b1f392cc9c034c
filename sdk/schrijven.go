package sdk

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"time"

	"github.com/google/uuid"
)

const padActies = "/bewerking/api/v1/verwerkingsacties"

// Log records an actie; when it returns without an error the record is durable. It is tried again under one
// Idempotency-Key, so that it stands there once. Systeem, Gegevensbron, Uitvoerder and Tijdstip are filled in when empty.
func (c *Client) Log(ctx context.Context, a Verwerkingsactie) (Verwerkingsactie, error) {
	c.vulAan(&a)
	var uit Verwerkingsactie
	var kop http.Header
	err := c.do(ctx, vraag{
		methode: http.MethodPost, pad: padActies, body: a, header: http.Header{"Idempotency-Key": {uuid.NewString()}}, want: http.StatusCreated, kop: &kop,
	}, &uit)
	if err == nil && (uit.ActieID == nil || uit.TijdstipRegistratie == "") {
		return Verwerkingsactie{}, errors.New("het antwoord is niet dat van een register: het noemt geen actieId en tijdstipRegistratie; controleer de URL")
	}
	uit.ETag = kop.Get("ETag")
	return uit, err
}

// vulAan adds what the application says of itself.
func (c *Client) vulAan(a *Verwerkingsactie) {
	if a.Systeem == "" {
		a.Systeem = c.i.Systeem
	}
	if a.Gegevensbron == "" {
		a.Gegevensbron = c.i.Gegevensbron
	}
	if a.Uitvoerder == nil {
		a.Uitvoerder = of(c.i.Uitvoerder)
	}
	if a.Tijdstip == "" {
		a.Tijdstip = c.nu().Format(time.RFC3339Nano)
	}
	if a.Vertrouwelijkheid == "" {
		a.Vertrouwelijkheid = Normaal
	}
	if a.VerwerkteObjecten == nil {
		a.VerwerkteObjecten = []VerwerktObject{}
	}
}

// Verander is what can be changed of a whole verwerking at once; what is empty stays.
type Verander struct {
	Vertrouwelijkheid Vertrouwelijkheid `json:"vertrouwelijkheid,omitempty"`
	Bewaartermijn     string            `json:"bewaartermijn,omitempty"`
}

// VeranderVerwerking lifts the confidentiality or sets the term of all acties of a verwerking (F2969, F4415): at a register
// of another organisation those it logged for this one, by verwerkingIdAfnemer (B8157).
func (c *Client) VeranderVerwerking(ctx context.Context, verwerking uuid.UUID, v Verander) error {
	if verwerking == uuid.Nil || v == (Verander{}) {
		return errors.New("zeg om welke verwerking het gaat en wat er verandert")
	}
	return c.do(ctx, vraag{
		methode: http.MethodPatch, pad: padActies + "?" + url.Values{"verwerkingId": {verwerking.String()}}.Encode(), body: v, want: http.StatusNoContent,
	}, nil)
}
