package gebruiker

import (
	"time"

	"github.com/verantwoord/verantwoord/internal/kast"
)

// Bericht is a mail about a change, queued in the transaction of that change.
type Bericht = kast.Bericht

func adresGewijzigd(g *Gebruiker, later bool) Bericht {
	b := Bericht{Aan: g.Email, Onderwerp: g.in("Uw aanmeldgegevens zijn gewijzigd", "What you sign in with was changed")}
	wanneer := g.in("Vanaf nu meldt u zich aan met de nieuwe gegevens.", "From now on you sign in with the new details.")
	if later {
		wanneer = g.in("De nieuwe gegevens gelden over 24 uur; tot die tijd meldt u zich aan zoals u gewend bent.",
			"The new details hold in 24 hours; until then you sign in as you are used to.")
	}
	b.Tekst = g.in("Beste ", "Dear ") + g.Naam + ",\n\n" +
		g.in("Een beheerder heeft gewijzigd waarmee u zich bij Verantwoord aanmeldt. ", "An administrator has changed what you sign in to Verantwoord with. ") +
		wanneer + "\n\n" + g.in("Klopt dit niet? Bel dan meteen uw functioneel beheerder of de servicedesk.\n",
		"Is this not right? Then call your application manager or the service desk at once.\n")
	return b
}

// gekoppeld tells somebody that their work account signs them in from now on.
func gekoppeld(g *Gebruiker, dienst string) Bericht {
	return Bericht{Aan: g.Email, Onderwerp: g.in("Uw werkaccount is gekoppeld", "Your work account was linked"), Tekst: g.in("Beste ", "Dear ") + g.Naam + ",\n\n" +
		g.in("Vanaf nu meldt u zich bij Verantwoord aan met "+dienst+". De code per e-mail blijft daarbij altijd nodig.\n\n"+
			"Hebt u dit niet zelf gedaan? Bel dan meteen uw functioneel beheerder of de servicedesk.\n",
			"From now on you sign in to Verantwoord with "+dienst+". The code by e-mail is always needed as well.\n\n"+
				"Did you not do this yourself? Then call your application manager or the service desk at once.\n")}
}

// noodtoegangBegonnen goes to the functionaris gegevensbescherming, fg, who may be somebody with an account.
func noodtoegangBegonnen(fg *Gebruiker, duur time.Duration) Bericht {
	m := minuten(duur)
	return Bericht{Aan: fg.Email, Onderwerp: fg.in("Er is noodtoegang genomen", "Break-glass access was taken"), Tekst: fg.in(
		"Beste functionaris gegevensbescherming,\n\n"+
			"Een medewerker heeft in Verantwoord noodtoegang genomen tot gegevens die deze anders niet ziet. "+
			"De toegang eindigt vanzelf, uiterlijk na "+m+" minuten.\n\n"+
			"Wie het was, waartoe en waarom staat in Verantwoord bij noodtoegang en in het beheerlog.\n",
		"Dear data protection officer,\n\n"+
			"An employee has taken break-glass access in Verantwoord, to data that they don't see otherwise. "+
			"The access ends by itself, after "+m+" minutes at the latest.\n\n"+
			"Who it was, to what and why is told in Verantwoord at break-glass and in the administration log.\n")}
}
