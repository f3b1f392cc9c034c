package postgres

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"iter"
	"math"
	"slices"
	"strings"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgtype"

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
	sqlKijkKoppen   = `SELECT nr, oin, grootte, laatste, rand FROM organisatie ORDER BY oin`
	sqlKijkSleutel  = `SELECT o.oin, s.naam, s.vingerafdruk FROM sleutel s JOIN organisatie o ON o.nr = s.organisatie`
	sqlKijkGroepen  = `SELECT van, registratie, aantal, hashes, merken FROM groep WHERE organisatie = $1 AND van >= $2 ORDER BY van LIMIT 256`
	sqlKijkGroepVan = `SELECT coalesce(max(van), 0) FROM groep WHERE organisatie = $1 AND van <= $2`
	sqlKijkRijen    = `SELECT ` + kolommen + ` FROM groep g JOIN versie v ON v.organisatie = g.organisatie AND v.groep = g.nr
		WHERE g.organisatie = $1 AND g.van >= $2 AND g.van <= $3 ORDER BY g.van, v.plaats`
	sqlKijkVaker  = `SELECT DISTINCT actie FROM versie WHERE organisatie = $1 AND nummer > 1`
	sqlKijkMerken = `SELECT count(*) FROM information_schema.columns WHERE table_schema = current_schema() AND table_name = 'groep' AND column_name = 'merken'`
	// Entries of a group that does not stand there have no leaf.
	sqlKijkIngangen = `SELECT i.organisatie, coalesce(g.van + i.plaats, -1), i.soort, i.sleutel FROM ingang i
		LEFT JOIN groep g ON g.organisatie = i.organisatie AND g.nr = i.groep`
	sqlKijkLos = `SELECT o.oin, v.actie, v.nummer FROM versie v JOIN organisatie o ON o.nr = v.organisatie
		WHERE NOT EXISTS (SELECT 1 FROM groep g WHERE g.organisatie = v.organisatie AND g.nr = v.groep AND v.plaats >= 0 AND v.plaats < g.aantal) LIMIT 20`
)

// Nakijker reads a store on a connection of its own, for controle, and changes nothing. Registers may go on meanwhile: what
// is added while it looks is left out.
type Nakijker struct {
	kamers
	koppen map[string]*kijkKop
	zonder bool // the log is from before there were merken
}

// kijkKop is the head row of an organisation when looking began.
type kijkKop struct {
	nr               int32
	grootte, laatste int64
	rand             []byte
}

// Nakijk looks at the store in the database that url leads to.
func Nakijk(ctx context.Context, url string) (_ *Nakijker, err error) {
	c, err := connect(ctx, url)
	if err != nil {
		return nil, err
	}
	n := &Nakijker{kamers: kamers{c}, koppen: map[string]*kijkKop{}}
	defer func() {
		if err != nil {
			err = errors.Join(err, n.Close())
		}
	}()
	var merken int
	if _, err = c.Exec(ctx, `SET default_transaction_read_only = on`); err != nil {
		return nil, judge("look at store", err)
	}
	if err = c.QueryRow(ctx, sqlKijkMerken).Scan(&merken); err != nil {
		return nil, judge("look at columns", err)
	}
	n.zonder = merken == 0
	err = n.Vast(ctx)
	return n, err
}

// Vast implements controle.Opslag: it reads the head rows.
func (n *Nakijker) Vast(ctx context.Context) error {
	return n.each(ctx, "read organisations", sqlKijkKoppen, func(rows pgx.Rows) error {
		var oin string
		k := &kijkKop{}
		err := rows.Scan(&k.nr, &oin, &k.grootte, &k.laatste, &k.rand)
		n.koppen[oin] = k
		return err
	})
}

// Close ends the connection.
func (n *Nakijker) Close() error { return n.c.Close(context.Background()) }

// OINs implements controle.Opslag.
func (n *Nakijker) OINs() []string {
	var l []string
	for oin := range n.koppen {
		l = append(l, oin)
	}
	slices.Sort(l)
	return l
}

// Vingerafdrukken are the fingerprints of the keys, by OIN and name of the key.
func (n *Nakijker) Vingerafdrukken(ctx context.Context) (map[string]map[string]string, error) {
	m := map[string]map[string]string{}
	err := n.each(ctx, "read fingerprints", sqlKijkSleutel, func(rows pgx.Rows) error {
		var oin, naam, afdruk string
		err := rows.Scan(&oin, &naam, &afdruk)
		if m[oin] == nil {
			m[oin] = map[string]string{}
		}
		m[oin][naam] = afdruk
		return err
	})
	return m, err
}

