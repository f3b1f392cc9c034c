package server

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/base64"
	"encoding/pem"
	"math/big"
	"net/netip"
	"net/url"
	"strings"
	"testing"
	"time"
)

// certificaat makes a self-signed one.
func certificaat(t testing.TB, subject pkix.Name) *x509.Certificate {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	c := &x509.Certificate{SerialNumber: big.NewInt(7), Subject: subject, NotBefore: time.Unix(1_700_000_000, 0), NotAfter: time.Unix(1_900_000_000, 0)}
	der, err := x509.CreateCertificate(rand.Reader, c, c, &key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	if c, err = x509.ParseCertificate(der); err != nil {
		t.Fatal(err)
	}
	return c
}

func TestTheOINIsTheOneSerialNumberOfTheSubject(t *testing.T) {
	t.Parallel()
	nummer := func(v string) pkix.AttributeTypeAndValue {
		return pkix.AttributeTypeAndValue{Type: serienummer, Value: v}
	}
	const oin = "00000099123456780000"
	for name, tt := range map[string]struct {
		subject pkix.Name
		want    string
	}{
		"as PKIoverheid gives it":     {pkix.Name{CommonName: "x", SerialNumber: oin}, oin},
		"none":                        {pkix.Name{CommonName: oin}, ""},
		"too short":                   {pkix.Name{SerialNumber: oin[1:]}, ""},
		"too long":                    {pkix.Name{SerialNumber: oin + "0"}, ""},
		"with a letter":               {pkix.Name{SerialNumber: oin[:19] + "x"}, ""},
		"with a space before it":      {pkix.Name{SerialNumber: " " + oin[:19]}, ""},
		"with digits of another kind": {pkix.Name{SerialNumber: "٠" + oin[2:]}, ""},
		"twice":                       {pkix.Name{ExtraNames: []pkix.AttributeTypeAndValue{nummer(oin), nummer(oin)}}, ""},
	} {
		if got := oinVan(certificaat(t, tt.subject)); got != tt.want {
			t.Errorf("%s: %q", name, got)
		}
	}
}

func TestAddressesAreCountedAsOneWhereOneSubscriberHasThem(t *testing.T) {
	t.Parallel()
	for remote, want := range map[string]string{
		"192.0.2.7:1":                   "192.0.2.7",
		"[::ffff:192.0.2.7]:1":          "192.0.2.7",
		"[2001:db8:1:2:3:4:5:6]:1":      "2001:db8:1:2:3:4:5:6",
		"[fe80::1%eth0]:1":              "fe80::1",
		"192.0.2.7":                     "",
		"verantwoord.example:1":         "",
		"@":                             "",
		"[2001:db8:1:2:3:4:5:6]:1:2001": "",
	} {
		ip, ok := adresVan(remote)
		if ok != (want != "") || ok && ip.String() != want {
			t.Errorf("%s: %v %v", remote, ip, ok)
		}
	}
	b := &begrensd{vrij: []netip.Prefix{netip.MustParsePrefix("192.0.2.9/32")}}
	for remote, want := range map[string]string{
		"192.0.2.7:1": "192.0.2.7/32", "[2001:db8:1:2:3:4:5:6]:1": "2001:db8:1:2::/64", "192.0.2.9:1": "", "@": "",
	} {
		p, ok := b.adres(remote)
		if ok != (want != "") || ok && p.String() != want {
			t.Errorf("%s counts as %v %v", remote, p, ok)
		}
	}
	reeksen := []netip.Prefix{netip.MustParsePrefix("10.0.0.0/8")}
	for remote, want := range map[string]bool{"10.1.2.3:4": true, "[::ffff:10.1.2.3]:4": true, "11.1.2.3:4": false, "10.1.2.3": false, "": false} {
		if got := vanProxy(reeksen, remote); got != want {
			t.Errorf("%q: %v", remote, got)
		}
	}
}

// FuzzLeesHeader checks that nothing a proxy hands over breaks the reading, and that what is read is
// a whole certificate and not too many.
func FuzzLeesHeader(f *testing.F) {
	c := certificaat(f, pkix.Name{SerialNumber: "00000099123456780000"})
	tekst := string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: c.Raw}))
	f.Add(":" + base64.StdEncoding.EncodeToString(c.Raw) + ":")
	f.Add(strings.ReplaceAll(url.QueryEscape(tekst), "+", "%20"))
	f.Add(url.PathEscape(tekst + tekst))
	f.Add(":")
	f.Add("::")
	f.Add("%")
	f.Add("-----BEGIN%20CERTIFICATE-----")
	f.Add("")
	f.Fuzz(func(t *testing.T, s string) {
		keten, err := leesHeader(s)
		if err != nil {
			return
		}
		if len(keten) == 0 || len(keten) > maxKeten {
			t.Fatalf("%d certificates", len(keten))
		}
		for _, c := range keten {
			if c == nil || len(c.Raw) == 0 {
				t.Fatal("an empty certificate")
			}
		}
		if oin := oinVan(keten[0]); oin != "" && len(oin) != 20 {
			t.Fatal("an OIN of another length")
		}
	})
}
