package aanmelding

import (
	"context"
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/google/uuid"
	"golang.org/x/text/unicode/norm"

	"github.com/verantwoord/verantwoord/internal/beheerlog"
	"github.com/verantwoord/verantwoord/internal/fout"
)

// Length of a password, in characters.
const (
	MinWachtwoord = 12
	MaxWachtwoord = 128
)

// wachtwoordNorm is how a password is written before it is hashed: what looks the same on two keyboards is the same.
func wachtwoordNorm(s string) string {
	if len(s) > 8*MaxWachtwoord {
		s = s[:8*MaxWachtwoord] // too long to be one; the work is bounded
	}
	return norm.NFKC.String(s)
}

// wachtwoordKlopt takes the same time for who has no password.
func (d *Dienst) wachtwoordKlopt(ctx context.Context, m *middelen, wachtwoord string) (bool, error) {
	var w wachtwoordInhoud
	if _, err := m.zoek(soortWachtwoord, enig, &w); err != nil {
		return false, err
	}
	return d.rekenaar.klopt(ctx, wachtwoordNorm(wachtwoord), w.Hash)
}

// toetsWachtwoord refuses what is guessed first: too short, a common word with something around it, a row of keys, or one's own name.
func toetsWachtwoord(wachtwoord string, m Mens, organisatie string) error {
	weiger := func(code, reden string) error {
		return fout.Ongeldig(fout.Param{Name: "wachtwoord", Code: code, Reason: reden})
	}
	n := utf8.RuneCountInString(wachtwoord)
	switch {
	case !utf8.ValidString(wachtwoord) || strings.ContainsFunc(wachtwoord, unicode.IsControl):
		return weiger("invalid", "Het wachtwoord bevat een teken dat niet te typen is. Kies een ander wachtwoord.")
	case n < MinWachtwoord:
		return weiger("min_length", fmt.Sprintf(
			"Het wachtwoord is te kort. Kies er een van ten minste %d tekens; een paar woorden achter elkaar is goed te onthouden.", MinWachtwoord))
	case n > MaxWachtwoord:
		return weiger("max_length", fmt.Sprintf("Het wachtwoord is te lang. Kies er een van ten hoogste %d tekens.", MaxWachtwoord))
	}
	if gangbaar(kernVan(wachtwoord, true)) || gangbaar(kernVan(wachtwoord, false)) {
		return weiger("common",
			"Dit wachtwoord is te makkelijk te raden. Kies iets dat niet op lijsten van veelgebruikte wachtwoorden staat, zoals een paar woorden die niets met elkaar te maken hebben.")
	}
	kern := kernVan(wachtwoord, true)
	for _, eigen := range eigenWoorden(m, organisatie) {
		if rest := strings.ReplaceAll(kern, eigen, ""); rest != kern && len([]rune(rest)) < 8 {
			return weiger("personal", "Dit wachtwoord lijkt te veel op uw naam, uw e-mailadres of uw organisatie. Kies een ander wachtwoord.")
		}
	}
	return nil
}

// eigenWoorden are the words of four letters and more that others know of a person.
func eigenWoorden(m Mens, organisatie string) (uit []string) {
	for w := range strings.FieldsFuncSeq(m.Naam+" "+m.Email+" "+organisatie, func(r rune) bool { return !unicode.IsLetter(r) }) {
		if k := kernVan(w, false); utf8.RuneCountInString(k) >= 4 {
			uit = append(uit, k)
		}
	}
	return uit
}

// WijzigWachtwoord sets another password. All other sessions of the person end, and this one gets a new token. Errors: CodeNietAangemeld,
// CodeOngeldig with the name of the field, CodeTeVeel.
func (d *Dienst) WijzigWachtwoord(ctx context.Context, token, oud, nieuw string) (*Sessie, error) {
	b, err := d.ZoekVoorMiddelen(ctx, token)
	if err != nil {
		return nil, err
	}
	s, err := d.keys(b.OIN)
	if err != nil {
		return nil, err
	}
	nieuw = wachtwoordNorm(nieuw)
	if err := toetsWachtwoord(nieuw, b.mens, d.naam(b.OIN)); err != nil {
		return nil, err
	}
	if err := d.telSessie(ctx, b); err != nil {
		return nil, err
	}
	mid, err := d.middelen(ctx, s, b.OIN, b.Gebruiker)
	if err != nil {
		return nil, err
	}
	if goed, err := d.wachtwoordKlopt(ctx, mid, oud); err != nil {
		return nil, err
	} else if !goed {
		return nil, fout.Ongeldig(fout.Param{Name: "oud", Code: "invalid", Reason: "Uw huidige wachtwoord klopt niet. Typ het opnieuw."})
	}
	w := &Wijziging{AllesWeg: []uuid.UUID{b.Gebruiker}}
	if err := d.zetWachtwoord(ctx, mid, b.mens, beheerlog.Wie{}, nieuw, w); err != nil {
		return nil, err
	}
	return d.vervang(ctx, b, "", w)
}

// zetWachtwoord adds to w what sets a password.
func (d *Dienst) zetWachtwoord(ctx context.Context, mid *middelen, m Mens, door beheerlog.Wie, nieuw string, w *Wijziging) error {
	hash, err := d.rekenaar.hash(ctx, nieuw)
	if err != nil {
		return err
	}
	rij, err := mid.volgende(soortWachtwoord, enig, wachtwoordInhoud{hash, d.nu()})
	if err != nil {
		return err
	}
	w.Middelen = append(w.Middelen, rij)
	return d.meld(mid.oin, m, door, tweetalig{"Uw wachtwoord is gewijzigd", "Your password was changed"},
		tweetalig{"Het wachtwoord is gewijzigd.", "The password was changed."}, w)
}

// meld adds to w the event that something of a person changed, and the mail that tells them.
func (d *Dienst) meld(oin string, m Mens, door beheerlog.Wie, onderwerp, zin tweetalig, w *Wijziging) error {
	e := beheerlog.Regel{Soort: beheerlog.Middel, Door: wie(m), Wat: zin.nl}
	if door.Soort != "" {
		e.Door, e.Betreft = door, wie(m)
	}
	l, err := d.regel(oin, m.ID, e)
	if err != nil {
		return err
	}
	w.Log, w.Post = append(w.Log, l), append(w.Post, meldPost(m, d.naam(oin), onderwerp, zin))
	return nil
}

// telSessie counts an attempt within a session.
func (d *Dienst) telSessie(ctx context.Context, b *Bezoeker) error {
	s, err := d.keys(b.OIN)
	if err != nil {
		return err
	}
	t, err := d.opslag.Tel(ctx, Teller{b.OIN, telAccount(s, b.Gebruiker.String(), "sessie"), telCode, uurPogingen}, d.nu())
	if err == nil && !t.Mag {
		err = geblokkeerd(d.nu(), t.Vrij)
	}
	return err
}
