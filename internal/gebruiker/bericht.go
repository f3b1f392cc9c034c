package gebruiker

// Bericht is a mail that a change asks for; the caller sends it. It holds no personal data but the salutation.
type Bericht struct{ Aan, Onderwerp, Tekst string }

func adresGewijzigd(g *Gebruiker, later bool) Bericht {
	wanneer := "Vanaf nu meldt u zich aan met de nieuwe gegevens."
	if later {
		wanneer = "De nieuwe gegevens gelden over 24 uur; tot die tijd meldt u zich aan zoals u gewend bent."
	}
	return Bericht{Aan: g.Email, Onderwerp: "Uw aanmeldgegevens zijn gewijzigd", Tekst: "Beste " + g.Naam + ",\n\n" +
		"Een beheerder heeft gewijzigd waarmee u zich bij Verantwoord aanmeldt. " + wanneer + "\n\n" +
		"Klopt dit niet? Bel dan meteen uw functioneel beheerder of de servicedesk.\n"}
}

func noodtoegangBegonnen(aan string) Bericht {
	return Bericht{Aan: aan, Onderwerp: "Er is noodtoegang genomen", Tekst: "Beste functionaris gegevensbescherming,\n\n" +
		"Een medewerker heeft in Verantwoord noodtoegang genomen tot gegevens die deze anders niet ziet. " +
		"De toegang eindigt vanzelf, uiterlijk na een uur.\n\n" +
		"Wie het was, waartoe en waarom staat in het beheerlog, bij noodtoegang.\n"}
}
