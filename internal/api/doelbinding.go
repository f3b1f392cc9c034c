package api

import (
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/google/uuid"

	"github.com/verantwoord/verantwoord/internal/activiteit"
	"github.com/verantwoord/verantwoord/internal/autorisatie"
	"github.com/verantwoord/verantwoord/internal/fout"
)

// routesDoelbinding are the tables that consumers and providers keep (0026). They stand beside the activities, and nobody reads
// them without a token.
var routesDoelbinding = []route{
	{"/functies", leesDoelbinding(magVAR, (*verzoek).listFuncties)},
	{"/leveringen", leesDoelbinding(func(b *autorisatie.Besluit) bool { return b.Mag(autorisatie.ComponentVAR, autorisatie.VARLeveringen) },
		(*verzoek).listLeveringen, "gegevensset")},
}

func leesDoelbinding(recht func(*autorisatie.Besluit) bool, doe func(*verzoek) error, parameters ...string) []operatie {
	return []operatie{{"GET", recht, false, parameters, doe}, {"HEAD", recht, false, parameters, doe}}
}

// maxGegevensset is how long the name of a set of data can be, in characters.
const maxGegevensset = 242

// listFuncties gives which activity each function of the client belongs to, all that hold today.
func (q *verzoek) listFuncties() error {
	lijst := q.Activiteiten.FunctiesOp(q.besluit.Organisatie, q.besluit.ClientID, q.vandaag())
	return q.tabel(len(lijst), func(b *schrijver, k int) {
		f := lijst[k]
		b.key("functie").tekst(f.Functie)
		q.waarvoor(b, f.Koppeling.Activiteit, f.Versie)
		periode(b, f)
	})
}

// listLeveringen gives who may have which data of the organisation today.
func (q *verzoek) listLeveringen() error {
	set := q.query.Get("gegevensset")
	switch {
	case q.query.Has("gegevensset") && strings.TrimSpace(set) == "":
		return fout.Ongeldig(fout.Param{Name: "gegevensset", Code: "required", Reason: "Deze parameter is leeg; vul hem in of laat hem weg."})
	case utf8.RuneCountInString(set) > maxGegevensset || !utf8.ValidString(set):
		return fout.Ongeldig(fout.Param{Name: "gegevensset", Code: "max_length",
			Reason: "Deze parameter is te lang of niet goed gecodeerd; er mogen " + strconv.Itoa(maxGegevensset) + " tekens in staan."})
	}
	lijst := q.Activiteiten.LeveringenOp(q.besluit.Organisatie, set, q.vandaag())
	return q.tabel(len(lijst), func(b *schrijver, k int) {
		l := lijst[k]
		b.key("afnemer").tekst(l.Afnemer).key("gegevensset").tekst(l.Gegevensset).key("doel").tekst(l.Doel)
		b.key("vertrouwelijk").jaNee(l.Vertrouwelijk)
		q.waarvoor(b, l.Levering.Activiteit, l.Versie)
		periode(b, l)
	})
}

// tabel answers with n rows at once: who keeps a table needs all of it, of one moment.
func (q *verzoek) tabel(n int, rij func(b *schrijver, k int)) error {
	b := schrijver{b: make([]byte, 0, 128+512*n)}
	b.open().key("count").getal(n)
	b.key("next").formaat("").key("previous").formaat("")
	b.key("results").openList()
	for k := range n {
		b.next().open()
		rij(&b, k)
		b.close()
	}
	b.closeList().close()
	return q.gelezen(b.b)
}

// waarvoor writes the activity, and what of it steers the log.
func (q *verzoek) waarvoor(b *schrijver, id uuid.UUID, v *activiteit.Versie) {
	b.key("activiteit").open()
	b.key("id").uuid(id)
	b.key("url").link(q.activiteitURL(), id)
	activiteitLog(b, &v.Inhoud)
	b.close()
}

func periode(b *schrijver, p interface {
	Periode() (van, tot activiteit.Datum)
}) {
	van, tot := p.Periode()
	b.key("van").formaat(string(van)).key("tot").formaat(string(tot))
}
