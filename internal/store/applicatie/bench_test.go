package applicatie

import (
	"testing"

	"github.com/verantwoord/verantwoord/internal/store/kamer"
	"github.com/verantwoord/verantwoord/internal/store/postgrestest"
)

// BenchmarkGeneratie is the question that every node asks twice a second.
func BenchmarkGeneratie(b *testing.B) {
	for naam, open := range map[string]func() kamer.Opslag{
		"sqlite":   func() kamer.Opslag { return openSQLite(b) },
		"postgres": func() kamer.Opslag { return openPostgres(b, postgrestest.Database(b)) },
	} {
		b.Run(naam, func(b *testing.B) {
			s := New(open())
			for b.Loop() {
				if _, err := s.Generatie(bg); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
