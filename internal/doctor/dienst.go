package doctor

import (
	"bufio"
	"context"
	"crypto/tls"
	"crypto/x509"
	"io"
	"net"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// dienst is the register that answered.
type dienst struct {
	adres        string
	gereed       bool
	woord        string    // what it said of itself
	datum        time.Time // by its own clock; zero when it did not say
	afstand      time.Duration
	certificaten []*x509.Certificate
	achterstand  int64 // of the index; -1 unknown
	postWacht    int64 // mails; -1 unknown
	postOudste   int64 // seconds that the oldest of them waits
	punten       []*punt
	nagekeken    nagekeken
	getuigen     map[int]getuigenis // by number
}

// vraagDienst asks the register at its url, and otherwise at the address it listens on.
func (o *onderzoek) vraagDienst() {
	adressen := []string{o.Config.URL}
	if host, port, err := net.SplitHostPort(o.Config.Listen); err == nil {
		if ip := net.ParseIP(host); host == "" || ip != nil && ip.IsUnspecified() {
			host = "127.0.0.1"
		}
		scheme := "http://"
		if o.Config.TLS.Certificaat != "" {
			scheme = "https://"
		}
		adressen = append(adressen, scheme+net.JoinHostPort(host, port))
	}
	for _, adres := range adressen {
		if o.dienst = o.vraag(adres); o.dienst != nil {
			return
		}
	}
}

// maxAntwoord bounds what is read of an answer.
const maxAntwoord = 1 << 20

// vraag asks one address; nil when no register answers there.
func (o *onderzoek) vraag(adres string) *dienst {
	ctx, cancel := context.WithTimeout(o.ctx, 5*time.Second)
	defer cancel()
	client := &http.Client{
		Transport: &http.Transport{
			// Nothing secret goes over this connection, and a certificate that can't be verified must be
			// looked at all the same.
			TLSClientConfig:   &tls.Config{InsecureSkipVerify: true}, //nolint:gosec // see above
			DisableKeepAlives: true,
			Proxy:             nil, // this machine itself, never by way of another
		},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
	get := func(path string) (*http.Response, string) {
		r, err := http.NewRequestWithContext(ctx, http.MethodGet, adres+path, nil)
		if err != nil {
			return nil, ""
		}
		res, err := client.Do(r)
		if err != nil {
			return nil, ""
		}
		defer res.Body.Close()
		body, err := io.ReadAll(io.LimitReader(res.Body, maxAntwoord))
		if err != nil {
			return nil, ""
		}
		return res, string(body)
	}
	begin := o.Nu()
	res, body := get("/healthz/ready")
	if res == nil || res.StatusCode != http.StatusOK && res.StatusCode != http.StatusServiceUnavailable || len(body) > 100 {
		return nil
	}
	d := &dienst{adres: adres, gereed: res.StatusCode == http.StatusOK, woord: strings.TrimSpace(body), achterstand: -1, postWacht: -1}
	if datum, err := http.ParseTime(res.Header.Get("Date")); err == nil {
		// Date has whole seconds and was set somewhere between asking and answering.
		d.datum = datum
		d.afstand = begin.Add(o.Nu().Sub(begin) / 2).Sub(datum.Add(500 * time.Millisecond))
	}
	if res.TLS != nil {
		d.certificaten = res.TLS.PeerCertificates
	}
	if res, body := get("/metrics"); res != nil && res.StatusCode == http.StatusOK {
		d.punten = leesPunten(body)
		d.nagekeken = leesNagekeken(body)
		d.getuigen = leesGetuigen(body)
		d.achterstand = metriek(body, "verantwoord_index_achterstand_records")
		d.postWacht, d.postOudste = metriek(body, "verantwoord_post_wachtend"), metriek(body, "verantwoord_post_oudste_seconden")
	}
	return d
}

// metriek finds a figure without labels, -1 when it is not there.
func metriek(tekst, naam string) int64 {
	lines := bufio.NewScanner(strings.NewReader(tekst))
	for lines.Scan() {
		if rest, ok := strings.CutPrefix(lines.Text(), naam+" "); ok {
			if f, err := strconv.ParseFloat(rest, 64); err == nil {
				return int64(f)
			}
		}
	}
	return -1
}
