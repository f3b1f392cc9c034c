package overdracht

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/google/uuid"
	"golang.org/x/text/unicode/norm"

	"github.com/verantwoord/verantwoord/internal/activiteit"
)

// rijLezer reads the cells of one row into an activity. It says what is wrong with the cell that is read.
type rijLezer struct {
	wetten Herkenner
	bekend map[[2]string]herkend
	uit    activiteit.Invoer
	regel  *Regel
	veld   string // that is read
	kolom  string // "C"
	kop    string // its name
	rest   []activiteit.Veld
}

func (r *rijLezer) fout(tekst string) {
	r.regel.Meldingen = append(r.regel.Meldingen, Melding{Kolom: r.kolom, Veld: r.veld, Tekst: tekst, Fout: true})
}

func (r *rijLezer) opmerking(tekst string) {
	r.regel.Meldingen = append(r.regel.Meldingen, Melding{Kolom: r.kolom, Veld: r.veld, Tekst: tekst})
}

// schoon is s in normal form C, without characters that can't be seen, and without space around it.
func schoon(s string) string {
	s = strings.Map(func(r rune) rune {
		switch {
		case r == '\t':
			return ' '
		case r == '\u2028' || r == '\u2029': // ends of lines and paragraphs
			return '\n'
		case r >= '\u202a' && r <= '\u202e' || r >= '\u2066' && r <= '\u2069': // they turn the direction of what is read
			return -1
		case r == '\n' || !unicode.IsControl(r):
			return r
		}
		return -1
	}, strings.ToValidUTF8(s, ""))
	return strings.TrimSpace(norm.NFC.String(s))
}

// regel is s on one line.
func regelVan(s string) string {
	if s = schoon(s); !strings.Contains(s, "\n") {
		return s
	}
	return strings.Join(strings.FieldsFunc(s, func(r rune) bool { return r == '\n' }), " ")
}

func (r *rijLezer) kort(s string, max int) string { return r.past(regelVan(s), max) }

func (r *rijLezer) lang(s string, max int) string { return r.past(schoon(s), max) }

func (r *rijLezer) past(s string, max int) string {
	if n := utf8.RuneCountInString(s); n > max {
		r.fout("Deze tekst heeft " + strconv.Itoa(n) + " tekens; maak hem niet langer dan " + strconv.Itoa(max) + ".")
	}
	return s
}

// delen cuts a list, and tells whether it was written by an export, so that nothing in it is guessed.
func (r *rijLezer) delen(s string) (entries []string, precies bool) {
	if entries, precies = ontpunt(s); precies {
		return entries, true
	}
	entries, komma := los(s)
	if komma {
		r.opmerking("Deze lijst is bij de komma's in delen geknipt; zet elk deel op een eigen regel als dat niet goed is.")
	}
	return entries, false
}

func (r *rijLezer) vol(n int) bool {
	if n < maxLijst {
		return false
	}
	r.fout("Deze lijst heeft meer dan " + strconv.Itoa(maxLijst) + " delen; voeg delen samen.")
	return true
}

func (r *rijLezer) lijst(to *[]string, s string) {
	entries, _ := r.delen(s)
	for _, e := range entries {
		if e = r.kort(e, maxKort); e == "" || slices.Contains(*to, e) {
			continue
		}
		if r.vol(len(*to)) {
			return
		}
		*to = append(*to, e)
	}
}

func (r *rijLezer) persoonsgegevens(s, soort string) {
	entries, precies := r.delen(s)
	if soort != "" && len(entries) == 1 {
		switch plat(entries[0]) {
		case "ja", "j", "x", "waar", "yes":
			entries = []string{map[string]string{"bsn": "Burgerservicenummer", "bijzonder": "Bijzondere persoonsgegevens", "strafrechtelijk": "Strafrechtelijke gegevens"}[soort]}
		case "n", "onwaar", "no":
			return
		}
	}
	for _, e := range entries {
		if e = regelVan(e); e == "" {
			continue
		}
		p, geraden := leesPersoonsgegeven(e, precies)
		if soort != "" && (p.Soort == "" || geraden) {
			p.Soort, geraden = soort, false
		}
		if geraden {
			r.opmerking("Een gegeven is aan zijn naam herkend als burgerservicenummer; zet er [gewoon] achter als dat niet klopt.")
		}
		p.Rol, p.Naam = r.past(p.Rol, maxKort), r.past(p.Naam, maxKort)
		if r.vol(len(r.uit.Persoonsgegevens)) {
			return
		}
		r.uit.Persoonsgegevens = append(r.uit.Persoonsgegevens, p)
	}
}

