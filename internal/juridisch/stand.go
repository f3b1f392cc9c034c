package juridisch

import "slices"

// Stand is what holds on a day. Lists are in the order of their file, and not to be changed.
type Stand struct {
	per map[Soort]*inhoud
}

// Bestanden tells which files hold, by kind.
func (s *Stand) Bestanden() (uit []Bestand) {
	for _, soort := range Soorten() {
		if i := s.per[soort]; i != nil {
			uit = append(uit, i.Bestand)
		}
	}
	return uit
}

// van gives the file of a kind, an empty one when there is none.
func (s *Stand) van(soort Soort) *inhoud {
	if i := s.per[soort]; i != nil {
		return i
	}
	return &inhoud{}
}

// Grondslagen gives all grounds.
func (s *Stand) Grondslagen() []Grondslag { return s.van(Grondslagen).grondslagen }

// Uitzonderingen gives all exceptions.
func (s *Stand) Uitzonderingen() []Uitzondering { return s.van(Uitzonderingen).uitzonderingen }

// Beperkingen gives all restrictions.
func (s *Stand) Beperkingen() []Beperking { return s.van(Beperkingen).beperkingen }

// Selectielijst gives all rows.
func (s *Stand) Selectielijst() []Rij { return s.van(Selectielijst).rijen }

// Grondslag gives the ground with a code.
func (s *Stand) Grondslag(code string) (Grondslag, bool) {
	return zoek(s.Grondslagen(), func(r *Grondslag) bool { return r.Code == code })
}

// Uitzondering gives the exception with a code.
func (s *Stand) Uitzondering(code string) (Uitzondering, bool) {
	return zoek(s.Uitzonderingen(), func(r *Uitzondering) bool { return r.Code == code })
}

// Beperking gives the restriction with a code.
func (s *Stand) Beperking(code string) (Beperking, bool) {
	return zoek(s.Beperkingen(), func(r *Beperking) bool { return r.Code == code })
}

// Rij gives the row of the selectielijst with a number.
func (s *Stand) Rij(nummer string) (Rij, bool) {
	return zoek(s.Selectielijst(), func(r *Rij) bool { return r.Nummer == nummer })
}

func zoek[T any](lijst []T, is func(*T) bool) (T, bool) {
	if k := slices.IndexFunc(lijst, func(t T) bool { return is(&t) }); k >= 0 {
		return lijst[k], true
	}
	var geen T
	return geen, false
}

// Bestaat tells whether a kind has a code, or a selectielijst a number. A kind may be named in either way of ParseSoort.
func (s *Stand) Bestaat(soort, code string) (ok bool) {
	switch k, _ := ParseSoort(soort); k {
	case Grondslagen:
		_, ok = s.Grondslag(code)
	case Uitzonderingen:
		_, ok = s.Uitzondering(code)
	case Beperkingen:
		_, ok = s.Beperking(code)
	case Selectielijst:
		_, ok = s.Rij(code)
	}
	return ok
}
