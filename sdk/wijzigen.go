package sdk

import (
	"context"
	"errors"
	"net/http"

	"github.com/google/uuid"
)

const headerToelichting = "X-Audit-Toelichting"

var errWelkeActie = errors.New("zeg om welke actie het gaat: vul ActieID, of lees haar eerst met Actie")

// Wijzig replaces the content of an actie that was logged wrongly, also its persons, and gives it as it is now. The reason
// is kept with the version; it may be empty, unless the organisation asks for one. Read it with Actie first: when somebody
// changed it since then the answer is a *Fout with status 412. It may also be that of a call whose answer was lost and that
// was made again.
func (c *Client) Wijzig(ctx context.Context, a Verwerkingsactie, toelichting string) (Verwerkingsactie, error) {
	if a.ActieID == nil || *a.ActieID == uuid.Nil {
		return Verwerkingsactie{}, errWelkeActie
	}
	if a.VerwerkteObjecten == nil {
		a.VerwerkteObjecten = []VerwerktObject{}
	}
	var uit Verwerkingsactie
	var kop http.Header
	err := c.do(ctx, vraag{
		methode: http.MethodPut, pad: padActies + "/" + a.ActieID.String(), body: a, header: voorwaarde(a, toelichting), want: http.StatusOK, kop: &kop,
	}, &uit)
	if err != nil {
		return Verwerkingsactie{}, err
	}
	uit.ETag = kop.Get("ETag")
	return uit, nil
}

// Verwijder lets an actie expire: no question gives it any more, and it can't be undone. Nothing is erased. The reason and
// the ETag count as for Wijzig; an actie that has expired already is a *Fout with status 400.
func (c *Client) Verwijder(ctx context.Context, a Verwerkingsactie, toelichting string) error {
	if a.ActieID == nil || *a.ActieID == uuid.Nil {
		return errWelkeActie
	}
	return c.do(ctx, vraag{
		methode: http.MethodDelete, pad: padActies + "/" + a.ActieID.String(), header: voorwaarde(a, toelichting), want: http.StatusNoContent,
	}, nil)
}

func voorwaarde(a Verwerkingsactie, toelichting string) http.Header {
	h := http.Header{}
	if a.ETag != "" {
		h.Set("If-Match", a.ETag)
	}
	if toelichting != "" {
		h.Set(headerToelichting, toelichting)
	}
	return h
}
