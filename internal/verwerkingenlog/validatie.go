package verwerkingenlog

import (
	"encoding/hex"
	"net/url"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/google/uuid"

	"github.com/verantwoord/verantwoord/internal/fout"
)

// Validate checks an actie as sent and gives it with every value in its own type; object ids are
// not decided here. All that is wrong is reported at once; compleet asks for every key (PUT, R-230).
func (i *Invoer) Validate(compleet bool) (Verwerkingsactie, []fout.Param) {
	var c controle
	if compleet {
		for v := range AantalVelden {
			if !i.Has(v) {
				c.add(v.String(), "required", "Dit veld ontbreekt; stuur bij een wijziging alle velden mee, ook de lege.")
			}
		}
	}
	a := Verwerkingsactie{
		ActieNaam:                       c.tekst(VeldActieNaam, i),
		HandelingNaam:                   c.tekst(VeldHandelingNaam, i),
		VerwerkingNaam:                  c.tekst(VeldVerwerkingNaam, i),
		VerwerkingID:                    c.uuid(VeldVerwerkingID.String(), i.Waarde[VeldVerwerkingID]),
		VerwerkingsactiviteitID:         c.uuid(VeldVerwerkingsactiviteitID.String(), i.Waarde[VeldVerwerkingsactiviteitID]),
		VerwerkingsactiviteitURL:        c.uri(VeldVerwerkingsactiviteitURL.String(), i.Waarde[VeldVerwerkingsactiviteitURL]),
		Bewaartermijn:                   c.duur(VeldBewaartermijn.String(), i.Waarde[VeldBewaartermijn]),
		Uitvoerder:                      c.oin(VeldUitvoerder.String(), i.Waarde[VeldUitvoerder]),
		Systeem:                         c.tekst(VeldSysteem, i),
		Gebruiker:                       c.tekst(VeldGebruiker, i),
		Gegevensbron:                    c.tekst(VeldGegevensbron, i),
		SoortAfnemerID:                  c.tekst(VeldSoortAfnemerID, i),
		AfnemerID:                       c.tekst(VeldAfnemerID, i),
		VerwerkingsactiviteitIDAfnemer:  c.uuid(VeldVerwerkingsactiviteitIDAfnemer.String(), i.Waarde[VeldVerwerkingsactiviteitIDAfnemer]),
		VerwerkingsactiviteitURLAfnemer: c.uri(VeldVerwerkingsactiviteitURLAfnemer.String(), i.Waarde[VeldVerwerkingsactiviteitURLAfnemer]),
		VerwerkingIDAfnemer:             c.uuid(VeldVerwerkingIDAfnemer.String(), i.Waarde[VeldVerwerkingIDAfnemer]),
	}
	if s := i.Waarde[VeldVertrouwelijkheid]; s != "" { // X14: absent = normaal
		var ok bool
		if a.Vertrouwelijkheid, ok = ParseVertrouwelijkheid(s); !ok {
			c.add(VeldVertrouwelijkheid.String(), "invalid_choice", "Kies normaal, vertrouwelijk of opgeheven.")
		}
	}
	switch s := i.Waarde[VeldTijdstip]; {
	case s == "" && (!compleet || i.Has(VeldTijdstip)):
		c.add(VeldTijdstip.String(), "required", "Het tijdstip van de verwerking is verplicht.")
	case s != "":
		var ok bool
		if a.Tijdstip, ok = ParseMoment(s); !ok {
			c.add(VeldTijdstip.String(), "invalid", "Geef een datum en tijd met tijdzone volgens RFC 3339, zoals 2024-04-05T14:35:42+01:00.")
		}
	}
	c.afnemer(a.SoortAfnemerID, a.AfnemerID)
	a.Objecten = c.objecten(i)
	c.persoonsnummers(&a)
	return a, c.params
}

// controle collects what is wrong.
type controle struct {
	params []fout.Param
}

func (c *controle) add(name, code, reason string) {
	c.params = append(c.params, fout.Param{Name: name, Code: code, Reason: reason})
}

// tekst checks length and characters of a text field; it is stored as delivered.
func (c *controle) tekst(v Veld, i *Invoer) string {
	max := MaxNaam
	if velden[v].soort == identificator {
		max = MaxIdentificator
	}
	return c.text(v.String(), i.Waarde[v], max)
}

func (c *controle) text(name, s string, max int) string {
	if len(s) > max && utf8.RuneCountInString(s) > max {
		c.add(name, "max_length", "Dit is te lang; gebruik hoogstens "+strconv.Itoa(max)+" tekens.")
	}
	if !utf8.ValidString(s) { // a header or query may hold anything
		c.add(name, "invalid", "Dit is geen geldige tekst; codeer het als UTF-8.")
		return s
	}
	for k := 0; k < len(s); k++ {
		if s[k] < ' ' || s[k] == 0x7f || s[k] == 0xc2 && k+1 < len(s) && s[k+1] < 0xa0 { // C0, DEL and C1
			c.add(name, "invalid", "Dit bevat een stuurteken (zoals een NUL of een regeleinde); verwijder het.")
			break
		}
	}
	return s
}

// ParseUUID reads 8-4-4-4-12 hexadecimal digits, any case and any version, but not the nil UUID,
// which points at nothing.
func ParseUUID(s string) (uuid.UUID, bool) {
	if len(s) != 36 {
		return uuid.Nil, false
	}
	id, err := uuid.Parse(s)
	return id, err == nil && id != uuid.Nil
}

