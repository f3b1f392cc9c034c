package server

import (
	"context"
	"errors"
	"fmt"
	"net/netip"
	"net/url"
	"slices"
	"sync"
	"time"

	"github.com/google/uuid"

	"github.com/verantwoord/verantwoord/internal/autorisatie"
	"github.com/verantwoord/verantwoord/internal/betrokkene"
	"github.com/verantwoord/verantwoord/internal/bron/inwonerdienst"
	"github.com/verantwoord/verantwoord/internal/config"
	"github.com/verantwoord/verantwoord/internal/domein"
	"github.com/verantwoord/verantwoord/internal/fout"
	"github.com/verantwoord/verantwoord/internal/inwoner"
	inwonerkast "github.com/verantwoord/verantwoord/internal/store/inwoner"
	"github.com/verantwoord/verantwoord/internal/store/kast"
)

// inwoners are how citizens sign in, and their sessions, as the pages below /mijn/ ask for them.
type inwoners struct {
	*inwoner.Dienst // Zoek, Beeindig, BeeindigAlle, Vers, Historie
	beschermingen   *inwoner.Beschermingen
	domeinen        *domein.Domeinen
	diensten        []inwonerdienstVan
	sleutels        func(oin string) (*betrokkene.Sleutels, bool)
	naam            func(oin string) string
	proxies         []netip.Prefix
}

// mijnDienst is a service as the pages name it.
type mijnDienst struct{ Sleutel, Naam, Organisatie string }

// inwonerdienstVan is a service, and the organisation whose log is looked into by who signs in there.
type inwonerdienstVan struct {
	*inwonerdienst.Dienst
	oin string
}

// newInwoners makes the services of the configuration.
func (s *Server) newInwoners(ctx context.Context, b *autorisatie.Bestand, sleutels *betrokkene.Sleutelbos) (*inwoners, error) {
	namen := map[string]string{}
	for _, o := range b.Organisaties {
		namen[o.OIN] = o.Naam
	}
	i := &inwoners{sleutels: sleutels.Organisatie, naam: func(oin string) string { return namen[oin] }, proxies: s.config.Proxy.Adressen}
	var err error
	i.beschermingen, err = inwoner.OpenBeschermingen(ctx, inwoner.BeschermingOpties{
		Opslag: kast.New(s.store, kast.Bescherming, nil), Sleutels: i.sleutels, Organisaties: oins(b), Nu: s.nu,
		Meld: func(err error) { s.logger.Error("protected persons", "oorzaak", err.Error()) },
	})
	if err != nil {
		return nil, fmt.Errorf("beschermde inwoners openen: %w", err)
	}
	i.domeinen, err = domein.Open(ctx, domein.Opties{
		Opslag: kast.New(s.store, kast.Domeinen, nil), Sleutels: i.sleutels, Organisaties: oins(b), Activiteiten: s.activiteiten, Nu: s.nu,
		Eigen: func(oin string) []uuid.UUID { return kijkActiviteiten(s.config, oin) },
		Meld:  func(err error) { s.logger.Error("domains of representatives", "oorzaak", err.Error()) },
	})
	if err != nil {
		return nil, fmt.Errorf("veilige domeinen openen: %w", err)
	}
	i.Dienst = inwoner.New(inwoner.Opties{Opslag: inwonerkast.New(s.store), Sleutels: i.sleutels, Log: s.beheerlog, Naam: i.naam, Toestand: i.beschermingen.Van, Nu: s.nu})
	for _, c := range s.config.Inwonerdiensten {
		oin := c.Organisatie
		if oin == "" {
			if len(b.Organisaties) != 1 {
				return nil, fmt.Errorf("inwonerdienst %s: noem de organisatie, want er zijn er meer", c.Sleutel)
			}
			oin = b.Organisaties[0].OIN
		}
		if _, ok := namen[oin]; !ok {
			return nil, fmt.Errorf("inwonerdienst %s: deze organisatie staat niet in het bestand met applicaties; controleer het OIN", c.Sleutel)
		}
		d, err := inwonerdienst.Instellen(c, s.config.URL, s.nu)
		if err != nil {
			return nil, err
		}
		i.diensten = append(i.diensten, inwonerdienstVan{d, oin})
	}
	return i, nil
}

