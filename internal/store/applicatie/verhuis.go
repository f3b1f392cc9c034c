package applicatie

import (
	"context"
	"fmt"

	"github.com/verantwoord/verantwoord/internal/fout"
	"github.com/verantwoord/verantwoord/internal/store/kamer"
)

const (
	sqlVerhuisApplicaties = `SELECT a.id, a.versie, a.inhoud FROM applicatie a JOIN organisatie o ON o.nr = a.organisatie WHERE o.oin = $1`
	sqlVerhuisClients     = `SELECT c.applicatie, c.client_id FROM applicatieclient c
		JOIN applicatie a ON a.id = c.applicatie JOIN organisatie o ON o.nr = a.organisatie WHERE o.oin = $1`
	sqlVerhuisWijzigingen = `SELECT w.nr, w.applicatie, w.versie, w.moment, w.inhoud
		FROM applicatiewijziging w JOIN organisatie o ON o.nr = w.organisatie WHERE o.oin = $1 ORDER BY w.nr`
	sqlVersieVan = `SELECT coalesce(max(versie), 0) FROM applicatiewijziging WHERE applicatie = $1`
	sqlVerwijder = `DELETE FROM applicatie WHERE id = $1`
)

// bewaard is what a store keeps of the applications of one organisation, sealed as it is.
type bewaard struct {
	applicaties map[string]versie   // by id
	clients     map[string][]string // by id of the application
	wijzigingen []wijziging
}

type versie struct {
	nr     int64
	inhoud []byte
}

type wijziging struct {
	nr, versie, moment int64
	applicatie         string
	inhoud             []byte
}

// Verhuis takes over the applications of organisations that stand in both stores, and the record of their
// changes. Every version of an application is a change on record, so of one that is on both sides the newest
// state is kept, also when that is its removal; doing it again changes nothing.
func Verhuis(ctx context.Context, van, naar kamer.Opslag, oins []string) error {
	for _, oin := range oins {
		var b *bewaard
		err := van.Read(ctx, func(tx *kamer.Tx) (err error) {
			b, err = lees(tx, oin)
			return err
		})
		if err != nil {
			return fmt.Errorf("read applications: %w", err)
		}
		if err := naar.Write(ctx, func(tx *kamer.Tx) error { return b.schrijf(tx, oin) }); err != nil {
			return fmt.Errorf("take over applications: %w", err)
		}
	}
	return nil
}

func lees(tx *kamer.Tx, oin string) (*bewaard, error) {
	b := &bewaard{applicaties: map[string]versie{}, clients: map[string][]string{}}
	for row, err := range tx.Query(sqlVerhuisApplicaties, oin) {
		var id string
		var v versie
		if err == nil {
			err = row.Scan(&id, &v.nr, &v.inhoud)
		}
		if err != nil {
			return nil, err
		}
		b.applicaties[id] = v
	}
	for row, err := range tx.Query(sqlVerhuisClients, oin) {
		var id, client string
		if err == nil {
			err = row.Scan(&id, &client)
		}
		if err != nil {
			return nil, err
		}
		b.clients[id] = append(b.clients[id], client)
	}
	for row, err := range tx.Query(sqlVerhuisWijzigingen, oin) {
		var w wijziging
		if err == nil {
			err = row.Scan(&w.nr, &w.applicatie, &w.versie, &w.moment, &w.inhoud)
		}
		if err != nil {
			return nil, err
		}
		b.wijzigingen = append(b.wijzigingen, w)
	}
	return b, nil
}

func (b *bewaard) schrijf(tx *kamer.Tx, oin string) error {
	organisatie, err := tx.Organisatie(oin)
	if err != nil {
		return err
	}
	had := map[string]int64{} // newest version of an application there
	var nieuw []string        // ids of those that the source knows a newer one of
	var laatste int64
	if err := tx.QueryRow(sqlGeneratie).Scan(&laatste); err != nil {
		return err
	}
	for _, w := range b.wijzigingen {
		v, ok := had[w.applicatie]
		if !ok {
			if err := tx.QueryRow(sqlVersieVan, w.applicatie).Scan(&v); err != nil {
				return err
			}
			had[w.applicatie] = v
		}
		if w.versie <= v {
			continue
		}
		// The number stays when there is room for it; the order stays always.
		laatste = max(w.nr, laatste+1)
		if _, err := tx.Exec(sqlWijzigingSchrijf, laatste, organisatie, w.applicatie, w.versie, w.moment, w.inhoud); err != nil {
			return err
		}
		nieuw = append(nieuw, w.applicatie)
	}
	// First all go, then all come: a client id may have passed from one to the other.
	for _, id := range nieuw {
		for _, tekst := range []string{sqlClientWis, sqlVerwijder} {
			if _, err := tx.Exec(tekst, id); err != nil {
				return err
			}
		}
	}
	for _, id := range nieuw {
		if err := b.put(tx, organisatie, id); err != nil {
			return err
		}
	}
	return nil
}

func (b *bewaard) put(tx *kamer.Tx, organisatie int64, id string) error {
	v, ok := b.applicaties[id]
	if !ok {
		return nil // it was removed
	}
	n, err := tx.Exec(sqlApplicatieNieuw, id, organisatie, v.nr, v.inhoud)
	if err != nil || n == 0 {
		return err // it has two changes, and is there
	}
	for _, client := range b.clients[id] {
		if n, err := tx.Exec(sqlClientNieuw, client, id); err != nil {
			return err
		} else if n == 0 {
			return fout.New(fout.CodeNietBeschikbaar, "Een client-id van applicatie "+id+
				" is op het doel al van een andere applicatie; wijzig of verwijder een van beide en verhuis opnieuw.")
		}
	}
	return nil
}
