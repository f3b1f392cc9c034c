package sdk

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"
)

// aanvraag is a request of a caller, as it was judged.
type aanvraag struct {
	dienst   Dienst
	begin    time.Time
	afnemer  string // OIN, "" as long as it isn't proved
	doorgave Doorgave
	levering Levering
	eigen    Verwerking // of the provider: what it logs
}

func (v *aanvraag) gebeurtenis(soort string, fout error) Gebeurtenis {
	return Gebeurtenis{Soort: soort, Gegevensset: v.dienst.Gegevensset, Afnemer: v.afnemer, Fout: fout}
}

// toets holds a request against everything that must hold before anything is done for it. It always gives an aanvraag.
func (a *Aanbieder) toets(r *http.Request, d Dienst) (*aanvraag, *probleem) {
	v := &aanvraag{dienst: d, begin: a.nu()}
	wie, err := a.i.Afnemers.Wie(r)
	if err != nil {
		return v, &probleem{code: "not_authenticated", reden: err}
	}
	var params []Param
	if v.doorgave, params = LeesDoorgave(r.Header); params == nil {
		params = v.onduidelijk(wie)
	}
	if params != nil {
		return v, &probleem{code: "invalid", params: params}
	}
	oin := v.doorgave.OIN
	if oin == "" && len(wie.OINs) == 1 {
		oin = wie.OINs[0]
	}
	if !slices.Contains(wie.OINs, oin) {
		return v, &probleem{code: "oin_niet_van_afnemer"}
	}
	v.afnemer = oin
	if p := a.bind(r.Context(), v); p != nil {
		return v, p
	}
	return v, v.vertrouwd(wie)
}

// onduidelijk names what must be told to know who asks and for what.
func (v *aanvraag) onduidelijk(wie Afnemer) (params []Param) {
	if v.doorgave.OIN == "" && len(wie.OINs) > 1 {
		params = append(params, Param{headerOIN, "required", "Deze afnemer werkt voor meer organisaties; geef de OIN van de organisatie waarvoor dit wordt gevraagd."})
	}
	if v.doorgave.ActiviteitURL != "" && v.doorgave.ActiviteitID == uuid.Nil {
		params = append(params, Param{headerActiviteitID, "required", "Geef bij een VerwerkingsactiviteitUrl ook het VerwerkingsactiviteitId."})
	}
	return params
}

// bind finds the levering, and with it the activity of the provider.
func (a *Aanbieder) bind(ctx context.Context, v *aanvraag) *probleem {
	doel := NietOpgegeven
	if v.doorgave.ActiviteitID != uuid.Nil {
		doel = v.doorgave.ActiviteitID.String() // lower case
	}
	var err error
	v.levering, err = a.i.Leveringen.Levering(ctx, v.afnemer, v.dienst.Gegevensset, doel)
	switch {
	case errors.Is(err, ErrGeenDoelbinding):
		return &probleem{code: "geen_doelbinding", reden: err}
	case err != nil:
		return &probleem{code: "doelbinding_niet_beschikbaar", reden: err}
	case v.levering.Activiteit.ID == uuid.Nil:
		return &probleem{code: "geen_doelbinding", reden: ErrGeenDoelbinding}
	}
	act := v.levering.Activiteit
	v.eigen = Verwerking{
		Activiteit: act.ID, ActiviteitURL: act.URL, VerwerkingID: NewVerwerkingID(), // never that of the caller (B7259)
		ActieNaam: v.dienst.ActieNaam, HandelingNaam: v.dienst.HandelingNaam, VerwerkingNaam: v.dienst.VerwerkingNaam,
		Vertrouwelijkheid: Normaal, Bewaartermijn: begrens(v.doorgave.Bewaartermijn, a.i.Vloer, a.i.Maximum, v.begin),
	}
	if v.eigen.Bewaartermijn == "" {
		v.eigen.Bewaartermijn = act.BewaartermijnLog
	}
	if v.geheim() || act.Vertrouwelijk {
		v.eigen.Vertrouwelijkheid = Vertrouwelijk
	}
	if doel == NietOpgegeven {
		meld(a.i.Meting, v.gebeurtenis(SoortZonderVerantwoording, nil))
	}
	return nil
}