// each reads the rows of a question.
func (n *Nakijker) each(ctx context.Context, stap, tekst string, f func(pgx.Rows) error, args ...any) error {
	rows, err := n.c.Query(ctx, tekst, args...)
	if err != nil {
		return judge(stap, err)
	}
	defer rows.Close()
	for rows.Next() {
		if err := f(rows); err != nil {
			return err
		}
	}
	return judge(stap, rows.Err())
}

// Bouw implements controle.Opslag: whether every version belongs to a group.
func (n *Nakijker) Bouw(ctx context.Context, meld controle.Meld) error {
	return n.each(ctx, "look for loose versions", sqlKijkLos, func(rows pgx.Rows) error {
		var oin string
		var actie pgtype.UUID
		var nummer int32
		err := rows.Scan(&oin, &actie, &nummer)
		meld(controle.Gebrek{
			OIN: oin, Deel: controle.DeelVersie, Waar: fmt.Sprintf("versie %d van actie %s", nummer, uuid.UUID(actie.Bytes)), Wat: "Deze versie hoort bij geen blad van de boom.",
		})
		return err
	})
}

// kijkGroep is what a transaction added, as it stands.
type kijkGroep struct {
	van, registratie int64
	aantal           int32
	hashes, merken   []byte
}

// heeft tells whether a group has a version: that of an epoch has none.
func (g *kijkGroep) heeft(rijen map[uint64]*verwerkingenlog.Rij) bool {
	for b := range int64(g.aantal) {
		if rijen[uint64(g.van+b)] != nil {
			return true
		}
	}
	return false
}

// Bladen implements controle.Opslag.
func (n *Nakijker) Bladen(ctx context.Context, oin string, meld controle.Meld) iter.Seq2[controle.Blad, error] {
	return n.bladen(ctx, oin, 0, meld)
}

// bladen gives the leaves from the group that begins at van.
func (n *Nakijker) bladen(ctx context.Context, oin string, van int64, meld controle.Meld) iter.Seq2[controle.Blad, error] {
	return func(yield func(controle.Blad, error) bool) {
		k := n.koppen[oin]
		verder := van
		for van < k.grootte {
			groepen, err := n.groepen(ctx, k, van)
			if err != nil || len(groepen) == 0 {
				if err != nil {
					yield(controle.Blad{}, err)
				}
				return
			}
			eind := groepen[len(groepen)-1].van
			rijen, err := n.rijen(ctx, oin, van, eind, meld)
			if err != nil {
				yield(controle.Blad{}, err)
				return
			}
			for _, g := range groepen {
				if g.van < verder || g.aantal < 1 || g.van+int64(g.aantal) > k.grootte {
					meld(controle.Gebrek{OIN: oin, Deel: controle.DeelBoom, Waar: fmt.Sprintf("groep van blad %d", g.van), Wat: "Deze groep valt over een andere, of buiten de log."})
				}
				if len(g.merken) != int(max(g.aantal, 0))*bewijs.MerkSize && g.merken != nil {
					meld(controle.Gebrek{OIN: oin, Deel: controle.DeelVersie, Waar: fmt.Sprintf("groep van blad %d", g.van), Wat: "Het aantal bladen van deze groep past niet bij haar merken."})
				}
				h := hashes{g.van, int64(g.aantal), g.hashes}
				if want := bewijs.AantalKnopen(uint64(g.van)+uint64(max(g.aantal, 0))) - bewijs.AantalKnopen(uint64(g.van)); uint64(len(g.hashes)) != want*bewijs.HashSize {
					meld(controle.Gebrek{OIN: oin, Deel: controle.DeelBoom, Waar: fmt.Sprintf("groep van blad %d", g.van), Wat: "Het aantal bladen van deze groep past niet bij haar hashes."})
				}
				if g.registratie != 0 && !g.heeft(rijen) {
					meld(controle.Gebrek{OIN: oin, Deel: controle.DeelBoom, Waar: fmt.Sprintf("groep van blad %d", g.van), Wat: "Deze groep heeft geen versie en toch een moment van registratie."})
				}
				for b := max(g.van, verder); b < min(g.van+int64(g.aantal), k.grootte); b++ {
					blad := controle.Blad{Nummer: uint64(b), Rij: rijen[uint64(b)]}
					for i := bewijs.AantalKnopen(uint64(b)); i < bewijs.AantalKnopen(uint64(b)+1); i++ {
						x, err := h.hash(i)
						if err != nil {
							break
						}
						blad.Hashes = append(blad.Hashes, x)
					}
					if !yield(blad, nil) {
						return
					}
					verder = b + 1
				}
			}
			van = eind + 1
		}
	}
}

