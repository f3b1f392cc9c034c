package checkpoint

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"

	"github.com/verantwoord/verantwoord/internal/bewijs"
	"github.com/verantwoord/verantwoord/internal/fout"
)

// Who asks without a credential is shown the tree as the newest public checkpoint has it: what came since would tell
// when work is done. With one it is the tree of the newest checkpoint. That is what openbaar says below.

// Tegel gives the bytes of a tile or an entry bundle. Error: fout.NietGevonden when the tree does not have it, or an entry
// of the bundle was purged.
func (b *Bewaarder) Tegel(ctx context.Context, oin string, boom bewijs.Boom, t bewijs.Tegel, openbaar bool) ([]byte, error) {
	w, err := b.Punt(ctx, oin, boom, openbaar)
	if errors.Is(err, nogNiet) || err == nil && !t.In(w.Grootte) {
		return nil, fout.New(fout.CodeNietGevonden, "Deze tegel is er niet of nog niet; vraag alleen tegels van een checkpoint dat u hebt.")
	}
	if err != nil {
		return nil, err
	}
	k := b.knopen(ctx, oin, boom)
	if t.Niveau != bewijs.NiveauBundel {
		return t.Lees(k)
	}
	inhouden, err := b.inhouden(ctx, oin, boom, t.Van(), t.Tot())
	if errors.Is(err, fout.NietGevonden) {
		return nil, fout.New(fout.CodeNietGevonden, "Van een blad in deze bundel is de inhoud opgeschoond; alleen de tegel met de hashes is er nog.")
	}
	if err != nil {
		return nil, err
	}
	bladen, err := bewijs.Tegel{Nummer: t.Nummer, Breedte: t.Breedte}.Lees(k)
	if err != nil {
		return nil, err
	}
	for i := range inhouden {
		if bladHash(inhouden[i]) != bewijs.Hash(bladen[i*bewijs.HashSize:]) {
			return nil, errStuk(oin, boom, fmt.Errorf("leaf %d differs from its record", t.Van()+uint64(i)))
		}
	}
	return bewijs.Bundel(inhouden), nil
}

// inhouden gives what leaves hash, of versions or events and of epochs.
func (b *Bewaarder) inhouden(ctx context.Context, oin string, boom bewijs.Boom, van, tot uint64) (uit []bewijs.Hash, err error) {
	tijdvakken, err := b.Tijdvakken(ctx, oin, boom)
	if errors.Is(err, ErrOnverenigbaar) {
		err = errStuk(oin, boom, err)
	}
	if err != nil {
		return nil, err
	}
	neem := func(van, tot uint64) error {
		if van >= tot {
			return nil
		}
		l, err := b.Bomen.Inhouden(ctx, oin, boom, van, tot)
		uit = append(uit, l...)
		return err
	}
	for _, t := range tijdvakken {
		if t.Blad < van || t.Blad >= tot {
			continue
		}
		if err := neem(van, t.Blad); err != nil {
			return nil, err
		}
		uit, van = append(uit, t.Entry()), t.Blad+1
	}
	return uit, neem(van, tot)
}

// Inclusie gives the proof that a leaf is among the first grootte leaves, one hash on a line.
func (b *Bewaarder) Inclusie(ctx context.Context, oin string, boom bewijs.Boom, blad, grootte uint64, openbaar bool) ([]byte, error) {
	if err := b.binnen(ctx, oin, boom, grootte, openbaar); err != nil {
		return nil, err
	}
	if blad >= grootte {
		return nil, fout.Ongeldig(fout.Param{Name: "blad", Code: "invalid", Reason: "Geef een bladnummer dat kleiner is dan de grootte; het eerste blad heeft nummer 0."})
	}
	pad, err := bewijs.Inclusie(blad, grootte, b.knopen(ctx, oin, boom))
	return bewijs.PadTekst(pad), err
}

// Consistentie gives the proof that the tree of tot leaves begins with that of van, one hash on a line. Between the sizes
// of two public checkpoints anybody may have it: it holds hashes of whole subtrees and no other number.
func (b *Bewaarder) Consistentie(ctx context.Context, oin string, boom bewijs.Boom, van, tot uint64, openbaar bool) ([]byte, error) {
	if err := b.binnen(ctx, oin, boom, tot, openbaar); err != nil {
		return nil, err
	}
	if van > tot {
		return nil, fout.Ongeldig(fout.Param{Name: "van", Code: "invalid", Reason: "Geef een grootte die niet groter is dan tot; een log wordt nooit kleiner."})
	}
	pad, err := bewijs.Consistentie(van, tot, b.knopen(ctx, oin, boom))
	return bewijs.PadTekst(pad), err
}