// geheim reports whether the caller asks for confidentiality. Opgeheven is something that was confidential (X48).
func (v *aanvraag) geheim() bool {
	return v.doorgave.Vertrouwelijkheid == Vertrouwelijk || v.doorgave.Vertrouwelijkheid == Opgeheven
}

// vertrouwd refuses confidentiality to who isn't registered for it: else anyone hides its look-ups. Without an id
// of the verwerking it could never be lifted (B9177).
func (v *aanvraag) vertrouwd(wie Afnemer) *probleem {
	switch {
	case !v.geheim():
		return nil
	case !wie.MagVertrouwelijk || !v.levering.Vertrouwelijk:
		return &probleem{code: "vertrouwelijk_niet_toegestaan"}
	case v.doorgave.VerwerkingID == uuid.Nil:
		return &probleem{code: "invalid", params: []Param{{headerVerwerkingID, "required", "Geef bij een vertrouwelijke verwerking het VerwerkingId; anders is de vertrouwelijkheid later niet op te heffen."}}}
	}
	return nil
}

// legVast logs what is delivered. After it, and never before, may somebody see it.
func (a *Aanbieder) legVast(ctx context.Context, v *aanvraag, objecten []Object) *probleem {
	eigen := v.eigen
	eigen.Objecten = objecten
	actie := eigen.Actie(v.begin)
	if oin := v.doorgave.OIN; oin != "" || !a.i.AfnemerLeeg {
		actie.SoortAfnemerID, actie.AfnemerID = "OIN", v.afnemer // equal, when the header is there
	}
	actie.VerwerkingsactiviteitIDAfn = of(v.doorgave.ActiviteitID)
	actie.VerwerkingsactiviteitURLAfn = of(v.doorgave.ActiviteitURL)
	actie.VerwerkingIDAfnemer = of(v.doorgave.VerwerkingID)
	if !v.levering.Activiteit.pasToe(&actie) {
		meld(a.i.Meting, v.gebeurtenis(SoortNietGelogd, nil))
		return nil
	}
	terug, err := a.i.Log.Log(ctx, actie)
	if err == nil && !bevestigt(&terug, &actie) {
		err = errors.New("het antwoord van het register bevestigt de vastlegging niet")
	}
	if err != nil {
		f := (*Fout)(nil)
		return &probleem{
			code: "log_niet_beschikbaar", soort: SoortNietVastgelegd, reden: fmt.Errorf("%w: %w", ErrNietVastgelegd, err),
			vast: errors.As(err, &f) && !tijdelijk(f.Status),
		}
	}
	meld(a.i.Meting, v.gebeurtenis(SoortVastgelegd, nil))
	if v.doorgave.Vertrouwelijkheid == Opgeheven {
		a.hefOp(ctx, v)
	}
	return nil
}

// bevestigt reports whether what came back is the record that was sent, with an id: something between here and the
// register may say 201 too.
func bevestigt(terug, actie *Verwerkingsactie) bool {
	return terug.ActieID != nil && *terug.ActieID != uuid.Nil &&
		terug.VerwerkingID != nil && *terug.VerwerkingID == *actie.VerwerkingID &&
		terug.Vertrouwelijkheid == actie.Vertrouwelijkheid &&
		slices.EqualFunc(terug.VerwerkteObjecten, actie.VerwerkteObjecten, func(x, y VerwerktObject) bool {
			return strings.EqualFold(x.SoortObjectID, y.SoortObjectID) && x.ObjectID == y.ObjectID
		})
}

// opheffenDuurt bounds how long a caller waits for something that isn't needed for its data.
const opheffenDuurt = 5 * time.Second

// hefOp makes the own verwerking as the caller's is: no longer confidential (X48). Without the right to do so it stays
// confidential; the record is there, so the data may go.
func (a *Aanbieder) hefOp(ctx context.Context, v *aanvraag) {
	ctx, klaar := context.WithTimeout(ctx, opheffenDuurt)
	defer klaar()
	if err := a.i.Log.VeranderVerwerking(ctx, v.eigen.VerwerkingID, Verander{Vertrouwelijkheid: Opgeheven}); err != nil {
		meld(a.i.Meting, v.gebeurtenis(SoortOpheffenMislukt, err))
	}
}
