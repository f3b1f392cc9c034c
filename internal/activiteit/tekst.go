package activiteit

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"github.com/verantwoord/verantwoord/internal/betrokkene"
	"github.com/verantwoord/verantwoord/internal/fout"
)

// Lengths, in characters.
const (
	maxNaam     = 242
	maxTekst    = 2042
	maxWaarde   = 8192
	maxNummer   = 50
	maxEmail    = 254
	maxTelefoon = 50
	maxReden    = 1000
)

// regel gives a text of one line as it is kept: NFC, without spaces around it, and with a space for a tab or an end of line.
func regel(v string) string {
	v = norm.NFC.String(v)
	if strings.ContainsAny(v, "\r\n\t") {
		v = strings.NewReplacer("\r\n", " ", "\r", " ", "\n", " ", "\t", " ").Replace(v)
	}
	return strings.TrimSpace(v)
}

// alinea gives a text of several lines as it is kept.
func alinea(v string) string {
	v = norm.NFC.String(v)
	if strings.ContainsAny(v, "\r\t") {
		v = strings.NewReplacer("\r\n", "\n", "\r", "\n", "\t", " ").Replace(v)
	}
	return strings.TrimSpace(v)
}

// keuring collects what is wrong, by path. No value is ever in a reason.
type keuring struct {
	voor   string // of every path
	params []fout.Param
}

func (k *keuring) mis(pad, code, reden string) {
	k.params = append(k.params, fout.Param{Name: k.voor + pad, Code: code, Reason: reden})
}

func (k *keuring) err() error {
	if len(k.params) == 0 {
		return nil
	}
	return fout.Ongeldig(k.params...)
}

// Sentences that several fields share.
const (
	zinLang   = "Dit is te lang; maak het korter."
	zinTeken  = "Hierin staat een teken dat niet te tonen is; haal het weg."
	zinNummer = "Hierin staat een getal dat een BSN kan zijn; haal het weg, want dit register bevat geen gegevens van inwoners."
	zinDatum  = "Dit is geen datum; schrijf hem als 2026-12-31."
	zinDuur   = "Dit is geen duur; schrijf hem als P5Y voor vijf jaar of P6M voor zes maanden."
	zinKeuze  = "Deze keuze is er niet; kies een waarde uit de lijst."
)

// tekst checks a text in its normal form.
func (k *keuring) tekst(pad, v string, maximum int, lang bool) {
	switch {
	case !utf8.ValidString(v) || strings.ContainsFunc(v, func(r rune) bool { return onzichtbaar(r) && (!lang || r != '\n') }):
		k.mis(pad, "invalid", zinTeken)
	case utf8.RuneCountInString(v) > maximum:
		k.mis(pad, "max_length", zinLang)
	case persoonsnummer(v):
		k.mis(pad, "persoonsnummer", zinNummer)
	}
}

// verplicht checks that something is filled in.
func (k *keuring) verplicht(pad string, leeg bool, zin string) {
	if leeg {
		k.mis(pad, "required", zin)
	}
}

// onzichtbaar finds characters that do something and show nothing: those that control a terminal, or turn the direction of
// reading so that a text reads otherwise than it says.
func onzichtbaar(r rune) bool {
	return unicode.IsControl(r) || r >= 0x202a && r <= 0x202e || r >= 0x2066 && r <= 0x2069 || r == 0x2028 || r == 0x2029
}

// persoonsnummer tells whether a text holds nine digits on their own that pass the check of a burgerservicenummer. Digits
// that are joined to letters, a hyphen, a dot or an underscore are part of something else, such as a UUID.
func persoonsnummer(s string) bool {
	for n := 0; n < len(s); {
		if !joined(s[n]) {
			n++
			continue
		}
		begin := n
		for n < len(s) && joined(s[n]) {
			n++
		}
		if w := strings.Trim(s[begin:n], ".-"); betrokkene.IsBSN(w) {
			return true
		}
	}
	return false
}

func joined(b byte) bool {
	return b == '-' || b == '_' || b == '.' || b >= '0' && b <= '9' || b|0x20 >= 'a' && b|0x20 <= 'z' || b >= 0x80
}
