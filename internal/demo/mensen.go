package demo

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"time"

	"github.com/pquerna/otp/totp"

	"github.com/verantwoord/verantwoord/internal/aanmelding"
	"github.com/verantwoord/verantwoord/internal/fout"
	"github.com/verantwoord/verantwoord/internal/gebruiker"
	"github.com/verantwoord/verantwoord/internal/server"
)

// mens is somebody of the fictitious municipality who signs in. All have one password: whoever is at the screen may
// be any of them.
type mens struct {
	naam, email, werk, functiegroep string
	beheerder                       bool
	register                        bool // keeps the register of verwerkingsactiviteiten
	domeinen                        bool // decides on veilige domeinen
}

const wachtwoordMensen = "samen leggen wij verantwoording af"

var mensen = []mens{
	{"Bea Heer", "b.heer@voorbeeldstad.example", "beheert mensen en rechten", "Informatiebeheer", true, false, false},
	{"Tom Tweede", "t.tweede@voorbeeldstad.example", "keurt zware rechten goed", "Informatiebeheer", true, false, false},
	{"Rosa Register", "r.register@voorbeeldstad.example", "houdt bij waarvoor gegevens nodig zijn", "Informatiebeheer", false, true, false},
	{"Ivo Inwoner", "i.inwoner@voorbeeldstad.example", "stelt voor wat ouders mogen zien", "Informatiebeheer", false, false, true},
	{"Olga Akkoord", "o.akkoord@voorbeeldstad.example", "beslist daarover als tweede", "Informatiebeheer", false, false, true},
	{"Kim de Klerk", "k.deklerk@voorbeeldstad.example", "is nieuw, en mag dus niets", "Klantcontactcentrum", false, false, false},
}

const bestandMensen = "apps.json" // secrets of the apps with codes, by address

// vulMensen makes the people as they would come to be: on the machine, with an invitation, and for the administrators a
// first sign-in in which they add an app.
func vulMensen(ctx context.Context, s *server.Server, p *postvak, m *demoMap) error {
	apps := map[string]string{}
	if inhoud, err := os.ReadFile(m.Pad(bestandMensen)); err == nil {
		if err := json.Unmarshal(inhoud, &apps); err != nil {
			return fmt.Errorf("%s is niet te lezen; gooi de map van de demonstratie weg", bestandMensen)
		}
		p.zetApps(apps)
		return nil
	}
	r := s.Mensen()
	op := gebruiker.Opdrachtregel(oinGemeente)
	for _, naam := range []string{"Informatiebeheer", "Klantcontactcentrum", "Burgerzaken"} {
		if _, err := r.Beheer.VoegFunctiegroepToe(ctx, op, naam, ""); err != nil {
			return fmt.Errorf("make functiegroep: %w", err)
		}
	}
	groepen, err := r.Beheer.Functiegroepen(op)
	if err != nil {
		return err
	}
	for _, x := range mensen {
		if x.beheerder {
			if _, err := r.Beheer.MaakBeheerder(ctx, oinGemeente, x.naam, x.email); err != nil {
				return fmt.Errorf("make administrator: %w", err)
			}
		} else {
			in := gebruiker.GebruikerInvoer{Naam: x.naam, Email: x.email}
			for _, g := range groepen {
				if g.Naam == x.functiegroep {
					in.Functiegroep = g.ID
				}
			}
			g, err := r.Beheer.VoegToe(ctx, op, in)
			if err != nil {
				return fmt.Errorf("add person: %w", err)
			}
			if x.register {
				if err := geefRegister(ctx, r.Beheer, op, g); err != nil {
					return fmt.Errorf("give rights: %w", err)
				}
			}
		}
		code, err := r.Aanmelding.NodigHier(ctx, oinGemeente, x.email)
		if err != nil {
			return fmt.Errorf("invite: %w", err)
		}
		if err := r.Aanmelding.Aanvaard(ctx, oinGemeente, x.email, code, wachtwoordMensen); err != nil {
			return fmt.Errorf("set password: %w", err)
		}
		if x.beheerder || x.domeinen {
			if apps[x.email], err = voegAppToe(ctx, r, p, x.email); err != nil {
				return fmt.Errorf("add app: %w", err)
			}
		}
	}
	if err := geefDomeinen(ctx, r.Beheer, op); err != nil {
		return fmt.Errorf("give rights on domeinen: %w", err)
	}
	p.zetApps(apps)
	inhoud, err := json.Marshal(apps)
	if err != nil {
		return err
	}
	return os.WriteFile(m.Pad(bestandMensen), inhoud, alleenEigenaar)
}

