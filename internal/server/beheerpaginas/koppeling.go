// Package beheerpaginas joins the pages of administrators to the rooms: it turns what the rooms give into the views
// of internal/web/beheer, and asks the rooms for what the pages want done. It decides nothing: who may what is judged
// in the rooms, in the very state that is changed.
package beheerpaginas

import (
	"context"
	"errors"
	"strings"
	"time"

	"github.com/google/uuid"

	"github.com/verantwoord/verantwoord/internal/aanmelding"
	"github.com/verantwoord/verantwoord/internal/aansluiting"
	"github.com/verantwoord/verantwoord/internal/activiteit"
	"github.com/verantwoord/verantwoord/internal/beheerlog"
	"github.com/verantwoord/verantwoord/internal/betrokkene"
	"github.com/verantwoord/verantwoord/internal/config"
	"github.com/verantwoord/verantwoord/internal/domein"
	"github.com/verantwoord/verantwoord/internal/fout"
	"github.com/verantwoord/verantwoord/internal/gebruiker"
	"github.com/verantwoord/verantwoord/internal/hersleuteling"
	"github.com/verantwoord/verantwoord/internal/juridisch"
	"github.com/verantwoord/verantwoord/internal/toezicht"
	"github.com/verantwoord/verantwoord/internal/web/beheer"
	"github.com/verantwoord/verantwoord/internal/web/pagina"
)

// Koppeling is what the pages stand on.
type Koppeling struct {
	OINs         []string // of the organisations, at least one
	Naam         func(oin string) string
	Sleutels     func(oin string) (*betrokkene.Sleutels, bool)
	Aanmelding   *aanmelding.Dienst
	Mensen       aanmelding.Mensen
	Beheer       *gebruiker.Beheer
	Aansluiting  *aansluiting.Dienst
	Log          *beheerlog.Log
	Waarden      func(oin string) []config.Waarde
	Sleutelstand func(ctx context.Context, oin string) (*hersleuteling.Stand, error)
	Extern       []Extern
	Activiteiten *activiteit.Register
	Inwoners     Inwoners
	Domeinen     *domein.Domeinen
	Teller       *toezicht.Teller
	Wetten       activiteit.Wetten
	Juridisch    *juridisch.Gegevens
	Bewijs       func(ctx context.Context, oin string) (*beheer.BewijsStand, error)
	Regelbewijs  func(ctx context.Context, oin string, nummer uint64) ([]byte, error)
	Wek          func()      // mail was queued
	Werk         *Werkplaats // does what takes longer than somebody waits for
	Nu           func() time.Time
}

// Vul sets the ports of the pages.
func (k *Koppeling) Vul(o *beheer.Opties) {
	o.Kent = Kent
	o.Sessies, o.Aanmelden, o.Account = sessies{k}, aanmelden{k}, account{k}
	o.Toezicht = toezichten{k}
	o.Activiteiten, o.Doelbinding, o.Invoeren = activiteiten{k}, doelbinding{k}, invoeren{k}
	o.Mensen, o.Groepen, o.Beheerlog, o.Instellingen, o.Applicaties = mensen{k}, groepen{k}, log{k}, instellingen{k}, applicaties{k}
	o.Noodtoegang = noodtoegang{k}
	o.Inwoners, o.Domeinen = inwoners{k}, domeinen{k}
}

// Kent tells whether a right exists.
func Kent(module, handeling string) bool {
	return len(gebruiker.Module(module).Veldklassen(gebruiker.Handeling(handeling))) > 0
}

// dader is who looks.
func dader(b *pagina.Bezoeker) gebruiker.Dader { return gebruiker.Als(b.OIN, b.ID) }

func wie(b *pagina.Bezoeker) beheerlog.Wie {
	return beheerlog.Wie{Soort: "gebruiker", ID: b.ID.String(), Naam: b.Naam}
}

// rechten implements pagina.Rechten.
type rechten struct{ *gebruiker.Rechten }

func (r rechten) Mag(module, handeling string) bool {
	return r.MagGewoon(gebruiker.Module(module), gebruiker.Handeling(handeling))
}

