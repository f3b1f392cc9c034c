package sqlite

import (
	"bytes"
	"context"
	"database/sql"
	"encoding/binary"
	"errors"
	"fmt"
	"iter"
	"math"
	"os"
	"path/filepath"

	"github.com/verantwoord/verantwoord/internal/bewijs"
	"github.com/verantwoord/verantwoord/internal/controle"
	"github.com/verantwoord/verantwoord/internal/verwerkingenlog"
)

// vrager asks: a database, or one snapshot of it.
type vrager interface {
	QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error)
	QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row
}

// indexKijker is the index file of a store that is looked at.
type indexKijker struct {
	bron    *sql.DB
	db      vrager // bron, or a snapshot of it
	runs    []*run
	standen map[int64]stand
}

// openIndex reads the index file. One that can't be read is a Gebrek, and then there is none.
func (n *Nakijker) openIndex(ctx context.Context) (_ *indexKijker, err error) {
	meld := func(wat string) {
		n.gebrek = append(n.gebrek, controle.Gebrek{Deel: controle.DeelIndex, Waar: indexBestand, Wat: wat})
	}
	pad := filepath.Join(n.dir, indexBestand)
	if _, err := os.Stat(pad); errors.Is(err, os.ErrNotExist) {
		return nil, nil // it is made anew when the register starts
	}
	x := &indexKijker{standen: map[int64]stand{}}
	if n.open != nil {
		x.bron, err = openReaders(pad, 1<<10)
	} else {
		x.bron, err = openStil(pad)
	}
	if err != nil {
		return nil, err
	}
	x.db = x.bron
	if err = x.load(ctx, n.id, meld); err == nil {
		var schoon bool
		if schoon, err = isSchoon(ctx, x.db); err == nil {
			n.hersleuteld = n.hersleuteld && !schoon
			return x, nil
		}
	}
	if err = errors.Join(stuk(err, indexBestand, controle.DeelIndex, func(g controle.Gebrek) { n.gebrek = append(n.gebrek, g) }), x.close()); err != nil {
		return nil, fmt.Errorf("read index: %w", err)
	}
	return nil, nil
}

var errAndereIndex = fmt.Errorf("%w: of another log or layout", errBlok)

func (x *indexKijker) load(ctx context.Context, id []byte, meld func(string)) error {
	var versie int64
	var van []byte
	if err := x.db.QueryRowContext(ctx, `PRAGMA user_version`).Scan(&versie); err != nil {
		return err
	}
	if versie != indexVersie {
		meld("De index heeft een andere indeling dan deze versie van het programma maakt.")
		return errAndereIndex
	}
	if err := x.db.QueryRowContext(ctx, `SELECT logboek FROM herkomst`).Scan(&van); err != nil {
		return missing(err)
	}
	if !bytes.Equal(van, id) {
		meld("De index is van een andere log.")
		return errAndereIndex
	}
	rows, err := x.db.QueryContext(ctx, `SELECT organisatie, tot, registratie FROM stand`)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var o int64
		var tot int64
		var st stand
		if err := rows.Scan(&o, &tot, &st.registratie); err != nil {
			return err
		}
		if tot <= 0 || tot > maxBlad {
			meld("De index zegt van een organisatie een onmogelijk aantal bladen.")
			return errAndereIndex
		}
		st.tot = uint64(tot)
		x.standen[o] = st
	}
	return rows.Err()
}

func (x *indexKijker) close() error { return x.bron.Close() }

// bouw holds the bookkeeping of the file against itself.
func (x *indexKijker) bouw(ctx context.Context, n *Nakijker, meld controle.Meld) error {
	if err := heel(ctx, x.db, indexBestand, controle.DeelIndex, meld); err != nil {
		return err
	}
	return x.bouwRuns(ctx, n, meld)
}

func (x *indexKijker) bouwRuns(ctx context.Context, n *Nakijker, meld controle.Meld) error {
	fout := func(waar, wat string) { meld(controle.Gebrek{Deel: controle.DeelIndex, Waar: waar, Wat: wat}) }
	versies, err := x.loadRuns(ctx, fout)
	if err != nil {
		return stuk(err, indexBestand, controle.DeelIndex, meld)
	}
	var verwerkt int64
	for o, st := range x.standen {
		zonder, err := n.zonderVersie(ctx, o, st.tot)
		if err != nil {
			return stuk(err, logBestand, controle.DeelOpslag, meld)
		}
		verwerkt += int64(st.tot) - zonder
		if n.namen[o] == "" {
			fout(indexBestand, fmt.Sprintf("De index noemt een organisatie (%d) die er niet is.", o))
		}
	}
	if versies != verwerkt {
		fout(indexBestand, fmt.Sprintf("De lijsten van de index tellen %d versies, en volgens de stand zijn er %d verwerkt.", versies, verwerkt))
	}
	return nil
}

