package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"iter"
	"os"
	"path/filepath"
	"slices"
	"sort"
	"strings"

	"github.com/google/uuid"

	"github.com/verantwoord/verantwoord/internal/bestand"
	"github.com/verantwoord/verantwoord/internal/bewijs"
	"github.com/verantwoord/verantwoord/internal/controle"
	"github.com/verantwoord/verantwoord/internal/store/kamer"
	"github.com/verantwoord/verantwoord/internal/verwerkingenlog"
)

var (
	_ controle.Opslag = (*Nakijker)(nil)
	_ kamer.Opslag    = (*Nakijker)(nil)
)

const (
	sqlKnopenDeel = `SELECT nr, hashes FROM knoop WHERE nr >= ? AND nr < ? ORDER BY nr LIMIT 512`
	sqlRijenDeel  = `SELECT v.nr, actie, nummer, registratie, tijdstip, kenmerk, activiteit, v.ingangen, inhoud, merk, h.ingangen
		FROM versie v LEFT JOIN hersleuteld h ON h.nr = v.nr WHERE v.nr >= ? AND v.nr < ? ORDER BY v.nr LIMIT 2048`
	// Of a log from before there was merk, or hersleuteld as well.
	sqlRijenDeelOuder = `SELECT v.nr, actie, nummer, registratie, tijdstip, kenmerk, activiteit, v.ingangen, inhoud, NULL, h.ingangen
		FROM versie v LEFT JOIN hersleuteld h ON h.nr = v.nr WHERE v.nr >= ? AND v.nr < ? ORDER BY v.nr LIMIT 2048`
	sqlRijenDeelOudst = `SELECT nr, actie, nummer, registratie, tijdstip, kenmerk, activiteit, ingangen, inhoud, NULL, NULL
		FROM versie WHERE nr >= ? AND nr < ? ORDER BY nr LIMIT 2048`
	sqlMerkIsEr = `SELECT count(*) FROM pragma_table_info('versie') WHERE name = 'merk'`
	sqlVaker    = `SELECT DISTINCT actie FROM versie WHERE nr >= ? AND nr < ? AND nummer > 1`
)

// Nakijker reads a store for controle, and changes nothing. Of a store that is not open (Nakijk) nobody can open it meanwhile;
// one that is open (Store.Nakijk) goes on.
type Nakijker struct {
	kamerLezer
	open   *Store   // nil: it is not open
	slot   *os.File // nil: the store had none, or is open
	log    *sql.DB
	tot    map[int64]uint64 // of an open store: leaves of each organisation when looking began
	index  *indexKijker     // nil: there is none to look at
	dir    string
	id     []byte
	oins   map[string]int64
	namen  map[int64]string
	gebrek []controle.Gebrek // found while it was opened

	hersleuteld bool // the log has that table
	merk        bool // and that column
}

// Nakijk opens the store in dir to be looked at. ErrInGebruik: another process has it open.
func Nakijk(ctx context.Context, dir string) (_ *Nakijker, err error) {
	dir, err = filepath.Abs(dir)
	if err != nil {
		return nil, fmt.Errorf("look at store: %w", err)
	}
	if is, err := Bestaat(dir); err != nil || !is {
		return nil, errors.Join(errors.New("look at store: there is none"), err)
	}
	n := &Nakijker{dir: dir, oins: map[string]int64{}, namen: map[int64]string{}}
	defer func() {
		if err != nil {
			n.Close()
		}
	}()
	n.slot, err = os.OpenFile(filepath.Join(dir, slotBestand), os.O_RDWR, 0)
	if errors.Is(err, os.ErrNotExist) {
		n.slot, err = nil, nil
	} else if err == nil {
		if err = bestand.Vergrendel(n.slot); errors.Is(err, bestand.ErrBezet) {
			err = ErrInGebruik
		}
	}
	if err != nil {
		return nil, fmt.Errorf("lock store: %w", err)
	}
	if n.log, err = openStil(filepath.Join(dir, logBestand)); err != nil {
		return nil, err
	}
	n.kamerLezer = kamerLezer{n.log}
	if err = n.read(ctx); err != nil {
		return nil, fmt.Errorf("read log: %w", err)
	}
	n.index, err = n.openIndex(ctx)
	return n, err
}

