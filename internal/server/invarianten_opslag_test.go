package server

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/verantwoord/verantwoord/internal/beheerlog"
	"github.com/verantwoord/verantwoord/internal/betrokkene"
	"github.com/verantwoord/verantwoord/internal/config"
	"github.com/verantwoord/verantwoord/internal/controle"
	logboek "github.com/verantwoord/verantwoord/internal/store/beheerlog"
	punten "github.com/verantwoord/verantwoord/internal/store/checkpoint"
	"github.com/verantwoord/verantwoord/internal/store/kamer"
	"github.com/verantwoord/verantwoord/internal/store/postgres"
	"github.com/verantwoord/verantwoord/internal/store/sqlite"
	"github.com/verantwoord/verantwoord/internal/store/tijdvak"
)

// What the store that is left behind must be.

// kijkNa is the command verify.
func (p *reeks) kijkNa() {
	p.Helper()
	for _, o := range kijkOpslagNa(p.T, p.store, p.sleutels).Organisaties {
		if o.OIN == oinBewijs && o.Versies < uint64(len(p.bladen)) {
			p.Errorf("verify saw %d versions, want %d or more", o.Versies, len(p.bladen))
		}
	}
}

// kijkOpslagNa is the command verify on a store that nobody has open, with the keys in a directory; it finds nothing wrong.
func kijkOpslagNa(t *testing.T, store, sleutels string) *controle.Verslag {
	t.Helper()
	ctx := context.Background()
	var n interface {
		controle.Opslag
		kamer.Opslag
		Vingerafdrukken(ctx context.Context) (map[string]map[string]string, error)
		Close() error
	}
	var err error
	if dir, ok := config.SQLiteMap(store); ok {
		n, err = sqlite.Nakijk(ctx, dir)
	} else {
		n, err = postgres.Nakijk(ctx, store)
	}
	if err != nil {
		t.Fatal(err)
	}
	defer n.Close()
	bekend, err := n.Vingerafdrukken(ctx)
	if err != nil {
		t.Fatal(err)
	}
	bos, fouten := betrokkene.Controleer(sleutels, n.OINs(), bekend)
	beheer := logboek.New(n)
	w := controle.Winkel{Opslag: n, Sleutels: bos.Organisatie, Punten: punten.New(n), Tijdvakken: tijdvak.Bomen{Log: n, Beheer: n}, Beheer: beheerVan{beheerlog.NewLog(beheer, bos.Organisatie, time.Now), beheer}}
	v, err := w.Run(ctx)
	if err != nil || len(fouten) > 0 {
		t.Fatal(err, fouten)
	}
	for _, g := range v.Gebreken[:min(5, len(v.Gebreken))] {
		t.Errorf("verify: %s, %s: %s", g.Deel, g.Waar, g.Wat)
	}
	return v
}

// geheim is what must not lie anywhere, in each form that anybody can read it in.
func (p *reeks) geheim() (uit [][]byte) {
	for _, s := range append([]string{p.merk, geheimInvarianten}, p.personen...) {
		som := sha256.Sum256([]byte(s))
		uit = append(uit, []byte(s), []byte(hex.EncodeToString([]byte(s))), som[:8], []byte(hex.EncodeToString(som[:8])))
	}
	return uit
}

func (p *reeks) noemt(b []byte) bool {
	return slices.ContainsFunc(p.geheim(), func(s []byte) bool { return bytes.Contains(b, s) })
}

// nietsLeesbaar looks for it, and for the keys, in all that was stored.
func (p *reeks) nietsLeesbaar() {
	geheim := p.geheim()
	bestanden, err := filepath.Glob(filepath.Join(p.sleutels, "*", "*.key"))
	if err != nil || len(bestanden) == 0 {
		p.Fatal(err, bestanden)
	}
	for _, pad := range bestanden {
		b, err := os.ReadFile(pad)
		if err != nil {
			p.Fatal(err)
		}
		tekst := bytes.TrimSpace(b)
		sleutel, err := hex.DecodeString(string(tekst))
		if err != nil {
			p.Fatal(err)
		}
		geheim = append(geheim, tekst, sleutel)
	}
	gezegd := map[string]bool{}
	zoek := func(waar string, b []byte) {
		for _, s := range geheim {
			if !gezegd[waar] && bytes.Contains(b, s) {
				gezegd[waar] = true
				p.Errorf("%s holds something that can be read: it begins with %.3q", waar, s)
			}
		}
	}
	gezien := 0
	bestand := func(pad string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || filepath.Ext(pad) == ".key" {
			return err
		}
		b, err := os.ReadFile(pad)
		gezien += len(b)
		zoek(filepath.Base(pad), b)
		return err
	}
	err = errors.Join(filepath.WalkDir(p.sleutels, bestand), filepath.WalkDir(p.logboek, bestand))
	if gezien = 0; p.dir() != "" {
		err = errors.Join(err, filepath.WalkDir(p.dir(), bestand))
	} else {
		err = errors.Join(err, p.rijen(func(tabel string, b []byte) {
			gezien += len(b)
			zoek("table "+tabel, b)
		}))
	}
	if err != nil || gezien < 100*len(p.bladen) {
		p.Fatalf("%d bytes were looked at, %v", gezien, err)
	}
}

// rijen gives every row of the database as text, bytes in hexadecimal.
func (p *reeks) rijen(f func(tabel string, b []byte)) error {
	ctx := context.Background()
	c, err := pgx.Connect(ctx, p.store)
	if err != nil {
		return err
	}
	defer c.Close(ctx)
	rows, err := c.Query(ctx, `SELECT quote_ident(schemaname) || '.' || quote_ident(tablename) FROM pg_tables WHERE schemaname NOT IN ('pg_catalog', 'information_schema')`)
	if err != nil {
		return err
	}
	tabellen, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if err != nil {
		return err
	}
	for _, tabel := range tabellen {
		rows, err := c.Query(ctx, `SELECT CAST(t AS text) FROM `+tabel+` t`)
		if err != nil {
			return err
		}
		for rows.Next() {
			var b string
			if err := rows.Scan(&b); err != nil {
				return err
			}
			f(tabel, []byte(b))
		}
		if err := rows.Err(); err != nil {
			return err
		}
	}
	return nil
}
