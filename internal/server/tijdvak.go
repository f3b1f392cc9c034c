package server

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"time"
	"unicode"

	"github.com/verantwoord/verantwoord/internal/beheerlog"
	"github.com/verantwoord/verantwoord/internal/betrokkene"
	"github.com/verantwoord/verantwoord/internal/bewijs"
	"github.com/verantwoord/verantwoord/internal/checkpoint"
	"github.com/verantwoord/verantwoord/internal/config"
	"github.com/verantwoord/verantwoord/internal/fout"
	logboek "github.com/verantwoord/verantwoord/internal/store/beheerlog"
	punten "github.com/verantwoord/verantwoord/internal/store/checkpoint"
	"github.com/verantwoord/verantwoord/internal/store/kamer"
	"github.com/verantwoord/verantwoord/internal/store/postgres"
	"github.com/verantwoord/verantwoord/internal/store/sqlite"
)

// boomNaam is what an administrator calls a tree, at the beginning of a sentence.
var boomNaam = map[bewijs.Boom]string{bewijs.BoomLog: "De verwerkingenlog", bewijs.BoomBeheer: "Het beheerlog"}

// bewaarder reads the checkpoints and trees of stores that are open, without a register.
func bewaarder(c *config.Config, store *opslagen, oins []string, tekens func(oin string) [][]byte, nu func() time.Time) (*checkpoint.Bewaarder, error) {
	adres, err := url.Parse(c.URL)
	if err != nil {
		return nil, err
	}
	return checkpoint.NewBewaarder(checkpoint.Opties{
		Opslag: punten.New(store), Bomen: &bomen{store: store, beheer: logboek.New(store)}, Host: adres.Host, OINs: oins, Nu: nu, Zaden: tekens,
	})
}

// weigerTeruggezet refuses a store that is older than what is remembered beside the keys, before anything is added to it. The
// sentence tells the way out.
func (s *Server) weigerTeruggezet(ctx context.Context, oins []string, sleutels *betrokkene.Sleutelbos) error {
	b, err := bewaarder(s.config, s.store, oins, func(oin string) [][]byte {
		if k, ok := sleutels.Organisatie(oin); ok {
			return k.Tekens()
		}
		return nil
	}, s.nu)
	if err != nil {
		return err
	}
	for _, oin := range oins {
		for _, boom := range bewijs.Bomen {
			err := b.Teruggezet(ctx, checkpoint.Map(s.config.Sleutels), oin, boom)
			if errors.Is(err, checkpoint.ErrTeruggezet) {
				s.logger.Error("the store was put back", "organisatie", oin, "boom", string(boom), "oorzaak", err.Error())
				return teruggezet(oin, boom)
			}
			// Whatever else is wrong is told by who signs; the register takes in meanwhile.
		}
	}
	return nil
}

func teruggezet(oin string, boom bewijs.Boom) error {
	return fmt.Errorf("%s van organisatie %s in de opslag is ouder dan wat ervan is ondertekend, of is een andere; zet een nieuwere kopie van de opslag terug, of leg vast dat er iets verloren is met: verantwoord tijdvak open --oin %s --reden \"…\" (docs/beheer/herstel.md)",
		strings.ToLower(boomNaam[boom][:1])+boomNaam[boom][1:], oin, oin)
}

// TijdvakOpties are what an administrator asks when the store was put back.
type TijdvakOpties struct {
	OIN, Reden    string
	Checkpoints   [][]byte // signed notes that somebody else kept
	ZonderVerlies bool     // also when nothing is wrong
	Nu            func() time.Time
}

// Errors of OpenTijdvak, for an administrator.
var (
	ErrNietNodig = errors.New("de opslag past bij elk checkpoint dat is bewaard, dus er is niets verloren en een nieuw tijdvak is niet nodig; wilt u er toch een, geef dan --zonder-verlies")
	errDraait    = errors.New("het register draait en heeft de opslag in gebruik; stop eerst elk knooppunt, en wacht dan tien seconden")
)

