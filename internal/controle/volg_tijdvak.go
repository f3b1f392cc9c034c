package controle

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/verantwoord/verantwoord/internal/bewijs"
)

// GevolgdTijdvak is an epoch as it was seen from afar.
type GevolgdTijdvak struct {
	Nummer  uint32    `json:"nummer"`
	Blad    uint64    `json:"blad"` // with which it begins
	Geopend time.Time `json:"geopend"`
	Bekend  uint64    `json:"bekend"`   // leaves of the last checkpoint that it knows
	Gat     uint64    `json:"verloren"` // signed leaves that are lost, as it says
	Reden   string    `json:"reden"`
}

// tijdvakken gets the epochs of a log whose checkpoint c says that there are some, and sees that the leaf of each that is new since
// the remembered checkpoint is in the tree. oud is nil when none is remembered.
func (v *Volger) tijdvakken(ctx context.Context, g *Gevolgd, oud, c *bewijs.Checkpoint, fout func(deel, wat string)) (bewijs.Tijdvakken, error) {
	basis, nu := bewijs.Basis(c.Origin)
	toen := uint32(1)
	if oud != nil {
		_, toen = bewijs.Basis(oud.Origin)
	}
	if toen > nu {
		fout(DeelTijdvak, fmt.Sprintf("De log is teruggezet naar voor tijdvak %d: daarin waren %d bladen ondertekend, en de log noemt dat tijdvak niet meer.", toen, oud.Grootte))
		return nil, nil
	}
	if nu == 1 {
		return nil, nil
	}
	oin, boom, is := boomVan(basis)
	if !is {
		return nil, errors.New("de naam van de log zegt niet van welke organisatie zij is; controleer het adres")
	}
	b, err := v.Haal(ctx, "tijdvakken")
	if err != nil {
		return nil, fmt.Errorf("de tijdvakken van de log zijn niet te krijgen: %w", err)
	}
	l, err := bewijs.ParseTijdvakken(oin, boom, b)
	if err != nil {
		fout(DeelTijdvak, "De tijdvakken die de log toont, zijn niet te lezen of niet van deze log.")
		return nil, nil
	}
	for len(l) > 0 && l[len(l)-1].Blad >= c.Grootte { // it began after this checkpoint
		l = l[:len(l)-1]
	}
	if l.Nu() != nu {
		fout(DeelTijdvak, fmt.Sprintf("Het checkpoint is van tijdvak %d, en de log zegt niet hoe dat is begonnen.", nu))
		return nil, nil
	}
	for _, t := range l {
		if oud != nil && t.Nummer <= toen {
			continue
		}
		b, err := v.Haal(ctx, fmt.Sprintf("inclusie?blad=%d&grootte=%d", t.Blad, c.Grootte))
		if err != nil {
			return nil, fmt.Errorf("het bewijs van tijdvak %d is niet te krijgen: %w", t.Nummer, err)
		}
		pad, err := bewijs.ParsePad(b)
		if err != nil {
			return nil, fmt.Errorf("het bewijs van tijdvak %d is niet te lezen; probeer het later opnieuw", t.Nummer)
		}
		if bewijs.CheckInclusie(pad, t.Blad, c.Grootte, t.BladHash(), c.Wortel) != nil {
			fout(DeelTijdvak, fmt.Sprintf("Het blad waarmee tijdvak %d begint, staat niet in de log: wat de log van het tijdvak toont, heeft zij niet ondertekend.", t.Nummer))
			return nil, nil
		}
		g.Tijdvakken = append(g.Tijdvakken, GevolgdTijdvak{t.Nummer, t.Blad, time.UnixMicro(t.Moment).UTC(), t.Grootte, t.Gat(), t.Reden})
	}
	return l, nil
}

// verloren gives the epoch that lost the end of the remembered checkpoint, when that is accepted; otherwise it tells.
func (v *Volger) verloren(g *Gevolgd, l bewijs.Tijdvakken, oud *bewijs.Checkpoint, fout func(deel, wat string)) (*bewijs.Tijdvakblad, error) {
	t, err := l.Verloren(oud)
	switch {
	case errors.Is(err, bewijs.ErrOntkend):
		fout(DeelTijdvak, fmt.Sprintf("De log ontkent wat u zag: er waren %d bladen ondertekend op %s, met een wortel die u hebt, en het nieuwe tijdvak zegt daar niets van.",
			oud.Grootte, oud.Moment.Format(time.RFC3339)))
		return nil, nil
	case err != nil || t == nil:
		return nil, err
	}
	if g.Verloren = t.Nummer; t.Nummer == v.Aanvaard {
		return t, nil
	}
	fout(DeelTijdvak, fmt.Sprintf("%s die u zag, %s verloren. Op %s is tijdvak %d geopend, dat begint na %d bladen. De reden die de organisatie geeft: %s",
		map[bool]string{true: fmt.Sprintf("Blad %d", t.Blad), false: fmt.Sprintf("De bladen %d tot en met %d", t.Blad, oud.Grootte-1)}[oud.Grootte == t.Blad+1],
		map[bool]string{true: "is", false: "zijn"}[oud.Grootte == t.Blad+1], time.UnixMicro(t.Moment).UTC().Format(time.RFC3339), t.Nummer, t.Blad, t.Reden))
	return nil, nil
}

// boomVan reads of the name of a log of which organisation and tree it is.
func boomVan(basis string) (oin string, boom bewijs.Boom, is bool) {
	_, rest, is := strings.Cut(basis, "/bewijs/")
	oin, beheer := strings.CutSuffix(rest, "/beheer")
	if boom = bewijs.BoomLog; beheer {
		boom = bewijs.BoomBeheer
	}
	return oin, boom, is && strings.HasSuffix(basis, bewijs.Origin("", oin, boom))
}
