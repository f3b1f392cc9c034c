// Package nakijken keeps in the store what the daily checks came to: controle.Nakijkingen, written once for both engines on the
// rooms of kamer. It is for who operates the register, and proves nothing: who can change the store can change this too.
package nakijken

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/go-json-experiment/json"

	"github.com/verantwoord/verantwoord/internal/controle"
	"github.com/verantwoord/verantwoord/internal/store/kamer"
)

var _ controle.Nakijkingen = (*Opslag)(nil)

// bewaar is how many stay beside the newest in which all was well: three months of days.
const bewaar = 100

const (
	sqlHoogste = `SELECT coalesce(max(nr), 0) FROM nakijking WHERE organisatie = $1`
	sqlNieuw   = `INSERT INTO nakijking(organisatie, nr, begonnen, duur, oordeel, versies, beheerlog, checkpoints, aantal, gebreken)
		VALUES($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`
	sqlWeg = `DELETE FROM nakijking WHERE organisatie = $1 AND nr <= $2
		AND nr < (SELECT coalesce(max(n.nr), 0) FROM nakijking n WHERE n.organisatie = $1 AND n.oordeel = 0)`
	van = `SELECT begonnen, duur, oordeel, versies, beheerlog, checkpoints, aantal, gebreken FROM nakijking
		WHERE organisatie = (SELECT nr FROM organisatie WHERE oin = $1)`
	sqlLaatste = van + ` ORDER BY nr DESC LIMIT 1`
	sqlHeel    = van + ` AND oordeel = 0 ORDER BY nr DESC LIMIT 1`
)

// Opslag implements controle.Nakijkingen on either engine.
type Opslag struct{ kamer kamer.Opslag }

// New gives those of an engine whose rooms have their tables.
func New(k kamer.Opslag) *Opslag { return &Opslag{k} }

// Voeg implements controle.Nakijkingen.
func (s *Opslag) Voeg(ctx context.Context, n *controle.Nagekeken) error {
	gebreken, err := json.Marshal(n.Gebreken)
	if err == nil {
		err = s.kamer.Write(ctx, func(tx *kamer.Tx) error {
			organisatie, err := tx.Organisatie(n.OIN)
			if err != nil {
				return err
			}
			var hoogste int64
			if err := tx.QueryRow(sqlHoogste, organisatie).Scan(&hoogste); err != nil {
				return err
			}
			if _, err := tx.Exec(sqlNieuw, organisatie, hoogste+1, n.Begonnen.UnixMicro(), n.Duur.Microseconds(), int64(n.Oordeel),
				int64(n.Versies), int64(n.Beheerlog), int64(n.Checkpoints), int64(n.Aantal), gebreken); err != nil {
				return err
			}
			_, err = tx.Exec(sqlWeg, organisatie, hoogste+1-bewaar)
			return err
		})
	}
	if err != nil {
		return fmt.Errorf("keep what a check came to: %w", err)
	}
	return nil
}

// Laatste implements controle.Nakijkingen.
func (s *Opslag) Laatste(ctx context.Context, oin string) (*controle.Nagekeken, error) {
	return s.een(ctx, sqlLaatste, oin)
}

// Heel implements controle.Nakijkingen.
func (s *Opslag) Heel(ctx context.Context, oin string) (*controle.Nagekeken, error) {
	return s.een(ctx, sqlHeel, oin)
}

func (s *Opslag) een(ctx context.Context, tekst, oin string) (uit *controle.Nagekeken, err error) {
	err = s.kamer.Read(ctx, func(tx *kamer.Tx) error {
		uit = nil
		var begonnen, duur, oordeel, versies, beheerlog, checkpoints, aantal int64
		var gebreken []byte
		err := tx.QueryRow(tekst, oin).Scan(&begonnen, &duur, &oordeel, &versies, &beheerlog, &checkpoints, &aantal, &gebreken)
		if errors.Is(err, kamer.ErrGeenRij) {
			return nil
		}
		n := &controle.Nagekeken{
			Omvang:   controle.Omvang{OIN: oin, Versies: uint64(versies), Beheerlog: uint64(beheerlog), Checkpoints: int(checkpoints)},
			Begonnen: time.UnixMicro(begonnen).UTC(), Duur: time.Duration(duur) * time.Microsecond, Oordeel: controle.Oordeel(oordeel), Aantal: int(aantal),
		}
		if err == nil {
			err = json.Unmarshal(gebreken, &n.Gebreken)
		}
		uit = n
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("read what a check came to: %w", err)
	}
	return uit, nil
}