// mag refuses who looks unless they may do that; it is for what the rooms leave to their caller.
func (k *Koppeling) mag(b *pagina.Bezoeker, m gebruiker.Module, h gebruiker.Handeling) error {
	if !k.Beheer.Register().Rechten(b.OIN, b.ID, k.Nu()).MagGewoon(m, h) {
		return fout.GeenToestemming
	}
	return nil
}

func (r rechten) HeeftModule(module string) bool { return r.Module(gebruiker.Module(module)) }

// sessies implements pagina.Sessies.
type sessies struct{ *Koppeling }

func (s sessies) Zoek(ctx context.Context, token string) (*pagina.Bezoeker, error) {
	beperkt := false
	b, err := s.Aanmelding.Zoek(ctx, token)
	if errors.Is(err, aanmelding.FactorNodig) && fout.CodeOf(err) == fout.CodeGeenToestemming {
		beperkt = true
		b, err = s.Aanmelding.ZoekVoorMiddelen(ctx, token)
	}
	if fout.CodeOf(err) == fout.CodeNietAangemeld {
		return nil, pagina.ErrGeenSessie
	}
	if err != nil {
		return nil, err
	}
	nu := s.Nu()
	uit := &pagina.Bezoeker{ID: b.Gebruiker, OIN: b.OIN, Organisatie: s.Naam(b.OIN), Naam: b.Naam, Taal: b.Taal, Beperkt: beperkt, Rechten: rechten{nil}, Nood: s.lopend(b.OIN, b.Gebruiker)}
	if !beperkt {
		uit.Rechten = rechten{s.Beheer.Register().Rechten(b.OIN, b.Gebruiker, nu)}
	}
	return uit, nil
}

func (s sessies) ZetTaal(ctx context.Context, b *pagina.Bezoeker, taal string) error {
	return s.Beheer.ZetTaal(ctx, dader(b), taal)
}

func (s sessies) Beeindig(ctx context.Context, token string) error {
	return s.Aanmelding.Beeindig(ctx, token)
}

func (s sessies) Bevestigd(ctx context.Context, token string) (bool, error) {
	b, err := s.Aanmelding.ZoekVoorMiddelen(ctx, token)
	if err != nil {
		return false, err
	}
	return b.Bevestigd, nil
}

// VraagBevestiging gives, beside the masked address, what Bevestig is to be given back.
func (s sessies) VraagBevestiging(ctx context.Context, token string) (adres, poging string, err error) {
	a, err := s.Aanmelding.BeginBevestiging(ctx, token, false)
	if err != nil {
		return "", "", err
	}
	s.Wek()
	return a.Gemaskeerd, a.ID.String() + scheiding + a.Browser, nil
}

func (s sessies) Gevraagd(ctx context.Context, id string) (string, error) {
	uid, browser := poging(id)
	stand, err := s.Aanmelding.Stand(ctx, uid, browser)
	if err != nil {
		return "", err
	}
	return stand.Gemaskeerd, nil
}

func (s sessies) Bevestig(ctx context.Context, _, id, code string) (string, error) {
	uid, browser := poging(id)
	stap, err := s.Aanmelding.Controleer(ctx, uid, browser, code)
	if err != nil {
		return "", aanmelden(s).nog(ctx, id, err)
	}
	if stap.Sessie == nil {
		return "", errors.New("a confirmation without a session")
	}
	return stap.Sessie.Token, nil
}

func (k *Koppeling) historie(ctx context.Context, oin string, id uuid.UUID) (uit []beheer.Aanmelding, err error) {
	l, err := k.Aanmelding.Historie(ctx, oin, id)
	if err != nil {
		return nil, err
	}
	for _, g := range l {
		wat := g.Wat
		if g.Browser != "" {
			wat = strings.TrimSuffix(wat, ".") + " (" + g.Browser + ")."
		}
		uit = append(uit, beheer.Aanmelding{Moment: g.Moment, Wat: wat, Gelukt: g.Soort != beheerlog.AanmeldenMislukt && g.Soort != beheerlog.Geblokkeerd})
	}
	return uit, nil
}
