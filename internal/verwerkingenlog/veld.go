package verwerkingenlog

// Veld is a writable attribute of a Verwerkingsactie, in the order of the dictionary (rows 3-20).
type Veld uint8

// The eighteen writable attributes; a PUT must name them all, and verwerkteObjecten.
const (
	VeldActieNaam Veld = iota
	VeldHandelingNaam
	VeldVerwerkingNaam
	VeldVerwerkingID
	VeldVerwerkingsactiviteitID
	VeldVerwerkingsactiviteitURL
	VeldVertrouwelijkheid
	VeldBewaartermijn
	VeldUitvoerder
	VeldSysteem
	VeldGebruiker
	VeldGegevensbron
	VeldSoortAfnemerID
	VeldAfnemerID
	VeldVerwerkingsactiviteitIDAfnemer
	VeldVerwerkingsactiviteitURLAfnemer
	VeldVerwerkingIDAfnemer
	VeldTijdstip
	AantalVelden
)

// soortVeld is how a value is checked and how empty is written.
type soortVeld uint8

const (
	naam          soortVeld = iota // text <= 242, no persoonsnummer in it
	identificator                  // text <= 40
	uuidVeld
	uri // <= 2042, RFC 3986, absolute
	duur
	oin
	moment
	enum
)

// Lengths of the standard, in characters.
const (
	MaxNaam          = 242
	MaxIdentificator = 40
	MaxURI           = 2042
	MaxToelichting   = 1000
)

var velden = [AantalVelden]struct {
	naam  string // JSON name
	soort soortVeld
}{
	{"actieNaam", naam},
	{"handelingNaam", naam},
	{"verwerkingNaam", naam},
	{"verwerkingId", uuidVeld},
	{"verwerkingsactiviteitId", uuidVeld},
	{"verwerkingsactiviteitUrl", uri},
	{"vertrouwelijkheid", enum},
	{"bewaartermijn", duur},
	{"uitvoerder", oin},
	{"systeem", naam},
	{"gebruiker", identificator},
	{"gegevensbron", naam},
	{"soortAfnemerId", naam},
	{"afnemerId", identificator},
	{"verwerkingsactiviteitIdAfnemer", uuidVeld},
	{"verwerkingsactiviteitUrlAfnemer", uri},
	{"verwerkingIdAfnemer", uuidVeld},
	{"tijdstip", moment},
}

var veldVanNaam = func() map[string]Veld {
	m := make(map[string]Veld, AantalVelden)
	for v := range AantalVelden {
		m[velden[v].naam] = v
	}
	return m
}()

// ParseVeld finds the writable attribute with this JSON name.
func ParseVeld(naam []byte) (Veld, bool) {
	v, ok := veldVanNaam[string(naam)]
	return v, ok
}

// String is the JSON name.
func (v Veld) String() string { return velden[v].naam }

// Invoer is an actie as a client sent it: texts, not yet checked. Absent, null and "" are the same,
// but for Aanwezig, which a PUT needs.
type Invoer struct {
	Waarde           [AantalVelden]string
	Aanwezig         uint32 // bit per Veld: the key was there, whatever its value
	ActieID          string
	Objecten         []InvoerObject
	ObjectenAanwezig bool
}

// Set notes a key and its value.
func (i *Invoer) Set(v Veld, waarde string) {
	i.Aanwezig |= 1 << v
	i.Waarde[v] = waarde
}

// Has tells whether the key was there.
func (i *Invoer) Has(v Veld) bool { return i.Aanwezig&(1<<v) != 0 }

// InvoerObject is one element of verwerkteObjecten as sent.
type InvoerObject struct {
	ID            string // verwerktObjectId
	Objecttype    string
	SoortObjectID string
	ObjectID      string
	Betrokkenheid string
	Soorten       []string
}
