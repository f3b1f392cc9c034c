package server

import (
	"maps"
	"net/http"
	"strings"

	"github.com/google/uuid"

	"github.com/verantwoord/verantwoord/internal/autorisatie"
	"github.com/verantwoord/verantwoord/internal/betrokkene"
	"github.com/verantwoord/verantwoord/internal/config"
	"github.com/verantwoord/verantwoord/internal/inzage"
	"github.com/verantwoord/verantwoord/internal/web/mijn"
	"github.com/verantwoord/verantwoord/internal/web/ontwerp"
	"github.com/verantwoord/verantwoord/internal/web/openbaar"
)

// mijnPaginas are the pages on which citizens see who used their data, and the same views for a portal elsewhere.
func (s *Server) mijnPaginas(b *autorisatie.Bestand, sleutels *betrokkene.Sleutelbos, o Opties, ontwerp *ontwerp.Ontwerp) (http.Handler, overzichten) {
	namen := maps.Clone(s.config.Namen)
	if namen == nil {
		namen = map[string]string{}
	}
	per := map[string]inzage.Instellingen{}
	for _, org := range b.Organisaties {
		namen[org.OIN] = org.Naam
		per[org.OIN] = mijnInstellingen(s.config, org.OIN)
	}
	naam := func(oin string) string { return namen[oin] }
	s.inzage = inzage.New(inzage.Opties{
		Log: s.log, Sleutels: sleutels.Organisatie, Activiteiten: s.activiteiten, Juridisch: s.juridisch,
		Instellingen: func(oin string) inzage.Instellingen { return per[oin] }, Naam: naam,
		Toestand: s.inwoners.beschermingen.Van, Domeinen: s.inwoners.domeinen,
		Systeem: "Verantwoord " + o.Versie, PerPagina: min(regelsPerPagina, s.config.Limieten.PaginaMax), Nu: s.nu,
	})
	zien := s.inzage
	opties := mijn.Opties{
		BaseURL: s.config.URL, Versie: o.Versie, Dev: o.Dev, Ontwerp: ontwerp, Aanmelden: mijnAanmelden{s.inwoners}, Sessies: s.inwoners,
		Inzage: zien, Logger: s.logger, Nu: s.nu,
	}
	if len(b.Organisaties) == 1 {
		opties.OIN, opties.Organisatie = b.Organisaties[0].OIN, b.Organisaties[0].Naam
	}
	paginas := mijn.New(opties)
	return paginas, overzichten{zien, paginas, naam}
}

// regelsPerPagina is how many lines a citizen gets at once: some screens to scroll through.
const regelsPerPagina = 50

func mijnInstellingen(c *config.Config, oin string) inzage.Instellingen {
	a := c.Organisatie(oin).Activiteit
	uit := inzage.Instellingen{Activiteit: uuid.MustParse(a.Mijn), URL: a.MijnURL, ActieNaam: a.MijnActie, Bewaartermijn: a.Bewaartermijn, Automatisch: c.Organisatie(oin).Automatisch}
	if uit.URL == "" {
		uit.URL = strings.TrimSuffix(c.URL, "/") + openbaar.Begin + "/" + uit.Activiteit.String()
	}
	return uit
}

// mijnAanmelden names the services as the pages do.
type mijnAanmelden struct{ *inwoners }

func (m mijnAanmelden) Diensten() (uit []mijn.Dienst) {
	for _, d := range m.inwoners.Diensten() {
		uit = append(uit, mijn.Dienst(d))
	}
	return uit
}
