package postgres

import (
	"context"
	"fmt"
	"time"

	"github.com/verantwoord/verantwoord/internal/store/kamer"
)

// Inspectie is what can be told of a store without opening it for use. Registers may go on meanwhile.
type Inspectie struct {
	Server       string // version of PostgreSQL
	Kopie        bool   // a standby, which can't be written
	Versleuteld  bool   // the connection is
	Instellingen map[string]string
	Schema       int // version of the tables; 0: there are none yet, and nothing below is known
	Nieuwste     int // the version that this program makes

	Vingerafdrukken map[string]map[string]string // by OIN and name of the key
	Versies         int64
	Laatste         time.Time // registration of the newest version; zero without one

	kamers bool // there are tables of rooms
}

// Settings of the server on which it rests that what was acknowledged is there after a crash.
const (
	InstellingFsync  = "fsync"
	InstellingCommit = "synchronous_commit"
	InstellingHeel   = "full_page_writes"
)

// Inspect looks at the store and changes nothing. When it has rooms, toon is shown them, to read.
func Inspect(ctx context.Context, url string, toon func(kamer.Opslag) error) (*Inspectie, error) {
	conn, err := connect(ctx, url)
	if err != nil {
		return nil, err
	}
	defer conn.Close(ctx)
	in := &Inspectie{Nieuwste: len(stappen), Instellingen: map[string]string{}, Vingerafdrukken: map[string]map[string]string{}}
	k := kamers{conn}
	if err := k.Read(ctx, in.read); err != nil {
		return nil, err
	}
	if !in.kamers {
		return in, nil
	}
	return in, toon(k)
}

func (in *Inspectie) read(tx *kamer.Tx) error {
	for _, naam := range []string{InstellingFsync, InstellingCommit, InstellingHeel} {
		var waarde string
		if err := tx.QueryRow(`SELECT current_setting($1)`, naam).Scan(&waarde); err != nil {
			return fmt.Errorf("read setting %s: %w", naam, err)
		}
		in.Instellingen[naam] = waarde
	}
	var tabellen bool
	err := tx.QueryRow(`SELECT split_part(current_setting('server_version'), ' ', 1), pg_is_in_recovery(), to_regclass('schema') IS NOT NULL,
		to_regclass('kamerschema') IS NOT NULL, coalesce((SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()), false)`).
		Scan(&in.Server, &in.Kopie, &tabellen, &in.kamers, &in.Versleuteld)
	if err != nil || !tabellen {
		return err
	}
	if err := tx.QueryRow(`SELECT coalesce(max(versie), 0) FROM schema`).Scan(&in.Schema); err != nil || in.Schema == 0 {
		return err
	}
	for row, err := range tx.Query(`SELECT o.oin, o.grootte, o.laatste, coalesce(s.naam, ''), coalesce(s.vingerafdruk, '')
		FROM organisatie o LEFT JOIN sleutel s ON s.organisatie = o.nr`) {
		var oin, naam, afdruk string
		var grootte, laatste int64
		if err == nil {
			err = row.Scan(&oin, &grootte, &laatste, &naam, &afdruk)
		}
		if err != nil {
			return err
		}
		in.add(oin, grootte, laatste, naam, afdruk)
	}
	return nil
}

// add takes an organisation with one of its keys, or with none.
func (in *Inspectie) add(oin string, grootte, laatste int64, naam, afdruk string) {
	if in.Vingerafdrukken[oin] == nil {
		in.Vingerafdrukken[oin] = map[string]string{}
		in.Versies += grootte
		if t := time.UnixMicro(laatste); grootte > 0 && t.After(in.Laatste) {
			in.Laatste = t
		}
	}
	if naam != "" {
		in.Vingerafdrukken[oin][naam] = afdruk
	}
}