// OpenTijdvak lets the trees of an organisation go on in a new epoch, each that does not fit what was signed of it: first the
// beheerlog, then the log, each in one transaction. What was done before a kill is not done again. It gives the leaves. Errors are for
// an administrator.
func OpenTijdvak(ctx context.Context, c *config.Config, o TijdvakOpties) (uit []*bewijs.Tijdvakblad, err error) {
	if err := goedeReden(o.Reden); err != nil {
		return nil, err
	}
	w, err := openTijdvakwerk(ctx, c, o)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, w.store.Close()) }()
	if p, ok := w.store.motoren[0].opslag.(*postgres.Store); ok {
		pacht := p.Lease("checkpoints", pachtDuur)
		held, err := pacht.Acquire(ctx)
		if err == nil && !held {
			err = errDraait
		}
		if err != nil {
			return nil, err
		}
		defer func() { err = errors.Join(err, pacht.Release(context.WithoutCancel(ctx))) }()
	}
	bekend, err := w.bekend(o.Checkpoints)
	if err != nil {
		return nil, err
	}
	for _, boom := range []bewijs.Boom{bewijs.BoomBeheer, bewijs.BoomLog} {
		b, err := w.blad(ctx, boom, bekend[boom])
		if err == nil && b != nil {
			err = w.open(ctx, b)
		}
		if err != nil {
			return uit, err
		}
		if b != nil {
			uit = append(uit, b)
		}
	}
	if uit == nil {
		return nil, ErrNietNodig
	}
	return uit, nil
}

// goedeReden refuses a reason that can't be one: everybody will read it, for ever. So it holds no digits in a row that could be
// the number of a person or of a telephone; only an OIN is longer than those.
func goedeReden(s string) error {
	if !bewijs.GoedeReden(s) {
		return fmt.Errorf("geef met --reden in één regel van hoogstens %d tekens waarom de opslag is teruggezet; iedereen kan dit lezen", bewijs.MaxReden)
	}
	for _, w := range strings.FieldsFunc(s, func(r rune) bool { return !unicode.IsDigit(r) }) {
		if n := len([]rune(w)); n >= 7 && n != 20 {
			return errors.New("in de reden staat een nummer van zeven of meer cijfers, en dat kan van een persoon zijn; laat het weg, want iedereen kan de reden lezen")
		}
	}
	return nil
}

// tijdvakwerk is the opening of epochs of one organisation.
type tijdvakwerk struct {
	TijdvakOpties
	store    *opslagen
	b        *checkpoint.Bewaarder
	sleutels *betrokkene.Sleutels
	geheugen checkpoint.Map
}

// openTijdvakwerk opens the stores of an organisation that is there, and its keys as they are.
func openTijdvakwerk(ctx context.Context, c *config.Config, o TijdvakOpties) (*tijdvakwerk, error) {
	if o.Nu == nil {
		o.Nu = time.Now
	}
	// What is mistyped must not come to be.
	if in, err := os.Stat(filepath.Join(c.Sleutels, o.OIN)); o.OIN == "" || err != nil || !in.IsDir() {
		return nil, errors.New("van deze organisatie staan er geen sleutels in de sleutelmap; controleer --oin, en wijs met --config de instellingen van het register aan")
	}
	for _, adres := range []string{c.Store, c.Organisatie(o.OIN).Store} {
		if dir, ok := config.SQLiteMap(adres); ok {
			if in, err := sqlite.Bestaat(dir); err != nil || !in {
				return nil, errors.Join(fmt.Errorf("er is geen opslag in %s; zet eerst een kopie terug", dir), err)
			}
		}
	}
	store, err := openOpslag(ctx, c, []string{o.OIN}, o.Nu, func(error) {})
	if errors.Is(err, sqlite.ErrInGebruik) {
		return nil, errDraait
	}
	if err != nil {
		return nil, err
	}
	w := &tijdvakwerk{TijdvakOpties: o, store: store, geheugen: checkpoint.Map(c.Sleutels)}
	if err := w.openSleutels(ctx, c); err != nil {
		return nil, errors.Join(err, store.Close())
	}
	return w, nil
}

