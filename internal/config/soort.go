package config

import (
	"log/slog"
	"net"
	"net/netip"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
)

const voorvoegselSQLite = "sqlite:"

// soort is a kind of value: how a text is read, and what is accepted, in Dutch.
type soort[V any] struct {
	aanvaardt string
	lees      func(string) (V, bool)
	lijst     bool
	masker    func(string) string
}

var (
	tekst  = soort[string]{aanvaardt: "tekst van hooguit 242 tekens", lees: func(s string) (string, bool) { return s, len([]rune(s)) <= 242 }}
	plaats = soort[string]{aanvaardt: "een pad van hooguit 1024 tekens", lees: func(s string) (string, bool) { return s, len(s) <= 1024 }}
	jaNee  = soort[bool]{aanvaardt: "true of false", lees: func(s string) (bool, bool) { return s == "true", s == "true" || s == "false" }}

	geheim = soort[string]{
		aanvaardt: "een geheim van 32 tot en met 4096 bytes, zonder besturingstekens",
		lees:      func(s string) (string, bool) { return s, 32 <= len(s) && len(s) <= 4096 },
		masker:    func(string) string { return "***" },
	}

	luisteradres = soort[string]{aanvaardt: "host:poort, bijvoorbeeld 127.0.0.1:8080", lees: leesLuisteradres}
	basisURL     = soort[string]{aanvaardt: "een adres met http:// of https:// zonder vraagteken of hekje", lees: leesBasisURL}
	link         = soort[string]{aanvaardt: "een volledig adres met http:// of https://, van hooguit 2042 tekens", lees: leesLink}
	opslag       = soort[string]{aanvaardt: "sqlite:MAP of postgres://…", lees: leesOpslag, masker: maskeerURL}
	postgres     = soort[string]{aanvaardt: "postgres://…", lees: leesPostgres, masker: maskeerURL}
	headernaam   = soort[string]{aanvaardt: "de naam van een HTTP-header", lees: volgens(`^[A-Za-z0-9!#$%&'*+.^_|~\x60-]{1,100}$`)}
	adressen     = soort[[]netip.Prefix]{aanvaardt: "een lijst van IP-adressen of reeksen zoals 10.0.0.0/8", lees: leesAdressen, lijst: true}

	omvang   = soort[int64]{aanvaardt: "een omvang van 1 KiB tot 1024 MiB, bijvoorbeeld 8 MiB", lees: leesOmvang}
	niveau   = soort[slog.Level]{aanvaardt: "debug, info, warn of error", lees: leesNiveau}
	kloktijd = soort[time.Duration]{aanvaardt: "een tijd zoals 03:00, of uit", lees: leesKloktijd}
	deel     = soort[float64]{aanvaardt: "een getal van 0 tot en met 1, bijvoorbeeld 0.1", lees: leesDeel}
	id       = soort[string]{aanvaardt: "een uuid van 36 tekens", lees: leesID}

	bewaarduur = soort[string]{aanvaardt: "een duur volgens ISO 8601, bijvoorbeeld P5Y of P18M", lees: func(s string) (string, bool) { _, ok := einde(s); return s, ok }}
)

func volgens(patroon string) func(string) (string, bool) {
	re := regexp.MustCompile(patroon)
	return func(s string) (string, bool) { return s, re.MatchString(s) }
}

func keuze(uit ...string) soort[string] {
	return soort[string]{
		aanvaardt: strings.Join(uit[:len(uit)-1], ", ") + " of " + uit[len(uit)-1],
		lees:      func(s string) (string, bool) { return s, slices.Contains(uit, s) },
	}
}

func getal(van, tot int) soort[int] {
	return soort[int]{
		aanvaardt: "een geheel getal van " + strconv.Itoa(van) + " tot en met " + strconv.Itoa(tot),
		lees: func(s string) (int, bool) {
			n, err := strconv.Atoi(s)
			return n, err == nil && van <= n && n <= tot
		},
	}
}

func duur(van, tot time.Duration) soort[time.Duration] {
	return soort[time.Duration]{
		aanvaardt: "een duur van " + van.String() + " tot en met " + tot.String() + ", bijvoorbeeld 90s of 15m",
		lees: func(s string) (time.Duration, bool) {
			d, err := time.ParseDuration(s)
			return d, err == nil && van <= d && d <= tot
		},
	}
}

var reHost = regexp.MustCompile(`^[A-Za-z0-9]([A-Za-z0-9.-]{0,251}[A-Za-z0-9])?$`)

func leesLuisteradres(s string) (string, bool) {
	host, poort, err := net.SplitHostPort(s)
	if err != nil {
		return s, false
	}
	if _, err := strconv.ParseUint(poort, 10, 16); err != nil {
		return s, false
	}
	_, err = netip.ParseAddr(host)
	return s, host == "" || err == nil || reHost.MatchString(host)
}

// veiligeURL says whether what goes to an address stays unreadable for others: TLS, or this machine.
func veiligeURL(s string) bool {
	u, err := url.Parse(s)
	return err == nil && (u.Scheme == "https" || opLoopback(net.JoinHostPort(u.Hostname(), "0")))
}

