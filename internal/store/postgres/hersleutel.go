package postgres

import (
	"cmp"
	"context"
	"errors"
	"slices"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgtype"

	"github.com/verantwoord/verantwoord/internal/verwerkingenlog"
)

var _ verwerkingenlog.Hersleutelaar = (*Store)(nil)

const (
	sqlHersleutelKop  = `SELECT grootte, gesloten FROM organisatie WHERE nr = $1`
	sqlHersleutelLees = `SELECT v.groep, v.plaats, ` + kolommen + ` FROM unnest($2::bigint[]) b(blad)
		CROSS JOIN LATERAL (SELECT van, nr, aantal, registratie, merken FROM groep
			WHERE organisatie = $1 AND van <= b.blad ORDER BY van DESC LIMIT 1) g
		CROSS JOIN LATERAL (SELECT * FROM versie
			WHERE organisatie = $1 AND groep = g.nr AND plaats = b.blad - g.van LIMIT 1) v
		WHERE b.blad < g.van + g.aantal ORDER BY b.blad`
	// One at a time changes entries of versions that are there: who rebuilds them all, and who replaces some. The row is
	// locked until the end of the transaction.
	sqlIngangenSlot = `INSERT INTO pacht(naam, houder, tot) VALUES('ingangen', '', now())
		ON CONFLICT (naam) DO UPDATE SET tot = excluded.tot`
	sqlHersleutelSchrijf = `UPDATE versie v SET persoon = n.persoon, ingangen = n.ingangen, inhoud = n.inhoud
		FROM unnest($2::bigint[], $3::int4[], $4::bytea[], $5::uuid[], $6::bytea[], $7::bytea[]) n(groep, plaats, oud, persoon, ingangen, inhoud)
		WHERE v.organisatie = $1 AND v.groep = n.groep AND v.plaats = n.plaats AND v.inhoud = n.oud
			AND EXISTS (SELECT 1 FROM organisatie WHERE nr = $1 AND gesloten = 0)
		RETURNING v.groep, v.plaats`
	sqlIngangWeg = `DELETE FROM ingang i USING unnest($2::int4[], $3::uuid[], $4::bigint[], $5::int4[]) n(soort, sleutel, groep, plaats)
		WHERE i.organisatie = $1 AND i.soort = n.soort AND i.sleutel = n.sleutel AND i.groep = n.groep AND i.plaats = n.plaats`
	sqlIngangErbij = `INSERT INTO ingang(organisatie, soort, sleutel, groep, plaats)
		SELECT $1, n.soort, n.sleutel, n.groep, n.plaats FROM unnest($2::int4[], $3::uuid[], $4::bigint[], $5::int4[]) n(soort, sleutel, groep, plaats)
		ON CONFLICT DO NOTHING`
)

// They bound one transaction.
const (
	maxHersleutel = 256
	zwaarGenoeg   = 1 << 20 // bytes of content
)

// vervanging is a version with its place and what it gets.
type vervanging struct {
	groep  int64
	plaats int32
	rij    *verwerkingenlog.Rij
	nieuw  verwerkingenlog.Nieuw
}

// Hersleutel implements verwerkingenlog.Hersleutelaar. It waits for no group of the intake, and none waits for it. While an
// organisation moves to another store nothing is replaced: what is copied must stay as it is.
func (s *Store) Hersleutel(ctx context.Context, oin string, van uint64, max int, f func(*verwerkingenlog.Rij) (verwerkingenlog.Nieuw, bool, error)) (volgende uint64, gewijzigd int, err error) {
	o, err := s.organisatie(oin)
	if err == nil {
		err = s.usable()
	}
	if err != nil {
		return van, 0, err
	}
	tot, err := s.hersleutelTot(ctx, o)
	if err != nil || van >= tot {
		return van, 0, err
	}
	tot = min(tot, van+uint64(min(maxHersleutel, cmp.Or(max, 1))))
	bladen := make([]int64, 0, tot-van)
	for b := van; b < tot; b++ {
		bladen = append(bladen, int64(b))
	}
	rijen, err := read(ctx, s, "read versions", sqlHersleutelLees, func(row pgx.CollectableRow) (v vervanging, err error) {
		v.rij, err = scanRij(na{na{row, &v.groep}, &v.plaats})
		return v, err
	}, o.nr, bladen)
	if err != nil {
		return van, 0, err
	}
	volgende = tot // what is not there any more needs no other keys
	var l []vervanging
	zwaar := 0
	for _, v := range rijen {
		if zwaar += len(v.rij.Inhoud); zwaar > zwaarGenoeg && v.rij.Blad > van {
			volgende = v.rij.Blad
			break
		}
		nieuw, anders, err := f(v.rij)
		if err == nil {
			err = ctx.Err()
		}
		if err != nil {
			return van, 0, err
		}
		if anders {
			v.nieuw = nieuw
			l = append(l, v)
		}
	}
	if len(l) == 0 {
		return volgende, 0, nil
	}
	err = s.do(context.WithoutCancel(ctx), s.schrijf, "replace versions", func(ctx context.Context, c *pgx.Conn) (err error) {
		gewijzigd, err = vervang(ctx, c, o, l)
		return err
	})
	if errors.Is(err, errOnbekend) { // doing it again does no harm
		err = unavailable("De opslag is bezet; probeer het straks opnieuw.", "replace versions", err)
	}
	if err != nil {
		return van, 0, err
	}
	return volgende, gewijzigd, nil
}