// tekst makes of a question what can be asked of this log.
func (n *Nakijker) tekst(vraag string) string {
	if n.zonder {
		return strings.ReplaceAll(strings.ReplaceAll(vraag, merk, "NULL"), "hashes, merken", "hashes, NULL")
	}
	return vraag
}

func (n *Nakijker) groepen(ctx context.Context, k *kijkKop, van int64) (l []kijkGroep, err error) {
	err = n.each(ctx, "read groups", n.tekst(sqlKijkGroepen), func(rows pgx.Rows) error {
		var g kijkGroep
		if err := rows.Scan(&g.van, &g.registratie, &g.aantal, &g.hashes, &g.merken); err != nil {
			return err
		}
		if g.van < k.grootte { // others came while we looked
			l = append(l, g)
		}
		return nil
	}, k.nr, van)
	return l, err
}

// rijen reads the versions of groups, by leaf.
func (n *Nakijker) rijen(ctx context.Context, oin string, van, tot int64, meld controle.Meld) (map[uint64]*verwerkingenlog.Rij, error) {
	m := map[uint64]*verwerkingenlog.Rij{}
	err := n.each(ctx, "read versions", n.tekst(sqlKijkRijen), func(rows pgx.Rows) error {
		ruw := &ruweRij{Rows: rows}
		r, err := scanRij(ruw)
		if err != nil && !errors.Is(err, errIngangen) {
			return err
		}
		if err != nil || !ruw.same(r) {
			meld(controle.Gebrek{
				OIN: oin, Deel: controle.DeelVersie, Waar: fmt.Sprintf("blad %d, versie %d van actie %s", r.Blad, r.Nummer, r.ActieID),
				Wat: "De rij is veranderd: zo schrijft het register haar niet.",
			})
		}
		m[r.Blad] = r
		return nil
	}, n.koppen[oin].nr, van, tot)
	return m, err
}

// ruweRij scans kolommen and keeps what must follow from the rest.
type ruweRij struct {
	pgx.Rows
	kenmerk    pgtype.Int2
	activiteit pgtype.UUID
	eerste     [4]pgtype.UUID
	ingangen   []byte
}

// Scan implements pgx.CollectableRow.
func (r *ruweRij) Scan(dest ...any) error {
	err := r.Rows.Scan(dest...)
	if err == nil {
		r.kenmerk, r.activiteit = *dest[5].(*pgtype.Int2), *dest[6].(*pgtype.UUID)
		for i := range r.eerste {
			r.eerste[i] = *dest[7+i].(*pgtype.UUID)
		}
		r.ingangen = *dest[11].(*[]byte)
	}
	return err
}

// same tells whether the register would write the version so.
func (r *ruweRij) same(v *verwerkingenlog.Rij) bool {
	for _, g := range v.Ingangen {
		if g.Soort == 0 || int(g.Soort) >= len(kolom) {
			return false
		}
	}
	eerste, alles := spread(v.Ingangen)
	for i, e := range eerste {
		if (e != nil) != r.eerste[i].Valid || e != nil && *e != r.eerste[i].Bytes {
			return false
		}
	}
	var ingangen []byte
	if !alles {
		ingangen = appendIngangen([]byte{}, v.Ingangen)
	}
	return alles == (r.ingangen == nil) && bytes.Equal(ingangen, r.ingangen) &&
		r.kenmerk.Int16 == kenmerk(v.Staat, v.Operatie) && r.activiteit.Valid == (v.Activiteit != uuid.Nil)
}

// Versies implements controle.Opslag.
func (n *Nakijker) Versies(ctx context.Context, oin string, van, tot uint64) iter.Seq2[*verwerkingenlog.Rij, error] {
	return func(yield func(*verwerkingenlog.Rij, error) bool) {
		var eerste int64
		err := n.each(ctx, "find group", sqlKijkGroepVan, func(rows pgx.Rows) error { return rows.Scan(&eerste) }, n.koppen[oin].nr, int64(van))
		if err != nil {
			yield(nil, err)
			return
		}
		for b, err := range n.bladen(ctx, oin, eerste, func(controle.Gebrek) {}) {
			if err != nil {
				yield(nil, err)
				return
			}
			if b.Nummer >= tot || b.Nummer >= van && b.Rij != nil && !yield(b.Rij, nil) {
				return
			}
		}
	}
}

