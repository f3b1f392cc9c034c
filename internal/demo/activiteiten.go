package demo

// Activiteit is a verwerkingsactiviteit: what personal data are processed for, and why that is
// allowed (doelbinding). The fields are those of the draft VAR API, with the term of the log added.
type Activiteit struct {
	ID               string // UUID v4, logged as verwerkingsactiviteitId
	OIN              string // verantwoordelijkeOrganisatie
	Orgaan           string // verantwoordelijkeBestuursorgaan
	Categorie        string
	Naam             string
	Doel             string
	Grondslag        string // one of the AVG, art. 6 lid 1
	Toelichting      string // the law it rests on
	Bewaartermijn    string // of the data themselves, free text
	BewaartermijnLog string // of the log records, ISO 8601; empty: known only after the decision
}

// Identifiers of the activities. bijhoudenBRP and verstrekkenBinnen are those of the examples in the
// standard.
const (
	bijhoudenBRP      = "5f0bef4c-f66f-4311-84a5-19e8bf359eaf"
	verhuizen         = "ca4ebc38-45ef-49af-9292-e1c886967204"
	huwelijk          = "5c4c37fa-2bb6-48a7-9696-10554afd3407"
	geboorte          = "7fb1870e-6b26-4900-9b4c-33db69839bd0"
	reisdocument      = "36117e44-6fe5-4f71-afcc-042585e0951c"
	uittreksel        = "0cc858b4-bd79-4b44-a56d-a21da8a1326e"
	wmo               = "465fe0d8-2b3e-4406-9dde-a0587d31b12a"
	jeugd             = "206e382a-6852-4151-b47d-49947194fa40"
	bijstand          = "3ade13f3-fbe8-4bdb-939d-20c8e66ee4aa"
	schuldhulp        = "7b2da688-248d-4dbf-b9cd-863c37738826"
	leerlingenvervoer = "b1f0c6de-5a0e-4c64-9f0b-8f2a4c7d1e35"
	fraude            = "f7d49a7b-0ec7-4b16-9b79-6bfdc74273b7"
	omgevingswet      = "9106f621-8b9c-4055-9098-d0fdc3704908"
	parkeren          = "77db7258-f964-4662-b3a1-a1906f655df3"
	evenement         = "4276eebb-1c0d-4c40-9398-cdb31fe5f64f"
	vragen            = "f9eed0cd-2082-4257-8239-8ae833e4d64f"
	klacht            = "677639f8-dc12-4f99-9dd7-9f8529779e8d"
	woz               = "20d9020e-2d35-4c31-a814-9c09d15adb4b"
	afvalstoffen      = "3767362a-8d62-4dc7-9aef-81d5261e04ef"
	kwijtschelding    = "d0126243-da15-4d1f-9b11-5ab124283dc0"
	verstrekkenBinnen = "c63bc08f-071d-4dff-aaff-c40525ca4244"
	verstrekkenBuiten = "bc3311c0-e9b4-4b52-85bc-1172d5dcb67d"
	eigenGegevens     = "e8fdc8bb-3179-450f-bee7-113c7867f8c5"

	// The register's own, under which it logs inquiries.
	logInzien   = "9f86b732-1bd8-4269-8b3e-a41737c56a31"
	logOpvragen = "9942695e-b26d-451d-94b0-b3a5e16b6d59"

	waterschapsheffing    = "40bdc871-3ab7-4481-95ab-f99d2693651d"
	waterschapLogInzien   = "c5ae3b42-4002-403f-a1fa-f396f2675aaa"
	waterschapLogOpvragen = "689b6150-9406-44d5-ba8c-337a558e68c5"
)

const (
	wettelijk      = "Wettelijke verplichting"
	publiek        = "Publieke taak"
	college        = "College van burgemeester en wethouders"
	burgemeester   = "Burgemeester"
	ambtenaarBS    = "Ambtenaar van de burgerlijke stand"
	heffing        = "Heffingsambtenaar"
	dagelijks      = "Dagelijks bestuur"
	inzageUitleg   = "AVG, artikelen 5 lid 2 en 15"
	opvragenUitleg = "AVG, artikelen 5 lid 2 en 32"
)

