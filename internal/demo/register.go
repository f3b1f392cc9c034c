package demo

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/google/uuid"

	"github.com/verantwoord/verantwoord/internal/activiteit"
	"github.com/verantwoord/verantwoord/internal/beheerlog"
	"github.com/verantwoord/verantwoord/internal/server"
)

// verantwoording is the activity of the log itself. Nothing is logged under it, so it is not in the table.
const verantwoording = "0e7c3a52-6f0b-4d5e-9b57-2a4f8b1c9d63"

// beschrijving is what the register says of an activity beside what is in the table. Kinds of data are "role: one, two"; after
// a kind of data may stand its sort, as in "BSN!bsn".
type beschrijving struct {
	betrokkenen, gegevens, ontvangers []string
	herkomst, eigenaar                string
	verwerkers                        []activiteit.Verwerker
	uitzonderingen                    []string
}

const (
	zelfEnBRP = "De inwoner zelf en de basisregistratie personen."
	beveiligd = "Alleen medewerkers die dit werk doen, kunnen bij de gegevens. Zij melden zich aan in twee stappen, en elk gebruik wordt vastgelegd. De opslag is versleuteld."
)

var (
	hosting = activiteit.Verwerker{Naam: "Rekencentrum Voorbeeldland", Contact: "privacy@rekencentrum.example", Overeenkomst: "Contractregister 2025-014"}
	drukker = activiteit.Verwerker{Naam: "Drukkerij De Envelop", Contact: "avg@envelop.example", Overeenkomst: "Contractregister 2024-112"}
)

