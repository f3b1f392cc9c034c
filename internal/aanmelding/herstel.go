package aanmelding

import (
	"context"
	"fmt"
	"time"

	"github.com/google/uuid"

	"github.com/verantwoord/verantwoord/internal/beheerlog"
	"github.com/verantwoord/verantwoord/internal/betrokkene"
	"github.com/verantwoord/verantwoord/internal/fout"
)

// herstelInhoud holds the recovery codes that were not used yet, as hashes.
type herstelInhoud struct {
	Codes   [][]byte  `json:"codes"`
	Gemaakt time.Time `json:"gemaakt"`
}

func (m *middelen) newHerstel(nu time.Time) (codes []string, r MiddelRij, err error) {
	in := herstelInhoud{Gemaakt: nu}
	for range aantalHerstel {
		c := newWoord(lengteHerstel)
		h := codeHash(m.sleutels, soortHerstel, m.gebruiker.String(), woord(c))
		codes, in.Codes = append(codes, c), append(in.Codes, h[:])
	}
	r, err = m.volgende(soortHerstel, enig, in)
	return codes, r, err
}

// eersteHerstel adds recovery codes to w, of who has none.
func (d *Dienst) eersteHerstel(m *middelen, w *Wijziging) ([]string, error) {
	if m.heeft(soortHerstel) {
		return nil, nil
	}
	codes, r, err := m.newHerstel(d.nu())
	w.Middelen = append(w.Middelen, r)
	return codes, err
}

// Herstelcodes makes ten recovery codes in the place of those there are. They are shown once. Errors: CodeNietAangemeld, BevestigingNodig,
// FactorNodig, CodeGeenToestemming for who has no factor that they could stand in for.
func (d *Dienst) Herstelcodes(ctx context.Context, token string) (*Sessie, []string, error) {
	b, mid, err := d.bevestigde(ctx, token)
	if err != nil {
		return nil, nil, err
	}
	if len(mid.factoren()) == 0 {
		return nil, nil, fout.New(fout.CodeGeenToestemming, "Herstelcodes zijn er voor als u uw passkey of app kwijt bent. Stel eerst een van die twee in.")
	}
	codes, r, err := mid.newHerstel(d.nu())
	if err != nil {
		return nil, nil, err
	}
	w := &Wijziging{Middelen: []MiddelRij{r}}
	if err := d.meld(b.OIN, b.mens, beheerlog.Wie{}, tweetalig{"Er zijn nieuwe herstelcodes gemaakt", "New recovery codes were made"},
		tweetalig{"Er zijn nieuwe herstelcodes gemaakt; de oude werken niet meer.", "New recovery codes were made; the old ones do not work any more."}, w); err != nil {
		return nil, nil, err
	}
	sessie, err := d.vervang(ctx, b, "", w)
	return sessie, codes, err
}

// herstel judges a recovery code, and adds to w that it was used and that the person is told.
func (d *Dienst) herstel(m *middelen, mens Mens, code string, w *Wijziging) (bool, error) {
	var in herstelInhoud
	er, err := m.zoek(soortHerstel, enig, &in)
	if err != nil || !er {
		return false, err
	}
	welke := -1
	for i, c := range in.Codes { // all, also after the right one
		var h betrokkene.Handle
		copy(h[:], c)
		if codeKlopt(m.sleutels, soortHerstel, m.gebruiker.String(), woord(code), h) {
			welke = i
		}
	}
	if welke < 0 {
		return false, nil
	}
	in.Codes = append(in.Codes[:welke:welke], in.Codes[welke+1:]...)
	var r MiddelRij
	if len(in.Codes) == 0 {
		r, err = m.volgende(soortHerstel, enig, nil)
	} else {
		r, err = m.volgende(soortHerstel, enig, in)
	}
	if err != nil {
		return false, err
	}
	w.Middelen = append(w.Middelen, r)
	return true, d.meld(m.oin, mens, beheerlog.Wie{}, tweetalig{"Er is een herstelcode gebruikt", "A recovery code was used"}, tweetalig{
		fmt.Sprintf("Er is een herstelcode gebruikt om aan te melden. Er zijn er nog %d over.", len(in.Codes)),
		fmt.Sprintf("A recovery code was used to sign in. There are %d left.", len(in.Codes)),
	}, w)
}

// Overzicht is what a person signs in with, to show to them.
type Overzicht struct {
	Wachtwoord   bool
	TOTP         bool
	Passkeys     []Passkey
	Herstelcodes int // not used yet
}

// Overzicht shows the visitor what they sign in with.
func (d *Dienst) Overzicht(ctx context.Context, b *Bezoeker) (*Overzicht, error) {
	return d.OverzichtVan(ctx, b.OIN, b.Gebruiker)
}

// OverzichtVan is Overzicht of somebody else. Who may see it is judged by the caller.
func (d *Dienst) OverzichtVan(ctx context.Context, oin string, gebruiker uuid.UUID) (*Overzicht, error) {
	s, err := d.keys(oin)
	if err != nil {
		return nil, err
	}
	mid, err := d.middelen(ctx, s, oin, gebruiker)
	if err != nil {
		return nil, err
	}
	var h herstelInhoud
	if _, err := mid.zoek(soortHerstel, enig, &h); err != nil {
		return nil, err
	}
	passkeys, err := mid.passkeys()
	return &Overzicht{mid.heeft(soortWachtwoord), mid.heeft(soortTOTP), passkeys, len(h.Codes)}, err
}

// VerwijderMiddel takes away the app with codes (FactorTOTP), or the passkey with an id. The last factor of who needs one stays. Errors:
// CodeNietAangemeld, BevestigingNodig, FactorNodig, fout.NietGevonden, CodeGeenToestemming.
func (d *Dienst) VerwijderMiddel(ctx context.Context, token, soort, id string) (*Sessie, error) {
	b, mid, err := d.bevestigde(ctx, token)
	if err != nil {
		return nil, err
	}
	zin := tweetalig{"Een passkey is verwijderd.", "A passkey was removed."}
	if soort == FactorTOTP {
		id, zin = enig, tweetalig{"De app met codes is verwijderd.", "The app with codes was removed."}
	}
	aantal, er := 0, false
	for i := range mid.rijen {
		r := &mid.rijen[i]
		if r.Soort == soortTOTP || r.Soort == soortPasskey {
			aantal++
			er = er || r.Soort == soort && r.ID == id
		}
	}
	if !er {
		return nil, fout.NietGevonden
	}
	if aantal == 1 && b.mens.Ernstig {
		return nil, fout.New(fout.CodeGeenToestemming, "Uw rechten vragen een extra beveiliging, en dit is de laatste. Stel eerst een andere in.")
	}
	w := &Wijziging{}
	weg := []string{soort, id}
	if aantal == 1 && mid.heeft(soortHerstel) {
		weg = append(weg, soortHerstel, enig)
	}
	for ; len(weg) > 0; weg = weg[2:] {
		r, err := mid.volgende(weg[0], weg[1], nil)
		if err != nil {
			return nil, err
		}
		w.Middelen = append(w.Middelen, r)
	}
	if err := d.meld(b.OIN, b.mens, beheerlog.Wie{}, tweetalig{"Uw extra beveiliging is gewijzigd", "Your extra security was changed"}, zin, w); err != nil {
		return nil, err
	}
	return d.vervang(ctx, b, "", w)
}
