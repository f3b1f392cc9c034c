// Package magazijn is the gegevensmagazijn of the municipality in a landscape: a real provider of personal data, with a store
// of its own and an API that others call. Everybody in it is invented.
//
// Its API knows POST only, so that no number of a person stands in an address, and each of its paths stands behind an
// sdk.Aanbieder: who asks, may it, and is it logged, before anything is read or shown.
package magazijn

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"sync/atomic"

	_ "modernc.org/sqlite" // the driver
)

// Persoon is somebody in the store.
type Persoon struct {
	BSN           string `json:"bsn"`
	Voornamen     string `json:"voornamen"`
	Geslachtsnaam string `json:"geslachtsnaam"`
	Geboortedatum string `json:"geboortedatum"` // as 2006-01-02
	Adres         Adres  `json:"verblijfplaats"`
}

// Adres is where somebody lives.
type Adres struct {
	Straat   string `json:"straat"`
	Nummer   string `json:"huisnummer"`
	Postcode string `json:"postcode"`
	Plaats   string `json:"woonplaats"`
}

// Document is a letter about somebody.
type Document struct {
	Titel string `json:"titel"`
	Datum string `json:"datum"`
}

// Opslag holds persons and documents in a file. It counts how often it is read: a caller who is refused may not make it.
type Opslag struct {
	db      *sql.DB
	gelezen atomic.Int64
}

const schema = `
CREATE TABLE IF NOT EXISTS persoon (
	bsn TEXT PRIMARY KEY, voornamen TEXT NOT NULL, geslachtsnaam TEXT NOT NULL COLLATE NOCASE, geboortedatum TEXT NOT NULL,
	straat TEXT NOT NULL, huisnummer TEXT NOT NULL, postcode TEXT NOT NULL, woonplaats TEXT NOT NULL
) STRICT;
CREATE INDEX IF NOT EXISTS persoon_naam ON persoon (geslachtsnaam, geboortedatum);
CREATE TABLE IF NOT EXISTS document (bsn TEXT NOT NULL REFERENCES persoon (bsn), titel TEXT NOT NULL, datum TEXT NOT NULL, PRIMARY KEY (bsn, titel)) STRICT;
`

// Open opens the store at a path, makes it when it isn't there and fills it with the same people every time.
func Open(ctx context.Context, pad string) (*Opslag, error) {
	adres := url.URL{Scheme: "file", Path: pad, RawQuery: url.Values{"_pragma": {"busy_timeout(10000)", "journal_mode(WAL)"}}.Encode()}
	db, err := sql.Open("sqlite", adres.String())
	if err != nil {
		return nil, fmt.Errorf("open the magazijn: %w", err)
	}
	o := &Opslag{db: db}
	if err := o.vul(ctx); err != nil {
		return nil, errors.Join(fmt.Errorf("fill the magazijn: %w", err), db.Close())
	}
	return o, nil
}

// Close closes the store.
func (o *Opslag) Close() error { return o.db.Close() }

// Gelezen tells how often somebody was looked up since Open.
func (o *Opslag) Gelezen() int64 { return o.gelezen.Load() }

func (o *Opslag) vul(ctx context.Context) error {
	tx, err := o.db.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer func() { _ = tx.Rollback() }() // after Commit there is nothing to roll back
	if _, err := tx.ExecContext(ctx, schema); err != nil {
		return err
	}
	for _, p := range Bewoners {
		_, err := tx.ExecContext(ctx, `INSERT OR IGNORE INTO persoon VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
			p.BSN, p.Voornamen, p.Geslachtsnaam, p.Geboortedatum, p.Adres.Straat, p.Adres.Nummer, p.Adres.Postcode, p.Adres.Plaats)
		if err != nil {
			return err
		}
		for _, d := range papieren {
			if _, err := tx.ExecContext(ctx, `INSERT OR IGNORE INTO document VALUES (?, ?, ?)`, p.BSN, d.Titel, d.Datum); err != nil {
				return err
			}
		}
	}
	return tx.Commit()
}

const kolommen = `bsn, voornamen, geslachtsnaam, geboortedatum, straat, huisnummer, postcode, woonplaats`

func (o *Opslag) vraag(ctx context.Context, waar string, args ...any) ([]Persoon, error) {
	o.gelezen.Add(1)
	rijen, err := o.db.QueryContext(ctx, `SELECT `+kolommen+` FROM persoon WHERE `+waar+` ORDER BY bsn LIMIT 100`, args...)
	if err != nil {
		return nil, err
	}
	defer rijen.Close()
	uit := []Persoon{}
	for rijen.Next() {
		var p Persoon
		if err := rijen.Scan(&p.BSN, &p.Voornamen, &p.Geslachtsnaam, &p.Geboortedatum, &p.Adres.Straat, &p.Adres.Nummer, &p.Adres.Postcode, &p.Adres.Plaats); err != nil {
			return nil, err
		}
		uit = append(uit, p)
	}
	return uit, rijen.Err()
}

// Persoon gives who has a number: one person, or none.
func (o *Opslag) Persoon(ctx context.Context, bsn string) ([]Persoon, error) {
	return o.vraag(ctx, `bsn = ?`, bsn)
}

// Zoek gives who has a name and a date of birth.
func (o *Opslag) Zoek(ctx context.Context, geslachtsnaam, geboortedatum string) ([]Persoon, error) {
	return o.vraag(ctx, `geslachtsnaam = ? AND geboortedatum = ?`, geslachtsnaam, geboortedatum)
}

// Documenten gives the letters about a person.
func (o *Opslag) Documenten(ctx context.Context, bsn string) ([]Document, error) {
	o.gelezen.Add(1)
	rijen, err := o.db.QueryContext(ctx, `SELECT titel, datum FROM document WHERE bsn = ? ORDER BY datum, titel`, bsn)
	if err != nil {
		return nil, err
	}
	defer rijen.Close()
	uit := []Document{}
	for rijen.Next() {
		var d Document
		if err := rijen.Scan(&d.Titel, &d.Datum); err != nil {
			return nil, err
		}
		uit = append(uit, d)
	}
	return uit, rijen.Err()
}