// zonderVersie is how many of the first leaves of a log begin an epoch, and so have no version.
func (n *Nakijker) zonderVersie(ctx context.Context, organisatie int64, tot uint64) (aantal int64, err error) {
	if err = n.log.QueryRowContext(ctx, sqlTijdvakIsEr).Scan(&aantal); err != nil || aantal == 0 {
		return 0, err // a log from before there were epochs
	}
	err = n.log.QueryRowContext(ctx, sqlTijdvakAantal, organisatie, string(bewijs.BoomLog), int64(tot)).Scan(&aantal)
	return aantal, err
}

// loadRuns reads which runs there are, and how many versions are in them; one that is wrong goes to fout and is left out.
func (x *indexKijker) loadRuns(ctx context.Context, fout func(waar, wat string)) (versies int64, err error) {
	rows, err := x.db.QueryContext(ctx, sqlRunLees)
	if err != nil {
		return 0, err
	}
	defer rows.Close()
	x.runs = nil
	for rows.Next() {
		r := &run{}
		var aantal int64
		var wijzers, acties []byte
		if err := rows.Scan(&r.nr, &aantal, &wijzers, &acties); err != nil {
			return 0, err
		}
		waar := fmt.Sprintf("run %d", r.nr)
		f, err := unseal(acties)
		if err == nil {
			err = r.setBytes(wijzers)
		}
		if err != nil {
			fout(waar, "Deze lijst van de index is veranderd: haar controlegetal klopt niet.")
			continue
		}
		r.acties, r.versies, versies = f, int(aantal), versies+aantal
		if len(r.wijzers) == 0 || r.nr != r.wijzers[len(r.wijzers)-1].blok+1 {
			fout(waar, "Deze lijst van de index heeft een ander nummer dan bij haar blokken hoort.")
		}
		x.runs = append(x.runs, r)
	}
	return versies, rows.Err()
}

// Tot implements controle.Opslag.
func (n *Nakijker) Tot(_ context.Context, oin string) (uint64, error) {
	if n.index == nil {
		return 0, nil
	}
	return n.index.standen[n.oins[oin]].tot, nil
}

// Einde implements controle.Opslag: the index is of this course of the log.
func (n *Nakijker) Einde(ctx context.Context, oin string, s controle.Stand, meld controle.Meld) error {
	if tot := n.tot[n.oins[oin]]; n.open != nil && s.Rand.Grootte() != tot {
		meld(controle.Gebrek{OIN: oin, Deel: controle.DeelBoom, Waar: "einde", Wat: fmt.Sprintf("Er zijn %d bladen vastgelegd, en er staan er nog %d.", tot, s.Rand.Grootte())})
	}
	if n.index == nil {
		return nil
	}
	st, is := n.index.standen[n.oins[oin]]
	if !is {
		return nil
	}
	fout := func(wat string) { meld(controle.Gebrek{OIN: oin, Deel: controle.DeelIndex, Waar: "stand", Wat: wat}) }
	if st.tot > s.Rand.Grootte() {
		fout(fmt.Sprintf("De index is verder (%d bladen) dan de log (%d).", st.tot, s.Rand.Grootte()))
		return nil
	}
	var registratie int64
	err := n.log.QueryRowContext(ctx, `SELECT registratie FROM versie WHERE nr = ?`, versieNr(n.oins[oin], st.tot-1)).Scan(&registratie)
	if errors.Is(err, sql.ErrNoRows) {
		return nil // said before
	}
	if err == nil && registratie != st.registratie {
		fout("Het moment van registratie van het laatste blad in de index is een ander dan in de log.")
	}
	return stuk(err, logBestand, controle.DeelOpslag, meld)
}

var soortNamen = map[verwerkingenlog.IngangSoort]string{
	soortActie: "actie", verwerkingenlog.IngangPersoon: "persoon", verwerkingenlog.IngangVerwerking: "verwerking",
	verwerkingenlog.IngangAfnemer: "verwerking bij de afnemer", verwerkingenlog.IngangVerwerktObject: "verwerkt object",
}

