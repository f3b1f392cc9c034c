package beheer_test

import (
	"context"
	"io"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"

	"github.com/verantwoord/verantwoord/internal/fout"
	"github.com/verantwoord/verantwoord/internal/web/beheer"
	"github.com/verantwoord/verantwoord/internal/web/pagina"
)

// Activities of the municipality of the tests: one that holds in its second version with a change in the making, one that is
// confidential, one that never was definite, one that ended, one that begins later.
var (
	parkeren, fraude, nieuw, loket, sportpas = id(301), id(302), id(303), id(304), id(305)
	koppelingID, leveringID, bestandID       = id(351), id(361), id(371)
)

const oinProef = "00000099123456780000"

type activiteiten struct{ *proef }

func inhoudParkeren() beheer.ActiviteitInhoud {
	return beheer.ActiviteitInhoud{
		Naam: "Verlenen van parkeervergunningen", Nummer: "V-012", Categorie: "Vergunningen", VerantwoordelijkeOrganisatie: oinProef,
		VerantwoordelijkeBestuursorgaan: "College van burgemeester en wethouders", Proceseigenaar: "Teamleider Vergunningen",
		Doel: "De schaarse parkeerruimte verdelen onder wie er woont of werkt.", Grondslagen: []string{"publieke_taak"},
		ToelichtingGrondslag: "Gemeentewet, artikel 225, en de Parkeerverordening Voorbeeldstad.", Betrokkenen: []string{"aanvragers van een vergunning", "bezoekers"},
		Persoonsgegevens: []beheer.SoortGegeven{{Rol: "aanvrager", Naam: "naam en adres"}, {Rol: "aanvrager", Naam: "burgerservicenummer", Soort: "bsn"}, {Rol: "aanvrager", Naam: "kenteken"}, {Rol: "bezoeker", Naam: "kenteken"}},
		Bewaartermijn:    "Verleend: 1 jaar na afloop.\nGeweigerd: 1 jaar.", Herkomst: "De aanvrager zelf en de basisregistratie personen.", Ontvangers: []string{"handhavers van de gemeente"},
		Verwerkers:  []beheer.Verwerker{{Naam: "Parkeersoftware B.V.", Contact: "privacy@parkeersoftware.example", Overeenkomst: "contractregister 2024-118"}},
		Beveiliging: "Alleen medewerkers van Vergunningen kunnen erbij. Elke inzage wordt vastgelegd.", LogOmvang: "volledig", LogGebruiker: true, LogSoorten: true, BewaartermijnLog: "P2Y",
		Overig: []beheer.ActiviteitVeld{{Naam: "DPIA uitgevoerd", Waarde: "nee, niet nodig"}},
	}
}

