package demo

import (
	"math/rand/v2"
	"slices"
	"time"

	"github.com/google/uuid"
)

// verhaal is a chain of calls to the register that must be made in this order: one task of one
// organisation, with what its consumers and providers log of it.
type verhaal struct{ stappen []stap }

// stap is one call.
type stap struct {
	client, methode string
	actie           *actie            // POST
	op              int               // PUT, DELETE: the stap of this verhaal that made the actie
	verwerking      string            // PATCH
	wijzig          map[string]string // PUT, PATCH
	toelichting     string
}

// actie is the body of a POST, with the names of the standard.
type actie struct {
	ActieNaam                       string   `json:"actieNaam"`
	HandelingNaam                   string   `json:"handelingNaam,omitempty"`
	VerwerkingNaam                  string   `json:"verwerkingNaam,omitempty"`
	VerwerkingID                    string   `json:"verwerkingId,omitempty"`
	VerwerkingsactiviteitID         string   `json:"verwerkingsactiviteitId,omitempty"`
	VerwerkingsactiviteitURL        string   `json:"verwerkingsactiviteitUrl,omitempty"`
	Vertrouwelijkheid               string   `json:"vertrouwelijkheid"`
	Bewaartermijn                   string   `json:"bewaartermijn,omitempty"`
	Uitvoerder                      string   `json:"uitvoerder,omitempty"`
	Systeem                         string   `json:"systeem,omitempty"`
	Gebruiker                       string   `json:"gebruiker,omitempty"`
	Gegevensbron                    string   `json:"gegevensbron,omitempty"`
	SoortAfnemerID                  string   `json:"soortAfnemerId,omitempty"`
	AfnemerID                       string   `json:"afnemerId,omitempty"`
	VerwerkingsactiviteitIDAfnemer  string   `json:"verwerkingsactiviteitIdAfnemer,omitempty"`
	VerwerkingsactiviteitURLAfnemer string   `json:"verwerkingsactiviteitUrlAfnemer,omitempty"`
	VerwerkingIDAfnemer             string   `json:"verwerkingIdAfnemer,omitempty"`
	Tijdstip                        string   `json:"tijdstip"`
	VerwerkteObjecten               []object `json:"verwerkteObjecten"`
}

// object is a person in an actie.
type object struct {
	Objecttype               string         `json:"objecttype"`
	SoortObjectID            string         `json:"soortObjectId"`
	ObjectID                 string         `json:"objectId"`
	Betrokkenheid            string         `json:"betrokkenheid,omitempty"`
	VerwerkteSoortenGegevens []soortGegeven `json:"verwerkteSoortenGegevens,omitempty"`
}

type soortGegeven struct {
	SoortGegeven string `json:"soortGegeven"`
}

// als gives a person in a role, with the kinds of data that are processed.
func als(betrokkenheid string, persoon bsn, soorten ...string) object {
	o := object{Objecttype: "persoon", SoortObjectID: "BSN", ObjectID: string(persoon), Betrokkenheid: betrokkenheid}
	for _, s := range soorten {
		o.VerwerkteSoortenGegevens = append(o.VerwerkteSoortenGegevens, soortGegeven{s})
	}
	return o
}

// allen gives several persons in the same role.
func allen(betrokkenheid string, personen []bsn, soorten ...string) []object {
	var list []object
	for _, p := range personen {
		list = append(list, als(betrokkenheid, p, soorten...))
	}
	return list
}

// draaiboek is the script while it is drawn. All chance comes from r.
type draaiboek struct {
	*kalender
	r          *rand.Rand
	bewoners   []*huishouden
	gebruikers map[*applicatie][]string
	verhalen   []*verhaal
}