func (n *Nakijker) read(ctx context.Context) error {
	if err := n.log.QueryRowContext(ctx, `SELECT id FROM logboek`).Scan(&n.id); err != nil {
		return err
	}
	if err := n.log.QueryRowContext(ctx, sqlHersleuteldIsEr).Scan(&n.hersleuteld); err != nil {
		return err
	}
	if err := n.log.QueryRowContext(ctx, sqlMerkIsEr).Scan(&n.merk); err != nil {
		return err
	}
	rows, err := n.log.QueryContext(ctx, `SELECT nr, oin FROM organisatie`)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var nr int64
		var oin string
		if err := rows.Scan(&nr, &oin); err != nil {
			return err
		}
		n.oins[oin], n.namen[nr] = nr, oin
	}
	return rows.Err()
}

// Close gives the store free.
func (n *Nakijker) Close() error {
	var errs []error
	if n.index != nil {
		errs = append(errs, n.index.close())
	}
	if n.log != nil {
		errs = append(errs, n.log.Close())
	}
	if n.slot != nil {
		errs = append(errs, bestand.Ontgrendel(n.slot))
	}
	return errors.Join(errs...)
}

// Vingerafdrukken are the fingerprints of the keys, by OIN and name of the key.
func (n *Nakijker) Vingerafdrukken(ctx context.Context) (map[string]map[string]string, error) {
	m := map[string]map[string]string{}
	for oin, nr := range n.oins {
		var err error
		if m[oin], err = afdrukken(ctx, n.log, nr); err != nil {
			return nil, fmt.Errorf("read fingerprints: %w", err)
		}
	}
	return m, nil
}

// OINs implements controle.Opslag.
func (n *Nakijker) OINs() []string {
	var l []string
	for oin := range n.oins {
		l = append(l, oin)
	}
	slices.Sort(l)
	return l
}

// Vast implements controle.Opslag.
func (n *Nakijker) Vast(ctx context.Context) error {
	if n.open == nil {
		return nil
	}
	return n.vastOpen(ctx)
}

// grens is the leaf up to which is looked.
func (n *Nakijker) grens(organisatie int64) uint64 {
	if n.open == nil {
		return maxBlad + 1
	}
	return n.tot[organisatie]
}

// Bouw implements controle.Opslag.
func (n *Nakijker) Bouw(ctx context.Context, meld controle.Meld) error {
	for _, g := range n.gebrek {
		meld(g)
	}
	if n.open != nil {
		return n.bouwOpen(ctx, meld)
	}
	if err := heel(ctx, n.log, logBestand, controle.DeelOpslag, meld); err != nil {
		return err
	}
	if err := n.losHersleuteld(ctx, meld); err != nil {
		return err
	}
	if n.index == nil {
		return nil
	}
	return n.index.bouw(ctx, n, meld)
}

// heel asks SQLite whether a file is whole.
func heel(ctx context.Context, db vrager, bestand, deel string, meld controle.Meld) error {
	return heelVolgens(ctx, db, `PRAGMA integrity_check(20)`, bestand, deel, meld)
}

func heelVolgens(ctx context.Context, db vrager, pragma, bestand, deel string, meld controle.Meld) error {
	rows, err := db.QueryContext(ctx, pragma)
	if err != nil {
		return stuk(err, bestand, deel, meld)
	}
	defer rows.Close()
	for rows.Next() {
		var oordeel string
		if err := rows.Scan(&oordeel); err != nil {
			return stuk(err, bestand, deel, meld)
		}
		if oordeel != "ok" {
			meld(controle.Gebrek{Deel: deel, Waar: bestand, Wat: "Het bestand is beschadigd; SQLite zegt: " + strings.TrimSpace(oordeel)})
		}
	}
	return stuk(rows.Err(), bestand, deel, meld)
}

// stuk tells of a file that can't be read as it is damaged; other errors come back.
func stuk(err error, bestand, deel string, meld controle.Meld) error {
	if err == nil || !damaged(err) {
		return err
	}
	meld(controle.Gebrek{Deel: deel, Waar: bestand, Wat: "Het bestand is beschadigd en verder niet te lezen."})
	return nil
}