func (a activiteiten) alle() []beheer.ActiviteitBlad {
	toen := time.Date(2025, 1, 14, 9, 0, 0, 0, time.UTC)
	eerste, tweede, concept := inhoudParkeren(), inhoudParkeren(), inhoudParkeren()
	eerste.Doel, eerste.Ontvangers, eerste.BewaartermijnLog = "De schaarse parkeerruimte verdelen.", nil, "P1Y"
	concept.InternationaleDerden, concept.Betrokkenen = []string{"Parkeersoftware Inc., Verenigde Staten"}, []string{"aanvragers van een vergunning"}
	onderzoek := inhoudParkeren()
	onderzoek.Naam, onderzoek.Nummer, onderzoek.Categorie, onderzoek.Doel = "Onderzoeken van misbruik van uitkeringen", "S-007", "Sociaal domein", "Nagaan of een uitkering terecht is verstrekt, na een vermoeden van misbruik."
	onderzoek.Vertrouwelijk, onderzoek.GrondVertrouwelijk, onderzoek.DuurVertrouwelijkheid = true, "toezicht", "P2Y"
	onderzoek.Persoonsgegevens = append(onderzoek.Persoonsgegevens, beheer.SoortGegeven{Rol: "aanvrager", Naam: "strafblad", Soort: "strafrechtelijk"})
	onderzoek.Uitzonderingen, onderzoek.Overig = []string{"uavg33_1a"}, nil
	leeg := beheer.ActiviteitInhoud{Naam: "Uitdelen van zonnepanelen", VerantwoordelijkeOrganisatie: oinProef}
	oud := inhoudParkeren()
	oud.Naam, oud.Nummer, oud.Categorie = "Uitgeven van papieren stempelkaarten", "", "Dienstverlening"
	straks := inhoudParkeren()
	straks.Naam, straks.Nummer, straks.Categorie, straks.LogOmvang = "Uitgeven van sportpassen", "", "", ""
	blad := func(uid uuid.UUID, stand string, openbaar bool, c *beheer.ActiviteitConcept, versies ...beheer.ActiviteitVersie) beheer.ActiviteitBlad {
		b := beheer.ActiviteitBlad{DocStand: int64(len(versies) + 1), Versies: versies, Concept: c}
		in := &beheer.ActiviteitInhoud{}
		b.ActiviteitRegel = beheer.ActiviteitRegel{ID: uid, Stand: stand, Openbaar: openbaar, HeeftConcept: c != nil}
		if n := len(versies); n > 0 {
			b.Laatste = &b.Versies[n-1]
			in, b.Versie, b.Sinds, b.Einde = &b.Laatste.ActiviteitInhoud, b.Laatste.Nummer, b.Laatste.Ingangsdatum, b.Laatste.Einddatum
		} else {
			in = &c.ActiviteitInhoud
		}
		b.Naam, b.Nummer, b.Categorie, b.Loggen, b.Vertrouwelijk = in.Naam, in.Nummer, in.Categorie, in.LogOmvang, in.Vertrouwelijk
		if openbaar {
			b.URL = "/verwerkingsactiviteiten/" + uid.String()
		}
		return b
	}
	versie := func(nr int, van, tot, reden string, in beheer.ActiviteitInhoud) beheer.ActiviteitVersie {
		return beheer.ActiviteitVersie{Nummer: nr, ID: id(380 + nr), Ingangsdatum: van, Einddatum: tot, VastgesteldOp: toen.AddDate(0, nr, 0), Door: "Chris Çelik", Reden: reden, ActiviteitInhoud: in}
	}
	return []beheer.ActiviteitBlad{
		blad(fraude, beheer.StandGeldig, true, nil, versie(1, "2025-01-01", "", "", onderzoek)),
		blad(sportpas, beheer.StandToekomstig, false, nil, versie(1, "2027-03-01", "", "", straks)),
		blad(loket, beheer.StandVerlopen, true, nil, versie(1, "2024-01-01", "2025-12-31", "", oud)),
		blad(nieuw, beheer.StandConcept, false, &beheer.ActiviteitConcept{GewijzigdOp: a.nu, Door: "Anna Achterberg", ActiviteitInhoud: leeg,
			Mist: []string{"Schrijf waarvoor de gegevens worden gebruikt.", "Kies minstens één grondslag; zonder grondslag mag de verwerking niet."}}),
		blad(parkeren, beheer.StandGeldig, true, &beheer.ActiviteitConcept{GewijzigdOp: a.nu, Door: "Anna Achterberg", ActiviteitInhoud: concept},
			versie(1, "2025-01-01", "", "", eerste), versie(2, "2026-01-01", "", "Ook bezoekers kunnen parkeren.", tweede)),
	}
}

func (a activiteiten) Lijst(_ context.Context, _ *pagina.Bezoeker, z beheer.ActiviteitZoek) (*beheer.ActiviteitenLijst, error) {
	uit := &beheer.ActiviteitenLijst{Categorien: []string{"Dienstverlening", "Sociaal domein", "Vergunningen"}}
	if a.leeg {
		return &beheer.ActiviteitenLijst{}, a.stuk
	}
	for _, b := range a.alle() {
		uit.Alle++
		if (z.Stand == "" || z.Stand == b.Stand || z.Stand == beheer.StandConcept && b.HeeftConcept) && (z.Categorie == "" || z.Categorie == b.Categorie) && strings.Contains(strings.ToLower(b.Naam), strings.ToLower(z.Tekst)) {
			uit.Regels = append(uit.Regels, b.ActiviteitRegel)
		}
	}
	uit.Totaal = len(uit.Regels)
	return uit, a.stuk
}

