package aanmelding

import (
	"fmt"
	"strings"
	"time"
)

// Browser is the family of a User-Agent, in words: all that is kept of it.
func Browser(agent string) string {
	if len(agent) > 512 {
		agent = agent[:512]
	}
	eerste := func(paren ...string) string {
		for i := 0; i < len(paren); i += 2 {
			if strings.Contains(agent, paren[i]) {
				return paren[i+1]
			}
		}
		return ""
	}
	b := eerste("Edg", "Edge", "OPR/", "Opera", "Firefox/", "Firefox", "FxiOS", "Firefox", "Chrome/", "Chrome", "CriOS", "Chrome", "Safari/", "Safari")
	o := eerste("Android", "Android", "iPhone", "iPhone", "iPad", "iPad", "Windows", "Windows", "Mac OS X", "macOS", "CrOS", "ChromeOS", "Linux", "Linux")
	switch {
	case b == "" && o == "":
		return "een onbekende browser"
	case o == "":
		return b
	case b == "":
		return "een browser op " + o
	}
	return b + " op " + o
}

// gebeurtenis is what an event of this room keeps beside its sentence.
type gebeurtenis struct {
	Browser string `json:"browser,omitempty"`
	Wijze   string `json:"wijze,omitempty"`
	Tweede  string `json:"tweede,omitempty"`
	Factor  string `json:"factor,omitempty"`
}

// tweetalig is a text for a person. The events of the beheerlog have the Dutch one.
type tweetalig struct{ nl, en string }

func (t tweetalig) voor(m Mens) string {
	if m.Taal == "en" {
		return t.en
	}
	return t.nl
}

// codePost holds nothing but the code and the time: no link, and nothing to answer.
func codePost(m Mens, organisatie, code string, nu time.Time) Bericht {
	return Bericht{
		Aan: m.Email, Onderwerp: tweetalig{"Uw code om aan te melden", "Your code to sign in"}.voor(m), Tot: nu.Add(codeGeldig),
		Tekst: codeZin(m, code) + tweetalig{
			"Bent u niet aan het aanmelden? Dan kent iemand anders uw wachtwoord. Vraag uw beheerder vandaag nog om een nieuw wachtwoord.\n",
			"Are you not signing in? Then somebody else knows your password. Ask your administrator for a new password today.\n",
		}.voor(m) + ondertekening(organisatie),
	}
}

// koppelPost is the code that ties an account to a sign-in service. It says so: who did not begin that must not give it to anybody.
func koppelPost(m Mens, organisatie, dienst, code string, nu time.Time) Bericht {
	return Bericht{
		Aan: m.Email, Onderwerp: tweetalig{"Uw code om uw werkaccount te koppelen", "Your code to link your work account"}.voor(m), Tot: nu.Add(codeGeldig),
		Tekst: codeZin(m, code) + tweetalig{
			"Met deze code koppelt u uw account aan " + dienst + ". Daarna meldt u zich daarmee aan.\n\n" +
				"Bent u niet aan het aanmelden? Dan probeert iemand anders uw account over te nemen. Doe niets met de code en bel uw beheerder.\n",
			"With this code you link your account to " + dienst + ". From then on you sign in with it.\n\n" +
				"Are you not signing in? Then somebody else is trying to take over your account. Do nothing with the code and call your administrator.\n",
		}.voor(m) + ondertekening(organisatie),
	}
}

func codeZin(m Mens, code string) string {
	return fmt.Sprintf(tweetalig{
		"Uw code is %s %s.\n\nDe code is %d minuten geldig. Geef hem aan niemand, ook niet aan een collega.\n\n",
		"Your code is %s %s.\n\nThe code is valid for %d minutes. Give it to nobody, not even to a colleague.\n\n",
	}.voor(m), code[:4], code[4:], int(codeGeldig/time.Minute))
}

// uitnodigingPost is the code with which somebody sets a password, or ties their work account for the first time.
func uitnodigingPost(m Mens, organisatie, code string, nu time.Time) Bericht {
	return Bericht{Aan: m.Email, Onderwerp: tweetalig{"Kies uw wachtwoord", "Choose your password"}.voor(m), Tot: nu.Add(uitnodigingTot),
		Tekst: fmt.Sprintf(tweetalig{
			"U kunt een wachtwoord kiezen. Open daarvoor zelf de pagina waar u zich aanmeldt, kies \"Ik heb een uitnodiging\" " +
				"en vul dit e-mailadres in met de code\n\n    %s\n\nDe code is %d uur geldig. Geef hem aan niemand.\n\n" +
				"Is er op die pagina een knop voor uw werkaccount? Dan kunt u zich zo lang ook daarmee aanmelden; een wachtwoord is dan niet nodig.\n",
			"You can choose a password. Open the page where you sign in yourself, choose \"I have an invitation\" " +
				"and fill in this e-mail address with the code\n\n    %s\n\nThe code is valid for %d hours. Give it to nobody.\n\n" +
				"Is there a button for your work account on that page? Then for as long you can sign in with it too; you need no password then.\n",
		}.voor(m), code, int(uitnodigingTot/time.Hour)) + ondertekening(organisatie)}
}

// meldPost tells a person about a change in how they sign in.
func meldPost(m Mens, organisatie string, onderwerp, zin tweetalig) Bericht {
	return Bericht{Aan: m.Email, Onderwerp: onderwerp.voor(m), Tekst: zin.voor(m) + tweetalig{
		"\n\nWas u dit niet? Neem dan direct contact op met uw beheerder.\n",
		"\n\nWas this not you? Then contact your administrator at once.\n",
	}.voor(m) + ondertekening(organisatie)}
}

func ondertekening(organisatie string) string {
	if organisatie == "" {
		return "\nVerantwoord\n"
	}
	return "\nVerantwoord, " + organisatie + "\n"
}