func (r *rijLezer) verwerkers(s string) {
	entries, precies := r.delen(s)
	for _, e := range entries {
		v := leesVerwerker(schoon(e), precies)
		v.Naam, v.Contact, v.Overeenkomst = r.kort(v.Naam, maxKort), r.kort(v.Contact, maxKort), r.lang(v.Overeenkomst, maxLang)
		if v == (activiteit.Verwerker{}) {
			continue
		}
		if v.Naam == "" {
			r.fout("Een verwerker heeft geen naam; schrijf Naam | contact | overeenkomst.")
		}
		if r.vol(len(r.uit.Verwerkers)) {
			return
		}
		r.uit.Verwerkers = append(r.uit.Verwerkers, v)
	}
}

var alsCode = regexp.MustCompile(`^[a-z0-9][a-z0-9_.:-]{0,99}$`)

// codes reads entries of the legal data. What is not recognised is not lost: of a ground it goes to the explanation, of
// another kind to Overig.
func (r *rijLezer) codes(soort string, to *[]string, s string) {
	entries, precies := ontpunt(s)
	if !precies {
		entries, _ = los(s)
		if len(entries) != 1 && !strings.ContainsAny(s, "\n;") { // cut at commas: it may be known as a whole
			if code, ok := r.herken(soort, s); ok {
				r.code(to, code)
				return
			}
		}
	}
	for _, e := range entries {
		if e = schoon(e); e == "" {
			continue
		}
		if precies && alsCode.MatchString(e) {
			r.code(to, e)
			continue
		}
		gevonden, uitleg := r.ontleed(soort, e)
		if len(gevonden) == 0 {
			r.nietHerkend(soort, e)
		}
		for _, code := range gevonden {
			r.code(to, code)
		}
		if uitleg != "" && soort == "grondslag" {
			r.toelichting(uitleg)
		} else if uitleg != "" {
			r.overig(r.kop, uitleg)
		}
	}
}

func (r *rijLezer) code(to *[]string, code string) {
	if !slices.Contains(*to, code) && !r.vol(len(*to)) {
		*to = append(*to, code)
	}
}

func (r *rijLezer) herken(soort, s string) (string, bool) {
	if s = regelVan(s); r.wetten == nil || s == "" {
		return "", false
	}
	k := [2]string{soort, s}
	h, ok := r.bekend[k]
	if !ok {
		h.code, h.ok = r.wetten.Herken(soort, s)
		r.bekend[k] = h
	}
	return h.code, h.ok
}

// herkend is an answer of a Herkenner. Sheets say the same thousands of times.
type herkend struct {
	code string
	ok   bool
}

// tussen stands between grounds in one line.
var tussen = regexp.MustCompile(`\s*(?:/|,|&|\+|\ben\b)\s*`)

// ontleed finds codes in "Toestemming en publieke taak", "Wettelijke verplichting (art. 2.1 Wet BRP)" and "Wettelijke
// verplichting: art. 2.1 Wet BRP". uitleg is what was said beside it.
func (r *rijLezer) ontleed(soort, s string) (codes []string, uitleg string) {
	for _, deel := range tussen.Split(s, -1) {
		code, ok := r.herken(soort, deel)
		if !ok {
			codes = nil
			break
		}
		codes = append(codes, code)
	}
	if len(codes) > 1 {
		return codes, ""
	}
	for _, teken := range []string{"(", ":", " - ", " – ", ", "} {
		if voor, achter, ok := strings.Cut(s, teken); ok {
			if code, ok := r.herken(soort, voor); ok {
				achter = strings.TrimSpace(achter)
				if teken == "(" {
					achter = strings.TrimSpace(strings.TrimSuffix(achter, ")"))
				}
				return []string{code}, achter
			}
		}
	}
	if code, ok := r.herken(soort, s); ok {
		return []string{code}, r.naast(soort, s, code)
	}
	return nil, ""
}