func (a activiteiten) Een(_ context.Context, _ *pagina.Bezoeker, uid uuid.UUID, geldigOp string) (*beheer.ActiviteitBlad, error) {
	if geldigOp == "" {
		geldigOp = a.nu.Format(time.DateOnly)
	}
	for _, b := range a.alle() {
		if b.ID != uid {
			continue
		}
		b.GeldigOp = geldigOp
		for i := range b.Versies {
			if v := &b.Versies[i]; v.Ingangsdatum <= geldigOp && (v.Einddatum == "" || geldigOp <= v.Einddatum) {
				b.Nu = v
			}
		}
		if uid == parkeren {
			b.Koppelingen, _ = doelbinding(a).Koppelingen(context.Background(), nil)
			b.Leveringen, _ = doelbinding(a).Leveringen(context.Background(), nil)
		}
		return &b, a.stuk
	}
	return nil, fout.NietGevonden
}

func (a activiteiten) Geldig(ctx context.Context, b *pagina.Bezoeker, op string) (uit []beheer.GeldigeActiviteit, err error) {
	if a.leeg {
		return nil, a.stuk
	}
	for _, uid := range []uuid.UUID{fraude, parkeren, loket} {
		blad, err := a.Een(ctx, b, uid, op)
		if err != nil {
			return nil, err
		}
		if blad.Nu != nil {
			uit = append(uit, beheer.GeldigeActiviteit{ID: uid, Openbaar: blad.Openbaar, ActiviteitVersie: *blad.Nu})
		}
	}
	return uit, a.stuk
}

func (a activiteiten) Namen(context.Context, *pagina.Bezoeker) (uit []beheer.ActiviteitNaam, err error) {
	for _, b := range a.alle() {
		uit = append(uit, beheer.ActiviteitNaam{ID: b.ID, Naam: b.Naam, Stand: b.Stand})
	}
	return uit, a.stuk
}

func (a activiteiten) Begin(_ context.Context, _ *pagina.Bezoeker, in beheer.ActiviteitInhoud) (uuid.UUID, error) {
	return nieuw, a.bewaar("begin", in)
}

func (a activiteiten) Wijzig(_ context.Context, _ *pagina.Bezoeker, uid uuid.UUID, stand int64, in beheer.ActiviteitInhoud) error {
	if b, err := a.Een(context.Background(), nil, uid, ""); err != nil || b.DocStand != stand {
		return fout.Gelijktijdig
	}
	return a.bewaar("wijzig", in)
}

// bewaar refuses what the room would refuse, at the paths of its JSON.
func (a activiteiten) bewaar(wat string, in beheer.ActiviteitInhoud) error {
	var mis []fout.Param
	if len([]rune(in.Naam)) > 242 {
		mis = append(mis, fout.Param{Name: "naam", Code: "max_length", Reason: "Dit is te lang; maak het korter."})
	}
	for i, s := range in.Betrokkenen {
		if s == "fout" {
			mis = append(mis, fout.Param{Name: "betrokkenen." + string(rune('0'+i)), Code: "invalid", Reason: "Deze betrokkene klopt niet."})
		}
	}
	for i, g := range in.Persoonsgegevens {
		if g.Naam == "" {
			mis = append(mis, fout.Param{Name: "persoonsgegevens." + string(rune('0'+i)) + ".naam", Code: "required", Reason: "Dit is leeg; vul het in."})
		}
	}
	if in.Vertrouwelijk && in.LogOmvang != "volledig" {
		mis = append(mis, fout.Param{Name: "log.omvang", Code: "vertrouwelijk", Reason: "Een vertrouwelijke activiteit wordt volledig gelogd."})
	}
	if len(mis) > 0 {
		return fout.Ongeldig(mis...)
	}
	a.noteer("%s %s; grondslagen %v; gegevens %v; verwerkers %v; overig %v; log %s", wat, in.Naam, in.Grondslagen, in.Persoonsgegevens, in.Verwerkers, in.Overig, in.BewaartermijnLog)
	return nil
}

func (a activiteiten) GooiWeg(_ context.Context, _ *pagina.Bezoeker, uid uuid.UUID, stand int64) error {
	a.noteer("weggegooid %s %d", uid, stand)
	return nil
}

func (a activiteiten) StelVast(_ context.Context, _ *pagina.Bezoeker, uid uuid.UUID, stand int64, v beheer.ActiviteitVaststelling) error {
	if b, err := a.Een(context.Background(), nil, uid, ""); err == nil && len(b.Concept.Mist) > 0 {
		return fout.Ongeldig(fout.Param{Name: "doel", Code: "required", Reason: b.Concept.Mist[0]})
	}
	a.noteer("vastgesteld %s %d %s %s %s %t", uid, stand, v.Ingangsdatum, v.Einddatum, v.Reden, v.Openbaar)
	return nil
}

