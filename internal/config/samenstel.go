package config

import (
	"maps"
	"slices"
	"strings"
	"unicode"
)

// waarde is a line of Print.
type waarde struct {
	sleutel, tekst, herkomst, standaard, eenheid, betekenis string
}

// config sets every field by the table; what is refused is noted.
func (l *lezing) config() *Config {
	c := &Config{organisaties: map[string]Organisatie{}}
	for _, s := range algemeen {
		zet(l, c, &c.waarden, s, s.naam)
	}
	for _, naam := range slices.Sorted(maps.Keys(l.diensten)) {
		a := standaard(perAanmelddienst, Aanmelddienst{Sleutel: naam})
		for _, s := range perAanmelddienst {
			zet(l, &a, &c.waarden, s, dienstVoor+naam+"."+s.naam)
		}
		c.Aanmelddiensten = append(c.Aanmelddiensten, a)
	}
	for _, naam := range slices.Sorted(maps.Keys(l.inwoners)) {
		d := standaard(perInwonerdienst, Inwonerdienst{Sleutel: naam})
		for _, s := range perInwonerdienst {
			zet(l, &d, &c.waarden, s, inwonerVoor+naam+"."+s.naam)
		}
		c.Inwonerdiensten = append(c.Inwonerdiensten, d)
	}
	for _, oin := range slices.Sorted(maps.Keys(l.organisaties)) {
		o := standaardOrganisatie(oin)
		for _, s := range perOrganisatie {
			zet(l, &o, &c.waarden, s, organisatieVoor+oin+"."+s.naam)
		}
		c.organisaties[oin] = o
	}
	return c
}

// zet reads one key into t, the default when nothing is given, and keeps the line to print.
func zet[T any](l *lezing, t *T, waarden *[]waarde, s sleutel[T], naam string) {
	g := l.gegeven[naam]
	w := waarde{naam, g.tekst, g.herkomst, s.standaard, s.eenheid, s.betekenis}
	if g.tekst == "" {
		w.tekst, w.herkomst = s.standaard, uitStandaard
	}
	stuurteken := strings.ContainsFunc(g.tekst, unicode.IsControl)
	if w.tekst != "" && (stuurteken || g.lijst && !s.lijst || !s.zet(t, w.tekst)) {
		l.fout(naam, g.plek, "aanvaard wordt "+s.aanvaardt)
	}
	if s.masker != nil && w.tekst != "" {
		w.tekst = s.masker(w.tekst)
	}
	*waarden = append(*waarden, w)
}

// samenhang checks the rules between keys.
func (l *lezing) samenhang(c *Config) {
	fout := func(sleutel, zin string) {
		plek := l.gegeven[sleutel].plek
		if plek == "" {
			plek = uitStandaard
		}
		l.fout(sleutel, plek, zin)
	}
	if (c.TLS.Certificaat == "") != (c.TLS.Sleutel == "") {
		fout("tls.certificaat", "tls.certificaat en tls.sleutel horen bij elkaar; geef beide of geen")
	}
	if c.TLS.ClientCA != "" && c.TLS.Certificaat == "" && c.Proxy.Header == "" {
		fout("tls.client_ca", "hierbij horen ook tls.certificaat en tls.sleutel, of proxy.header")
	}
	if c.TLS.Client == ClientVerplicht && c.TLS.ClientCA == "" && c.Proxy.Header == "" {
		fout("tls.client", "zo kan geen afnemer een certificaat tonen; stel tls.client_ca in, of proxy.header achter een proxy")
	}
	if c.TLS.Client == ClientUit && c.Proxy.Header != "" {
		fout("tls.client", "proxy.header geeft juist het certificaat van de afnemer door; haal die weg of zet tls.client op gevraagd")
	}
	if !opLoopback(c.Listen) && c.TLS.Certificaat == "" && !c.Onversleuteld {
		fout("listen", "dit adres is buiten deze machine bereikbaar; stel tls.certificaat en tls.sleutel in, of zet onversleuteld op true achter een proxy die versleutelt")
	}
	if c.Proxy.Header != "" && c.Proxy.Adressen == nil {
		fout("proxy.header", "hierbij hoort proxy.adressen: van wie de header geloofd wordt")
	}
	if _, sqlite := c.SQLiteMap(); sqlite && c.StoreRead != "" {
		fout("store_read", "een kopie om uit te lezen kan alleen als store met postgres:// begint")
	}
	if a := c.Autorisaties; a.URL != "" {
		if a.ClientID == "" || a.Geheim == "" {
			fout("autorisaties.url", "hierbij horen ook autorisaties.client_id en autorisaties.geheim")
		}
		if !veiligeURL(a.URL) {
			fout("autorisaties.url", "rechten worden alleen versleuteld opgevraagd; geef een adres met https://")
		}
		if (a.Cache == CacheNotificaties) != (a.NotificatieGeheim != "") {
			fout("autorisaties.cache", "bij notificaties hoort autorisaties.notificatie_geheim, en bij uit niet")
		}
		if a.ComponentBewerking == a.ComponentInzage {
			fout("autorisaties.component_inzage", "dit is hetzelfde als autorisaties.component_bewerking; een recht op het ene mag niet gelden op het andere")
		}
		if a.ComponentVAR == a.ComponentBewerking || a.ComponentVAR == a.ComponentInzage {
			fout("autorisaties.component_var", "zo heet al een ander component; een recht op het ene mag niet gelden op het andere")
		}
	} else if a.ClientID != "" || a.Geheim != "" || a.NotificatieGeheim != "" || a.Cache != CacheUit {
		fout("autorisaties.url", "zonder dit adres geven applicatiebestand en opslag de rechten; geef het, of haal de andere instellingen van autorisaties weg")
	}
	c.Post.samenhang(fout)
	for _, a := range c.Aanmelddiensten {
		a.samenhang(fout)
	}
	for _, d := range c.Inwonerdiensten {
		d.samenhang(fout)
	}
	if c.Limieten.Pagina > c.Limieten.PaginaMax {
		fout("limieten.pagina", "dit is meer dan limieten.pagina_max; maak het kleiner of dat groter")
	}
	for _, oin := range c.Organisaties() {
		b := c.organisaties[oin].Bewaren
		vloer, heeftVloer := einde(b.Vloer)
		maximum, heeftMaximum := einde(b.Maximum)
		if heeftVloer && heeftMaximum && maximum.Before(vloer) {
			fout(organisatieVoor+oin+".bewaren.maximum", "dit is korter dan bewaren.vloer; maak het langer of de vloer korter")
		}
	}
}
