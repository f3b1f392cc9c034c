package procesapplicatie

import (
	"context"
	"net/http"
	"strings"
	"time"

	"github.com/verantwoord/verantwoord/internal/keten/magazijn"
)

// medewerker is who sits at the screen: a key within the application, never a name (B9207).
const medewerker = "medewerker-17"

func eersteOpdracht() Opdracht {
	b := magazijn.Bewoners[0]
	return Opdracht{Functie: Aanslag, Vraag: Adres, Situatie: MetSDK, BSN: b.BSN, Geslachtsnaam: b.Geslachtsnaam, Geboortedatum: b.Geboortedatum}
}

// keuze is one of several values of a form.
type keuze struct {
	Waarde, Tekst, Uitleg string
	Gekozen               bool
}

// beginBlad is what begin.html gets.
type beginBlad struct {
	Fouten                       []veldfout
	Functies, Vragen, Situaties  []keuze
	Personen                     []keuze
	Geslachtsnaam, Geboortedatum string
	Logs                         []schakelaar
	Terug                        string
	Eerder                       []eerder
	Adressen                     []Adresregel
}

// rondjes is what a group of radio buttons gets.
type rondjes struct {
	Naam, Label string
	Keuzes      []keuze
	Fout        string
}

func newRondjes(naam, label string, keuzes any, fout string) rondjes {
	k, _ := keuzes.([]keuze)
	return rondjes{naam, label, k, fout}
}

type veldfout struct{ Veld, Tekst string }

type eerder struct {
	ID, Tekst string
	Moment    time.Time
}

// Fout gives what is wrong with a field.
func (b beginBlad) Fout(veld string) string {
	for _, f := range b.Fouten {
		if f.Veld == veld {
			return f.Tekst
		}
	}
	return ""
}

func (p *Pagina) begin(w http.ResponseWriter, r *http.Request) {
	p.mu.Lock()
	o := p.laatste
	p.mu.Unlock()
	p.schrijf(w, r, http.StatusOK, "begin", "Gegevens opvragen bij de gemeente", p.beginBlad(o, nil))
}

func (p *Pagina) beginBlad(o Opdracht, fouten []veldfout) beginBlad {
	b := beginBlad{Fouten: fouten, Geslachtsnaam: o.Geslachtsnaam, Geboortedatum: o.Geboortedatum, Logs: p.schakelaars(), Adressen: p.o.Adressen}
	for _, f := range functies {
		b.Functies = append(b.Functies, keuze{f.naam, f.tekst, f.uitleg, f.naam == o.Functie})
	}
	b.Vragen = []keuze{
		{Adres, "Het adres van iemand", "Naam en adres van de persoon die u hieronder kiest.", o.Vraag == Adres},
		{Documenten, "De documenten over iemand", "Alleen de titels, van de persoon die u hieronder kiest.", o.Vraag == Documenten},
		{Zoeken, "Zoeken op naam en geboortedatum", "Wie het zijn, blijkt pas uit het antwoord. Vul de naam en datum hieronder in.", o.Vraag == Zoeken},
	}
	b.Situaties = []keuze{
		{"1", "Nieuw: met de SDK (situatie 1)", "Vertelt de gemeente waarvoor zij vraagt.", o.Situatie == MetSDK},
		{"2", "Oud: zonder de SDK (situatie 2)", "Legt zelf wel vast, maar vertelt de gemeente niets.", o.Situatie == ZonderSDK},
	}
	for _, m := range magazijn.Bewoners {
		b.Personen = append(b.Personen, keuze{m.BSN, m.Voornamen + " " + m.Geslachtsnaam + " (" + m.BSN + ")", "", m.BSN == o.BSN})
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, e := range p.opvragingen {
		b.Eerder = append(b.Eerder, eerder{e.id, e.samenvatting.Kop, e.moment})
	}
	return b
}

// lees takes the form, and tells what is wrong with it. What is wrong is never repeated.
func lees(r *http.Request) (Opdracht, []veldfout) {
	v := func(naam string) string { return strings.TrimSpace(r.PostFormValue(naam)) }
	o := Opdracht{
		Functie: v("functie"), Vraag: v("vraag"), BSN: v("bsn"), Geslachtsnaam: v("geslachtsnaam"), Geboortedatum: v("geboortedatum"),
		Situatie: map[string]int{"1": MetSDK, "2": ZonderSDK}[v("situatie")], Gebruiker: medewerker,
	}
	var fouten []veldfout
	mis := func(veld, tekst string) { fouten = append(fouten, veldfout{veld, tekst}) }
	if _, ok := functieVan(o.Functie); !ok {
		mis("functie", "Kies waarvoor u gegevens opvraagt.")
	}
	if o.Vraag != Adres && o.Vraag != Documenten && o.Vraag != Zoeken {
		mis("vraag", "Kies wat u wilt weten.")
	}
	if o.Situatie == 0 {
		mis("situatie", "Kies met welke applicatie u vraagt.")
	}
	if o.Vraag == Zoeken {
		if o.Geslachtsnaam == "" || len(o.Geslachtsnaam) > 100 {
			mis("geslachtsnaam", "Vul een achternaam in van hoogstens 100 tekens.")
		}
		if _, err := time.Parse(time.DateOnly, o.Geboortedatum); err != nil {
			mis("geboortedatum", "Vul een datum in.")
		}
	} else if len(o.BSN) != 9 || strings.Trim(o.BSN, "0123456789") != "" {
		mis("bsn", "Kies een persoon.")
	}
	return o, fouten
}

// vraag does a look-up, keeps what was noted of it, and leads to the page of it.
func (p *Pagina) vraag(w http.ResponseWriter, r *http.Request) {
	o, fouten := lees(r)
	if fouten != nil {
		p.schrijf(w, r, http.StatusBadRequest, "begin", "Gegevens opvragen bij de gemeente", p.beginBlad(o, fouten))
		return
	}
	// A visitor who goes away halfway does not change what happens.
	op := p.doe(context.WithoutCancel(r.Context()), o)
	http.Redirect(w, r, "/opvragingen/"+op.id, http.StatusSeeOther)
}

func (p *Pagina) doe(ctx context.Context, o Opdracht) *opvraging {
	p.beurt.Lock()
	defer p.beurt.Unlock()
	nr, gelezen := p.o.Boek.Nr(), p.o.Landschap.Gelezen()
	op := &opvraging{opdracht: o, moment: time.Now()}
	u := p.o.Applicatie.Vraag(ctx, o)
	op.verwerking, op.verloop = u.VerwerkingID, newVerloop(o, u, p.o.Boek.Sinds(nr))
	op.samenvatting = samenvatting(o, u, op.verloop.vertrouwelijk)
	op.gelezen = p.o.Landschap.Gelezen() - gelezen
	if u.gelukt() {
		op.gevonden = &gevondene{u.Personen, u.Documenten, o.Vraag}
	}
	p.bewaar(op)
	return op
}
