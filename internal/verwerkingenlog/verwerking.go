package verwerkingenlog

import (
	"context"
	"errors"
	"strconv"

	"github.com/google/uuid"

	"github.com/verantwoord/verantwoord/internal/betrokkene"
	"github.com/verantwoord/verantwoord/internal/bewijs"
	"github.com/verantwoord/verantwoord/internal/fout"
)

// Wijziging is the body of a PATCH as sent; "" means absent or null.
type Wijziging struct {
	Bewaartermijn        string
	Vertrouwelijkheid    string
	HasVertrouwelijkheid bool // the key was there, whatever its value
}

// UpdateVerwerking changes term and/or vertrouwelijkheid of every current actie of a verwerking, all
// or none (PATCH; F2969, F4415, R-240..R-246), and tells how many. An actie is found by its own
// verwerkingId, and by verwerkingIdAfnemer when the caller is its afnemer (X09): so one call reaches
// both sides of a chain. A third party reaches only the latter.
//
// Errors: CodeOngeldig, also when there is nothing to change; fout.GeenToestemming;
// CodeTeGroot with more than Opties.MaxPatch acties; fout.NietBeschikbaar.
func (l *Log) UpdateVerwerking(ctx context.Context, a *Aanroeper, verwerkingID string, w Wijziging, toelichting string) (int, error) {
	// A key vertrouwelijkheid without the right is refused before anything is looked up or judged
	//
	if w.HasVertrouwelijkheid && a.Wijzigen != BereikVertrouwelijk {
		return 0, geenToestemming
	}
	toelichting, err := l.toelichting(a, toelichting)
	if err != nil {
		return 0, err
	}
	verwerking, nieuw, params := w.validate(verwerkingID)
	if params != nil {
		return 0, fout.Ongeldig(params...)
	}
	s, err := l.keys(a)
	if err != nil {
		return 0, err
	}
	for range maxPogingen {
		gezien, err := l.store.Size(ctx, a.Organisatie)
		if err != nil {
			return 0, err
		}
		doelen, err := l.ofVerwerking(ctx, a, s, verwerking, gezien)
		if err != nil {
			return 0, err
		}
		e := &Eenheid{OIN: a.Organisatie, ClientID: a.ClientID, Gezien: gezien, Verzoek: ctx, Rijen: make([]*Rij, len(doelen))}
		for k, d := range doelen {
			if !a.Wijzigen.MayPatch(d.rij.Staat) {
				return 0, geenToestemming
			}
			next := *d.versie
			next.Nummer, next.Operatie, next.ClientID, next.Toelichting = d.rij.Nummer+1, bewijs.OperatiePATCH, a.ClientID, toelichting
			if nieuw.Bewaartermijn != "" {
				next.Actie.Bewaartermijn = nieuw.Bewaartermijn
			}
			if w.Vertrouwelijkheid != "" {
				next.Actie.Vertrouwelijkheid = nieuw.Vertrouwelijkheid
			}
			next.Staat = d.rij.Staat.Next(next.Actie.Vertrouwelijkheid)
			if e.Rijen[k], err = seal(s, a.Organisatie, &next, d.rij.Ingangen); err != nil {
				return 0, err
			}
		}
		if err = l.committer(e.OIN).Append(e); !errors.Is(err, fout.Gelijktijdig) {
			return len(doelen), err
		}
	}
	return 0, fout.New(fout.CodeNietBeschikbaar, "Deze verwerking wordt door velen tegelijk gewijzigd; probeer het over een seconde opnieuw.")
}

// validate gives the new values; in the Verwerkingsactie only those two are set.
func (w *Wijziging) validate(verwerkingID string) (uuid.UUID, Verwerkingsactie, []fout.Param) {
	var c controle
	var nieuw Verwerkingsactie
	if verwerkingID == "" {
		c.add("verwerkingId", "required", "Geef in de URL het verwerkingId van de verwerking die u wilt wijzigen.")
	}
	verwerking := c.uuid("verwerkingId", verwerkingID)
	nieuw.Bewaartermijn = c.duur("bewaartermijn", w.Bewaartermijn)
	if w.Vertrouwelijkheid != "" {
		var ok bool
		if nieuw.Vertrouwelijkheid, ok = ParseVertrouwelijkheid(w.Vertrouwelijkheid); !ok {
			c.add("vertrouwelijkheid", "invalid_choice", "Kies normaal, vertrouwelijk of opgeheven.")
		}
	}
	if w.Bewaartermijn == "" && w.Vertrouwelijkheid == "" {
		c.add("nonFieldErrors", "required", "Geef een bewaartermijn, een vertrouwelijkheid of beide.")
	}
	return verwerking, nieuw, c.params
}

// doel is a current actie to be changed.
type doel struct {
	rij    *Rij
	versie *Versie
}

// ofVerwerking gives the current acties that a PATCH of this verwerking by this caller is about, of
// those before leaf size.
func (l *Log) ofVerwerking(ctx context.Context, a *Aanroeper, s *betrokkene.Sleutels, verwerking uuid.UUID, size uint64) ([]doel, error) {
	var (
		bladen   []uint64
		acties   []uuid.UUID         // of bladen
		viaEigen = map[uint64]bool{} // found by its own verwerkingId; the others must name the caller
		expired  bool
	)
	find := func(soort IngangSoort, eigen bool) error {
		treffers, err := l.store.Find(ctx, Zoekvraag{OIN: a.Organisatie, Soort: soort, Sleutels: [][16]byte{verwerking}, Tot: size})
		if err != nil {
			return err
		}
		for _, t := range treffers {
			if t.Nu.Staat.Vervallen() {
				expired = expired || eigen
				continue
			}
			if t.Nu.Aantal == 0 || viaEigen[t.Nu.Blad] {
				continue
			}
			viaEigen[t.Nu.Blad] = viaEigen[t.Nu.Blad] || eigen
			bladen, acties = append(bladen, t.Nu.Blad), append(acties, t.ActieID)
		}
		return nil
	}
	if !a.derde() {
		if err := find(IngangVerwerking, true); err != nil {
			return nil, err
		}
	}
	if a.derde() || l.opties.Organisatie(a.Organisatie).WijzigViaAfnemer {
		if err := find(IngangAfnemer, false); err != nil {
			return nil, err
		}
	}
	if len(bladen) > l.opties.MaxPatch {
		return nil, fout.New(fout.CodeTeGroot, "Deze verwerking heeft "+strconv.Itoa(len(bladen))+
			" verwerkingsacties en in één keer mogen er "+strconv.Itoa(l.opties.MaxPatch)+" worden gewijzigd; er is niets gewijzigd. Vraag de beheerder om de grens te verhogen.")
	}
	rijen, err := l.store.Rows(ctx, a.Organisatie, bladen)
	if err != nil {
		return nil, err
	}
	versies, err := l.openAll(ctx, s, a.Organisatie, acties, rijen)
	if err != nil {
		return nil, err
	}
	var doelen []doel
	for k, v := range versies {
		if v != nil && (viaEigen[v.Blad] || a.eigen(v.Actie.AfnemerID)) {
			doelen = append(doelen, doel{rijen[k], v})
		}
	}
	if len(doelen) == 0 {
		if expired {
			return nil, fout.Ongeldig(vervallen("verwerkingId"))
		}
		return nil, fout.Ongeldig(onbekend("verwerkingId"))
	}
	return doelen, nil
}