// opLoopback says whether only this machine can reach the address; an unknown name counts as no.
func opLoopback(listen string) bool {
	host, _, err := net.SplitHostPort(listen)
	if err != nil {
		return false
	}
	ip, err := netip.ParseAddr(host)
	return host == "localhost" || err == nil && ip.Unmap().IsLoopback()
}

func leesBasisURL(s string) (string, bool) {
	s, ok := leesLink(s)
	return strings.TrimRight(s, "/"), ok && !strings.ContainsAny(s, "?#")
}

func leesLink(s string) (string, bool) {
	u, err := url.Parse(s)
	ok := err == nil && (u.Scheme == "http" || u.Scheme == "https") && u.Hostname() != "" && u.User == nil
	return s, ok && len(s) <= 2042 && !strings.Contains(s, " ")
}

func leesOpslag(s string) (string, bool) {
	if pad, ok := strings.CutPrefix(s, voorvoegselSQLite); ok {
		return s, pad != "" && len(pad) <= 1024
	}
	return leesPostgres(s)
}

func leesPostgres(s string) (string, bool) {
	u, err := url.Parse(s)
	return s, err == nil && (u.Scheme == "postgres" || u.Scheme == "postgresql") && (u.Host != "" || u.Query().Get("host") != "")
}

// maskeerURL hides what may be secret in the address of a database: the password, and every
// parameter, since drivers take passwords and paths of keys there too.
func maskeerURL(s string) string {
	if strings.HasPrefix(s, voorvoegselSQLite) {
		return s
	}
	u, err := url.Parse(s)
	if err != nil {
		return "***"
	}
	voor := u.Scheme + "://"
	if u.User != nil {
		voor += u.User.Username()
		if _, ok := u.User.Password(); ok {
			voor += ":***"
		}
		voor += "@"
	}
	na := ""
	if u.RawQuery != "" {
		na = "?***"
	}
	return voor + u.Host + u.Path + na
}

func leesAdressen(s string) ([]netip.Prefix, bool) {
	var uit []netip.Prefix
	for deel := range strings.SplitSeq(s, ",") {
		deel = strings.TrimSpace(deel)
		p, err := netip.ParsePrefix(deel)
		if err != nil {
			ip, err := netip.ParseAddr(deel)
			if err != nil || ip.Zone() != "" {
				return nil, false
			}
			p = netip.PrefixFrom(ip, ip.BitLen())
		}
		uit = append(uit, p.Masked())
	}
	return uit, len(uit) <= 100
}

var reOmvang = regexp.MustCompile(`^(\d{1,10}) ?(KiB|MiB)?$`)

func leesOmvang(s string) (int64, bool) {
	m := reOmvang.FindStringSubmatch(s)
	if m == nil {
		return 0, false
	}
	n, err := strconv.ParseInt(m[1], 10, 64)
	if err != nil {
		return 0, false
	}
	switch m[2] {
	case "KiB":
		n <<= 10
	case "MiB":
		n <<= 20
	}
	return n, 1<<10 <= n && n <= 1<<30
}

func leesNiveau(s string) (slog.Level, bool) {
	l, ok := map[string]slog.Level{
		"debug": slog.LevelDebug, "info": slog.LevelInfo, "warn": slog.LevelWarn, "error": slog.LevelError,
	}[s]
	return l, ok
}

// leesKloktijd reads hours and minutes; uit is negative.
func leesKloktijd(s string) (time.Duration, bool) {
	if s == NakijkenUit {
		return -1, true
	}
	t, err := time.Parse("15:04", s)
	return time.Duration(t.Hour())*time.Hour + time.Duration(t.Minute())*time.Minute, err == nil && len(s) == len("15:04")
}

var reDeel = regexp.MustCompile(`^(0(\.\d{1,9})?|1(\.0{1,9})?)$`)

func leesDeel(s string) (float64, bool) {
	f, err := strconv.ParseFloat(s, 64)
	return f, err == nil && reDeel.MatchString(s)
}

var reID = regexp.MustCompile(`^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$`)

func leesID(s string) (string, bool) {
	s = strings.ToLower(s)
	return s, reID.MatchString(s)
}

var reDuur = regexp.MustCompile(`^P(?:(\d{1,4})Y)?(?:(\d{1,4})M)?(?:(\d{1,4})W)?(?:(\d{1,5})D)?(?:T(?:(\d{1,5})H)?(?:(\d{1,5})M)?(?:(\d{1,9})(?:\.\d{1,9})?S)?)?$`)

// einde gives the day a duration ends when it starts on a fixed day, so that two can be compared;
// false when it is no ISO 8601 duration.
func einde(s string) (time.Time, bool) {
	m := reDuur.FindStringSubmatch(s)
	if m == nil || strings.HasSuffix(s, "P") || strings.HasSuffix(s, "T") {
		return time.Time{}, false
	}
	var n [8]int
	for i := range n[1:] {
		n[i+1], _ = strconv.Atoi(m[i+1]) // digits or nothing, by the pattern
	}
	seconden := n[5]*3600 + n[6]*60 + n[7]
	begin := time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC)
	return begin.AddDate(n[1], n[2], 7*n[3]+n[4]).Add(time.Duration(seconden) * time.Second), true
}