func (n *Nakijker) afgeleid(r *regel) controle.Afgeleid {
	b := append([]byte(nil), r.plaats[:]...)
	b = append(b, r.actie[:]...)
	b = binary.BigEndian.AppendUint64(b, uint64(r.tijdstip))
	b = append(b, byte(r.staat))
	b = binary.BigEndian.AppendUint32(b, r.aantal)
	return controle.Afgeleid{
		OIN: n.namen[int64(binary.BigEndian.Uint64(r.plaats[:8])>>8)], Blad: r.blad, Soort: soortNamen[r.plaats.soort()], Inhoud: string(b),
	}
}

// Verwacht implements controle.Opslag: as staart.put and indexRun make them.
func (n *Nakijker) Verwacht(oin string, r *verwerkingenlog.Rij, f func(controle.Afgeleid)) {
	nr := n.oins[oin]
	f(n.afgeleid(&regel{sleutelVan(nr, soortActie, r.ActieID).plaats(), vermelding{blad: r.Blad, actie: r.ActieID, aantal: r.Nummer}}))
	ingangen := r.Ingangen
	if r.Geindexeerd != nil {
		ingangen = r.Geindexeerd
	}
	for i, g := range ingangen {
		aantal, eerder := uint32(g.Aantal), false
		for j, h := range ingangen {
			if j != i && h.Soort == g.Soort && h.Sleutel == g.Sleutel {
				eerder = eerder || j < i
				aantal = min(aantal+uint32(h.Aantal), math.MaxUint16)
			}
		}
		if !eerder {
			f(n.afgeleid(&regel{sleutelVan(nr, g.Soort, g.Sleutel).plaats(), vermelding{r.Blad, r.ActieID, r.Tijdstip, r.Staat, aantal}}))
		}
	}
}

// Afgeleiden implements controle.Opslag.
func (n *Nakijker) Afgeleiden(ctx context.Context, meld controle.Meld) iter.Seq2[controle.Afgeleid, error] {
	return func(yield func(controle.Afgeleid, error) bool) {
		if n.index == nil {
			return
		}
		geef := func(a controle.Afgeleid) bool { return yield(a, nil) }
		if n.open != nil {
			einde, err := n.index.snapshot(ctx)
			if err == nil {
				defer einde()
				_, err = n.index.loadRuns(ctx, func(string, string) {}) // said before
			}
			if err = stuk(err, indexBestand, controle.DeelIndex, meld); err != nil {
				yield(controle.Afgeleid{}, err)
				return
			}
			geef = func(a controle.Afgeleid) bool {
				if nr, is := n.oins[a.OIN]; is && a.Blad >= n.index.standen[nr].tot {
					return true // it came while we looked
				}
				return yield(a, nil)
			}
		}
		for _, r := range n.index.runs {
			for _, w := range r.wijzers {
				more, err := n.blok(ctx, r, &w, meld, geef)
				if err = stuk(err, indexBestand, controle.DeelIndex, meld); err != nil {
					yield(controle.Afgeleid{}, err)
					return
				}
				if !more {
					return
				}
			}
		}
	}
}

// blok gives the entries of a block, and tells whether more are wanted.
func (n *Nakijker) blok(ctx context.Context, r *run, w *wijzer, meld controle.Meld, f func(controle.Afgeleid) bool) (more bool, err error) {
	fout := func(wat string) {
		meld(controle.Gebrek{Deel: controle.DeelIndex, Waar: fmt.Sprintf("blok %d", w.blok), Wat: wat})
	}
	var b []byte
	err = n.index.db.QueryRowContext(ctx, sqlBlokLees, w.blok).Scan(&b)
	if errors.Is(err, sql.ErrNoRows) {
		fout("Dit blok van de index ontbreekt.")
		return true, nil
	}
	if err != nil {
		return true, err
	}
	if b, err = unseal(b); err != nil {
		fout("Dit blok van de index is veranderd: zijn controlegetal klopt niet.")
		return true, nil
	}
	var l, vorige regel
	for first := true; len(b) > 0; first = false {
		vorige = l
		if b, err = nextRegel(b, &l); err != nil {
			fout("Dit blok van de index is niet te lezen.")
			return true, nil
		}
		switch {
		case first && l.plaats != w.eerste:
			fout("Dit blok van de index begint met een andere ingang dan de lijst zegt.")
		case !first && vorige.compare(&l) > 0:
			fout("De ingangen in dit blok van de index staan niet op volgorde.")
		case l.plaats.soort() == soortActie && !r.acties.has(l.plaats[8:]):
			fout("Dit blok van de index noemt een actie die volgens het filter van de lijst ontbreekt.")
		}
		if !f(n.afgeleid(&l)) {
			return false, nil
		}
	}
	return true, nil
}