func (w *tijdvakwerk) openSleutels(ctx context.Context, c *config.Config) (err error) {
	bekend, err := w.store.Vingerafdrukken(ctx, w.OIN)
	if err != nil {
		return err
	}
	bos, fouten := betrokkene.Controleer(c.Sleutels, []string{w.OIN}, map[string]map[string]string{w.OIN: bekend})
	if err := fouten[w.OIN]; err != nil {
		return err
	}
	var ok bool
	if w.sleutels, ok = bos.Organisatie(w.OIN); !ok {
		return errors.New("de sleutels van deze organisatie zijn niet compleet; zet de sleutelmap terug uit de reservekopie van de sleutels")
	}
	w.b, err = bewaarder(c, w.store, []string{w.OIN}, func(string) [][]byte { return w.sleutels.Tekens() }, w.Nu)
	return err
}

// noot is a checkpoint that was signed, as somebody kept it.
type noot struct {
	bewijs.Checkpoint
	tekst []byte
}

// bekend are the checkpoints that were kept outside the store: beside the keys, and those that were given.
func (w *tijdvakwerk) bekend(gegeven [][]byte) (map[bewijs.Boom][]noot, error) {
	uit := map[bewijs.Boom][]noot{}
	for _, boom := range bewijs.Bomen {
		l, err := w.geheugen.Lees(w.OIN, boom)
		if err != nil {
			return nil, err
		}
		for _, tekst := range l {
			ck, err := w.b.Open(w.OIN, boom, tekst)
			if err != nil {
				return nil, fmt.Errorf("een checkpoint in de sleutelmap van organisatie %s (checkpoint-%s) is niet met haar sleutels ondertekend; zet het terug uit de reservekopie van de sleutels: %w", w.OIN, boom, err)
			}
			uit[boom] = append(uit[boom], noot{ck, tekst})
		}
	}
	for i, tekst := range gegeven {
		basis, _ := bewijs.Basis(bewijs.OriginVan(tekst))
		boom := bewijs.BoomLog
		if strings.HasSuffix(basis, bewijs.Origin("", w.OIN, bewijs.BoomBeheer)) {
			boom = bewijs.BoomBeheer
		}
		ck, err := w.b.Open(w.OIN, boom, tekst)
		if err != nil || !strings.HasSuffix(basis, bewijs.Origin("", w.OIN, boom)) {
			return nil, fmt.Errorf("--checkpoint %d is niet ondertekend door de log of het beheerlog van organisatie %s; controleer het bestand", i+1, w.OIN)
		}
		uit[boom] = append(uit[boom], noot{ck, tekst})
	}
	return uit, nil
}

