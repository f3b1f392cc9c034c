package verwerkingenlog

import (
	"context"
	"errors"
	"strconv"
	"strings"

	"github.com/google/uuid"

	"github.com/verantwoord/verantwoord/internal/betrokkene"
	"github.com/verantwoord/verantwoord/internal/bewijs"
	"github.com/verantwoord/verantwoord/internal/fout"
)

// Replace changes an actie as a whole by a new version (PUT; F8316, F3835). ifMatch is the raw
// header, "" for none; toelichting the reason.
//
// Errors: CodeOngeldig, also for an unknown or vervallen actie (X02); fout.GeenToestemming;
// fout.Voorwaarde when ifMatch names another version; fout.NietBeschikbaar.
func (l *Log) Replace(ctx context.Context, a *Aanroeper, actieID string, in *Invoer, ifMatch, toelichting string) (*Versie, error) {
	toelichting, err := l.toelichting(a, toelichting)
	if err != nil {
		return nil, err
	}
	actie, params := in.Validate(true)
	if in.ActieID != "" && !strings.EqualFold(in.ActieID, actieID) {
		params = append(params, fout.Param{Name: "actieId", Code: "invalid", Reason: "Dit actieId is een ander dan dat in de URL; laat het weg of maak ze gelijk."})
	}
	if len(params) > 0 {
		return nil, fout.Ongeldig(params...)
	}
	return l.change(ctx, a, actieID, ifMatch, func(s *betrokkene.Sleutels, nu *Versie) (*Versie, error) {
		if !a.Wijzigen.MayReplace(nu.Staat, actie.Vertrouwelijkheid) {
			return nil, geenToestemming
		}
		next := *nu
		next.Operatie, next.Staat, next.Toelichting = bewijs.OperatiePUT, nu.Staat.Next(actie.Vertrouwelijkheid), toelichting
		next.Actie = actie
		next.Actie.Gebruiker = l.gebruiker(a, s, actie.Gebruiker, nu.Actie.Gebruiker)
		next.Actie.Objecten, err = keepIDs(nu.Actie.Objecten, actie.Objecten)
		return &next, err
	})
}

// Delete makes an actie vervallen by a new version (DELETE; F9906, F2265): logical only, its
// attributes are copied. Errors as Replace.
func (l *Log) Delete(ctx context.Context, a *Aanroeper, actieID, ifMatch, toelichting string) error {
	toelichting, err := l.toelichting(a, toelichting)
	if err != nil {
		return err
	}
	_, err = l.change(ctx, a, actieID, ifMatch, func(_ *betrokkene.Sleutels, nu *Versie) (*Versie, error) {
		if !a.Verwijderen.MayDelete(nu.Staat) {
			return nil, geenToestemming
		}
		next := *nu
		next.Operatie, next.Staat, next.Toelichting = bewijs.OperatieDELETE, nu.Staat.Expire(), toelichting
		return &next, nil
	})
	return err
}

// maxPogingen bounds how often a change is decided anew because another version came first.
const maxPogingen = 32

// change reads the current version, lets decide make the next one and appends it; when somebody
// else was first, it does so again, so that the history stays linear and the last writer wins
//
func (l *Log) change(ctx context.Context, a *Aanroeper, actieID, ifMatch string, decide func(*betrokkene.Sleutels, *Versie) (*Versie, error)) (*Versie, error) {
	actie, ok := ParseUUID(actieID)
	if !ok {
		return nil, fout.Ongeldig(onbekend("actieId"))
	}
	s, err := l.keys(a)
	if err != nil {
		return nil, err
	}
	for range maxPogingen {
		rij, err := l.store.Latest(ctx, a.Organisatie, actie)
		switch {
		case errors.Is(err, fout.NietGevonden):
			return nil, fout.Ongeldig(onbekend("actieId"))
		case err != nil:
			return nil, err
		case rij.Staat.Vervallen():
			return nil, fout.Ongeldig(vervallen("actieId"))
		}
		nu, err := l.open(s, a.Organisatie, actie, rij)
		if err != nil {
			return nil, err
		}
		next, err := decide(s, nu)
		if err != nil {
			return nil, err
		}
		if nu.Eigen { // nobody removes the trace of a look
			return nil, fout.New(fout.CodeGeenToestemming, "Dit legde het register zelf vast over een opvraging; zo'n verwerkingsactie kan niemand vervangen of verwijderen.")
		}
		// A third party touches nothing but what it logged itself, and learns nothing of
		// the rest: the same answer as for a confidential record.
		if a.derde() {
			eigen, err := l.loggedBy(ctx, a, s, rij)
			if err != nil {
				return nil, err
			}
			if !eigen {
				return nil, geenToestemming
			}
		}
		if !matches(ifMatch, nu.Nummer) {
			return nil, fout.New(fout.CodeVoorwaarde, "De verwerkingsactie is intussen gewijzigd; haal haar opnieuw op en pas uw wijziging daarop toe.")
		}
		next.Nummer, next.ClientID = nu.Nummer+1, a.ClientID
		v, err := l.prepare(ctx, s, &Eenheid{OIN: a.Organisatie, ClientID: a.ClientID}, next, rij.Ingangen...)
		if err != nil {
			return nil, err
		}
		if err := v.Submit(); err != nil {
			return nil, err
		}
		next, err = v.Wait(ctx)
		if !errors.Is(err, fout.Gelijktijdig) {
			return next, err
		}
	}
	return nil, fout.New(fout.CodeNietBeschikbaar, "Deze verwerkingsactie wordt door velen tegelijk gewijzigd; probeer het over een seconde opnieuw.")
}

