package doctor

import (
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"fmt"
	"net"
	"net/netip"
	"net/url"
	"os"
	"time"
)

// verlooptGauw is when a certificate is to be renewed.
const verlooptGauw = 30 * 24 * time.Hour

// certificaat judges the certificates: the register's own, those it trusts clients by, and the one
// that is served at the url, which may be a proxy's.
func (o *onderzoek) certificaat() {
	t := o.Config.TLS
	if t.Certificaat != "" {
		o.eigenCertificaat(t.Certificaat, t.Sleutel)
	}
	if t.ClientCA != "" {
		data, err := os.ReadFile(t.ClientCA)
		aantal := 0
		for rest := data; err == nil; {
			var blok *pem.Block
			if blok, rest = pem.Decode(rest); blok == nil {
				break
			}
			if c, err := x509.ParseCertificate(blok.Bytes); err == nil {
				aantal++
				o.geldigheid(c, "Het certificaat van een uitgever in tls.client_ca", "Vraag de uitgever om het nieuwe en zet het erbij.")
			}
		}
		if aantal == 0 {
			o.meld(Fout, "certificaat", "In tls.client_ca staat geen certificaat dat te lezen is.", "Geen enkele afnemer met een certificaat komt binnen.", "Zet de certificaten van de uitgevers in het bestand (PEM).")
		}
	}
	if o.dienst != nil && len(o.dienst.certificaten) > 0 && t.Certificaat == "" {
		o.geldigheid(o.dienst.certificaten[0], "Het certificaat op "+o.dienst.adres, "Vernieuw het op de proxy.")
	}
}

func (o *onderzoek) eigenCertificaat(bestand, sleutel string) {
	paar, err := tls.LoadX509KeyPair(bestand, sleutel)
	if err != nil {
		o.meld(Fout, "certificaat", "Het certificaat in tls.certificaat en de sleutel in tls.sleutel zijn niet samen te gebruiken.", "serve weigert te starten.",
			"Controleer of beide bestanden bestaan, PEM zijn en bij elkaar horen.")
		return
	}
	if r := toegang(sleutel); r&0o077 != 0 {
		o.meld(Fout, "certificaat", fmt.Sprintf("Anderen dan de eigenaar kunnen bij %s (rechten %04o).", sleutel, r),
			"Met deze sleutel kan ieder zich voor het register uitgeven.", "Geef alleen de eigenaar toegang (chmod 600) en vervang certificaat en sleutel als anderen haar gelezen kunnen hebben.")
	}
	o.geldigheid(paar.Leaf, "Het eigen certificaat", "Vernieuw het en zet het op dezelfde plaats; serve neemt het zonder herstart in gebruik.")
}

// geldigheid judges how long a certificate is still good.
func (o *onderzoek) geldigheid(c *x509.Certificate, welk, uitweg string) {
	nu := o.Nu()
	const waarom = "Met een certificaat dat niet geldt weigert de ander de verbinding, en wordt er niets vastgelegd."
	dag := c.NotAfter.Format("2006-01-02")
	switch {
	case nu.After(c.NotAfter):
		o.meld(Fout, "certificaat", welk+" is verlopen op "+dag+".", waarom, uitweg)
	case nu.Before(c.NotBefore):
		o.meld(Fout, "certificaat", welk+" geldt pas vanaf "+c.NotBefore.Format("2006-01-02")+".", waarom, "Controleer de klok, of gebruik een certificaat dat nu geldt.")
	case c.NotAfter.Sub(nu) < verlooptGauw:
		o.meld(Waarschuwing, "certificaat", welk+" verloopt op "+dag+".", waarom, uitweg)
	default:
		o.goed("certificaat", "%s geldt tot %s.", welk, dag)
	}
}

// bereik judges whether personal data goes over a network that others can read.
func (o *onderzoek) bereik() {
	c := o.Config
	const waarom = "Over gewone HTTP leest en verandert ieder op het netwerk wat over burgers wordt vastgelegd en gevraagd (AVG art. 32)."
	slecht := false
	if u, err := url.Parse(c.URL); err == nil && u.Scheme == "http" && !lokaal(u.Hostname()) {
		slecht = true
		o.meld(Fout, "versleuteling", "url begint met http:// en wijst buiten deze machine.", waarom, "Stel een certificaat in, of zet een proxy ervoor die versleutelt, en geef url als https://.")
	}
	if host, _, err := net.SplitHostPort(c.Listen); err == nil && c.TLS.Certificaat == "" && !lokaal(host) {
		slecht = true
		o.meld(Waarschuwing, "versleuteling", "Het register luistert op "+c.Listen+" zonder TLS (onversleuteld: true).", waarom,
			"Dit kan alleen achter een proxy op een afgesloten netwerk; luister anders op 127.0.0.1 of stel tls.certificaat in.")
	}
	if u, err := url.Parse(c.Telemetrie.OTLP); err == nil && u.Scheme == "http" && !lokaal(u.Hostname()) && c.Telemetrie.HeadersBestand != "" {
		o.meld(Waarschuwing, "versleuteling", "telemetrie.otlp begint met http://, en er gaan headers mee.", "Het geheim van de collector is op het netwerk te lezen.", "Gebruik https:// voor de collector.")
	}
	if r := toegang(c.Telemetrie.HeadersBestand); r&0o077 != 0 {
		o.meld(Waarschuwing, "telemetrie", fmt.Sprintf("Anderen dan de eigenaar kunnen bij %s (rechten %04o).", c.Telemetrie.HeadersBestand, r),
			"Het kan het geheim van de collector bevatten.", "Geef alleen de eigenaar toegang (chmod 600).")
	}
	if r := toegang(c.Audit.Bestand); r&0o077 != 0 {
		o.meld(Fout, "audit", fmt.Sprintf("Anderen dan de eigenaar kunnen bij %s (rechten %04o).", c.Audit.Bestand, r),
			"Het zegt welke applicatie wanneer geweigerd werd; serve weigert te starten.", "Geef alleen de eigenaar toegang (chmod 600).")
	}
	if !slecht {
		o.goed("versleuteling", "Buiten deze machine gaat er niets over gewone HTTP.")
	}
}

// lokaal tells whether only this machine can be meant.
func lokaal(host string) bool {
	ip, err := netip.ParseAddr(host)
	return host == "localhost" || err == nil && ip.Unmap().IsLoopback()
}