// TussenOpenbare tells whether both are sizes of public checkpoints. The first may also be the size at which an epoch began: the
// public checkpoint of that size may have been lost.
func (b *Bewaarder) TussenOpenbare(ctx context.Context, oin string, boom bewijs.Boom, van, tot uint64) (bool, error) {
	if err := b.ken(oin, boom); err != nil {
		return false, err
	}
	ok, err := b.Opslag.OpenbaarVan(ctx, oin, boom, tot)
	if err != nil || !ok {
		return false, err
	}
	if ok, err := b.Opslag.OpenbaarVan(ctx, oin, boom, van); err != nil || ok {
		return ok, err
	}
	t, err := b.Tijdvakken(ctx, oin, boom)
	return t.Op(van) != nil, err
}

// TijdvakIn tells whether an epoch begins with that leaf, and grootte is the size of a public checkpoint: that it is there is for
// everybody to see.
func (b *Bewaarder) TijdvakIn(ctx context.Context, oin string, boom bewijs.Boom, blad, grootte uint64) (bool, error) {
	if err := b.ken(oin, boom); err != nil {
		return false, err
	}
	t, err := b.Tijdvakken(ctx, oin, boom)
	if err != nil || t.Op(blad) == nil {
		return false, err
	}
	return b.Opslag.OpenbaarVan(ctx, oin, boom, grootte)
}

// OpenbareTijdvakken are the epochs that the newest public checkpoint covers. Error: CodeBewijsNogNiet when there is none.
func (b *Bewaarder) OpenbareTijdvakken(ctx context.Context, oin string, boom bewijs.Boom) (bewijs.Tijdvakken, error) {
	w, err := b.Punt(ctx, oin, boom, true)
	if err != nil {
		return nil, err
	}
	t, err := b.Tijdvakken(ctx, oin, boom)
	if errors.Is(err, ErrOnverenigbaar) {
		err = errStuk(oin, boom, err)
	}
	for len(t) > 0 && t[len(t)-1].Blad >= w.Grootte {
		t = t[:len(t)-1]
	}
	return t, err
}

// binnen tells whether the tree of that size was signed.
func (b *Bewaarder) binnen(ctx context.Context, oin string, boom bewijs.Boom, grootte uint64, openbaar bool) error {
	w, err := b.Punt(ctx, oin, boom, openbaar)
	if err == nil && grootte > w.Grootte {
		err = nogNiet
	}
	return err
}

// Bewijsstuk gives the proof of a leaf of the log in the newest checkpoint, with the text of its opening as extra data.
// That checkpoint is kept. Error: CodeBewijsNogNiet until one covers the leaf.
func (b *Bewaarder) Bewijsstuk(ctx context.Context, oin string, blad uint64, o *bewijs.Bladopening) ([]byte, error) {
	return b.stuk(ctx, oin, bewijs.BoomLog, blad, o.BladHash(), o.Tekst())
}

// Regelbewijs gives the proof of an event of the beheerlog; as Bewijsstuk.
func (b *Bewaarder) Regelbewijs(ctx context.Context, oin string, blad uint64, o *bewijs.Beheerblad) ([]byte, error) {
	return b.stuk(ctx, oin, bewijs.BoomBeheer, blad, o.BladHash(), o.Tekst())
}

func (b *Bewaarder) stuk(ctx context.Context, oin string, boom bewijs.Boom, blad uint64, h bewijs.Hash, extra []byte) ([]byte, error) {
	w, err := b.Punt(ctx, oin, boom, false)
	if err != nil {
		return nil, err
	}
	if blad >= w.Grootte {
		return nil, nogNiet
	}
	pad, err := bewijs.Inclusie(blad, w.Grootte, b.knopen(ctx, oin, boom))
	if err != nil {
		return nil, err
	}
	// A receipt that does not hold would be found by whoever needs it, years later.
	if err := bewijs.CheckInclusie(pad, blad, w.Grootte, h, w.Wortel); err != nil {
		return nil, errStuk(oin, boom, err)
	}
	if err := b.Opslag.Houd(ctx, oin, boom, w.Nr); err != nil {
		return nil, err
	}
	s := bewijs.Bewijsstuk{Extra: extra, Blad: blad, Pad: pad, Checkpoint: w.Tekst}
	return s.Tekst(), nil
}

func bladHash(inhoud bewijs.Hash) bewijs.Hash { return sha256.Sum256(append([]byte{0}, inhoud[:]...)) }