// Activiteiten is the register of verwerkingsactiviteiten of the demonstration.
var Activiteiten = []Activiteit{
	{bijhoudenBRP, oinGemeente, college, "Burgerzaken", "Bijhouden van de basisregistratie personen",
		"Actuele en juiste gegevens over inwoners vastleggen voor gebruik door de hele overheid",
		wettelijk, "Wet basisregistratie personen, artikel 1.4", "110 jaar na het laatste contact", "P5Y"},
	{verhuizen, oinGemeente, college, "Burgerzaken", "Verwerken van verhuizingen",
		"Een nieuw adres van inwoners vaststellen en vastleggen",
		wettelijk, "Wet basisregistratie personen, artikel 2.39", "5 jaar na verwerking van de aangifte", "P5Y"},
	{huwelijk, oinGemeente, ambtenaarBS, "Burgerzaken", "Voltrekken van huwelijken",
		"Nagaan of twee mensen met elkaar mogen trouwen en het huwelijk vastleggen",
		wettelijk, "Burgerlijk Wetboek Boek 1, artikelen 43 tot en met 68", "Akte blijvend, dossier 5 jaar", "P10Y"},
	{geboorte, oinGemeente, ambtenaarBS, "Burgerzaken", "Opmaken van geboorteakten",
		"De geboorte en de ouders van een kind vastleggen",
		wettelijk, "Burgerlijk Wetboek Boek 1, artikel 19", "Akte blijvend", "P10Y"},
	{reisdocument, oinGemeente, burgemeester, "Burgerzaken", "Verstrekken van reisdocumenten",
		"Paspoorten en identiteitskaarten aan de juiste persoon verstrekken",
		wettelijk, "Paspoortwet", "11 of 16 jaar na verstrekking, naar geldigheid", "P11Y"},
	{uittreksel, oinGemeente, college, "Burgerzaken", "Verstrekken van uittreksels",
		"Een inwoner een bewijs geven van wat over die inwoner is vastgelegd",
		wettelijk, "Wet basisregistratie personen, artikel 2.55", "1 jaar na verstrekking", "P3Y"},
	{wmo, oinGemeente, college, "Sociaal domein", "Bieden van maatschappelijke ondersteuning",
		"Vaststellen welke hulp iemand nodig heeft om thuis te kunnen wonen, en die verstrekken",
		wettelijk, "Wet maatschappelijke ondersteuning 2015, artikelen 2.3.2 en 5.1.1", "15 jaar na beëindiging", "P5Y"},
	{jeugd, oinGemeente, college, "Sociaal domein", "Bieden van jeugdhulp",
		"Vaststellen welke hulp een kind en het gezin nodig hebben, en die regelen",
		wettelijk, "Jeugdwet, artikel 2.3", "20 jaar na beëindiging", "P5Y"},
	{bijstand, oinGemeente, college, "Sociaal domein", "Verstrekken van bijstand",
		"Recht op een uitkering vaststellen en de uitkering betalen",
		wettelijk, "Participatiewet, artikelen 11 en 43", "10 jaar na beëindiging", "P7Y"},
	{schuldhulp, oinGemeente, college, "Sociaal domein", "Verlenen van schuldhulp",
		"Inwoners met schulden helpen die op te lossen",
		wettelijk, "Wet gemeentelijke schuldhulpverlening, artikel 3", "5 jaar na beëindiging", "P5Y"},
	{fraude, oinGemeente, college, "Sociaal domein", "Onderzoeken van misbruik van sociale voorzieningen",
		"Nagaan of een uitkering terecht is verstrekt, na een vermoeden van misbruik",
		wettelijk, "Participatiewet, artikel 53a", "5 jaar na afsluiting van het onderzoek", "P10Y"},
	{leerlingenvervoer, oinGemeente, college, "Onderwijs", "Regelen van leerlingenvervoer",
		"Een kind met een bus of taxi naar een school laten gaan die ver weg is",
		wettelijk, "Wet op het primair onderwijs, artikel 4", "1 jaar na het schooljaar", "P2Y"},
	{omgevingswet, oinGemeente, college, "Vergunningen", "Behandelen van omgevingsvergunningen",
		"Beslissen op aanvragen om te bouwen of te verbouwen, met oog voor omwonenden",
		wettelijk, "Omgevingswet, artikel 5.1", "Verleend: zolang het bouwwerk er staat; geweigerd: 5 jaar", ""},
	{parkeren, oinGemeente, college, "Vergunningen", "Verlenen van parkeervergunningen",
		"De schaarse parkeerruimte verdelen onder wie er woont",
		publiek, "Gemeentewet, artikel 225, en de parkeerverordening", "1 jaar na afloop", "P2Y"},
	{evenement, oinGemeente, burgemeester, "Vergunningen", "Verlenen van evenementenvergunningen",
		"Evenementen veilig laten verlopen",
		publiek, "Algemene plaatselijke verordening", "Verleend: 5 jaar; geweigerd: 1 jaar", ""},
	{vragen, oinGemeente, college, "Dienstverlening", "Beantwoorden van vragen en meldingen",
		"Inwoners aan balie en telefoon antwoord geven en hun vraag kunnen volgen",
		publiek, "Dienstverlening die hoort bij de taken van de gemeente", "1 jaar na afhandeling", "P2Y"},
	{klacht, oinGemeente, college, "Dienstverlening", "Behandelen van klachten",
		"Klachten over gedragingen van de gemeente behandelen",
		wettelijk, "Algemene wet bestuursrecht, hoofdstuk 9", "3 jaar na afhandeling", "P3Y"},
	{woz, oinGemeente, heffing, "Belastingen", "Waarderen en belasten van onroerende zaken",
		"De waarde van woningen vaststellen en onroerendezaakbelasting heffen",
		wettelijk, "Wet waardering onroerende zaken; Gemeentewet, artikel 220", "7 jaar na het belastingjaar", "P7Y"},
	{afvalstoffen, oinGemeente, heffing, "Belastingen", "Heffen van afvalstoffenheffing",
		"De kosten van het ophalen van afval over huishoudens verdelen",
		wettelijk, "Wet milieubeheer, artikel 15.33", "7 jaar na het belastingjaar", "P7Y"},
	{kwijtschelding, oinGemeente, heffing, "Belastingen", "Kwijtschelden van belastingen",
		"Vaststellen of iemand met een laag inkomen een aanslag niet hoeft te betalen",
		wettelijk, "Invorderingswet 1990, artikel 26; Gemeentewet, artikel 255", "7 jaar na het besluit", "P7Y"},
	{verstrekkenBinnen, oinGemeente, college, "Gegevens", "Verstrekken van gegevens binnen de gemeente",
		"Afdelingen de gegevens van inwoners geven die hun taak vraagt, zodat niemand ze dubbel bewaart",
		wettelijk, "Wet basisregistratie personen, artikel 3.8, en de verordening daarbij", "Niet bewaard: doorgegeven", "P5Y"},
	{verstrekkenBuiten, oinGemeente, college, "Gegevens", "Verstrekken van gegevens aan andere organisaties",
		"Overheden de gegevens van inwoners geven die hun wettelijke taak vraagt",
		wettelijk, "Wet basisregistratie personen, hoofdstuk 3, en de verordening daarbij", "Niet bewaard: doorgegeven", "P5Y"},
	{eigenGegevens, oinGemeente, college, "Dienstverlening", "Tonen van eigen gegevens aan inwoners",
		"Inwoners laten zien welke gegevens en zaken de gemeente van hen heeft",
		wettelijk, "AVG, artikel 15", "Niet bewaard: getoond", "P2Y"},
	{logInzien, oinGemeente, college, "Verantwoording", "Inzage door betrokkenen in het verwerkingenlog",
		"Inwoners laten zien wie hun gegevens heeft gebruikt en waarom",
		wettelijk, inzageUitleg, "Niet bewaard: getoond", "P2Y"},
	{logOpvragen, oinGemeente, college, "Verantwoording", "Opvragen van verwerkingsacties",
		"Toezicht houden op het gebruik van gegevens van inwoners",
		wettelijk, opvragenUitleg, "Niet bewaard: getoond", "P5Y"},

	{waterschapsheffing, oinWaterschap, dagelijks, "Belastingen", "Heffen van waterschapsbelastingen",
		"De kosten van het waterbeheer over huishoudens verdelen",
		wettelijk, "Waterschapswet, artikel 117", "7 jaar na het belastingjaar", "P7Y"},
	{waterschapLogInzien, oinWaterschap, dagelijks, "Verantwoording", "Inzage door betrokkenen in het verwerkingenlog",
		"Mensen laten zien wie hun gegevens heeft gebruikt en waarom",
		wettelijk, inzageUitleg, "Niet bewaard: getoond", "P2Y"},
	{waterschapLogOpvragen, oinWaterschap, dagelijks, "Verantwoording", "Opvragen van verwerkingsacties",
		"Toezicht houden op het gebruik van gegevens van mensen",
		wettelijk, opvragenUitleg, "Niet bewaard: getoond", "P5Y"},
}

// activiteitVan finds an activity; the script names no others than those of the table.
func activiteitVan(id string) *Activiteit {
	for k := range Activiteiten {
		if Activiteiten[k].ID == id {
			return &Activiteiten[k]
		}
	}
	panic("activity is not in the table: " + id)
}

// activiteitURL is where an activity can be read.
func activiteitURL(id string) string {
	host := "var.voorbeeldstad.example"
	if activiteitVan(id).OIN == oinWaterschap {
		host = "var.voorbeeldvliet.example"
	}
	return "https://" + host + "/verwerkingsactiviteiten/" + id
}