// naast is what a text says beside the words in front that tell its code by themselves. A few plain words explain nothing ("van
// de betrokkene"); a number or a name with a capital, such as of a law, does.
func (r *rijLezer) naast(soort, s, code string) string {
	woorden := strings.Fields(s)
	for n := 1; n < min(len(woorden), maxWoorden); n++ {
		if c, ok := r.herken(soort, strings.Join(woorden[:n], " ")); ok && c == code {
			rest := strings.Join(woorden[n:], " ")
			if len(woorden)-n < 5 && !strings.ContainsFunc(rest, func(r rune) bool { return unicode.IsUpper(r) || unicode.IsDigit(r) }) {
				return ""
			}
			return rest
		}
	}
	return ""
}

// maxWoorden is in how many words a ground is named.
const maxWoorden = 12

func (r *rijLezer) nietHerkend(soort, s string) {
	if soort == "grondslag" {
		r.opmerking("Deze grondslag is niet herkend en staat nu in de toelichting; kies de grondslag voordat u vaststelt.")
		r.toelichting(s)
		return
	}
	r.opmerking("Deze tekst is niet herkend en staat nu bij de overige gegevens; kies de juiste grond voordat u vaststelt.")
	r.overig(r.kop, s)
}

// toelichting keeps what was said of a ground; the row's own explanation comes before it.
func (r *rijLezer) toelichting(s string) {
	r.rest = append(r.rest, activiteit.Veld{Naam: toelichtingGrondslag, Waarde: s})
}

const toelichtingGrondslag = "toelichtingGrondslag"

func (r *rijLezer) overig(naam, s string) {
	naam, s = regelVan(naam), r.lang(s, maxVeld)
	if n := []rune(naam); len(n) > maxKort {
		naam = strings.TrimSpace(string(n[:maxKort]))
		r.opmerking("De naam van deze kolom is lang en is afgekort tot " + strconv.Itoa(maxKort) + " tekens.")
	}
	if s == "" {
		return
	}
	if len(r.uit.Overig) == maxLijst {
		r.fout("Deze rij heeft meer dan " + strconv.Itoa(maxLijst) + " overige gegevens; laat kolommen weg die niet nodig zijn.")
		return
	}
	r.uit.Overig = append(r.uit.Overig, activiteit.Veld{Naam: naam, Waarde: s})
}

func (r *rijLezer) id(s string) {
	id, err := uuid.Parse(strings.TrimSpace(s))
	if err != nil || id == uuid.Nil {
		r.fout("Dit is geen UUID; maak de cel leeg, dan geeft het register er een.")
		return
	}
	r.uit.ID = id
}

func (r *rijLezer) oin(s string) {
	s = strings.Map(func(c rune) rune {
		if c == ' ' || c == '.' || c == '\u00a0' {
			return -1
		}
		return c
	}, regelVan(s))
	cijfers := s != "" && strings.Trim(s, "0123456789") == ""
	switch {
	case cijfers && len(s) == 20:
	case cijfers && len(s) >= 9 && len(s) < 20: // a spreadsheet took it for a number
		s = strings.Repeat("0", 20-len(s)) + s
		r.opmerking("Van dit OIN ontbraken de nullen aan het begin; ze zijn aangevuld tot twintig cijfers.")
	default:
		r.fout("Dit is geen OIN; schrijf twintig cijfers, en geef de kolom in uw rekenblad het type Tekst.")
	}
	r.uit.VerantwoordelijkeOrganisatie = s
}

func (r *rijLezer) gebaseerdOp(s string) {
	s = r.kort(s, maxLang)
	if len(s) == 36 {
		if id, err := uuid.Parse(s); err == nil {
			s = id.URN()
		}
	}
	r.uit.GebaseerdOp = s
}

func (r *rijLezer) jaNee(s string) bool {
	switch plat(s) {
	case "ja", "j", "x", "waar", "yes", "true", "1":
		return true
	case "nee", "n", "onwaar", "no", "false", "0", "":
	default:
		r.fout("Hier staat geen ja of nee; schrijf een van beide.")
	}
	return false
}
