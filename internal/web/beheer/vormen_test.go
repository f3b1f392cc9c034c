package beheer_test

import (
	"reflect"
	"testing"

	"github.com/verantwoord/verantwoord/internal/web/beheer"
)

func TestEveryTextInAViewSaysOfWhatClassItIs(t *testing.T) {
	t.Parallel()
	klassen := map[string]bool{"gewoon": true, "contact": true, "bsn": true, "bijzonder": true, "strafrechtelijk": true, "vrije_tekst": true, "derde": true, "geheim_adres": true}
	seen := map[reflect.Type]bool{}
	var walk func(reflect.Type)
	walk = func(v reflect.Type) {
		for v.Kind() == reflect.Slice || v.Kind() == reflect.Pointer {
			v = v.Elem()
		}
		if v.Kind() != reflect.Struct || seen[v] || v.PkgPath() == "time" {
			return
		}
		seen[v] = true
		for i := range v.NumField() {
			f := v.Field(i)
			elem := f.Type
			for elem.Kind() == reflect.Slice || elem.Kind() == reflect.Pointer {
				elem = elem.Elem()
			}
			if elem.Kind() == reflect.String && !klassen[f.Tag.Get("klasse")] {
				t.Errorf("%s.%s has no class", v.Name(), f.Name)
			}
			walk(f.Type)
		}
	}
	for _, v := range beheer.Vormen() {
		walk(v)
	}
	if len(seen) < 15 {
		t.Errorf("only %d views were walked", len(seen))
	}
}