// geefRegister puts somebody in a group that keeps the register of verwerkingsactiviteiten.
func geefRegister(ctx context.Context, b *gebruiker.Beheer, op gebruiker.Dader, g *gebruiker.Gebruiker) error {
	groep, err := b.VoegGroepToe(ctx, op, "Register van verwerkingsactiviteiten", "Houdt bij waarvoor de gemeente gegevens gebruikt.")
	if err != nil {
		return err
	}
	var rechten []gebruiker.Recht
	for _, h := range []gebruiker.Handeling{gebruiker.Zien, gebruiker.Wijzigen, gebruiker.Goedkeuren, gebruiker.Exporteren} {
		rechten = append(rechten, gebruiker.Recht{Module: gebruiker.ModuleActiviteiten, Handeling: h, Veldklasse: gebruiker.Gewoon, Bereik: gebruiker.BereikAlles})
	}
	if _, err := b.ZetRechten(ctx, op, groep.ID, groep.Versie, rechten, ""); err != nil {
		return err
	}
	_, err = b.ZetLid(ctx, op, groep.ID, g.ID, g.Versie, time.Time{}, "")
	return err
}

// errNiemand says that a demonstration was filled before somebody worked there.
var errNiemand = errors.New("nobody has that address")

// vind gives somebody by address; errNiemand when there is nobody.
func vind(b *gebruiker.Beheer, op gebruiker.Dader, email string) (gebruiker.GebruikerBeeld, error) {
	alle, err := b.Mensen(op)
	if err != nil {
		return gebruiker.GebruikerBeeld{}, err
	}
	for _, g := range alle {
		if g.Email == email {
			return g, nil
		}
	}
	return gebruiker.GebruikerBeeld{}, errNiemand
}

// geefDomeinen puts the officers in a group that decides on veilige domeinen: proposed on the machine, and approved by an administrator.
func geefDomeinen(ctx context.Context, b *gebruiker.Beheer, op gebruiker.Dader) error {
	const reden = "De demonstratie laat zien hoe twee medewerkers een domein openen."
	bea, err := vind(b, op, mensen[0].email)
	if err != nil {
		return err
	}
	keur := func(u gebruiker.Uitkomst, err error) error {
		if err != nil || u.Voorstel == nil {
			return err
		}
		return b.KeurGoed(ctx, gebruiker.Als(oinGemeente, bea.ID), u.Voorstel.ID, u.Voorstel.Versie)
	}
	groep, err := b.VoegGroepToe(ctx, op, "Veilige domeinen", "Besluit wat ouders, curatoren en gemachtigden mogen zien.")
	if err != nil {
		return err
	}
	var rechten []gebruiker.Recht
	for _, h := range []gebruiker.Handeling{gebruiker.Zien, gebruiker.Beheren, gebruiker.Goedkeuren} {
		rechten = append(rechten, gebruiker.Recht{Module: gebruiker.ModuleDomeinen, Handeling: h, Veldklasse: gebruiker.Gewoon, Bereik: gebruiker.BereikAlles})
	}
	if err := keur(b.ZetRechten(ctx, op, groep.ID, groep.Versie, rechten, reden)); err != nil {
		return err
	}
	for _, x := range mensen {
		if !x.domeinen {
			continue
		}
		g, err := vind(b, op, x.email)
		if err != nil {
			return err
		}
		if err := keur(b.ZetLid(ctx, op, groep.ID, g.ID, g.Versie, time.Time{}, reden)); err != nil {
			return err
		}
	}
	return nil
}

// voegAppToe signs somebody in and adds an app with codes; it gives its secret.
func voegAppToe(ctx context.Context, r *server.Mensen, p *postvak, email string) (string, error) {
	stap, err := r.Aanmelding.Begin(ctx, oinGemeente, aanmelding.Eerste{Email: email, Wachtwoord: wachtwoordMensen, Agent: "demonstratie"})
	if err != nil {
		return "", err
	}
	r.Bezorger.Wek()
	code, err := p.code(ctx, email)
	if err != nil {
		return "", err
	}
	if stap, err = r.Aanmelding.Controleer(ctx, stap.Aanmelding.ID, stap.Aanmelding.Browser, code); err != nil {
		return "", err
	}
	app, err := r.Aanmelding.BeginTOTP(ctx, stap.Sessie.Token)
	if err != nil {
		return "", err
	}
	// A code counts once: that of the period before is the one to give away. When the next period begins meanwhile it is too old, and another
	// one is not.
	var sessie *aanmelding.Sessie
	for range 3 {
		if code, err = totp.GenerateCode(app.Geheim, time.Now().Add(-30*time.Second)); err != nil {
			return "", err
		}
		if sessie, _, err = r.Aanmelding.BevestigTOTP(ctx, stap.Sessie.Token, code); fout.CodeOf(err) != fout.CodeOngeldig {
			break
		}
	}
	if err != nil {
		return "", err
	}
	return app.Geheim, r.Aanmelding.Beeindig(ctx, sessie.Token)
}
