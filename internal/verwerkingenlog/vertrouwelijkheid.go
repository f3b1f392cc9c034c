package verwerkingenlog

import "strings"

// Vertrouwelijkheid is the confidentiality of an actie (dictionary row 9).
type Vertrouwelijkheid uint8

// The values of the standard; on the wire in lower case, any case accepted (X30).
const (
	Normaal Vertrouwelijkheid = iota
	Vertrouwelijk
	Opgeheven
)

var vertrouwelijkheidNamen = [...]string{"normaal", "vertrouwelijk", "opgeheven"}

// String gives the wire form.
func (v Vertrouwelijkheid) String() string { return vertrouwelijkheidNamen[v] }

// ParseVertrouwelijkheid reads the wire form in any case; ok is false for any other text.
func ParseVertrouwelijkheid(s string) (v Vertrouwelijkheid, ok bool) {
	for i, naam := range vertrouwelijkheidNamen {
		if len(s) == len(naam) && strings.EqualFold(s, naam) {
			return Vertrouwelijkheid(i), true
		}
	}
	return 0, false
}

// Staat is what stands beside the sealed content of a version to judge it: its vertrouwelijkheid,
// whether the actie ever was anything but normaal, and whether it is vervallen. It fits in a byte,
// as stored: bits 0-1 vertrouwelijkheid, bit 2 ooit, bit 3 vervallen.
type Staat uint8

const (
	staatOoit      Staat = 1 << 2
	staatVervallen Staat = 1 << 3
)

// NewStaat is the state of the first version of an actie.
func NewStaat(v Vertrouwelijkheid) Staat { return Staat(0).Next(v) }

// Next is the state of a version that follows s. "Ooit" is monotone: once an actie was
// vertrouwelijk or opgeheven it never becomes normal again for :normal readers (invariant 6).
func (s Staat) Next(v Vertrouwelijkheid) Staat {
	n := Staat(v) | s&staatOoit
	if v != Normaal {
		n |= staatOoit
	}
	return n
}

// Expire is the state after a logical deletion: everything is kept, vervallen is set.
func (s Staat) Expire() Staat { return s | staatVervallen }

// Vertrouwelijkheid is the current value.
func (s Staat) Vertrouwelijkheid() Vertrouwelijkheid { return Vertrouwelijkheid(s & 3) }

// Ooit tells whether the actie is or was vertrouwelijk or opgeheven.
func (s Staat) Ooit() bool { return s&staatOoit != 0 }

// Vervallen tells whether the actie was logically deleted.
func (s Staat) Vervallen() bool { return s&staatVervallen != 0 }

// Klasse is the effective class used for filtering: normaal = normaal and never
// confidential; vertrouwelijk = now confidential; opgeheven = not confidential any more, whatever
// the current value says.
func (s Staat) Klasse() Vertrouwelijkheid {
	switch {
	case s.Vertrouwelijkheid() == Vertrouwelijk:
		return Vertrouwelijk
	case s.Ooit():
		return Opgeheven
	}
	return Normaal
}

// Klassen is a set of effective classes that an inquiry asks for.
type Klassen uint8

// AlleKlassen is what an inquiry without the parameter vertrouwelijkheid asks for.
const AlleKlassen Klassen = 1<<Normaal | 1<<Vertrouwelijk | 1<<Opgeheven

// With adds one class.
func (k Klassen) With(v Vertrouwelijkheid) Klassen { return k | 1<<v }

// Has tells whether v is asked for.
func (k Klassen) Has(v Vertrouwelijkheid) bool { return k&(1<<v) != 0 }

// OnlyNormaal tells whether exactly normaal is asked for.
func (k Klassen) OnlyNormaal() bool { return k == 1<<Normaal }
