package gebruiker

import (
	"reflect"
	"slices"
	"time"
	"unicode/utf8"
)

// Toon takes out of a view what may not be seen of it, by the tag `klasse:"bsn"` of each field, through structs,
// pointers, slices and maps. What is hidden becomes its zero value, what is masked keeps no more than its mask. A tag
// counts for all that is in the field. Text without a tag is hidden: ZonderKlasse finds it in a test.
//
// view itself is changed; what it shares with others is copied first.
func Toon[T any](r *Rechten, m Module, b Bereik, view *T) {
	v := reflect.ValueOf(view).Elem()
	if !r.Mag(m, Zien, Gewoon, b) {
		v.SetZero()
		return
	}
	f := filter{func(k Veldklasse) Niveau { return r.Niveau(m, k, b) }}
	f.walk(v, false, 0)
}

// maxDiepte is more than any view has; what lies deeper is hidden.
const maxDiepte = 32

type filter struct{ niveau func(Veldklasse) Niveau }

// walk filters v, which can be set. heeft says that a tag allowed it.
func (f filter) walk(v reflect.Value, heeft bool, diepte int) {
	if diepte > maxDiepte {
		v.SetZero()
		return
	}
	switch v.Kind() {
	case reflect.String, reflect.Interface:
		if !heeft {
			v.SetZero()
		}
	case reflect.Chan, reflect.Func, reflect.UnsafePointer, reflect.Uintptr:
		v.SetZero()
	case reflect.Pointer:
		if v.IsNil() {
			return
		}
		p := reflect.New(v.Type().Elem())
		p.Elem().Set(v.Elem())
		f.walk(p.Elem(), heeft, diepte+1)
		v.Set(p)
	case reflect.Slice:
		if v.IsNil() {
			return
		}
		if v.Type().Elem().Kind() == reflect.Uint8 && !heeft {
			v.SetZero()
			return
		}
		nieuw := reflect.MakeSlice(v.Type(), v.Len(), v.Len())
		reflect.Copy(nieuw, v)
		for i := range nieuw.Len() {
			f.walk(nieuw.Index(i), heeft, diepte+1)
		}
		v.Set(nieuw)
	case reflect.Array:
		for i := range v.Len() {
			f.walk(v.Index(i), heeft, diepte+1)
		}
	case reflect.Map:
		f.walkMap(v, heeft, diepte)
	case reflect.Struct:
		f.walkStruct(v, heeft, diepte)
	}
}

func (f filter) walkMap(v reflect.Value, heeft bool, diepte int) {
	if v.IsNil() {
		return
	}
	if !heeft && v.Type().Key().Kind() == reflect.String {
		v.SetZero()
		return
	}
	nieuw := reflect.MakeMapWithSize(v.Type(), v.Len())
	for _, k := range v.MapKeys() {
		w := reflect.New(v.Type().Elem()).Elem()
		w.Set(v.MapIndex(k))
		f.walk(w, heeft, diepte+1)
		nieuw.SetMapIndex(k, w)
	}
	v.Set(nieuw)
}

func (f filter) walkStruct(v reflect.Value, heeft bool, diepte int) {
	if isBlad(v.Type()) {
		return
	}
	for i := range v.NumField() {
		veld := v.Type().Field(i)
		if !veld.IsExported() {
			continue // shown nowhere; ZonderKlasse finds it when it holds text
		}
		klasse, tag := veld.Tag.Lookup("klasse")
		if !tag {
			f.walk(v.Field(i), heeft, diepte+1)
			continue
		}
		switch f.niveau(Veldklasse(klasse)) {
		case Verborgen:
			v.Field(i).SetZero()
		case Gemaskeerd:
			mask(v.Field(i), Veldklasse(klasse))
		default:
			f.walk(v.Field(i), true, diepte+1)
		}
	}
}

// isBlad reports a struct that is one value.
func isBlad(t reflect.Type) bool { return t == reflect.TypeFor[time.Time]() }

const punten = "•••••"

// mask masks text, alone, in a list or behind a pointer; anything else has no mask and is hidden.
func mask(v reflect.Value, k Veldklasse) {
	switch {
	case v.Kind() == reflect.String:
		v.SetString(Masker(k, v.String()))
	case v.Kind() == reflect.Slice && v.Type().Elem().Kind() == reflect.String && !v.IsNil():
		nieuw := reflect.MakeSlice(v.Type(), v.Len(), v.Len())
		for i := range v.Len() {
			nieuw.Index(i).SetString(Masker(k, v.Index(i).String()))
		}
		v.Set(nieuw)
	case v.Kind() == reflect.Pointer && v.Type().Elem().Kind() == reflect.String && !v.IsNil():
		p := reflect.New(v.Type().Elem())
		p.Elem().SetString(Masker(k, v.Elem().String()))
		v.Set(p)
	default:
		v.SetZero()
	}
}

// Masker gives what is shown of a masked text: of a BSN the last two digits, of all else nothing. Its length is
// always the same, except that empty stays empty.
func Masker(k Veldklasse, tekst string) string {
	switch n := len(tekst); {
	case tekst == "":
		return ""
	case k == BSN && n >= 8 && utf8.RuneCountInString(tekst) == n:
		return "•••••••" + tekst[n-2:]
	}
	return punten
}

// ZonderKlasse gives the fields of a view that can hold text and have no class, or one that is none: "Rij.Naam".
// A test asks it of every view.
func ZonderKlasse(t reflect.Type) []string {
	k := klassekeuring{onderweg: map[reflect.Type]bool{}}
	k.walk(t, t.Name())
	return k.mist
}

type klassekeuring struct {
	onderweg map[reflect.Type]bool
	dicht    bool // within a field that Toon does not reach, where a tag does nothing
	mist     []string
}

func (k *klassekeuring) walk(t reflect.Type, pad string) {
	switch t.Kind() {
	case reflect.String, reflect.Interface, reflect.Chan, reflect.Func, reflect.UnsafePointer, reflect.Uintptr:
		k.mist = append(k.mist, pad)
	case reflect.Pointer, reflect.Array:
		k.walk(t.Elem(), pad)
	case reflect.Slice:
		if t.Elem().Kind() == reflect.Uint8 {
			k.mist = append(k.mist, pad)
			return
		}
		k.walk(t.Elem(), pad)
	case reflect.Map:
		if t.Key().Kind() == reflect.String {
			k.mist = append(k.mist, pad)
			return
		}
		k.walk(t.Elem(), pad)
	case reflect.Struct:
		if isBlad(t) || k.onderweg[t] {
			return
		}
		k.onderweg[t] = true
		for i := range t.NumField() {
			veld := t.Field(i)
			onder := pad + "." + veld.Name
			klasse, tag := veld.Tag.Lookup("klasse")
			if !veld.IsExported() || k.dicht {
				eerder := k.dicht
				k.dicht = true
				k.walk(veld.Type, onder)
				k.dicht = eerder
			} else if !tag {
				k.walk(veld.Type, onder)
			} else if !slices.Contains(Veldklassen(), Veldklasse(klasse)) {
				k.mist = append(k.mist, onder)
			}
		}
		delete(k.onderweg, t)
	}
}