// loggedBy tells whether the caller's client logged the actie.
func (l *Log) loggedBy(ctx context.Context, a *Aanroeper, s *betrokkene.Sleutels, rij *Rij) (bool, error) {
	rijen, err := l.store.Versions(ctx, a.Organisatie, rij.ActieID)
	if err != nil {
		return false, err
	}
	first, err := l.open(s, a.Organisatie, rij.ActieID, rijen[0])
	if err != nil {
		return false, err
	}
	return first.ClientID == a.ClientID, nil
}

func onbekend(name string) fout.Param {
	return fout.Param{Name: name, Code: "not_found", Reason: "Hierbij is geen verwerkingsactie bekend; controleer het nummer."}
}

func vervallen(name string) fout.Param {
	return fout.Param{Name: name, Code: "vervallen", Reason: "Dit is vervallen en kan niet meer worden gewijzigd."}
}

// keepIDs gives the objects of a PUT their ids (R-231, X11): a known id stays with the same person;
// without id, or when the person became another one, a new id is issued, so that a link a citizen
// holds never starts to show somebody else; an id that this actie does not have is refused.
func keepIDs(huidig, nieuw []VerwerktObject) ([]VerwerktObject, error) {
	bekend := make(map[uuid.UUID]*VerwerktObject, len(huidig))
	for k := range huidig {
		bekend[huidig[k].ID] = &huidig[k]
	}
	var params []fout.Param
	out := make([]VerwerktObject, len(nieuw))
	for k, o := range nieuw {
		if o.ID != uuid.Nil {
			was, ok := bekend[o.ID]
			if !ok {
				params = append(params, fout.Param{
					Name: "verwerkteObjecten." + strconv.Itoa(k) + ".verwerktObjectId", Code: "not_found",
					Reason: "Dit object hoort niet (meer) bij deze verwerkingsactie of staat er twee keer; laat het nummer weg voor een nieuw object.",
				})
			} else if !was.samePersoon(&o) {
				o.ID = uuid.Nil
			}
			delete(bekend, nieuw[k].ID)
		}
		if o.ID == uuid.Nil {
			o.ID = uuid.New()
		}
		out[k] = o
	}
	if params != nil {
		return nil, fout.Ongeldig(params...)
	}
	return out, nil
}

func (o *VerwerktObject) samePersoon(p *VerwerktObject) bool {
	return o.Objecttype == p.Objecttype && betrokkene.Zelfde(o.SoortObjectID, o.ObjectID, p.SoortObjectID, p.ObjectID)
}

// ETag is the validator of a version.
func (v *Versie) ETag() string { return etag(v.Nummer) }

func etag(nummer uint32) string { return `"` + strconv.FormatUint(uint64(nummer), 10) + `"` }

// matches evaluates If-Match (RFC 9110 section 13.1.1) against the current version.
func matches(ifMatch string, nummer uint32) bool {
	if ifMatch == "" || strings.TrimSpace(ifMatch) == "*" {
		return true
	}
	for tag := range strings.SplitSeq(ifMatch, ",") {
		if strings.TrimSpace(tag) == etag(nummer) {
			return true
		}
	}
	return false
}