func (a activiteiten) Beeindig(_ context.Context, _ *pagina.Bezoeker, uid uuid.UUID, _ int64, einddatum, reden string) error {
	if einddatum < "2026-01-01" {
		return fout.Ongeldig(fout.Param{Name: "einddatum", Code: "invalid", Reason: "De laatste versie gaat pas later in; kies een latere dag."})
	}
	a.noteer("beëindigd %s %s %s", uid, einddatum, reden)
	return nil
}

func (a activiteiten) ZetOpenbaar(_ context.Context, _ *pagina.Bezoeker, uid uuid.UUID, _ int64, ja bool) error {
	a.noteer("openbaar %s %t", uid, ja)
	return nil
}

func (a activiteiten) Juridisch(_ context.Context, _ *pagina.Bezoeker, op string) (*beheer.Juridisch, error) {
	if op != "" && op < "2018-05-25" {
		return &beheer.Juridisch{Op: op}, a.stuk
	}
	return &beheer.Juridisch{
		Op: op,
		Grondslagen: beheer.JuridischeSoort{Bestand: "grondslagen-2018-05-25.yaml", Sinds: "2018-05-25", Bron: "AVG, artikel 6 lid 1", Regels: []beheer.JuridischeRegel{
			{Code: "wettelijke_verplichting", Naam: "Wettelijke verplichting", Artikel: "AVG art. 6 lid 1 onder c", Uitleg: "Een wet verplicht de organisatie om dit te doen.", LetOp: "Noem de wet en het artikel.", MetToelichting: true},
			{Code: "publieke_taak", Naam: "Publieke taak", Artikel: "AVG art. 6 lid 1 onder e", Uitleg: "Het is nodig voor een taak van de overheid die in een wet staat.", MetToelichting: true},
			{Code: "toestemming", Naam: "Toestemming betrokkene", Artikel: "AVG art. 6 lid 1 onder a", Uitleg: "De persoon heeft ja gezegd, en kan dat intrekken."},
		}},
		Uitzonderingen: beheer.JuridischeSoort{Bestand: "uitzonderingen-2018-05-25.yaml", Sinds: "2018-05-25", Regels: []beheer.JuridischeRegel{
			{Code: "avg9_h", Naam: "Zorg en sociale dienstverlening", Artikel: "AVG art. 9 lid 2 onder h", Uitleg: "Nodig om zorg te geven of te regelen."},
			{Code: "uavg33_1a", Naam: "Organen die het strafrecht toepassen", Artikel: "UAVG art. 33 lid 1 onder a"},
		}},
		Beperkingen: beheer.JuridischeSoort{Bestand: "beperkingen-2021-07-01.yaml", Eigen: true, Sinds: "2021-07-01", NagekekenDoor: "juridische zaken", NagekekenOp: "2026-02-03", Regels: []beheer.JuridischeRegel{
			{Code: "toezicht", Naam: "Toezicht en inspectie", Artikel: "UAVG art. 41 lid 1 onder h", Uitleg: "Een toezichthouder onderzoekt iets, en inzage zou dat schaden."},
		}},
		Selectielijst: beheer.JuridischeSoort{Bestand: "selectielijst-2020-01-01.yaml", Sinds: "2020-01-01", Regels: []beheer.JuridischeRegel{
			{Code: "VB-1", Naam: "Vastleggingen van verwerkingen (de log)", Uitleg: "Voorbeelden", Waardering: "vernietigen", Termijn: "P5Y", Voorbeeld: true},
		}},
	}, a.stuk
}

func (a activiteiten) Ontbreekt(context.Context, *pagina.Bezoeker) ([]beheer.Gemis, error) {
	return []beheer.Gemis{
		{Code: "loggrond_besluit", Tekst: "Er staat nog niet wie over de log besloot en wanneer. Vul het besluit en de datum in.", Pad: "/beheer/verwerkingsactiviteiten/log"},
		{Code: "logprofiel", Tekst: "Van één verwerkingsactiviteit is nog niet gekozen wat applicaties loggen. Kies dat bij de activiteit.", Pad: "/beheer/verwerkingsactiviteiten"},
	}, a.stuk
}

func (a activiteiten) Uitvoer(_ context.Context, _ *pagina.Bezoeker, soort string) (*pagina.Download, error) {
	return &pagina.Download{Naam: "verwerkingsactiviteiten." + soort, Soort: "text/csv; charset=utf-8", Inhoud: []byte("UUID;Naam\n")}, a.stuk
}

