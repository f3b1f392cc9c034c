package main

import (
	"context"
	"errors"
	"fmt"
	"io"

	"github.com/verantwoord/verantwoord/internal/config"
	"github.com/verantwoord/verantwoord/internal/controle"
	"github.com/verantwoord/verantwoord/internal/store/postgres"
	"github.com/verantwoord/verantwoord/internal/store/sqlite"
)

// reindex makes what is derived from the versions anew, in every store of the configuration, and compares: with what was
// there, and with the versions. It touches no version, no tree and no checkpoint, and needs no keys.
func reindex(ctx context.Context, args []string, stdout, stderr io.Writer) error {
	c, err := parseConfig("reindex", args, stderr, nil)
	if err != nil {
		return err
	}
	for _, p := range opslagplaatsen(c) {
		eerst, daarna, n, err := herbouw(ctx, p.adres)
		if err != nil {
			return opslagfout(p.sleutel, err)
		}
		was := "de index was gelijk"
		if len(eerst) > 0 {
			was = fmt.Sprintf("de index had %d gebreken", len(eerst))
			schrijfGebreken(stderr, "was fout:", eerst)
		}
		if len(daarna) > 0 {
			schrijfGebreken(stderr, "is fout:", daarna)
			return fmt.Errorf("%s: na het opbouwen zijn er nog %d gebreken; draai verantwoord verify en zet zo nodig een reservekopie terug", p.sleutel, len(daarna))
		}
		fmt.Fprintf(stdout, "%s: %s; opnieuw opgebouwd en vergeleken, %d ingangen naast %d versies\n", p.sleutel, was, n.Ingangen, n.Versies)
	}
	return nil
}

// herbouw rebuilds one store, and tells what was wrong before and after, and how much there is.
func herbouw(ctx context.Context, adres string) (eerst, daarna []controle.Gebrek, telling controle.Telling, err error) {
	if eerst, _, err = nakijkIndex(ctx, adres); err != nil {
		return nil, nil, telling, err
	}
	if dir, ok := config.SQLiteMap(adres); ok {
		err = sqlite.Herbouw(ctx, dir)
	} else {
		err = postgres.Herbouw(ctx, adres)
	}
	if err != nil {
		return nil, nil, telling, err
	}
	daarna, telling, err = nakijkIndex(ctx, adres)
	return eerst, daarna, telling, err
}

func nakijkIndex(ctx context.Context, adres string) (gebreken []controle.Gebrek, telling controle.Telling, err error) {
	n, err := openNakijker(ctx, adres)
	if err != nil {
		return nil, telling, err
	}
	telling, err = controle.Index(ctx, n, func(g controle.Gebrek) { gebreken = append(gebreken, g) })
	return gebreken, telling, errors.Join(err, n.Close())
}
