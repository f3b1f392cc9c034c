package pagina

import (
	"errors"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/verantwoord/verantwoord/internal/fout"
)

// veldCode is the field in which a code is asked for a dangerous action.
const veldCode = "bevestigingscode"

// bevestiging is what bevestigen.html gets: the form again, with what was typed.
type bevestiging struct {
	Adres  string // masked
	Pad    string
	Velden []veldwaarde
	Leeg   bool // a field was sent that is to be filled in again
	Terug  string
}

type veldwaarde struct{ Naam, Waarde string }

// bevestigd tells whether the person proved to be there just now. If not, it has asked for a code, on a page that
// keeps the form, but for the field that may be on no page.
func (p *Pagina) bevestigd(b *Bezoek, route *Route) bool {
	ctx, token := b.Context(), b.Token()
	adres, poging := "", b.Koekje(koekjeBevestiging)
	if code := b.Waarde(veldCode); code != "" {
		b.PostForm.Del(veldCode)
		nieuw, err := p.o.Sessies.Bevestig(ctx, token, poging, code)
		switch {
		case err == nil:
			b.MeldAan(nieuw)
			b.ZetKoekje(koekjeBevestiging, "", 0)
			b.Request.Header.Set("Cookie", (&http.Cookie{Name: p.koekjeNaam(koekjeSessie), Value: nieuw}).String())
			return true
		case errors.Is(err, ErrCode):
			if adres, err = p.o.Sessies.Gevraagd(ctx, poging); err != nil {
				p.fout(b, err)
				return false
			}
			b.Formulier.Meld(veldCode, b.T("Deze code is niet juist. Gebruik de laatste code die u kreeg."))
		default:
			p.fout(b, err)
			return false
		}
	} else if ok, err := p.o.Sessies.Bevestigd(ctx, token); err != nil {
		p.fout(b, err)
		return false
	} else if ok {
		return true
	}
	if adres == "" {
		var err error
		if adres, poging, err = p.o.Sessies.VraagBevestiging(ctx, token); err != nil {
			if errors.Is(err, ErrGeenSessie) {
				err = fout.New(fout.CodeNietAangemeld, "")
			}
			p.fout(b, err)
			return false
		}
		b.ZetKoekje(koekjeBevestiging, poging, 10*time.Minute)
	}
	inhoud := bevestiging{Adres: adres, Pad: b.URL.Path, Terug: Begin}
	for naam, waarden := range b.PostForm {
		if naam == route.Vergeet {
			inhoud.Leeg = true
			continue
		}
		for _, w := range waarden {
			inhoud.Velden = append(inhoud.Velden, veldwaarde{naam, w})
		}
	}
	slices.SortStableFunc(inhoud.Velden, func(a, c veldwaarde) int { return strings.Compare(a.Naam, c.Naam) })
	(&Scherm{Sjabloon: "bevestigen", Titel: b.T("Bevestig dat u het bent"), Inhoud: inhoud}).schrijf(p, b)
	return false
}