// blad makes the leaf of the next epoch of a tree; nil when none is needed.
func (w *tijdvakwerk) blad(ctx context.Context, boom bewijs.Boom, l []noot) (*bewijs.Tijdvakblad, error) {
	punten := make([]bewijs.Checkpoint, len(l))
	for i := range l {
		punten[i] = l[i].Checkpoint
	}
	past := w.b.Past(ctx, punten, w.OIN, boom)
	if past != nil && !errors.Is(past, checkpoint.ErrTeruggezet) {
		return nil, fmt.Errorf("%s is niet te vergelijken met wat ervan is ondertekend; draai verantwoord verify: %w", boomNaam[boom], past)
	}
	tijdvakken, err := w.b.Tijdvakken(ctx, w.OIN, boom)
	if err != nil {
		return nil, err
	}
	n, err := w.b.Bomen.Grootte(ctx, w.OIN, boom)
	if err != nil {
		return nil, err
	}
	// An epoch that has nothing but its first leaf was opened just now, by an attempt that did not end.
	if past == nil && (!w.ZonderVerlies || n > 0 && tijdvakken.Op(n-1) != nil) {
		return nil, nil
	}
	eigen, err := w.b.Opslag.Laatste(ctx, w.OIN, boom)
	if err != nil {
		return nil, err
	}
	if eigen.Nr > 0 {
		ck, err := w.b.Open(w.OIN, boom, eigen.Tekst)
		if err != nil {
			return nil, fmt.Errorf("het nieuwste checkpoint in de opslag is veranderd; draai verantwoord verify: %w", err)
		}
		if err := w.b.Past(ctx, []bewijs.Checkpoint{ck}, w.OIN, boom); err != nil {
			return nil, fmt.Errorf("%s in de opslag past niet bij haar eigen nieuwste checkpoint, dus zij is veranderd; draai verantwoord verify: %w", boomNaam[boom], err)
		}
		l = append(l, noot{ck, eigen.Tekst})
	}
	b := &bewijs.Tijdvakblad{OIN: w.OIN, Boom: boom, Nummer: tijdvakken.Nu() + 1, Moment: w.Nu().UnixMicro(), Blad: n, Reden: w.Reden}
	van := uint32(0) // epoch of the last known one
	for i := range l {
		_, nr := bewijs.Basis(l[i].Origin)
		b.Nummer = max(b.Nummer, nr+1)
		if l[i].Grootte == b.Grootte && nr == van && l[i].Wortel != b.Wortel {
			return nil, fmt.Errorf("van %s zijn twee verschillende wortels van %d bladen ondertekend; bewaar de bestanden en zoek dat eerst uit", boomNaam[boom], b.Grootte)
		}
		if l[i].Grootte > b.Grootte || van == 0 {
			b.Grootte, b.Wortel, b.Noot, van = l[i].Grootte, l[i].Wortel, sha256.Sum256(l[i].tekst), nr
		}
	}
	return b, nil
}

// open adds the leaf. That the log goes on is a line of the beheerlog too, in the same transaction when both stand on one engine.
func (w *tijdvakwerk) open(ctx context.Context, b *bewijs.Tijdvakblad) (err error) {
	if b.Boom == bewijs.BoomBeheer {
		err = logboek.New(w.store).OpenTijdvak(ctx, b)
	} else {
		err = w.openLog(ctx, b)
	}
	if errors.Is(err, fout.Gelijktijdig) {
		return errDraait
	}
	return err
}

func (w *tijdvakwerk) openLog(ctx context.Context, b *bewijs.Tijdvakblad) error {
	rij, err := beheerlog.New(w.sleutels, w.OIN, w.Nu(), beheerlog.Regel{
		Soort: beheerlog.Hersteld, Door: beheerlog.Opdrachtregel, Wat: beheerlog.TijdvakZin(boomNaam[b.Boom], b), Reden: b.Reden,
	})
	if err != nil {
		return err
	}
	m := w.store.motor(w.OIN)
	mee := func(tx *kamer.Tx) error { return logboek.Add(tx, &rij) }
	if m.opslag != w.store.motoren[0].opslag { // first what is meant: a line too many is better than one too few
		if err := logboek.New(w.store).Add(ctx, []*beheerlog.Rij{&rij}); err != nil {
			return err
		}
		mee = nil
	}
	return m.OpenTijdvak(ctx, b, mee)
}

// Tijdvakken gives the epochs of both trees of an organisation, the first one left out. Errors are for an administrator.
func Tijdvakken(ctx context.Context, c *config.Config, oin string) (_ map[bewijs.Boom]bewijs.Tijdvakken, err error) {
	w, err := openTijdvakwerk(ctx, c, TijdvakOpties{OIN: oin})
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, w.store.Close()) }()
	uit := map[bewijs.Boom]bewijs.Tijdvakken{}
	for _, boom := range bewijs.Bomen {
		if uit[boom], err = w.b.Tijdvakken(ctx, oin, boom); err != nil {
			return nil, err
		}
	}
	return uit, nil
}