// onderwerpen says what happens in a year, and how often.
var onderwerpen = []struct {
	keer  int
	speel func(*draaiboek)
}{
	{64, (*draaiboek).verhuizing},
	{8, (*draaiboek).huwelijk},
	{72, (*draaiboek).reisdocument},
	{9, (*draaiboek).geboorte},
	{60, (*draaiboek).uittreksel},
	{44, (*draaiboek).wmo},
	{24, (*draaiboek).jeugdhulp},
	{14, (*draaiboek).bijstand},
	{9, (*draaiboek).schuldhulp},
	{6, (*draaiboek).uitkering},
	{32, (*draaiboek).omgevingsvergunning},
	{60, (*draaiboek).parkeervergunning},
	{12, (*draaiboek).evenement},
	{180, (*draaiboek).gesprek},
	{24, (*draaiboek).klacht},
	{1, (*draaiboek).aanslagen},
	{20, (*draaiboek).bezwaar},
	{26, (*draaiboek).kwijtschelding},
	{12, (*draaiboek).incasso},
	{34, (*draaiboek).waterschapsheffing},
	{145, (*draaiboek).bezoek},
	{14, (*draaiboek).verkeerdeActiviteit},
	{12, (*draaiboek).dubbelVastgelegd},
	{1, (*draaiboek).onderzoeken},
	{1, (*draaiboek).leerlingenvervoer},
}

// newDraaiboek draws the script: what happened in the year before nu, in order of time.
func newDraaiboek(zaad uint64, nu time.Time) ([]*verhaal, error) {
	r := rand.New(rand.NewPCG(zaad, 2))
	k, err := newKalender(r, nu)
	if err != nil {
		return nil, err
	}
	d := &draaiboek{kalender: k, r: r, bewoners: newBewoners(zaad), gebruikers: map[*applicatie][]string{}}
	for _, t := range applicaties {
		for range t.gebruikers {
			d.gebruikers[t] = append(d.gebruikers[t], d.uuid())
		}
	}
	for _, o := range onderwerpen {
		for range o.keer {
			o.speel(d)
		}
	}
	// What would begin after now is not there.
	d.verhalen = slices.DeleteFunc(d.verhalen, func(v *verhaal) bool { return len(v.stappen) == 0 })
	// Each verhaal in the order in which it began; the register sees them come in about as they did.
	slices.SortStableFunc(d.verhalen, func(a, b *verhaal) int { return a.begin().Compare(b.begin()) })
	return d.verhalen, nil
}

// begin is the moment of the first actie.
func (v *verhaal) begin() time.Time {
	t, err := time.Parse(time.RFC3339, v.stappen[0].actie.Tijdstip)
	if err != nil {
		panic("moment in the script is unreadable: " + err.Error())
	}
	return t
}

// kies draws one of a list.
func kies[T any](r *rand.Rand, list []T) T { return list[r.IntN(len(list))] }

// kans is true in so many of a hundred cases.
func (d *draaiboek) kans(procent int) bool { return d.r.IntN(100) < procent }

// uuid draws a UUID v4.
func (d *draaiboek) uuid() string {
	var id uuid.UUID
	for k := range id {
		id[k] = byte(d.r.UintN(256))
	}
	id[6] = id[6]&0x0f | 0x40
	id[8] = id[8]&0x3f | 0x80
	return id.String()
}

// huishouden draws a household; gezin one with children.
func (d *draaiboek) huishouden() *huishouden { return kies(d.r, d.bewoners) }

func (d *draaiboek) gezin() *huishouden {
	for {
		if h := d.huishouden(); len(h.kinderen) > 0 {
			return h
		}
	}
}

// volwassene draws an adult.
func (d *draaiboek) volwassene() bsn { return kies(d.r, d.huishouden().volwassenen) }

// anderen draws n adults who live elsewhere.
func (d *draaiboek) anderen(n int, dan *huishouden) []bsn {
	var list []bsn
	for len(list) < n {
		h := d.huishouden()
		if p := kies(d.r, h.volwassenen); h != dan && !slices.Contains(list, p) {
			list = append(list, p)
		}
	}
	return list
}

// getoond gives the result of a search that found a person among others. The order does not reveal
// who was meant (B1598).
func (d *draaiboek) getoond(gezocht bsn) []object {
	gevonden := []bsn{gezocht}
	for range d.r.IntN(4) {
		if p := d.volwassene(); !slices.Contains(gevonden, p) {
			gevonden = append(gevonden, p)
		}
	}
	slices.Sort(gevonden)
	return allen("Getoond in zoekresultaat", gevonden)
}