// Gewijzigd implements controle.Opslag.
func (n *Nakijker) Gewijzigd(ctx context.Context, oin string) (map[uuid.UUID]bool, error) {
	m := map[uuid.UUID]bool{}
	return m, n.each(ctx, "read which acties changed", sqlKijkVaker, func(rows pgx.Rows) error {
		var actie pgtype.UUID
		err := rows.Scan(&actie)
		m[actie.Bytes] = true
		return err
	}, n.koppen[oin].nr)
}

// Tot implements controle.Opslag: entries come with their versions.
func (n *Nakijker) Tot(_ context.Context, oin string) (uint64, error) {
	return uint64(n.koppen[oin].grootte), nil
}

func afgeleid(oin string, blad uint64, soort verwerkingenlog.IngangSoort, sleutel [16]byte) controle.Afgeleid {
	return controle.Afgeleid{OIN: oin, Blad: blad, Soort: soortNamen[soort], Inhoud: string(append([]byte{byte(soort)}, sleutel[:]...))}
}

var soortNamen = map[verwerkingenlog.IngangSoort]string{
	verwerkingenlog.IngangPersoon: "persoon", verwerkingenlog.IngangVerwerking: "verwerking",
	verwerkingenlog.IngangAfnemer: "verwerking bij de afnemer", verwerkingenlog.IngangVerwerktObject: "verwerkt object",
}

// Verwacht implements controle.Opslag: the keys that have no column. Those in columns are part of the version.
func (n *Nakijker) Verwacht(oin string, r *verwerkingenlog.Rij, f func(controle.Afgeleid)) {
	for _, g := range r.Ingangen {
		if g.Soort == 0 || int(g.Soort) >= len(kolom) {
			return // said before
		}
	}
	eerste, _ := spread(r.Ingangen)
	for _, i := range appendExtra(nil, n.koppen[oin].nr, 0, r.Ingangen, &eerste) {
		f(afgeleid(oin, r.Blad, i.soort, i.sleutel))
	}
}

// Afgeleiden implements controle.Opslag.
func (n *Nakijker) Afgeleiden(ctx context.Context, meld controle.Meld) iter.Seq2[controle.Afgeleid, error] {
	return func(yield func(controle.Afgeleid, error) bool) {
		namen := map[int32]string{}
		for oin, k := range n.koppen {
			namen[k.nr] = oin
		}
		errGenoeg := errors.New("enough")
		err := n.each(ctx, "read index entries", sqlKijkIngangen, func(rows pgx.Rows) error {
			var nr int32
			var blad int64
			var soort int16
			var sleutel pgtype.UUID
			if err := rows.Scan(&nr, &blad, &soort, &sleutel); err != nil {
				return err
			}
			oin := namen[nr]
			if oin == "" || blad < 0 || soort < 1 || soort > math.MaxUint8 {
				meld(controle.Gebrek{OIN: oin, Deel: controle.DeelIndex, Waar: fmt.Sprintf("ingang van soort %d", soort), Wat: "Deze ingang hoort bij geen versie."})
				return nil
			}
			if blad >= n.koppen[oin].grootte {
				return nil // it came while we looked, or its version is named as missing
			}
			if !yield(afgeleid(oin, uint64(blad), verwerkingenlog.IngangSoort(soort), sleutel.Bytes), nil) {
				return errGenoeg
			}
			return nil
		})
		if err != nil && !errors.Is(err, errGenoeg) {
			yield(controle.Afgeleid{}, err)
		}
	}
}

// Einde implements controle.Opslag: the head row says what the log comes to.
func (n *Nakijker) Einde(_ context.Context, oin string, s controle.Stand, meld controle.Meld) error {
	k := n.koppen[oin]
	fout := func(wat string) { meld(controle.Gebrek{OIN: oin, Deel: controle.DeelBoom, Waar: "kop", Wat: wat}) }
	if uint64(k.grootte) != s.Rand.Grootte() {
		fout(fmt.Sprintf("De kop van de log telt %d bladen, en er staan er %d.", k.grootte, s.Rand.Grootte()))
		return nil
	}
	if !bytes.Equal(k.rand, s.Rand.AppendBytes(nil)) {
		fout("De rand van de boom in de kop van de log is een andere dan die van de bladen.")
	}
	if k.grootte > 0 && k.laatste != s.Laatste {
		fout("Het laatste moment van registratie in de kop van de log is een ander dan dat van het laatste blad.")
	}
	return nil
}
