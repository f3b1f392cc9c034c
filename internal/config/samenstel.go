package config

import (
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
	var oins []string
	for oin := range l.organisaties {
		oins = append(oins, oin)
	}
	slices.Sort(oins)
	for _, oin := range oins {
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
	if c.TLS.ClientCA != "" && c.TLS.Certificaat == "" {
		fout("tls.client_ca", "hierbij horen ook tls.certificaat en tls.sleutel")
	}
	if !opLoopback(c.Listen) && c.TLS.Certificaat == "" && !c.Onversleuteld {
		fout("listen", "dit adres is buiten deze machine bereikbaar; stel tls.certificaat en tls.sleutel in, of zet onversleuteld op true achter een proxy die versleutelt")
	}
	if (c.Proxy.Header == "") != (c.Proxy.Adressen == nil) {
		fout("proxy.header", "proxy.header en proxy.adressen horen bij elkaar; geef beide of geen")
	}
	if _, sqlite := c.SQLiteMap(); sqlite && c.StoreRead != "" {
		fout("store_read", "een kopie om uit te lezen kan alleen als store met postgres:// begint")
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
