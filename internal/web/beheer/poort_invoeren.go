package beheer

import (
	"context"
	"io"
	"time"

	"github.com/google/uuid"

	"github.com/verantwoord/verantwoord/internal/web/pagina"
)

// MaxInvoer bounds a file to import, in bytes.
const MaxInvoer = 5 << 20

// Invoeren is what the pages need to import a sheet. What was read is kept for an hour, for the one who sent it.
type Invoeren interface {
	// Lees field: bestand. bezig: it goes on, and Bezig tells how far it is.
	Lees(ctx context.Context, b *pagina.Bezoeker, naam string, r io.ReaderAt, n int64) (id uuid.UUID, bezig bool, err error)
	// Bezig tells how far reading or importing is, or what came of it; nil: it was read, and nothing is being done.
	Bezig(ctx context.Context, b *pagina.Bezoeker, id uuid.UUID) (*InvoerWerk, error)
	// Lopend is what goes on for this person.
	Lopend(ctx context.Context, b *pagina.Bezoeker) ([]InvoerWerk, error)
	Indeling(ctx context.Context, b *pagina.Bezoeker, id uuid.UUID) (*InvoerIndeling, error)
	// ZetIndeling says in which row the names of the columns stand (from 1), and what each column is: a key of Velden, or empty
	// to keep it as it is; nil: what the names say. Fields: kop, kolom.0.
	ZetIndeling(ctx context.Context, b *pagina.Bezoeker, id uuid.UUID, kop int, kolommen []string) error
	Voorbeeld(ctx context.Context, b *pagina.Bezoeker, id uuid.UUID) (*InvoerVoorbeeld, error)
	// Voer does it, all or nothing; definitief makes versions from a day on, else concepts. Field: ingangsdatum. nil: it goes
	// on, and Bezig tells how far it is.
	Voer(ctx context.Context, b *pagina.Bezoeker, id uuid.UUID, definitief bool, ingangsdatum string) (*InvoerUitkomst, error)
	// GooiInvoerWeg stops what is being done with it, too.
	GooiInvoerWeg(ctx context.Context, b *pagina.Bezoeker, id uuid.UUID) error
}

// InvoerWerk is how far reading a file, or importing it, is.
type InvoerWerk struct {
	ID         uuid.UUID
	Invoeren   bool   // else it is being read
	Bestand    string `klasse:"gewoon"`
	Sinds      time.Time
	Rijen      int // read so far
	Procent    int
	Definitief bool
	Uitkomst   *InvoerUitkomst // it was imported
	Fouten     []string        `klasse:"gewoon"` // it came to nothing, and why
}

// InvoerIndeling is a sheet with what its columns seem to be.
type InvoerIndeling struct {
	Bestand     string `klasse:"gewoon"`
	Rijen       int
	Kop         int        // row of the names of the columns, from 1
	Eerste      [][]string `klasse:"gewoon"` // first rows, to choose Kop from
	Kolommen    []InvoerKolom
	Velden      []Woord
	Opmerkingen []string `klasse:"gewoon"` // about the file, such as a hidden sheet
}

// InvoerKolom is a column.
type InvoerKolom struct {
	Naam        string   `klasse:"gewoon"`
	Veld        string   `klasse:"gewoon"` // key; empty: kept as it is
	Voorbeelden []string `klasse:"gewoon"`
}

// What happens with a row.
const (
	InvoerNieuw     = "nieuw"
	InvoerGewijzigd = "gewijzigd"
	InvoerGelijk    = "gelijk"
	InvoerFout      = "fout"
)

// InvoerVoorbeeld is what an import would do.
type InvoerVoorbeeld struct {
	Bestand                        string `klasse:"gewoon"`
	Nieuw, Gewijzigd, Gelijk, Fout int
	NietDefinitief                 int             // rows that can only be a concept
	Blad                           []InvoerMelding // wrong with the sheet as a whole
	BladLet                        []InvoerMelding // to know of it, such as rows that are skipped
	Regels                         []InvoerRegel
}

// InvoerRegel is a row of the sheet.
type InvoerRegel struct {
	Rij    int             // as the sheet counts it
	Naam   string          `klasse:"gewoon"`
	Wat    string          `klasse:"gewoon"`
	Fouten []InvoerMelding // nothing is imported until these are mended
	Let    []InvoerMelding // remarks
}

// InvoerMelding is about a column of a row, or about all of it.
type InvoerMelding struct {
	Rij   int    // of the sheet, in a melding about the sheet; 0: all of it
	Kolom string `klasse:"gewoon"`
	Tekst string `klasse:"gewoon"`
}

// InvoerUitkomst is what an import did.
type InvoerUitkomst struct{ Nieuw, Gewijzigd, Gelijk int }
