package beheerlog

import (
	"context"
	"fmt"

	"github.com/verantwoord/verantwoord/internal/bewijs"
	"github.com/verantwoord/verantwoord/internal/fout"
)

// Blad gives the leaf of an event, made anew from what it says. fout.NietGevonden: there is no such event.
func (l *Log) Blad(ctx context.Context, oin string, nummer uint64) (*bewijs.Beheerblad, error) {
	s, err := l.keys(oin)
	if err != nil {
		return nil, err
	}
	if nummer >= Vanaf {
		return nil, errGeenRegel
	}
	rijen, err := l.opslag.List(ctx, oin, "", nummer+1, 1)
	if err != nil {
		return nil, fmt.Errorf("read beheerlog: %w", err)
	}
	if len(rijen) == 0 || rijen[0].Nummer != nummer {
		return nil, errGeenRegel
	}
	if rijen[0].Soort == Tijdvak {
		return nil, fout.New(fout.CodeNietGevonden, "Met deze regel begint een tijdvak; haar blad en plaats staan op /bewijs/"+oin+"/beheer/tijdvakken.")
	}
	if _, err := Open(s, &rijen[0]); err != nil {
		return nil, err
	}
	b := rijen[0].Blad()
	return &b, nil
}

var errGeenRegel = fout.New(fout.CodeNietGevonden, "Deze regel staat niet in het beheerlog; kies er een in de lijst.")