type doelbinding struct{ *proef }

func (d doelbinding) Koppelingen(context.Context, *pagina.Bezoeker) ([]beheer.Koppeling, error) {
	if d.leeg {
		return nil, d.stuk
	}
	return []beheer.Koppeling{
		{ID: koppelingID, Stand: 2, Applicatie: "vergunningen", Functie: "aanvraag-beoordelen", Activiteit: parkeren, ActiviteitNaam: "Verlenen van parkeervergunningen", Geldig: true, Toelichting: "Sinds versie 3.5."},
		{ID: id(352), Stand: 1, Applicatie: "loket", Functie: "stempelkaart-uitgeven", Activiteit: loket, ActiviteitNaam: "Uitgeven van papieren stempelkaarten"},
	}, d.stuk
}

func (d doelbinding) ZetKoppeling(_ context.Context, _ *pagina.Bezoeker, k beheer.Koppeling) error {
	if k.Functie == "stempelkaart-uitgeven" && k.ID != id(352) {
		return fout.Ongeldig(fout.Param{Name: "functie", Code: "unique", Reason: "Deze functie van deze applicatie is al gekoppeld; wijzig die koppeling."})
	}
	d.noteer("koppeling %s %s %s", k.Applicatie, k.Functie, k.Activiteit)
	return nil
}

func (d doelbinding) WisKoppeling(_ context.Context, _ *pagina.Bezoeker, uid uuid.UUID, stand int64) error {
	d.noteer("koppeling weg %s %d", uid, stand)
	return nil
}

func (d doelbinding) Leveringen(context.Context, *pagina.Bezoeker) ([]beheer.Levering, error) {
	if d.leeg {
		return nil, d.stuk
	}
	return []beheer.Levering{
		{ID: leveringID, Stand: 1, Afnemer: "00000099234567890000", AfnemerNaam: "Waterschap Voorbeeldvliet", Gegevensset: "personen/adres", Doel: "heffing", Activiteit: parkeren, ActiviteitNaam: "Verlenen van parkeervergunningen", Geldig: true, Van: "2026-01-01", Tot: "2026-12-31"},
		{ID: id(362), Stand: 1, Afnemer: "00000099345678910000", Gegevensset: "uitkeringen", Doel: "onderzoek", Activiteit: fraude, ActiviteitNaam: "Onderzoeken van misbruik van uitkeringen", Vertrouwelijk: true},
	}, d.stuk
}

func (d doelbinding) ZetLevering(_ context.Context, _ *pagina.Bezoeker, l beheer.Levering) error {
	if len(l.Afnemer) != 20 {
		return fout.Ongeldig(fout.Param{Name: "afnemer", Code: "invalid", Reason: "Dit is geen OIN; vul de 20 cijfers in van de organisatie die de gegevens krijgt."})
	}
	d.noteer("levering %s %s %s %s %t", l.Afnemer, l.Gegevensset, l.Van, l.Tot, l.Vertrouwelijk)
	return nil
}

func (d doelbinding) WisLevering(_ context.Context, _ *pagina.Bezoeker, uid uuid.UUID, _ int64) error {
	d.noteer("levering weg %s", uid)
	return nil
}

func (d doelbinding) Loggrond(context.Context, *pagina.Bezoeker) (*beheer.Loggrond, error) {
	if d.leeg {
		return &beheer.Loggrond{}, d.stuk
	}
	return &beheer.Loggrond{
		Stand: 3, Activiteit: parkeren, ActiviteitNaam: "Verantwoording van verwerkingen", Vloer: "P5Y", Maximum: "P10Y", Selectielijst: "VB-1",
		Plichten: []beheer.Plicht{{Plicht: "AVG artikel 5, tweede lid", Grondslag: "wettelijke_verplichting", Toelichting: "Kunnen aantonen dat de regels zijn gevolgd."}, {Plicht: "AVG artikel 15", Grondslag: "wettelijke_verplichting"}},
	}, d.stuk
}

func (d doelbinding) ZetLoggrond(_ context.Context, _ *pagina.Bezoeker, l beheer.Loggrond) error {
	for i, p := range l.Plichten {
		if p.Grondslag == "" {
			return fout.Ongeldig(fout.Param{Name: "plichten." + string(rune('0'+i)) + ".grondslag", Code: "required", Reason: "Kies op welke grondslag het loggen voor deze plicht rust."})
		}
	}
	d.noteer("loggrond %d %v %s %s %s", l.Stand, l.Plichten, l.Vloer, l.Maximum, l.BesluitDatum)
	return nil
}

