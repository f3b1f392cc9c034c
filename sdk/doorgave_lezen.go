package sdk

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/google/uuid"
)

// maxURL bounds an address, in bytes (dictionary, row 6).
const maxURL = 2042

// LeesDoorgave reads the headers of who calls. What wasn't told is zero. A term in the notation of before 2021, a number
// of years, becomes a duration. It judges as the register does of its own callers; what is wrong, or there
// twice, is told header by header, and then nothing of it counts.
func LeesDoorgave(h http.Header) (Doorgave, []Param) {
	var l doorgaveLezer
	l.h = h
	d := Doorgave{
		OIN:               l.oin(),
		ActiviteitID:      l.id(headerActiviteitID),
		ActiviteitURL:     l.url(),
		VerwerkingID:      l.id(headerVerwerkingID),
		Vertrouwelijkheid: l.vertrouwelijkheid(),
		Bewaartermijn:     l.termijn(),
	}
	if noemtPersoon(d.ActiviteitURL, nil) {
		l.mis(headerActiviteitURL, "persoonsnummer", "Hier staat een nummer van een persoon; zet dat alleen in objectId of afnemerId.")
	}
	if l.params != nil {
		return Doorgave{}, l.params
	}
	return d, nil
}

// doorgaveLezer collects what is wrong.
type doorgaveLezer struct {
	h      http.Header
	params []Param
}

func (l *doorgaveLezer) mis(naam, code, reden string) {
	l.params = append(l.params, Param{naam, code, reden})
}

func (l *doorgaveLezer) een(naam string) string {
	waarden := l.h.Values(naam)
	if len(waarden) > 1 {
		l.mis(naam, "invalid", "Deze header mag maar één keer voorkomen.")
		return ""
	}
	if len(waarden) == 0 {
		return ""
	}
	return waarden[0]
}

func (l *doorgaveLezer) oin() string {
	s := l.een(headerOIN)
	if s != "" && !isOIN(s) {
		l.mis(headerOIN, "pattern", "Geef een OIN van 20 cijfers.")
	}
	return s
}

func (l *doorgaveLezer) id(naam string) uuid.UUID {
	s := l.een(naam)
	if s == "" {
		return uuid.Nil
	}
	id, err := uuid.Parse(s)
	if len(s) != 36 || err != nil || id == uuid.Nil {
		l.mis(naam, "invalid", "Geef een UUID, zoals 48086bf2-11b7-4603-9526-67d7c3bb6587.")
	}
	return id
}

func (l *doorgaveLezer) url() string {
	s := l.een(headerActiviteitURL)
	switch {
	case len(s) > maxURL:
		l.mis(headerActiviteitURL, "max_length", "Dit is te lang; gebruik hoogstens "+strconv.Itoa(maxURL)+" tekens.")
	case s != "" && !isURI(s):
		l.mis(headerActiviteitURL, "invalid", "Geef een volledige URL, zoals https://var.voorbeeldstad.nl/activiteiten/1.")
	}
	return s
}

func (l *doorgaveLezer) vertrouwelijkheid() Vertrouwelijkheid {
	s := l.een(headerVertrouwelijkheid)
	if s == "" {
		return ""
	}
	for _, v := range []Vertrouwelijkheid{Normaal, Vertrouwelijk, Opgeheven} {
		if len(s) == len(v) && strings.EqualFold(s, string(v)) { // of one length: EqualFold knows more than ASCII
			return v
		}
	}
	l.mis(headerVertrouwelijkheid, "invalid_choice", "Kies normaal, vertrouwelijk of opgeheven.")
	return ""
}

func (l *doorgaveLezer) termijn() string {
	s := l.een(headerBewaartermijn)
	if jaren, err := strconv.ParseUint(s, 10, 16); err == nil {
		s = "P" + strconv.FormatUint(jaren, 10) + "Y"
	}
	if s != "" && !geldigeDuur(s) {
		l.mis(headerBewaartermijn, "invalid", "Geef een periode volgens ISO 8601, zoals P10Y of P6M.")
	}
	return s
}

// isURI reports whether s is an absolute URI of RFC 3986: only its characters, and a scheme.
func isURI(s string) bool {
	if strings.ContainsFunc(s, func(r rune) bool { return r <= ' ' || r >= 0x7f || strings.ContainsRune("\"<>\\^`{|}", r) }) {
		return false
	}
	u, err := url.Parse(s)
	return err == nil && u.Scheme != "" && (u.Host != "" || u.Opaque != "" || u.Path != "")
}

// noemtPersoon reports whether an address holds the number of one of these persons, or nine digits on their own that
// pass the check of a burgerservicenummer: the register refuses such a record (B3238).
func noemtPersoon(s string, personen []Object) bool {
	for woord := range strings.FieldsFuncSeq(s, func(r rune) bool { return !hoortBijWoord(r) }) {
		if isBSN(woord) || telCijfers(woord) >= minIdentificerend && slices.ContainsFunc(personen, func(o Object) bool { return zelfde(o.Soort, o.ID, o.Soort, woord) }) {
			return true
		}
	}
	return false
}

// minIdentificerend is the shortest run of digits that may identify a person.
const minIdentificerend = 7

// hoortBijWoord: digits joined to letters, a hyphen, a dot or an underscore are a part of something else.
func hoortBijWoord(r rune) bool {
	return r == '-' || r == '_' || r == '.' || r >= '0' && r <= '9' || r|0x20 >= 'a' && r|0x20 <= 'z' || r >= 0x80
}

// telCijfers gives the longest run of digits.
func telCijfers(s string) int {
	langste, reeks := 0, 0
	for k := range len(s) {
		if s[k] < '0' || s[k] > '9' {
			reeks = 0
			continue
		}
		reeks++
		langste = max(langste, reeks)
	}
	return langste
}

// zelfde tells whether two numbers are of the same person, as the register does: the kind in any case, and a BSN that lost its first zero
// is the one that has it.
func zelfde(soortA, idA, soortB, idB string) bool {
	vorm := func(soort, id string) [2]string {
		if soort = strings.ToLower(soort); soort == "bsn" && len(id) == 8 && isBSN("0"+id) {
			id = "0" + id
		}
		return [2]string{soort, id}
	}
	return vorm(soortA, idA) == vorm(soortB, idB)
}

func isBSN(s string) bool {
	if len(s) != 9 || telCijfers(s) != 9 || s == "000000000" {
		return false
	}
	som := -int(s[8] - '0')
	for k := range 8 {
		som += int(s[k]-'0') * (9 - k)
	}
	return som%11 == 0
}