// beschrijvingen are those of the municipality. An activity that is not here has the general one.
var beschrijvingen = map[string]beschrijving{
	bijhoudenBRP: {[]string{"inwoners", "mensen die hier hebben gewoond"}, []string{"inwoner: naam, adres, geboortedatum en geboorteplaats, BSN!bsn, nationaliteit, partner, ouders en kinderen"},
		[]string{"overheden en andere organisaties die de wet noemt"}, "De inwoner zelf, akten van de burgerlijke stand en andere gemeenten.", "teamleider Burgerzaken", []activiteit.Verwerker{hosting}, nil},
	verhuizen: {[]string{"mensen die verhuizen", "hoofdbewoners"}, []string{"aangever: naam, BSN!bsn, oud en nieuw adres, datum van verhuizing", "hoofdbewoner: naam, toestemming voor inwoning"},
		nil, zelfEnBRP, "teamleider Burgerzaken", nil, nil},
	huwelijk: {[]string{"aanstaande partners", "getuigen"}, []string{"partner: naam, BSN!bsn, geboortedatum, burgerlijke staat", "getuige: naam, kopie van het identiteitsbewijs"},
		[]string{"ambtenaar van de burgerlijke stand die het huwelijk voltrekt"}, zelfEnBRP, "teamleider Burgerzaken", nil, nil},
	reisdocument: {[]string{"aanvragers van een paspoort of identiteitskaart", "ouders van jonge aanvragers"}, []string{"aanvrager: naam, BSN!bsn, pasfoto, handtekening, vingerafdrukken!bijzonder"},
		[]string{"Rijksdienst voor Identiteitsgegevens", "producent van de documenten"}, zelfEnBRP, "teamleider Burgerzaken", nil, []string{"uavg29"}},
	leerlingenvervoer: {[]string{"leerlingen", "ouders"}, []string{"leerling: naam, adres, BSN!bsn, school, schooltijden", "ouder: naam, telefoonnummer"},
		[]string{"vervoersbedrijf"}, zelfEnBRP, "teamleider Onderwijs", nil, nil},
	wmo: {[]string{"inwoners die ondersteuning vragen", "mantelzorgers"}, []string{"inwoner: naam en adres, BSN!bsn, gezondheid en beperkingen!bijzonder, inkomen voor de eigen bijdrage", "mantelzorger: naam, telefoonnummer"},
		[]string{"zorgaanbieders", "Centraal Administratie Kantoor"}, "De inwoner zelf, de mantelzorger en de huisarts als de inwoner dat goedvindt.", "teamleider Wmo", []activiteit.Verwerker{hosting}, []string{"uavg30_3"}},
	jeugd: {[]string{"kinderen en jongeren", "ouders en verzorgers"}, []string{"kind: naam, BSN!bsn, gezondheid en ontwikkeling!bijzonder, school", "ouder: naam, gezag, telefoonnummer"},
		[]string{"jeugdhulpaanbieders", "gecertificeerde instelling"}, "De ouders, het kind, de school en de huisarts.", "teamleider Jeugd", []activiteit.Verwerker{hosting}, []string{"uavg30_3"}},
	bijstand: {[]string{"aanvragers van een uitkering", "partners"}, []string{"aanvrager: naam en adres, BSN!bsn, inkomen en vermogen, rekeningnummer, woonsituatie", "partner: naam, BSN!bsn, inkomen"},
		[]string{"Uitvoeringsinstituut Werknemersverzekeringen", "Belastingdienst"}, "De aanvrager zelf, Suwinet en de basisregistratie personen.", "teamleider Inkomen", nil, nil},
	fraude: {[]string{"mensen met een uitkering over wie een melding is gedaan", "getuigen"}, []string{"onderzochte: naam en adres, BSN!bsn, inkomen, waarnemingen, vermoeden van een strafbaar feit!strafrechtelijk", "getuige: naam, verklaring"},
		[]string{"Openbaar Ministerie, bij aangifte"}, "Meldingen, Suwinet, eigen onderzoek en getuigen.", "coördinator Handhaving", nil, []string{"uavg33_1a"}},
	parkeren: {[]string{"aanvragers van een parkeervergunning", "bezoekers"}, []string{"aanvrager: naam en adres, BSN!bsn, kenteken", "bezoeker: kenteken"},
		[]string{"handhavers van de gemeente"}, "De aanvrager zelf, de basisregistratie personen en het kentekenregister.", "teamleider Vergunningen",
		[]activiteit.Verwerker{{Naam: "Parkeerdiensten De Slagboom", Contact: "privacy@slagboom.example", Overeenkomst: "Contractregister 2025-031"}}, nil},
	omgevingswet: {[]string{"aanvragers", "omwonenden die een zienswijze geven"}, []string{"aanvrager: naam en adres, telefoonnummer, bouwplan, kosten van de bouw", "omwonende: naam en adres, zienswijze"},
		[]string{"adviseurs zoals de welstandscommissie", "waterschap en provincie"}, "De aanvrager zelf en omwonenden.", "teamleider Vergunningen", nil, nil},
	vragen: {[]string{"mensen die bellen, mailen of langskomen"}, []string{"vrager: naam, telefoonnummer of e-mailadres, vraag, antwoord"},
		[]string{"de afdeling die de vraag beantwoordt"}, "De vrager zelf.", "teamleider Klantcontact", nil, nil},
	klacht: {[]string{"mensen die een klacht indienen", "medewerkers over wie de klacht gaat"}, []string{"klager: naam en adres, klacht", "medewerker: naam, reactie op de klacht"},
		[]string{"Nationale ombudsman, als die erom vraagt"}, "De klager en de medewerker.", "klachtencoördinator", nil, nil},
	woz: {[]string{"eigenaren en gebruikers van woningen en bedrijfspanden"}, []string{"eigenaar: naam en adres, BSN!bsn, kenmerken van de woning, aanslag, betaling"},
		[]string{"Belastingdienst", "waterschap"}, "Het kadaster, de basisregistratie personen en de eigenaar zelf.", "heffingsambtenaar", []activiteit.Verwerker{drukker}, nil},
	kwijtschelding: {[]string{"mensen die kwijtschelding vragen", "partners"}, []string{"aanvrager: naam en adres, BSN!bsn, inkomen en vermogen, schulden"},
		nil, "De aanvrager zelf en het Inlichtingenbureau.", "heffingsambtenaar", nil, nil},
}

// gewoneBeschrijving is of the others.
var gewoneBeschrijving = beschrijving{[]string{"inwoners"}, []string{"inwoner: naam en adres, BSN!bsn"}, nil, zelfEnBRP, "teamleider van de afdeling", nil, nil}

var grondslagcodes = map[string]string{wettelijk: "wettelijke_verplichting", publiek: "publieke_taak"}

