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

// codePost holds nothing but the code and the time: no link, and nothing to answer.
func codePost(m Mens, organisatie, code string, nu time.Time) Bericht {
	return Bericht{
		Aan: m.Email, Onderwerp: "Uw code om aan te melden", Tot: nu.Add(codeGeldig),
		Tekst: fmt.Sprintf("Uw code is %s %s.\n\nDe code is %d minuten geldig. Geef hem aan niemand, ook niet aan een collega.\n\n"+
			"Bent u niet aan het aanmelden? Dan kent iemand anders uw wachtwoord. Vraag uw beheerder vandaag nog om een nieuw wachtwoord.\n%s",
			code[:4], code[4:], int(codeGeldig/time.Minute), ondertekening(organisatie)),
	}
}

// meldPost tells a person about a change in how they sign in.
func meldPost(m Mens, organisatie, onderwerp, zin string) Bericht {
	return Bericht{Aan: m.Email, Onderwerp: onderwerp,
		Tekst: zin + "\n\nWas u dit niet? Neem dan direct contact op met uw beheerder.\n" + ondertekening(organisatie)}
}

func ondertekening(organisatie string) string {
	if organisatie == "" {
		return "\nVerantwoord\n"
	}
	return "\nVerantwoord, " + organisatie + "\n"
}
