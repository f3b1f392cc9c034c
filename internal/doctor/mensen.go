package doctor

import (
	"context"
	"fmt"
	"time"

	"github.com/verantwoord/verantwoord/internal/bron/aanmelddienst"
	"github.com/verantwoord/verantwoord/internal/bron/smtp"
)

// geduld is how long one mail server or sign-in service may take to answer.
const geduld = 15 * time.Second

// How long mail may wait: the first is worth a look, at the second codes have come too late.
const (
	postWacht    = time.Minute
	postTeLang   = 5 * time.Minute
	waaromGeenMl = "Medewerkers krijgen hun code niet, en zonder code kan niemand zich aanmelden."
)

// post asks each mail server whether it could be used now; it offers none a message.
func (o *onderzoek) post() {
	relays, err := smtp.Instellen(o.Config.Post)
	if err != nil {
		o.meld(Fout, "post", "De instellingen van e-mail zijn niet te gebruiken: "+err.Error()+".", waaromGeenMl+" serve weigert te starten.", "Verbeter post.relay in de instellingen.")
		return
	}
	kapot := 0
	for _, r := range relays {
		ctx, stop := context.WithTimeout(o.ctx, geduld)
		err := r.Controleer(ctx)
		stop()
		if err != nil {
			kapot++
			o.meld(Fout, "post", "De mailserver van "+r.Naam()+" is niet te gebruiken: "+err.Error()+".", "Valt ook de andere uit, dan kan niemand zich aanmelden.",
				"In docs/beheer/post.md staat bij deze melding wat u doet.")
			continue
		}
		o.goed("post", "De mailserver van %s is bereikbaar en neemt de aanmelding aan; er is geen bericht verstuurd.", r.Naam())
	}
	switch {
	case len(relays) == 0:
		o.meld(Waarschuwing, "post", "Er is geen mailserver ingesteld.", waaromGeenMl, "Stel post.relay.1.adres en post.afzender in. Alleen zonder medewerkers die zich aanmelden kan dit zo blijven.")
	case len(relays) == 1:
		o.meld(Waarschuwing, "post", "Er is maar één mailserver ingesteld.", "Valt die uit, dan kan niemand zich meer aanmelden.", "Stel met post.relay.2.adres een tweede in, die niet samen met de eerste uitvalt.")
	case kapot == len(relays):
		o.meld(Fout, "post", "Geen enkele mailserver is te gebruiken.", waaromGeenMl, "Herstel er één; tot dan geeft verantwoord gebruiker code een code in aanwezigheid van twee mensen.")
	}
	o.wachtrij()
}

// wachtrij judges the mail that waits, as the register that runs tells.
func (o *onderzoek) wachtrij() {
	if o.dienst == nil || o.dienst.postWacht < 0 {
		return
	}
	oudste := time.Duration(o.dienst.postOudste) * time.Second
	wat := fmt.Sprintf("Er wacht e-mail (%d), de oudste al %v.", o.dienst.postWacht, oudste)
	const uitweg = "Kijk hierboven welke mailserver niet werkt, en in het logboek van de dienst waarom berichten niet worden aangenomen."
	switch {
	case oudste >= postTeLang:
		o.meld(Fout, "post", wat, waaromGeenMl, uitweg)
	case oudste >= postWacht:
		o.meld(Waarschuwing, "post", wat, waaromGeenMl, uitweg)
	default:
		o.goed("post", "Er wacht geen e-mail langer dan een minuut.")
	}
}

// klokSpeling is what a sign-in service may differ: tokens are judged with a minute of leeway.
const klokSpeling = time.Minute

// aanmelddiensten asks each sign-in service what it says about itself.
func (o *onderzoek) aanmelddiensten() {
	for _, c := range o.Config.Aanmelddiensten {
		const waarom = "Medewerkers kunnen zich met deze dienst niet aanmelden."
		naam := "aanmelddiensten." + c.Sleutel
		d, err := aanmelddienst.Instellen(c, o.Config.URL, o.Nu)
		if err != nil {
			o.meld(Fout, "aanmelden", "De instellingen van "+naam+" zijn niet te gebruiken: "+err.Error()+".", waarom+" serve weigert te starten.", "Verbeter ze.")
			continue
		}
		ctx, stop := context.WithTimeout(o.ctx, geduld)
		b, err := d.Onderzoek(ctx)
		stop()
		switch afwijking := b.Klok.Abs(); {
		case err != nil:
			o.meld(Fout, "aanmelden", "De dienst van "+naam+" is niet te gebruiken: "+err.Error()+".", waarom, "In docs/beheer/aanmelden.md staat bij deze melding wat u doet.")
		case b.Sleutels == 0:
			o.meld(Fout, "aanmelden", "De dienst van "+naam+" heeft geen sleutel waarmee een token ondertekend mag zijn.", waarom, "Laat de dienst ondertekenen met RS256, PS256 of ES256.")
		case b.KlokBekend && afwijking > klokSpeling:
			o.meld(Fout, "aanmelden", fmt.Sprintf("De klok van %s wijkt %v af van die van deze machine.", naam, afwijking), "Tokens gelden dan nog niet of niet meer, en aanmelden mislukt.", "Zet beide klokken gelijk (NTP).")
		case b.KlokBekend && afwijking > klokSpeling/2:
			o.meld(Waarschuwing, "aanmelden", fmt.Sprintf("De klok van %s wijkt %v af van die van deze machine.", naam, afwijking), "Bij meer dan een minuut mislukt aanmelden.", "Zet beide klokken gelijk (NTP).")
		default:
			o.goed("aanmelden", "De dienst van %s antwoordt, met %d sleutel(s) en een klok die past.", naam, b.Sleutels)
		}
	}
}
