package applicatie

import (
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/google/uuid"

	"github.com/verantwoord/verantwoord/internal/autorisatie"
	"github.com/verantwoord/verantwoord/internal/store/kamer"
	"github.com/verantwoord/verantwoord/internal/store/postgrestest"
	"github.com/verantwoord/verantwoord/internal/store/storetest"
)

// put stores the next version of an application, or its first.
func put(t *testing.T, k kamer.Opslag, r *autorisatie.Rij, clients ...string) {
	t.Helper()
	if r.ID == uuid.Nil {
		r.ID = uuid.New()
	}
	r.Versie++
	r.ClientIDs, r.Verzegeld = clients, []byte("sealed "+r.ID.String()+string(rune('0'+r.Versie)))
	if err := New(k).PutApplicatie(bg, *r, record(*r)); err != nil {
		t.Fatal(err)
	}
}

func remove(t *testing.T, k kamer.Opslag, r *autorisatie.Rij) {
	t.Helper()
	w := record(*r)
	w.Versie++
	if err := New(k).DeleteApplicatie(bg, *r, w); err != nil {
		t.Fatal(err)
	}
}

func record(r autorisatie.Rij) autorisatie.WijzigingRij {
	return autorisatie.WijzigingRij{OIN: r.OIN, ID: r.ID, Versie: r.Versie, Moment: time.UnixMicro(1e15 + r.Versie).UTC(), Verzegeld: []byte("record")}
}

// beeld is all that a store keeps of one organisation.
func beeld(t *testing.T, k kamer.Opslag, oin string) *bewaard {
	t.Helper()
	var b *bewaard
	if err := k.Read(bg, func(tx *kamer.Tx) (err error) { b, err = lees(tx, oin); return err }); err != nil {
		t.Fatal(err)
	}
	for _, l := range b.clients {
		slices.Sort(l)
	}
	return b
}

var zonderNummers = cmp.Options{
	cmp.AllowUnexported(bewaard{}, versie{}, wijziging{}), cmpopts.EquateEmpty(), cmpopts.IgnoreFields(wijziging{}, "nr"),
}

func TestApplicationsMoveSealedWithTheirChanges(t *testing.T) {
	t.Parallel()
	van, naar := openSQLite(t), openPostgres(t, postgrestest.Database(t))
	een, twee, weg, ander := autorisatie.Rij{OIN: storetest.A}, autorisatie.Rij{OIN: storetest.A}, autorisatie.Rij{OIN: storetest.A}, autorisatie.Rij{OIN: storetest.B}
	put(t, van, &een, "een", "oud")
	put(t, van, &ander, "ander")
	put(t, van, &weg, "weg")
	put(t, van, &een, "een")
	put(t, van, &twee, "oud")
	remove(t, van, &weg)
	for range 2 { // again changes nothing
		if err := Verhuis(bg, van, naar, []string{storetest.A}); err != nil {
			t.Fatal(err)
		}
		if d := cmp.Diff(beeld(t, van, storetest.A), beeld(t, naar, storetest.A), cmp.AllowUnexported(bewaard{}, versie{}, wijziging{})); d != "" {
			t.Fatalf("moved (-source +target):\n%s", d)
		}
		if b := beeld(t, naar, storetest.B); len(b.applicaties)+len(b.wijzigingen) > 0 {
			t.Fatal("the applications of another organisation moved along")
		}
	}
	// The target has changes of its own by now, and the source goes on.
	put(t, naar, &autorisatie.Rij{OIN: storetest.B}, "daar")
	put(t, van, &twee, "twee")
	remove(t, van, &een)
	if err := Verhuis(bg, van, naar, []string{storetest.A}); err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(beeld(t, van, storetest.A), beeld(t, naar, storetest.A), zonderNummers); d != "" {
		t.Fatalf("moved again (-source +target):\n%s", d)
	}
}

func TestMovingBackKeepsTheNewestStateOfAnApplication(t *testing.T) {
	t.Parallel()
	van, naar := openSQLite(t), openPostgres(t, postgrestest.Database(t))
	een, weg := autorisatie.Rij{OIN: storetest.A}, autorisatie.Rij{OIN: storetest.A}
	put(t, van, &een, "een")
	put(t, van, &weg, "weg")
	if err := Verhuis(bg, van, naar, []string{storetest.A}); err != nil {
		t.Fatal(err)
	}
	put(t, van, &een, "nieuw") // the main store is where applications are changed, wherever the log stands
	remove(t, van, &weg)
	want := beeld(t, van, storetest.A)
	if err := Verhuis(bg, naar, van, []string{storetest.A}); err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(want, beeld(t, van, storetest.A), zonderNummers); d != "" {
		t.Fatalf("an old copy won (-want +got):\n%s", d)
	}
}

func TestAClientOfAnotherApplicationOnTheTargetRefuses(t *testing.T) {
	t.Parallel()
	van, naar := openSQLite(t), openPostgres(t, postgrestest.Database(t))
	put(t, van, &autorisatie.Rij{OIN: storetest.A}, "een")
	put(t, naar, &autorisatie.Rij{OIN: storetest.B}, "een")
	if err := Verhuis(bg, van, naar, []string{storetest.A}); err == nil {
		t.Fatal("moved")
	}
	if b := beeld(t, naar, storetest.A); len(b.applicaties)+len(b.wijzigingen) > 0 {
		t.Fatal("a part moved")
	}
}
