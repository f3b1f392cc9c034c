package gebruiker_test

import (
	"testing"

	"github.com/google/uuid"

	. "github.com/verantwoord/verantwoord/internal/gebruiker"
)

// BenchmarkRechten is what every request of a page asks first: of someone in three groups.
func BenchmarkRechten(b *testing.B) {
	groepen := [][]Recht{RechtenBeheerders(), rechten("verwerkingenlog/zien/gewoon/alles", "verwerkingenlog/zien/bsn/eigen"), rechten("verbod verwerkingenlog/zien/derde/alles")}
	for b.Loop() {
		if !NieuweRechten(nu, groepen...).Mag(ModuleVerwerkingenlog, Zien, BSN, BereikEigen) {
			b.Fatal("refused")
		}
	}
}

// BenchmarkToon filters a view of a person.
func BenchmarkToon(b *testing.B) {
	r := NieuweRechten(nu, RechtenBeheerders())
	for b.Loop() {
		v := GebruikerBeeld{ID: uuid.Nil, Naam: "a", Email: "b", Groepen: []LidBeeld{{Naam: "c"}}}
		Toon(r, ModuleGebruikers, BereikAlles, &v)
	}
}
