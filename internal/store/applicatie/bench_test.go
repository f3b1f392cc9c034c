package applicatie

import "testing"

func BenchmarkGeneratieSQLite(b *testing.B) {
	s := New(openSQLite(b))
	for b.Loop() {
		if _, err := s.Generatie(bg); err != nil {
			b.Fatal(err)
		}
	}
}
