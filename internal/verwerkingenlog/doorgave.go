package verwerkingenlog

import (
	"net/textproto"
	"strconv"

	"github.com/google/uuid"

	"github.com/verantwoord/verantwoord/internal/fout"
)

// Doorgave is what a consumer passes on about its own verwerking in HTTP headers (B9177); the
// provider logs it as the afnemer attributes.
type Doorgave struct {
	OIN                  string
	ActiviteitID         uuid.UUID
	ActiviteitURL        string
	VerwerkingID         uuid.UUID
	Vertrouwelijkheid    Vertrouwelijkheid
	HasVertrouwelijkheid bool
	Bewaartermijn        string
}

// InzageVerplicht tells whether the organisation refuses an inzage without the headers that say who
// looks and why (X15).
func (l *Log) InzageVerplicht(oin string) bool { return !l.opties.Organisatie(oin).InzageTolerant }

// ParseDoorgave reads the propagation headers. verplicht asks for those that the Inzage API demands
// . values gives all values of a header, whose name is in canonical form.
//
// Errors: CodeOngeldig naming every wrong or missing header.
func ParseDoorgave(values func(name string) []string, verplicht bool) (Doorgave, error) {
	var c controle
	one := func(name string, required bool) string {
		switch v := values(textproto.CanonicalMIMEHeaderKey(name)); {
		case len(v) > 1:
			c.add(name, "invalid", "Deze header mag maar één keer voorkomen.")
		case len(v) == 1 && v[0] != "":
			return v[0]
		case required && verplicht:
			c.add(name, "required", "Deze header is verplicht bij inzage: het register legt vast wie er kijkt en waarom.")
		}
		return ""
	}
	d := Doorgave{
		OIN:           c.oin("OIN", one("OIN", true)),
		ActiviteitID:  c.uuid("VerwerkingsactiviteitId", one("VerwerkingsactiviteitId", true)),
		ActiviteitURL: c.uri("VerwerkingsactiviteitUrl", one("VerwerkingsactiviteitUrl", true)),
		VerwerkingID:  c.uuid("VerwerkingId", one("VerwerkingId", false)),
	}
	if s := one("Vertrouwelijkheid", false); s != "" {
		if d.Vertrouwelijkheid, d.HasVertrouwelijkheid = ParseVertrouwelijkheid(s); !d.HasVertrouwelijkheid {
			c.add("Vertrouwelijkheid", "invalid_choice", "Kies normaal, vertrouwelijk of opgeheven.")
		}
	}
	if s := one("Bewaartermijn", false); s != "" {
		if years, err := strconv.ParseUint(s, 10, 16); err == nil { // notation of before 2021
			s = "P" + strconv.FormatUint(years, 10) + "Y"
		}
		d.Bewaartermijn = c.duur("Bewaartermijn", s)
	}
	from := len(c.params)
	c.persoonsnummers(&Verwerkingsactie{VerwerkingsactiviteitURL: d.ActiviteitURL})
	for k := from; k < len(c.params); k++ {
		c.params[k].Name = "VerwerkingsactiviteitUrl" // the header has a name of its own
	}
	if c.params != nil {
		return Doorgave{}, fout.Ongeldig(c.params...)
	}
	return d, nil
}
