package beheerpaginas

import (
	"context"
	"net/netip"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/verantwoord/verantwoord/internal/config"
	"github.com/verantwoord/verantwoord/internal/gebruiker"
	"github.com/verantwoord/verantwoord/internal/web/beheer"
	"github.com/verantwoord/verantwoord/internal/web/pagina"
)

// instellingen implements beheer.Instellingen.
type instellingen struct{ *Koppeling }

func (i instellingen) Instellingen(_ context.Context, b *pagina.Bezoeker) (uit []beheer.Instelling, err error) {
	if err := i.mag(b, gebruiker.ModuleInstellingen, gebruiker.Zien); err != nil {
		return nil, err
	}
	for _, w := range i.Waarden(b.OIN) {
		uit = append(uit, beheer.Instelling{
			Groep: groepVan(w.Sleutel), Sleutel: w.Sleutel, Betekenis: w.Betekenis, Gekozen: w.Tekst, Standaard: w.Standaard, Eenheid: w.Eenheid,
			Herkomst: w.Herkomst, Onveilig: w.Gekozen() && w.Tekst != w.Standaard && minderVeilig(w),
		})
	}
	// What belongs together stands together, in the order of what comes first.
	eerst := map[string]int{}
	for n, r := range uit {
		if _, ok := eerst[r.Groep]; !ok {
			eerst[r.Groep] = n
		}
	}
	slices.SortStableFunc(uit, func(a, b beheer.Instelling) int { return eerst[a.Groep] - eerst[b.Groep] })
	return uit, nil
}

// groepen of settings, by the first part of the key.
var instelgroepen = map[string]string{
	"tls": "Versleuteling en certificaten", "onversleuteld": "Versleuteling en certificaten", "proxy": "Proxy", "limieten": "Limieten", "token": "Tokens van applicaties",
	"autorisaties": "Autorisatiecomponent elders", "log": "Logboek en metingen", "audit": "Logboek en metingen", "telemetrie": "Logboek en metingen",
	"post": "E-mail aan medewerkers", "aanmelddiensten": "Aanmelddiensten", "inwonerdiensten": "Aanmelden van inwoners", "organisaties": "Deze organisatie",
}

func groepVan(sleutel string) string {
	eerste, _, _ := strings.Cut(sleutel, ".")
	if naam, ok := instelgroepen[eerste]; ok {
		return naam
	}
	return "Algemeen"
}

// minderVeilig tells whether what was chosen protects less than the default does.
func minderVeilig(w config.Waarde) bool {
	eerste, rest, _ := strings.Cut(w.Sleutel, ".")
	if eerste == "organisaties" {
		_, rest, _ = strings.Cut(rest, ".") // the number of the organisation
		return rest == "inzage_headers" && w.Tekst == config.HeadersTolerant
	}
	switch w.Sleutel {
	case "url":
		u, err := url.Parse(w.Tekst)
		if err != nil || u.Scheme != "http" || u.Hostname() == "localhost" {
			return false
		}
		ip, err := netip.ParseAddr(u.Hostname())
		return err != nil || !ip.Unmap().IsLoopback()
	case "onversleuteld":
		return w.Tekst == "true"
	case "nakijken.tijd":
		return w.Tekst == config.NakijkenUit
	case "tls.client":
		return w.Tekst == config.ClientUit
	case "proxy.adressen": // everybody is believed
		return slices.ContainsFunc(strings.Split(w.Tekst, ","), func(a string) bool { return strings.HasSuffix(strings.TrimSpace(a), "/0") })
	case "post.relay.1.versleuteling", "post.relay.2.versleuteling":
		return w.Tekst == config.VersleutelingUit
	case "autorisaties.cache": // a right that was taken away holds a little longer
		return w.Tekst == config.CacheNotificaties
	case "token.max_leeftijd", "token.speling", "autorisaties.vangnet":
		return langer(w.Tekst, w.Standaard)
	}
	return false
}

func langer(a, b string) bool {
	x, err := time.ParseDuration(a)
	y, err2 := time.ParseDuration(b)
	return err == nil && err2 == nil && x > y
}
