package storetest

import (
	"crypto/rand"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/verantwoord/verantwoord/internal/bewijs"
	"github.com/verantwoord/verantwoord/internal/verwerkingenlog"
)

// The organisations of every test.
const (
	A = "00000099000000000001"
	B = "00000099000000000002"
)

// Start is where the clock of a test begins.
var Start = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)

// Klok is a clock that a test moves; by itself it stands still.
type Klok struct {
	mu sync.Mutex
	nu time.Time
}

// NieuweKlok is a clock that stands at Start.
func NieuweKlok() *Klok { return &Klok{nu: Start} }

// Now is the present instant.
func (k *Klok) Now() time.Time {
	k.mu.Lock()
	defer k.mu.Unlock()
	return k.nu
}

// Add moves the clock, also backwards.
func (k *Klok) Add(d time.Duration) {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.nu = k.nu.Add(d)
}

var klokken sync.Map // testing.TB -> *Klok

// KlokVan is the clock of a test.
func KlokVan(t testing.TB) *Klok {
	k, loaded := klokken.LoadOrStore(t, NieuweKlok())
	if !loaded {
		t.Cleanup(func() { klokken.Delete(t) })
	}
	return k.(*Klok)
}

// Nu reads the clock of a test; it is what the store under test must use.
func Nu(t testing.TB) func() time.Time { return KlokVan(t).Now }

// Sleutel is a random key.
func Sleutel() (k [16]byte) {
	rand.Read(k[:])
	return k
}

// Persoon is a random index entry of a person, named once.
func Persoon() verwerkingenlog.Ingang {
	return verwerkingenlog.Ingang{Soort: verwerkingenlog.IngangPersoon, Sleutel: Sleutel(), Aantal: 1}
}

// Rij is a version with random content and a leaf that fits it.
func Rij(oin string, actie uuid.UUID, nummer uint32, ingangen ...verwerkingenlog.Ingang) *verwerkingenlog.Rij {
	r := &verwerkingenlog.Rij{
		ActieID: actie, Nummer: nummer, Operatie: bewijs.OperatiePOST, Staat: verwerkingenlog.NewStaat(verwerkingenlog.Normaal),
		Tijdstip: Start.UnixMicro(), Activiteit: uuid.New(), Ingangen: ingangen, Inhoud: make([]byte, 450),
	}
	if nummer > 1 {
		r.Operatie = bewijs.OperatiePUT
	}
	rand.Read(r.Inhoud)
	rand.Read(r.Zaad[:])
	Seal(oin, r)
	return r
}

// Seal makes the leaf of a version fit it, after a test changed it.
func Seal(oin string, r *verwerkingenlog.Rij) {
	b := bewijs.Blad{
		OIN: oin, ActieID: r.ActieID, Nummer: r.Nummer, Operatie: r.Operatie, Vervallen: r.Staat.Vervallen(),
		Personen: make([]bewijs.Hash, 1),
	}
	rand.Read(b.Publiek[:])
	rand.Read(b.Intern[:])
	rand.Read(b.Personen[0][:])
	r.Bewijs = b
}

// Eenheid is a unit of versions.
func Eenheid(oin string, rijen ...*verwerkingenlog.Rij) *verwerkingenlog.Eenheid {
	return &verwerkingenlog.Eenheid{OIN: oin, Rijen: rijen}
}

// Nieuw is a unit with one new actie.
func Nieuw(oin string, ingangen ...verwerkingenlog.Ingang) *verwerkingenlog.Eenheid {
	return Eenheid(oin, Rij(oin, uuid.New(), 1, ingangen...))
}
