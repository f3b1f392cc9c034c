package aanmelding

import (
	"context"
	"fmt"
	"strings"

	"github.com/verantwoord/verantwoord/internal/beheerlog"
	"github.com/verantwoord/verantwoord/internal/fout"
)

// NoodCode gives, on the console of the server, a code that stands in for one by e-mail when mail does not work: for one person, once, for
// 15 minutes. It replaces the second step only; the password is still asked, and a factor of who has one. It takes two: both are named in the
// event, with the reason. Errors: CodeOngeldig, fout.NietGevonden.
func (d *Dienst) NoodCode(ctx context.Context, oin, email string, namen [2]string, reden string) (string, error) {
	var p []fout.Param
	een, twee := strings.TrimSpace(namen[0]), strings.TrimSpace(namen[1])
	if len(een) < 3 || len(twee) < 3 || strings.EqualFold(een, twee) {
		p = append(p, fout.Param{Name: "namen", Code: "invalid", Reason: "Geef de namen van twee verschillende mensen die hierbij aanwezig zijn."})
	}
	if reden = strings.TrimSpace(reden); len([]rune(reden)) < 15 {
		p = append(p, fout.Param{Name: "reden", Code: "min_length", Reason: "Schrijf in ten minste 15 tekens waarom de code nodig is."})
	}
	if p != nil {
		return "", fout.Ongeldig(p...)
	}
	s, err := d.keys(oin)
	if err != nil {
		return "", err
	}
	m, ok := d.mensen.BijEmail(oin, Adres(email))
	if !ok || !m.Actief {
		return "", fout.NietGevonden
	}
	code := newCode()
	err = d.nogEens(func() error {
		mid, err := d.middelen(ctx, s, oin, m.ID)
		if err != nil {
			return err
		}
		h := codeHash(s, soortNoodcode, m.ID.String(), code)
		r, err := mid.volgende(soortNoodcode, enig, codeInhoud{h[:], d.nu().Add(noodcodeTot)})
		if err != nil {
			return err
		}
		l, err := d.regel(oin, m.ID, beheerlog.Regel{Soort: beheerlog.Code, Door: beheerlog.Opdrachtregel, Betreft: wie(m), Reden: reden,
			Wat: fmt.Sprintf("Op de server is een aanmeldcode gegeven, in aanwezigheid van %s en %s.", een, twee)})
		if err != nil {
			return err
		}
		post := meldPost(m, d.naam(oin),
			tweetalig{"Er is op de server een aanmeldcode voor u gemaakt", "A code to sign in was made for you on the server"}, tweetalig{
				"Omdat e-mail niet werkte, is op de server een code gemaakt waarmee u kunt aanmelden.",
				"As e-mail did not work, a code with which you can sign in was made on the server.",
			})
		return d.opslag.Schrijf(ctx, oin, &Wijziging{Middelen: []MiddelRij{r}, Post: []Bericht{post}, Log: []LogRij{l}})
	})
	return code, err
}