// inhoud is an activity of the table as the register has it.
func (a *Activiteit) inhoud() activiteit.Inhoud {
	b, ok := beschrijvingen[a.ID]
	if !ok {
		b = gewoneBeschrijving
	}
	in := activiteit.Inhoud{
		Naam: a.Naam, Categorie: a.Categorie, VerantwoordelijkeOrganisatie: a.OIN, VerantwoordelijkeBestuursorgaan: a.Orgaan, Proceseigenaar: b.eigenaar,
		Doel: a.Doel + ".", Grondslagen: []string{grondslagcodes[a.Grondslag]}, ToelichtingGrondslag: a.Toelichting + ".", Uitzonderingen: b.uitzonderingen,
		Betrokkenen: b.betrokkenen, Bewaartermijn: a.Bewaartermijn + ".", Herkomst: b.herkomst, Ontvangers: b.ontvangers, Verwerkers: b.verwerkers, Beveiliging: beveiligd,
		Log: activiteit.Logprofiel{Omvang: activiteit.OmvangVolledig, Gebruiker: true, Soorten: true}, BewaartermijnLog: a.BewaartermijnLog,
	}
	for _, regel := range b.gegevens {
		rol, rest, _ := strings.Cut(regel, ": ")
		for naam := range strings.SplitSeq(rest, ", ") {
			naam, soort, _ := strings.Cut(naam, "!")
			in.Persoonsgegevens = append(in.Persoonsgegevens, activiteit.Persoonsgegeven{Rol: rol, Naam: naam, Soort: soort})
		}
	}
	if a.ID == fraude {
		in.Vertrouwelijkheid, in.GrondVertrouwelijk, in.DuurVertrouwelijkheid = activiteit.Vertrouwelijk, "toezicht", "P2Y"
	}
	return in
}

// eerder is what some activities said before: changes the text of today into that of then.
var eerder = map[string]func(*activiteit.Inhoud){
	parkeren: func(i *activiteit.Inhoud) {
		i.Betrokkenen, i.Persoonsgegevens, i.Verwerkers = i.Betrokkenen[:1], i.Persoonsgegevens[:len(i.Persoonsgegevens)-1], nil
	},
	wmo: func(i *activiteit.Inhoud) {
		i.Ontvangers, i.Bewaartermijn, i.BewaartermijnLog = i.Ontvangers[:1], "7 jaar na beëindiging.", "P3Y"
	},
	klacht: func(i *activiteit.Inhoud) { i.Doel = "Klachten afhandelen."; i.Ontvangers = nil },
}

// functies of applications, and the activity each belongs to.
var functies = []activiteit.Koppeling{
	{Applicatie: "burgerzaken", Functie: "verhuizing-verwerken", Activiteit: uuid.MustParse(verhuizen)},
	{Applicatie: "burgerzaken", Functie: "huwelijk-voorbereiden", Activiteit: uuid.MustParse(huwelijk)},
	{Applicatie: "burgerzaken", Functie: "reisdocument-aanvragen", Activiteit: uuid.MustParse(reisdocument)},
	{Applicatie: "sociaal-domein", Functie: "wmo-melding", Activiteit: uuid.MustParse(wmo)},
	{Applicatie: "sociaal-domein", Functie: "uitkering-aanvragen", Activiteit: uuid.MustParse(bijstand)},
	{Applicatie: "fraudeonderzoek", Functie: "dossier-onderzoeken", Activiteit: uuid.MustParse(fraude), Toelichting: "Alleen voor medewerkers van Handhaving."},
	{Applicatie: "vergunningen", Functie: "parkeervergunning-beoordelen", Activiteit: uuid.MustParse(parkeren)},
	{Applicatie: "vergunningen", Functie: "omgevingsvergunning-beoordelen", Activiteit: uuid.MustParse(omgevingswet)},
	{Applicatie: "klantcontact", Functie: "vraag-vastleggen", Activiteit: uuid.MustParse(vragen)},
	{Applicatie: "belastingen", Functie: "aanslag-opleggen", Activiteit: uuid.MustParse(woz)},
}

// leveringen to other organisations.
var leveringen = []activiteit.Levering{
	{Afnemer: oinWaterschap, Gegevensset: "personen/adres", Doel: waterschapsheffing, Activiteit: uuid.MustParse(verstrekkenBuiten), Toelichting: "Verordening gegevensverstrekking, artikel 4."},
	{Afnemer: oinZorgaanbieder, Gegevensset: "wmo/toewijzing", Doel: "leveren van ondersteuning", Activiteit: uuid.MustParse(wmo)},
	{Afnemer: oinGemeente, Gegevensset: "personen/woonsituatie", Doel: fraude, Activiteit: uuid.MustParse(fraude), Vertrouwelijk: true},
}