func (d doelbinding) Verantwoordelijke(context.Context, *pagina.Bezoeker) (*beheer.Verantwoordelijke, error) {
	if d.leeg {
		return &beheer.Verantwoordelijke{}, d.stuk
	}
	return &beheer.Verantwoordelijke{
		Stand: 1, Naam: "College van burgemeester en wethouders van Voorbeeldstad", Adres: "Marktplein 1\n1234 AB Voorbeeldstad",
		Contact: beheer.Contact{Naam: "Loket privacy", Email: "privacy@voorbeeldstad.example", Telefoon: "14 099"},
		FG:      beheer.Contact{Naam: "Functionaris gegevensbescherming", Email: "fg@voorbeeldstad.example"},
	}, d.stuk
}

func (d doelbinding) ZetVerantwoordelijke(_ context.Context, _ *pagina.Bezoeker, v beheer.Verantwoordelijke) error {
	if !strings.Contains(v.FG.Email, "@") {
		return fout.Ongeldig(fout.Param{Name: "fg.email", Code: "invalid", Reason: "Dit is geen e-mailadres; vul een adres in zoals naam@gemeente.nl."})
	}
	d.noteer("verantwoordelijke %s %s", v.Naam, v.FG.Email)
	return nil
}

// invoeren keeps one file: with the columns as they were chosen, and with mistakes as long as a column has the wrong field.
var werkLezen, werkVoeren, werkGedaan, werkMislukt = id(501), id(502), id(503), id(504)

type invoeren struct{ *proef }

func (i invoeren) Lees(_ context.Context, _ *pagina.Bezoeker, naam string, r io.ReaderAt, n int64) (uuid.UUID, bool, error) {
	inhoud := make([]byte, n)
	if _, err := r.ReadAt(inhoud, 0); err != nil && err != io.EOF {
		return uuid.UUID{}, false, err
	}
	if strings.HasSuffix(naam, ".doc") {
		return uuid.UUID{}, false, fout.New(fout.CodeMediatype, "Dit is een document uit Word; kies een bestand uit Excel of een CSV.")
	}
	i.mu.Lock()
	defer i.mu.Unlock()
	i.invoerKop, i.invoer = 3, []string{"", "naam", "grondslagen", ""}
	return bestandID, strings.HasPrefix(naam, "groot"), nil
}

func (i invoeren) Bezig(_ context.Context, _ *pagina.Bezoeker, uid uuid.UUID) (*beheer.InvoerWerk, error) {
	w := &beheer.InvoerWerk{ID: uid, Bestand: "Register van alle verwerkingen 2025.xlsx", Sinds: i.nu.Add(-14 * time.Second), Rijen: 8412, Procent: 61}
	switch uid {
	case werkLezen:
	case werkVoeren:
		w.Invoeren, w.Bestand, w.Rijen, w.Procent, w.Sinds = true, "", 0, 0, i.nu.Add(-25*time.Second)
	case werkGedaan:
		w.Invoeren, w.Uitkomst = true, &beheer.InvoerUitkomst{Nieuw: 4, Gewijzigd: 1, Gelijk: 2}
	case werkMislukt:
		w.Fouten = []string{"Het register is opnieuw gestart terwijl het met dit bestand bezig was. Er is niets ingevoerd. Probeer het opnieuw."}
	default:
		return nil, i.bestaat(uid)
	}
	return w, i.stuk
}

func (i invoeren) Lopend(ctx context.Context, b *pagina.Bezoeker) ([]beheer.InvoerWerk, error) {
	if i.leeg {
		return nil, i.stuk
	}
	w, err := i.Bezig(ctx, b, werkLezen)
	return []beheer.InvoerWerk{*w}, err
}

func (i invoeren) bestaat(uid uuid.UUID) error {
	if i.mu.Lock(); i.invoer == nil || uid != bestandID {
		i.mu.Unlock()
		return fout.New(fout.CodeNietGevonden, "Dit bestand is er niet meer: het wordt een uur bewaard. Kies het bestand opnieuw.")
	}
	i.mu.Unlock()
	return nil
}

