package beheer

import (
	"net/http"

	"github.com/verantwoord/verantwoord/internal/web/pagina"
)

// routes is the whole table, but for what the frame itself serves.
func (p *paginas) routes() []pagina.Route {
	const get, post = http.MethodGet, http.MethodPost
	type r = pagina.Route
	return append([]r{
		{Methode: get, Patroon: "/beheer/aanmelden", Open: "hier meldt iemand zich aan", Handler: p.toonAanmelden},
		{Methode: post, Patroon: "/beheer/aanmelden", Open: "hier meldt iemand zich aan", Rem: true, Handler: p.aanmelden},
		{Methode: get, Patroon: "/beheer/aanmelden/dienst/{dienst}", Open: "naar de aanmelddienst van de organisatie", Handler: p.naarDienst},
		{Methode: get, Patroon: "/beheer/aanmelden/terug/{dienst}", Open: "terug van de aanmelddienst", Handler: p.vanDienst},
		{Methode: get, Patroon: "/beheer/aanmelden/code", Open: "de tweede stap van het aanmelden", Handler: p.toonCode},
		{Methode: post, Patroon: "/beheer/aanmelden/code", Open: "de tweede stap van het aanmelden", Rem: true, Handler: p.code},
		{Methode: post, Patroon: "/beheer/aanmelden/code/opnieuw", Open: "de tweede stap van het aanmelden", Rem: true, Handler: p.codeOpnieuw},
		{Methode: get, Patroon: "/beheer/aanmelden/extra", Open: "de derde stap, bij zware rechten", Script: true, Handler: p.toonExtra},
		{Methode: post, Patroon: "/beheer/aanmelden/extra", Open: "de derde stap, bij zware rechten", Rem: true, Script: true, Handler: p.extra},

		{Methode: get, Patroon: "/beheer/aanmelden/uitnodiging", Open: "wie is uitgenodigd, kiest een wachtwoord", Handler: p.toonUitnodiging},
		{Methode: post, Patroon: "/beheer/aanmelden/uitnodiging", Open: "wie is uitgenodigd, kiest een wachtwoord", Rem: true, Handler: p.uitnodiging},

		{Methode: get, Patroon: "/beheer/{$}", Zelf: "een overzicht van wat iemand mag", Handler: p.overzicht},
		{Methode: get, Patroon: "/beheer/mijn-account", Zelf: "eigen gegevens en aanmeldingen", Beperkt: true, Handler: p.account},
		{Methode: post, Patroon: "/beheer/mijn-account/afmelden", Zelf: "eigen sessies", Beperkt: true, Handler: p.overalAfmelden},
		{Methode: get, Patroon: "/beheer/mijn-account/wachtwoord", Zelf: "eigen wachtwoord", Handler: p.toonWachtwoord},
		{Methode: post, Patroon: "/beheer/mijn-account/wachtwoord", Zelf: "eigen wachtwoord", Rem: true, Bevestigd: true, Handler: p.wachtwoord},
		{Methode: get, Patroon: "/beheer/mijn-account/app", Zelf: "eigen bewijs bij het aanmelden", Beperkt: true, Bevestigd: true, Handler: p.toonApp},
		{Methode: post, Patroon: "/beheer/mijn-account/app", Zelf: "eigen bewijs bij het aanmelden", Beperkt: true, Rem: true, Bevestigd: true, Handler: p.app},
		{Methode: get, Patroon: "/beheer/mijn-account/passkey", Zelf: "eigen bewijs bij het aanmelden", Beperkt: true, Bevestigd: true, Script: true, Handler: p.toonPasskey},
		{Methode: post, Patroon: "/beheer/mijn-account/passkey", Zelf: "eigen bewijs bij het aanmelden", Beperkt: true, Rem: true, Script: true, Bevestigd: true, Handler: p.passkey},
		{Methode: post, Patroon: "/beheer/mijn-account/herstelcodes", Zelf: "eigen bewijs bij het aanmelden", Bevestigd: true, Handler: p.herstelcodes},
		{Methode: post, Patroon: "/beheer/mijn-account/weg", Zelf: "eigen bewijs bij het aanmelden", Bevestigd: true, Handler: p.middelWeg},

		{Methode: get, Patroon: padNood, Zelf: "de pagina zegt wie noodtoegang kan nemen", Handler: p.toonNood},
		{Methode: post, Patroon: padNood, Zelf: "wie noodtoegang neemt, heeft het recht nog niet", Bevestigd: true, Handler: p.nood},
		{Methode: post, Patroon: padNood + "/{id}/einde", Zelf: "eigen noodtoegang", Beperkt: true, Handler: p.noodEinde},
		{Methode: get, Patroon: "/beheer/noodtoegangen", Module: "beheerlog", Handeling: "zien", Handler: p.noden},

		{Methode: get, Patroon: "/beheer/gebruikers", Module: "gebruikers", Handeling: "zien", Handler: p.gebruikers},
		{Methode: post, Patroon: "/beheer/gebruikers", Module: "gebruikers", Handeling: "zoeken", Handler: p.zoekGebruikers}, // a name has no place in an address
		{Methode: get, Patroon: "/beheer/gebruikers/nieuw", Module: "gebruikers", Handeling: "beheren", Handler: p.toonNieuweGebruiker},
		{Methode: post, Patroon: "/beheer/gebruikers/nieuw", Module: "gebruikers", Handeling: "beheren", Handler: p.nieuweGebruiker},
		{Methode: get, Patroon: "/beheer/gebruikers/{id}", Module: "gebruikers", Handeling: "zien", Handler: p.gebruiker},
		{Methode: get, Patroon: "/beheer/gebruikers/{id}/wijzigen", Module: "gebruikers", Handeling: "wijzigen", Handler: p.toonWijzigGebruiker},
		{Methode: post, Patroon: "/beheer/gebruikers/{id}/wijzigen", Module: "gebruikers", Handeling: "wijzigen", Handler: p.wijzigGebruiker},
		{Methode: get, Patroon: "/beheer/gebruikers/{id}/groep", Module: "groepen", Handeling: "beheren", Handler: p.toonLid},
		{Methode: post, Patroon: "/beheer/gebruikers/{id}/groep", Module: "groepen", Handeling: "beheren", Bevestigd: true, Handler: p.lid},
		{Methode: get, Patroon: "/beheer/gebruikers/{id}/groep/{groep}/weg", Module: "groepen", Handeling: "beheren", Handler: p.toonGeenLid},
		{Methode: post, Patroon: "/beheer/gebruikers/{id}/groep/{groep}/weg", Module: "groepen", Handeling: "beheren", Handler: p.geenLid},
		{Methode: get, Patroon: "/beheer/gebruikers/{id}/sluiten", Module: "gebruikers", Handeling: "beheren", Handler: p.toonSluit},
		{Methode: post, Patroon: "/beheer/gebruikers/{id}/sluiten", Module: "gebruikers", Handeling: "beheren", Handler: p.sluit},
		{Methode: get, Patroon: "/beheer/gebruikers/{id}/heropenen", Module: "gebruikers", Handeling: "beheren", Handler: p.toonHeropen},
		{Methode: post, Patroon: "/beheer/gebruikers/{id}/heropenen", Module: "gebruikers", Handeling: "beheren", Handler: p.heropen},
		{Methode: post, Patroon: "/beheer/gebruikers/{id}/uitnodigen", Module: "gebruikers", Handeling: "beheren", Handler: p.nodigUit},
		{Methode: get, Patroon: "/beheer/gebruikers/{id}/intrekken", Module: "gebruikers", Handeling: "beheren", Handler: p.toonHerroep},
		{Methode: post, Patroon: "/beheer/gebruikers/{id}/intrekken", Module: "gebruikers", Handeling: "beheren", Bevestigd: true, Handler: p.herroep},
		{Methode: post, Patroon: "/beheer/gebruikers/{id}/afmelden", Module: "gebruikers", Handeling: "beheren", Handler: p.meldGebruikerAf},

		{Methode: get, Patroon: "/beheer/functiegroepen", Module: "groepen", Handeling: "zien", Handler: p.functiegroepen},
		{Methode: post, Patroon: "/beheer/functiegroepen", Module: "groepen", Handeling: "wijzigen", Handler: p.nieuweFunctiegroep},
		{Methode: get, Patroon: "/beheer/functiegroepen/{id}", Module: "groepen", Handeling: "wijzigen", Handler: p.toonFunctiegroep},
		{Methode: post, Patroon: "/beheer/functiegroepen/{id}", Module: "groepen", Handeling: "wijzigen", Handler: p.wijzigFunctiegroep},

		{Methode: get, Patroon: "/beheer/autorisatiegroepen", Module: "groepen", Handeling: "zien", Handler: p.autorisatiegroepen},
		{Methode: get, Patroon: "/beheer/autorisatiegroepen/nieuw", Module: "groepen", Handeling: "wijzigen", Handler: p.toonNieuweGroep},
		{Methode: post, Patroon: "/beheer/autorisatiegroepen/nieuw", Module: "groepen", Handeling: "wijzigen", Handler: p.nieuweGroep},
		{Methode: get, Patroon: "/beheer/autorisatiegroepen/{id}", Module: "groepen", Handeling: "zien", Handler: p.autorisatiegroep},
		{Methode: get, Patroon: "/beheer/autorisatiegroepen/{id}/wijzigen", Module: "groepen", Handeling: "wijzigen", Handler: p.toonWijzigGroep},
		{Methode: post, Patroon: "/beheer/autorisatiegroepen/{id}/wijzigen", Module: "groepen", Handeling: "wijzigen", Handler: p.wijzigGroep},
		{Methode: get, Patroon: "/beheer/autorisatiegroepen/{id}/rechten", Module: "groepen", Handeling: "beheren", Handler: p.toonRechten},
		{Methode: post, Patroon: "/beheer/autorisatiegroepen/{id}/rechten", Module: "groepen", Handeling: "beheren", Handler: p.voorzieRechten},
		{Methode: post, Patroon: "/beheer/autorisatiegroepen/{id}/rechten/bewaren", Module: "groepen", Handeling: "beheren", Bevestigd: true, Handler: p.zetRechten},
		{Methode: post, Patroon: "/beheer/autorisatiegroepen/{id}/nagekeken", Module: "groepen", Handeling: "goedkeuren", Handler: p.nagekeken},

		{Methode: get, Patroon: "/beheer/voorstellen", Module: "groepen", Handeling: "zien", Handler: p.voorstellen},
		{Methode: get, Patroon: "/beheer/voorstellen/{id}", Module: "groepen", Handeling: "zien", Handler: p.voorstel},
		{Methode: post, Patroon: "/beheer/voorstellen/{id}/goedkeuren", Module: "groepen", Handeling: "goedkeuren", Bevestigd: true, Handler: p.keurGoed},
		{Methode: post, Patroon: "/beheer/voorstellen/{id}/weigeren", Module: "groepen", Handeling: "goedkeuren", Handler: p.weiger},
		{Methode: post, Patroon: "/beheer/voorstellen/{id}/intrekken", Module: "groepen", Handeling: "zien", Handler: p.trekIn}, // one's own
		{Methode: get, Patroon: "/beheer/nakijken", Module: "groepen", Handeling: "zien", Handler: p.nakijken},

		{Methode: get, Patroon: padInwoners, Module: "inwoners", Handeling: "zien", Bevestigd: true, Handler: p.inwoners},
		{Methode: post, Patroon: padInwoners, Module: "inwoners", Handeling: "zien", Bevestigd: true, Vergeet: "bsn", Handler: p.zoekInwoner}, // a number has no place in an address
		{Methode: post, Patroon: padInwoners + "/beschermen", Module: "inwoners", Handeling: "beheren", Bevestigd: true, Handler: p.stelBescherming},
		{Methode: get, Patroon: padInwoners + "/{id}", Module: "inwoners", Handeling: "zien", Bevestigd: true, Handler: p.bescherming},
		{Methode: post, Patroon: padInwoners + "/{id}", Module: "inwoners", Handeling: "zien", Bevestigd: true, Handler: p.bescherming}, // after the code
		{Methode: get, Patroon: padInwoners + "/{id}/beeindigen", Module: "inwoners", Handeling: "beheren", Bevestigd: true, Handler: p.eindeBescherming},
		{Methode: post, Patroon: padInwoners + "/{id}/beeindigen", Module: "inwoners", Handeling: "beheren", Bevestigd: true, Handler: p.eindeBescherming},
		{Methode: post, Patroon: padInwoners + "/{id}/goedkeuren", Module: "inwoners", Handeling: "goedkeuren", Bevestigd: true, Handler: p.keurEindeGoed},
		{Methode: post, Patroon: padInwoners + "/{id}/weigeren", Module: "inwoners", Handeling: "goedkeuren", Bevestigd: true, Handler: p.weigerEinde},
		{Methode: post, Patroon: padInwoners + "/{id}/intrekken", Module: "inwoners", Handeling: "beheren", Bevestigd: true, Handler: p.trekEindeIn}, // one's own

		{Methode: get, Patroon: padDomeinen, Module: "domeinen", Handeling: "zien", Handler: p.domeinen},
		{Methode: get, Patroon: padDomeinen + "/nieuw", Module: "domeinen", Handeling: "beheren", Handler: p.domeinFormulier},
		{Methode: post, Patroon: padDomeinen + "/nieuw", Module: "domeinen", Handeling: "beheren", Bevestigd: true, Handler: p.domeinFormulier},
		{Methode: get, Patroon: padDomeinen + "/{id}", Module: "domeinen", Handeling: "zien", Handler: p.domein},
		{Methode: get, Patroon: padDomeinen + "/{id}/wijzigen", Module: "domeinen", Handeling: "beheren", Handler: p.domeinFormulier},
		{Methode: post, Patroon: padDomeinen + "/{id}/wijzigen", Module: "domeinen", Handeling: "beheren", Bevestigd: true, Handler: p.domeinFormulier},
		{Methode: post, Patroon: padDomeinen + "/{id}/goedkeuren", Module: "domeinen", Handeling: "goedkeuren", Bevestigd: true, Handler: p.openDomein},
		{Methode: post, Patroon: padDomeinen + "/{id}/weigeren", Module: "domeinen", Handeling: "goedkeuren", Handler: p.weigerDomein},
		{Methode: post, Patroon: padDomeinen + "/{id}/intrekken", Module: "domeinen", Handeling: "beheren", Handler: p.trekDomeinIn}, // one's own
		{Methode: get, Patroon: padDomeinen + "/{id}/sluiten", Module: "domeinen", Handeling: "zien", Handler: p.sluitDomein},        // who proposes or approves: the room says so
		{Methode: post, Patroon: padDomeinen + "/{id}/sluiten", Module: "domeinen", Handeling: "zien", Handler: p.sluitDomein},

		{Methode: get, Patroon: "/beheer/applicaties", Module: "applicaties", Handeling: "zien", Handler: p.applicaties},
		{Methode: get, Patroon: "/beheer/applicaties/{id}", Module: "applicaties", Handeling: "zien", Handler: p.applicatie},
		{Methode: get, Patroon: "/beheer/applicaties/nieuw", Module: "applicaties", Handeling: "beheren", Handler: p.toonNieuweApplicatie},
		{Methode: post, Patroon: "/beheer/applicaties/nieuw", Module: "applicaties", Handeling: "beheren", Handler: p.voorzieApplicatie},
		{Methode: post, Patroon: "/beheer/applicaties/nieuw/bewaren", Module: "applicaties", Handeling: "beheren", Bevestigd: true, Handler: p.zetApplicatie},
		{Methode: get, Patroon: "/beheer/applicaties/{id}/wijzigen", Module: "applicaties", Handeling: "beheren", Handler: p.toonWijzigApplicatie},
		{Methode: post, Patroon: "/beheer/applicaties/{id}/wijzigen", Module: "applicaties", Handeling: "beheren", Handler: p.voorzieApplicatie},
		{Methode: post, Patroon: "/beheer/applicaties/{id}/wijzigen/bewaren", Module: "applicaties", Handeling: "beheren", Bevestigd: true, Handler: p.zetApplicatie},
		{Methode: get, Patroon: "/beheer/applicaties/{id}/geheim", Module: "applicaties", Handeling: "beheren", Handler: p.toonGeheim},
		{Methode: post, Patroon: "/beheer/applicaties/{id}/geheim", Module: "applicaties", Handeling: "beheren", Bevestigd: true, Handler: p.geheim},
		{Methode: get, Patroon: "/beheer/applicaties/{id}/weghalen", Module: "applicaties", Handeling: "beheren", Handler: p.toonApplicatieWeg},
		{Methode: post, Patroon: "/beheer/applicaties/{id}/weghalen", Module: "applicaties", Handeling: "beheren", Bevestigd: true, Handler: p.applicatieWeg},
		{Methode: get, Patroon: "/beheer/applicatievoorstellen/{id}", Module: "applicaties", Handeling: "zien", Handler: p.applicatieVoorstel},
		{Methode: post, Patroon: "/beheer/applicatievoorstellen/{id}/goedkeuren", Module: "applicaties", Handeling: "goedkeuren", Bevestigd: true, Handler: p.keurApplicatieGoed},
		{Methode: post, Patroon: "/beheer/applicatievoorstellen/{id}/weigeren", Module: "applicaties", Handeling: "goedkeuren", Handler: p.weigerApplicatie},
		{Methode: post, Patroon: "/beheer/applicatievoorstellen/{id}/intrekken", Module: "applicaties", Handeling: "zien", Handler: p.trekApplicatieIn}, // one's own
		{Methode: get, Patroon: "/beheer/beheerlog", Module: "beheerlog", Handeling: "zien", Handler: p.beheerlog},
		{Methode: get, Patroon: "/beheer/beheerlog/{nummer}/bewijs", Module: "beheerlog", Handeling: "zien", Handler: p.regelbewijs},
		{Methode: get, Patroon: "/beheer/instellingen", Module: "instellingen", Handeling: "zien", Handler: p.instellingen},
	}, p.routesActiviteiten()...)
}