// AppendUUID appends an id as 8-4-4-4-12 lower-case hexadecimal digits.
func AppendUUID(b []byte, id uuid.UUID) []byte {
	for k, tot := range [...]int{4, 6, 8, 10, 16} {
		if k > 0 {
			b = append(b, '-')
		}
		b = hex.AppendEncode(b, id[[...]int{0, 4, 6, 8, 10}[k]:tot])
	}
	return b
}

func (c *controle) uuid(name, s string) uuid.UUID {
	if s == "" {
		return uuid.Nil
	}
	id, ok := ParseUUID(s)
	if !ok {
		c.add(name, "invalid", "Geef een UUID, zoals 48086bf2-11b7-4603-9526-67d7c3bb6587.")
	}
	return id
}

func (c *controle) uri(name, s string) string {
	if s == "" {
		return ""
	}
	if len(s) > MaxURI {
		c.add(name, "max_length", "Dit is te lang; gebruik hoogstens "+strconv.Itoa(MaxURI)+" tekens.")
		return s
	}
	if !validURI(s) {
		c.add(name, "invalid", "Geef een volledige URL, zoals https://var.voorbeeldstad.nl/activiteiten/1.")
	}
	return s
}

// validURI tells whether s is an absolute URI of RFC 3986: only its characters, and a scheme.
func validURI(s string) bool {
	for k := 0; k < len(s); k++ {
		if b := s[k]; b <= ' ' || b >= 0x7f || strings.IndexByte("\"<>\\^`{|}", b) >= 0 {
			return false
		}
	}
	u, err := url.Parse(s)
	return err == nil && u.Scheme != "" && (u.Host != "" || u.Opaque != "" || u.Path != "")
}

func (c *controle) duur(name, s string) string {
	if s != "" && !ValidBewaartermijn(s) {
		c.add(name, "invalid", "Geef een periode volgens ISO 8601, zoals P10Y of P6M.")
	}
	return s
}

// ValidOIN tells whether s is an organisation's number: 20 digits (B0516).
func ValidOIN(s string) bool { return len(s) == 20 && digits(s) }

func digits(s string) bool {
	for k := 0; k < len(s); k++ {
		if s[k] < '0' || s[k] > '9' {
			return false
		}
	}
	return s != ""
}

func (c *controle) oin(name, s string) string {
	if s != "" && !ValidOIN(s) {
		c.add(name, "pattern", "Geef een OIN van 20 cijfers.")
	}
	return s
}

// afnemer checks the pair: both or neither, and the id by its kind (X36).
func (c *controle) afnemer(soort, id string) {
	switch {
	case soort == "" && id != "":
		c.add("soortAfnemerId", "required", "Geef bij een afnemerId ook aan wat voor nummer het is: OIN of BSN.")
	case soort != "" && id == "":
		c.add("afnemerId", "required", "Geef bij een soortAfnemerId ook het nummer van de afnemer.")
	case strings.EqualFold(soort, "OIN") && !ValidOIN(id):
		c.add("afnemerId", "pattern", "Geef bij soortAfnemerId OIN een OIN van 20 cijfers.")
	case strings.EqualFold(soort, "BSN") && !digits(id):
		c.add("afnemerId", "pattern", "Geef bij soortAfnemerId BSN alleen cijfers.")
	}
}

func (c *controle) objecten(i *Invoer) []VerwerktObject {
	if !i.ObjectenAanwezig {
		c.add("verwerkteObjecten", "required", "Geef de betrokken personen; is er geen, geef dan een lege lijst.")
		return nil
	}
	objecten := make([]VerwerktObject, len(i.Objecten))
	for k := range i.Objecten {
		in, before := &i.Objecten[k], len(c.params)
		objecten[k] = VerwerktObject{
			ID:            c.uuid("verwerktObjectId", in.ID),
			Objecttype:    c.objecttype("objecttype", in.Objecttype),
			SoortObjectID: c.required("soortObjectId", in.SoortObjectID, MaxNaam),
			ObjectID:      c.required("objectId", in.ObjectID, MaxIdentificator),
			Betrokkenheid: c.text("betrokkenheid", in.Betrokkenheid, MaxNaam),
			Soorten:       in.Soorten,
		}
		for n, s := range in.Soorten {
			at := len(c.params)
			c.required("soortGegeven", s, MaxNaam)
			c.prefix(at, "verwerkteSoortenGegevens", n)
		}
		c.prefix(before, "verwerkteObjecten", k)
		if len(c.params) >= maxParams {
			break
		}
	}
	return objecten
}

// prefix places what was found from index from on in the list they belong to.
func (c *controle) prefix(from int, list string, k int) {
	for n := from; n < len(c.params); n++ {
		c.params[n].Name = list + "." + strconv.Itoa(k) + "." + c.params[n].Name
	}
}

// maxParams bounds the answer to a hopeless body; everything up to it is reported.
const maxParams = 200

func (c *controle) required(name, s string, max int) string {
	if s == "" {
		c.add(name, "required", "Dit veld is verplicht.")
	}
	return c.text(name, s, max)
}

func (c *controle) objecttype(name, s string) string {
	switch {
	case s == "":
		c.add(name, "required", "Dit veld is verplicht.")
	case strings.EqualFold(s, objecttypePersoon): // X30
	default:
		c.add(name, "invalid_choice", "Kies persoon.")
	}
	return objecttypePersoon
}

const objecttypePersoon = "persoon"