// hersleutelTot is the number of leaves of an organisation that is open.
func (s *Store) hersleutelTot(ctx context.Context, o *organisatie) (uint64, error) {
	type kop struct {
		Grootte  int64
		Gesloten int16
	}
	l, err := read(ctx, s, "read size", sqlHersleutelKop, pgx.RowToStructByPos[kop], o.nr)
	switch {
	case err != nil:
		return 0, err
	case len(l) == 0:
		return 0, errKop
	case l[0].Gesloten != 0:
		return 0, errGesloten
	}
	return uint64(l[0].Grootte), nil
}

// vervang replaces versions in one transaction, and tells how many.
func vervang(ctx context.Context, c *pgx.Conn, o *organisatie, l []vervanging) (n int, err error) {
	defer func() {
		if err != nil && c.PgConn().TxStatus() != 'I' {
			_, _ = c.Exec(ctx, "ROLLBACK")
		}
	}()
	if _, err := c.Exec(ctx, sqlBegin); err != nil {
		return 0, err
	}
	var groepen []int64
	var plaatsen []int32
	var oud, ingangen, inhoud [][]byte
	var personen []pgtype.UUID
	for _, v := range l {
		groepen, plaatsen = append(groepen, v.groep), append(plaatsen, v.plaats)
		oud, inhoud = append(oud, v.rij.Inhoud), append(inhoud, append([]byte{}, v.nieuw.Inhoud...))
		eerste, alles := spread(v.nieuw.Ingangen)
		var pak []byte // NULL: the columns say it all
		if !alles {
			pak = appendIngangen([]byte{}, v.nieuw.Ingangen)
		}
		ingangen = append(ingangen, pak)
		var persoon pgtype.UUID
		if p := eerste[kolom[verwerkingenlog.IngangPersoon]]; p != nil {
			persoon = pgUUID(*p)
		}
		personen = append(personen, persoon)
	}
	type plek struct {
		groep  int64
		plaats int32
	}
	gedaan := map[plek]bool{}
	b := &pgx.Batch{}
	b.Queue(sqlIngangenSlot)
	b.Queue(sqlHersleutelSchrijf, o.nr, groepen, plaatsen, oud, personen, ingangen, inhoud).Query(func(rows pgx.Rows) error {
		var p plek
		_, err := pgx.ForEachRow(rows, []any{&p.groep, &p.plaats}, func() error { gedaan[p] = true; return nil })
		return err
	})
	if err := send(ctx, c, b); err != nil {
		return 0, err
	}
	var weg, erbij ingangRijen
	for _, v := range l {
		if gedaan[plek{v.groep, v.plaats}] {
			was, wordt := extra(o, v.rij.Ingangen), extra(o, v.nieuw.Ingangen)
			weg.add(v.groep, v.plaats, was, wordt)
			erbij.add(v.groep, v.plaats, wordt, was)
		}
	}
	b = &pgx.Batch{}
	weg.queue(b, sqlIngangWeg, o)
	erbij.queue(b, sqlIngangErbij, o)
	return len(gedaan), finish(ctx, c, b)
}

// extra are the entries of a version that have no column.
func extra(o *organisatie, ingangen []verwerkingenlog.Ingang) []ingangRij {
	eerste, _ := spread(ingangen)
	return appendExtra(nil, o.nr, 0, ingangen, &eerste)
}

// ingangRijen are rows of ingang of one organisation.
type ingangRijen struct {
	soorten  []int32
	sleutels []pgtype.UUID
	groepen  []int64
	plaatsen []int32
}

// add takes the entries of a version that stand in l and not in zonder; both are in order.
func (r *ingangRijen) add(groep int64, plaats int32, l, zonder []ingangRij) {
	for _, i := range l {
		if _, ook := slices.BinarySearchFunc(zonder, i, byIngang); !ook {
			r.soorten, r.sleutels = append(r.soorten, int32(i.soort)), append(r.sleutels, pgUUID(i.sleutel))
			r.groepen, r.plaatsen = append(r.groepen, groep), append(r.plaatsen, plaats)
		}
	}
}

func (r *ingangRijen) queue(b *pgx.Batch, tekst string, o *organisatie) {
	if len(r.soorten) > 0 {
		b.Queue(tekst, o.nr, r.soorten, r.sleutels, r.groepen, r.plaatsen)
	}
}