// Bladen implements controle.Opslag.
func (n *Nakijker) Bladen(ctx context.Context, oin string, meld controle.Meld) iter.Seq2[controle.Blad, error] {
	return func(yield func(controle.Blad, error) bool) {
		o := &organisatie{nr: n.oins[oin], oin: oin}
		k := &knoopstroom{ctx: ctx, db: n.log, o: o, volgende: knoopNr(o.boom(), 0), einde: knoopNr(o.boom()+1, 0), meld: meld}
		if n.open != nil {
			k.einde = knoopNr(o.boom(), bewijs.AantalKnopen(n.tot[o.nr]))
		}
		next, stop := iter.Pull2(n.versies(ctx, oin, 0, n.grens(o.nr), meld))
		defer stop()
		rij, err, more := next()
		for blad := uint64(0); err == nil; blad++ {
			var hashes []bewijs.Hash
			var eerste uint64 // leaf of the next hashes
			var ook bool
			if hashes, eerste, ook, err = k.take(blad); err != nil || !more && !ook {
				break
			}
			if hashes == nil && (!more || rij.Blad > blad) {
				if blad = eerste; more && (!ook || rij.Blad < eerste) {
					blad = rij.Blad
				}
				if hashes, _, _, err = k.take(blad); err != nil {
					break
				}
			}
			b := controle.Blad{Nummer: blad, Hashes: hashes}
			if more && rij.Blad == blad {
				b.Rij = rij
				rij, err, more = next()
			}
			if !yield(b, nil) {
				return
			}
		}
		if err = stuk(err, logBestand, controle.DeelOpslag, meld); err != nil {
			yield(controle.Blad{}, fmt.Errorf("read leaves: %w", err))
		}
	}
}

// knoopstroom gives the stored hashes of a tree, leaf by leaf.
type knoopstroom struct {
	ctx      context.Context
	db       *sql.DB
	o        *organisatie
	meld     controle.Meld
	volgende int64 // from where rows are read
	einde    int64 // up to where
	rijen    []knooprij
	eind     bool
}

type knooprij struct {
	van    uint64 // index of the first hash
	hashes []byte
}

// take gives the hashes that a leaf brought, nil when they are not there. Then eerste is the leaf whose hashes come next,
// and ook whether there are any.
func (k *knoopstroom) take(blad uint64) (hashes []bewijs.Hash, eerste uint64, ook bool, err error) {
	van, tot := bewijs.AantalKnopen(blad), bewijs.AantalKnopen(blad+1)
	for {
		if len(k.rijen) == 0 {
			if err := k.fill(); err != nil || len(k.rijen) == 0 {
				return nil, 0, false, err
			}
		}
		r := &k.rijen[0]
		n := uint64(len(r.hashes) / bewijs.HashSize)
		eerste = uint64(sort.Search(1<<bladBits, func(i int) bool { return bewijs.AantalKnopen(uint64(i)) >= r.van }))
		if len(r.hashes)%bewijs.HashSize != 0 || n == 0 || r.van < van || bewijs.AantalKnopen(eerste) != r.van {
			if n > 0 || len(r.hashes) > 0 {
				k.meld(controle.Gebrek{OIN: k.o.oin, Deel: controle.DeelBoom, Waar: fmt.Sprintf("knoop %d", r.van), Wat: "Deze hashes van de boom staan op een verkeerde plaats of zijn afgebroken."})
			}
			k.rijen = k.rijen[1:]
			continue
		}
		if r.van > van {
			return nil, eerste, true, nil
		}
		for i := uint64(0); i < min(n, tot-van); i++ {
			hashes = append(hashes, bewijs.Hash(r.hashes[i*bewijs.HashSize:]))
		}
		r.van, r.hashes = r.van+uint64(len(hashes)), r.hashes[len(hashes)*bewijs.HashSize:]
		if len(r.hashes) == 0 {
			k.rijen = k.rijen[1:]
		}
		return hashes, blad, true, nil
	}
}

func (k *knoopstroom) fill() error {
	if k.eind {
		return nil
	}
	rows, err := k.db.QueryContext(k.ctx, sqlKnopenDeel, k.volgende, k.einde)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var nr int64
		var r knooprij
		if err := rows.Scan(&nr, &r.hashes); err != nil {
			return err
		}
		r.van, k.volgende = uint64(nr-knoopNr(k.o.boom(), 0)), nr+1
		k.rijen = append(k.rijen, r)
	}
	k.eind = len(k.rijen) == 0
	return rows.Err()
}

// Versies implements controle.Opslag.
func (n *Nakijker) Versies(ctx context.Context, oin string, van, tot uint64) iter.Seq2[*verwerkingenlog.Rij, error] {
	return n.versies(ctx, oin, van, tot, func(controle.Gebrek) {})
}

func (n *Nakijker) versies(ctx context.Context, oin string, van, tot uint64, meld controle.Meld) iter.Seq2[*verwerkingenlog.Rij, error] {
	return func(yield func(*verwerkingenlog.Rij, error) bool) {
		nr := n.oins[oin]
		if tot <= van {
			return
		}
		for next, einde := versieNr(nr, van), versieNr(nr, tot-1)+1; next < einde; {
			rijen, gelezen, err := n.rijen(ctx, oin, next, einde, meld)
			for _, r := range rijen {
				if !yield(r, nil) {
					return
				}
			}
			if err != nil {
				yield(nil, err)
				return
			}
			if gelezen == 0 {
				return
			}
			next = gelezen + 1
		}
	}
}