func (i *inwoners) dienst(sleutel string) (*inwonerdienstVan, *betrokkene.Sleutels, error) {
	for n := range i.diensten {
		if d := &i.diensten[n]; d.Sleutel() == sleutel {
			s, ok := i.sleutels(d.oin)
			if !ok {
				return nil, nil, errors.New("unknown organisation")
			}
			return d, s, nil
		}
	}
	return nil, nil, fout.NietGevonden
}

// Diensten are those of the configuration, by their name in it.
func (i *inwoners) Diensten() (uit []mijnDienst) {
	for n := range i.diensten {
		d := &i.diensten[n]
		uit = append(uit, mijnDienst{d.Sleutel(), d.Naam(), i.naam(d.oin)})
	}
	return uit
}

// Begin gives where to send the browser, and what its cookie must bring back. fout.CodeNietGevonden, fout.CodeNietBeschikbaar.
func (i *inwoners) Begin(ctx context.Context, dienst string, vers bool) (naar, staat string, err error) {
	d, s, err := i.dienst(dienst)
	if err != nil {
		return "", "", err
	}
	naar, st, err := d.Begin(ctx, vers)
	if err != nil {
		return "", "", err
	}
	staat, err = inwonerdienst.Seal(s, d.oin, st)
	return naar, staat, err
}

// errGeenStaat meets who comes back in another browser than they left in, or too late.
var errGeenStaat = fout.New(fout.CodeAanmeldenMislukt, "Het aanmelden is niet in deze browser begonnen, of duurde te lang. Begin opnieuw.")

// Voltooi takes what the service sent back, and gives the token of a new session. Without the cookie of a sign-in that began here nothing is
// counted, asked or stored.
func (i *inwoners) Voltooi(ctx context.Context, dienst string, antwoord url.Values, staat, adres string) (string, error) {
	d, s, err := i.dienst(dienst)
	if err != nil {
		return "", err
	}
	st, err := inwonerdienst.Open(s, d.oin, staat)
	if err != nil {
		return "", errGeenStaat
	}
	p, err := i.Probeer(ctx, d.oin, i.eigen(adres))
	if err != nil {
		return "", err
	}
	bewijs, err := d.Voltooi(ctx, st, antwoord)
	var token string
	if err == nil {
		token, err = i.Meld(ctx, p, *bewijs)
	}
	if fout.CodeOf(err) == fout.CodeAanmeldenMislukt {
		if logfout := i.Mislukt(ctx, p, d.Naam()); logfout != nil {
			err = errors.Join(err, logfout)
		}
	}
	return token, err
}

// eigen is an address that attempts may be counted by: "" for one of a proxy, as that of everybody would be.
func (i *inwoners) eigen(adres string) string {
	ip, err := netip.ParseAddr(adres)
	if err != nil {
		return ""
	}
	ip = ip.Unmap().WithZone("")
	if ip.IsLoopback() || slices.ContainsFunc(i.proxies, func(p netip.Prefix) bool { return p.Contains(ip) }) {
		return ""
	}
	return ip.String()
}

// kijkActiviteiten are those under which an organisation logs that somebody looks in the log.
func kijkActiviteiten(c *config.Config, oin string) (uit []uuid.UUID) {
	a := c.Organisatie(oin).Activiteit
	for _, s := range []string{a.Mijn, a.Inzage, a.Bewerking} {
		if id, err := uuid.Parse(s); err == nil {
			uit = append(uit, id)
		}
	}
	return uit
}

// startInwoners begins the background work of citizens.
func (s *Server) startInwoners() {
	s.stopInwoners = achtergrond(func(ctx context.Context) {
		var wg sync.WaitGroup
		wg.Go(func() { s.inwoners.beschermingen.Follow(ctx, elkeHalveSeconde) })
		wg.Go(func() { s.inwoners.domeinen.Follow(ctx, elkeHalveSeconde) })
		s.inwoners.run(ctx, func(err error) { s.logger.Error("citizens", "oorzaak", err.Error()) })
		wg.Wait()
	})
}

// run clears away what ended, until ctx ends.
func (i *inwoners) run(ctx context.Context, meld func(error)) {
	for t := time.NewTicker(5 * time.Minute); ; {
		select {
		case <-ctx.Done():
			t.Stop()
			return
		case <-t.C:
			if err := i.Opruim(ctx); err != nil && ctx.Err() == nil {
				meld(fmt.Errorf("clear away sessions of citizens: %w", err))
			}
		}
	}
}