// vulRegister fills the register of verwerkingsactiviteiten, once: with all of the table, some in a second version, one that is
// confidential, one that is no more than a concept, and what the log itself rests on.
func vulRegister(ctx context.Context, s *server.Server, nu time.Time) error {
	r := s.Activiteiten()
	for _, oin := range []string{oinGemeente, oinWaterschap} {
		d := activiteit.Dader{OIN: oin, Wie: beheerlog.Opdrachtregel, Mag: func(string) bool { return true }}
		bestaand, err := r.Lijst(d, activiteit.Filter{})
		if err != nil || len(bestaand) > 0 {
			return err
		}
		if err := vulActiviteiten(ctx, r, d, nu); err != nil {
			return fmt.Errorf("fill the register of activities: %w", err)
		}
	}
	d := activiteit.Dader{OIN: oinGemeente, Wie: beheerlog.Opdrachtregel, Mag: func(string) bool { return true }}
	for _, k := range functies {
		if _, err := r.ZetKoppeling(ctx, d, k); err != nil {
			return fmt.Errorf("couple a function: %w", err)
		}
	}
	for _, l := range leveringen {
		if _, err := r.ZetLevering(ctx, d, l); err != nil {
			return fmt.Errorf("add a delivery: %w", err)
		}
	}
	if _, err := r.Begin(ctx, d, activiteit.Inhoud{Naam: "Plaatsen van laadpalen op verzoek", Categorie: "Vergunningen", VerantwoordelijkeOrganisatie: oinGemeente}); err != nil {
		return fmt.Errorf("begin a concept: %w", err)
	}
	err := r.ZetLoggrond(ctx, d, activiteit.Loggrond{
		Activiteit: uuid.MustParse(verantwoording), Vloer: "P1Y", Maximum: "P10Y", Selectielijst: "VB-1",
		Plichten: []activiteit.Plicht{
			{Plicht: "AVG artikel 5 lid 2", Grondslag: "wettelijke_verplichting", Toelichting: "Kunnen aantonen dat gegevens alleen zijn gebruikt waarvoor dat mag."},
			{Plicht: "AVG artikel 15", Grondslag: "wettelijke_verplichting", Toelichting: "Inwoners kunnen laten zien wie hun gegevens heeft gebruikt."},
			{Plicht: "Wet SUWI, artikel 62", Grondslag: "wettelijke_verplichting", Toelichting: "Gebruik van gegevens over inkomen vastleggen."},
		},
	})
	if err != nil {
		return fmt.Errorf("set the ground of the log: %w", err)
	}
	return r.ZetVerantwoordelijke(ctx, d, activiteit.Verantwoordelijke{
		Naam: "College van burgemeester en wethouders van Voorbeeldstad", Adres: "Marktplein 1\n1234 AB Voorbeeldstad",
		Contact: activiteit.Contact{Naam: "Loket privacy", Email: "privacy@voorbeeldstad.example", Telefoon: "14 099"},
		FG:      activiteit.Contact{Naam: "Functionaris gegevensbescherming", Email: "fg@voorbeeldstad.example"},
	})
}

// vulActiviteiten makes the activities of an organisation definite, since the first of January of the year before last and the
// changed ones since that of this year, and public.
func vulActiviteiten(ctx context.Context, r *activiteit.Register, d activiteit.Dader, nu time.Time) error {
	begin, later := activiteit.Datum(fmt.Sprintf("%d-01-01", nu.Year()-2)), activiteit.Datum(fmt.Sprintf("%d-01-01", nu.Year()))
	var eerste, tweede []activiteit.Invoer
	for k := range Activiteiten {
		a := &Activiteiten[k]
		if a.OIN != d.OIN {
			continue
		}
		id, in := uuid.MustParse(a.ID), a.inhoud()
		if toen, ok := eerder[a.ID]; ok {
			tweede = append(tweede, activiteit.Invoer{ID: id, Stand: 1, Ingangsdatum: later, Inhoud: in})
			in = a.inhoud()
			toen(&in)
		}
		eerste = append(eerste, activiteit.Invoer{ID: id, Ingangsdatum: begin, Inhoud: in})
	}
	if d.OIN == oinGemeente {
		log := (&Activiteit{
			ID: verantwoording, OIN: d.OIN, Orgaan: college, Categorie: "Verantwoording", Naam: "Verantwoording van verwerkingen",
			Doel:      "Vastleggen wie welke gegevens heeft gebruikt en waarom, zodat de gemeente daarover verantwoording kan afleggen",
			Grondslag: wettelijk, Toelichting: "AVG, artikelen 5 lid 2, 15 en 24", Bewaartermijn: "Ten minste 1 jaar en hoogstens 10 jaar", BewaartermijnLog: "P5Y",
		}).inhoud()
		eerste = append(eerste, activiteit.Invoer{ID: uuid.MustParse(verantwoording), Ingangsdatum: begin, Inhoud: log})
	}
	for _, invoer := range [][]activiteit.Invoer{eerste, tweede} {
		if _, err := r.Importeer(ctx, d, invoer, true); err != nil {
			return err
		}
	}
	alle, err := r.Lijst(d, activiteit.Filter{})
	if err != nil {
		return err
	}
	for _, a := range alle {
		if err := r.ZetOpenbaar(ctx, d, a.ID, a.Stand, true); err != nil {
			return err
		}
	}
	return nil
}
