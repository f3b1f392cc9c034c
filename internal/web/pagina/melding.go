package pagina

import "strconv"

// What a page says once about what was just done. A closed set: the cookie between two pages holds its number only,
// so that nobody else can put words in our mouth.
const (
	Bewaard             = "Bewaard."
	Toegevoegd          = "Toegevoegd."
	Verwijderd          = "Weggehaald."
	Gesloten            = "Het account is gesloten. Lopende sessies zijn beëindigd."
	WachtOpTweede       = "Dit wacht op een tweede beheerder. Tot die het goedkeurt, verandert er niets."
	WachtNiemand        = "Dit wacht op een tweede beheerder, maar er is nu niemand die het mag goedkeuren. Laat op de server een tweede beheerder maken."
	Goedgekeurd         = "Goedgekeurd. De wijziging geldt nu."
	Geweigerd           = "Geweigerd. Er is niets veranderd."
	VoorstelIngetrokken = "Het voorstel is ingetrokken. Er is niets veranderd."
	Nagekeken           = "Vastgelegd dat u deze groep hebt nagekeken."
	OveralAfgemeld      = "Alle sessies van deze persoon zijn beëindigd."
	ZelfAfgemeld        = "Al uw andere sessies zijn beëindigd."
	CodeOpnieuw         = "Als dat kon, hebben we een nieuwe code gestuurd."
	WachtDag            = "Het nieuwe e-mailadres geldt over 24 uur. Het oude adres heeft bericht gekregen."
	Uitgenodigd         = "Toegevoegd. De uitnodiging is onderweg per e-mail."
	OpnieuwUitgenodigd  = "De uitnodiging is onderweg per e-mail. Tot die is gebruikt, verandert er niets."
	Ingetrokken         = "Ingetrokken. Alle sessies zijn beëindigd, en een uitnodiging is onderweg per e-mail."
	Heropend            = "Het account is weer open, zonder rechten. De uitnodiging is onderweg per e-mail."
	MiddelToegevoegd    = "Toegevoegd. Bij de volgende aanmelding kunt u het gebruiken."
	WachtwoordBewaard   = "Uw nieuwe wachtwoord geldt vanaf nu."

	ConceptBewaard = "Het concept is bewaard. Het geldt pas als iemand het vaststelt."
	ConceptWeg     = "Het concept is weggegooid."
	Vastgesteld    = "Vastgesteld. Deze versie verandert niet meer."
	Beeindigd      = "Het einde is vastgelegd."
	Gepubliceerd   = "Inwoners kunnen deze verwerkingsactiviteit nu lezen."
	NietOpenbaar   = "Inwoners kunnen deze verwerkingsactiviteit niet meer lezen."
	InvoerWeg      = "Het bestand is weggegooid. Er is niets ingevoerd."

	NoodBegonnen  = "Noodtoegang is begonnen. De functionaris gegevensbescherming krijgt nu een e-mail."
	NoodBeeindigd = "Noodtoegang is beëindigd."

	BeschermingGeldt  = "Vastgelegd. Dit geldt vanaf nu."
	WachtOpMedewerker = "Dit wacht op een tweede medewerker. Tot die het goedkeurt, verandert er niets."

	DomeinDicht = "Het domein is gesloten. Niemand ziet hier nog iets van een ander."
)

var meldingen = []string{
	Bewaard, Toegevoegd, Verwijderd, Gesloten, WachtOpTweede, Goedgekeurd, Geweigerd, Nagekeken, OveralAfgemeld, ZelfAfgemeld,
	CodeOpnieuw, WachtDag, Uitgenodigd, MiddelToegevoegd, WachtwoordBewaard,
	ConceptBewaard, ConceptWeg, Vastgesteld, Beeindigd, Gepubliceerd, NietOpenbaar, InvoerWeg,
	OpnieuwUitgenodigd, Ingetrokken, Heropend, VoorstelIngetrokken,
	NoodBegonnen, NoodBeeindigd,
	WachtNiemand,
	BeschermingGeldt, WachtOpMedewerker,
	DomeinDicht,
}

// meldingCode is the number of a text; empty for what is none of the set.
func meldingCode(tekst string) string {
	for i, m := range meldingen {
		if m == tekst {
			return strconv.Itoa(i)
		}
	}
	return ""
}

// meldingVan gives the text of a number, empty when there is none.
func meldingVan(code string) string {
	i, err := strconv.Atoi(code)
	if err != nil || i < 0 || i >= len(meldingen) {
		return ""
	}
	return meldingen[i]
}