// rijen reads some rows, and gives the number of the last; 0: there was none.
func (n *Nakijker) rijen(ctx context.Context, oin string, van, tot int64, meld controle.Meld) (uit []*verwerkingenlog.Rij, laatste int64, err error) {
	tekst := sqlRijenDeel
	if !n.hersleuteld {
		tekst = sqlRijenDeelOudst
	} else if !n.merk {
		tekst = sqlRijenDeelOuder
	}
	rows, err := n.log.QueryContext(ctx, tekst, van, tot)
	if err != nil {
		return nil, 0, err
	}
	defer rows.Close()
	for rows.Next() {
		r := &verwerkingenlog.Rij{}
		var nummer, k int64
		var actie, activiteit, ingangen, merk, eerder []byte
		if err := rows.Scan(&laatste, &actie, &nummer, &r.Registratie, &r.Tijdstip, &k, &activiteit, &ingangen, &r.Inhoud, &merk, &eerder); err != nil {
			return uit, laatste, err
		}
		// What reads back as something else than was written must not pass.
		r.Blad, r.Nummer = uint64(laatste&maxBlad), uint32(nummer)
		copy(r.ActieID[:], actie)
		copy(r.Activiteit[:], activiteit)
		copy(r.Merk[:], merk)
		r.Staat, r.Operatie = verwerkingenlog.Staat(k&0xff), bewijs.Operatie(k>>8)
		err := eachIngang(ingangen, func(g verwerkingenlog.Ingang) { r.Ingangen = append(r.Ingangen, g) })
		if eerder != nil {
			r.Geindexeerd = []verwerkingenlog.Ingang{}
			err = errors.Join(err, eachIngang(eerder, func(g verwerkingenlog.Ingang) { r.Geindexeerd = append(r.Geindexeerd, g) }))
		}
		goed := err == nil && string(appendIngangen(nil, r.Geindexeerd)) == string(eerder) && len(actie) == len(r.ActieID) && int64(r.Nummer) == nummer && kenmerk(r.Staat, r.Operatie) == k &&
			(merk == nil || len(merk) == len(r.Merk) && r.Merk != bewijs.Merk{}) && (activiteit == nil || len(activiteit) == len(uuid.UUID{}) && r.Activiteit != uuid.Nil) && string(appendIngangen(nil, r.Ingangen)) == string(ingangen)
		if !goed {
			meld(controle.Gebrek{
				OIN: oin, Deel: controle.DeelVersie, Waar: fmt.Sprintf("blad %d, versie %d van actie %s", r.Blad, r.Nummer, r.ActieID),
				Wat: "De rij is veranderd: zo schrijft het register haar niet.",
			})
		}
		uit = append(uit, r)
	}
	return uit, laatste, rows.Err()
}

// vakerDeel is how many leaves are read at once to find what changed: a reader of an open store holds up its write-ahead log.
const vakerDeel = 64 << 10

// Gewijzigd implements controle.Opslag.
func (n *Nakijker) Gewijzigd(ctx context.Context, oin string) (map[uuid.UUID]bool, error) {
	m := map[uuid.UUID]bool{}
	van, tot := versieNr(n.oins[oin], 0), versieNr(n.oins[oin]+1, 0)
	for {
		// To the next row there is: a number that somebody changed may lie far beyond the others.
		var eerste sql.NullInt64
		err := n.log.QueryRowContext(ctx, `SELECT min(nr) FROM versie WHERE nr >= ? AND nr < ?`, van, tot).Scan(&eerste)
		if err == nil && eerste.Valid {
			van = min(eerste.Int64+vakerDeel, tot)
			err = n.gewijzigd(ctx, eerste.Int64, van, m)
		}
		if err != nil && !damaged(err) {
			return nil, fmt.Errorf("read which acties changed: %w", err)
		}
		if err != nil || !eerste.Valid {
			return m, nil
		}
	}
}

func (n *Nakijker) gewijzigd(ctx context.Context, van, tot int64, m map[uuid.UUID]bool) error {
	rows, err := n.log.QueryContext(ctx, sqlVaker, van, tot)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var actie []byte
		if err := rows.Scan(&actie); err != nil {
			return err
		}
		if id, err := uuid.FromBytes(actie); err == nil {
			m[id] = true
		}
	}
	return rows.Err()
}