func (i invoeren) Indeling(_ context.Context, _ *pagina.Bezoeker, uid uuid.UUID) (*beheer.InvoerIndeling, error) {
	if err := i.bestaat(uid); err != nil {
		return nil, err
	}
	uit := &beheer.InvoerIndeling{
		Bestand: "Register 2025.xlsx", Rijen: 312, Kop: i.invoerKop, Eerste: [][]string{{"Register van verwerkingen gemeente Voorbeeldstad"}, {}, {"ID", "Naam verwerking", "Grondslg", "DPIA uitgevoerd"}, {"1", "Verlenen van parkeervergunningen", "publieke taak", "nee"}},
		Velden:      []beheer.Woord{{Sleutel: "naam", Naam: "Naam verwerking"}, {Sleutel: "nummer", Naam: "ID"}, {Sleutel: "grondslagen", Naam: "Grondslag"}, {Sleutel: "doel", Naam: "Doeleinde"}},
		Opmerkingen: []string{"Het bestand heeft ook een verborgen blad; dat is niet gelezen."},
	}
	for n, k := range []string{"ID", "Naam verwerking", "Grondslg", "DPIA uitgevoerd"} {
		uit.Kolommen = append(uit.Kolommen, beheer.InvoerKolom{Naam: k, Veld: i.invoer[n], Voorbeelden: []string{"waarde 1", "waarde 2"}})
	}
	return uit, i.stuk
}

func (i invoeren) ZetIndeling(_ context.Context, _ *pagina.Bezoeker, uid uuid.UUID, kop int, kolommen []string) error {
	if err := i.bestaat(uid); err != nil {
		return err
	}
	if kolommen != nil && !slices.Contains(kolommen, "naam") {
		return fout.Ongeldig(fout.Param{Name: "kolom.1", Code: "required", Reason: "Wijs aan in welke kolom de naam van de activiteit staat."})
	}
	i.mu.Lock()
	defer i.mu.Unlock()
	if i.invoerKop = kop; kolommen != nil {
		i.invoer = kolommen
	}
	return nil
}

func (i invoeren) Voorbeeld(_ context.Context, _ *pagina.Bezoeker, uid uuid.UUID) (*beheer.InvoerVoorbeeld, error) {
	if err := i.bestaat(uid); err != nil {
		return nil, err
	}
	uit := &beheer.InvoerVoorbeeld{Bestand: "Register 2025.xlsx", Nieuw: 120, Gewijzigd: 1, Gelijk: 1, NietDefinitief: 2, BladLet: []beheer.InvoerMelding{{Rij: 9, Tekst: "Deze rij is leeg en wordt overgeslagen."}}}
	for n := range 122 {
		r := beheer.InvoerRegel{Rij: n + 4, Naam: "Verwerking uit het bestand", Wat: beheer.InvoerNieuw}
		switch n {
		case 0:
			r.Naam, r.Wat = "Verlenen van parkeervergunningen", beheer.InvoerGewijzigd
			r.Let = []beheer.InvoerMelding{{Kolom: "Grondslg", Tekst: "Gelezen als: Publieke taak."}}
		case 1:
			r.Wat = beheer.InvoerGelijk
		}
		uit.Regels = append(uit.Regels, r)
	}
	if i.invoer[2] == "doel" { // the wrong field
		uit.Fout = 1
		uit.Regels[2].Wat = beheer.InvoerFout
		uit.Regels[2].Fouten = []beheer.InvoerMelding{{Kolom: "Naam verwerking", Tekst: "Dit is leeg; vul het in."}, {Kolom: "Grondslg", Tekst: "Hierin staat een getal dat een BSN kan zijn; haal het weg, want dit register bevat geen gegevens van inwoners."}}
	}
	return uit, i.stuk
}

func (i invoeren) Voer(_ context.Context, _ *pagina.Bezoeker, uid uuid.UUID, definitief bool, dag string) (*beheer.InvoerUitkomst, error) {
	if err := i.bestaat(uid); err != nil {
		return nil, err
	}
	i.noteer("ingevoerd %t %s", definitief, dag)
	i.mu.Lock()
	defer i.mu.Unlock()
	i.invoer = nil
	return &beheer.InvoerUitkomst{Nieuw: 120, Gewijzigd: 1, Gelijk: 1}, nil
}

func (i invoeren) GooiInvoerWeg(_ context.Context, _ *pagina.Bezoeker, uid uuid.UUID) error {
	i.noteer("bestand weg %s", uid)
	return nil
}
