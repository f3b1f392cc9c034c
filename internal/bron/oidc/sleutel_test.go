package oidc

import (
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/pem"
	"strings"
	"testing"
)

func blok(t *testing.T, soort string, der []byte, err error) []byte {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
	return pem.EncodeToMemory(&pem.Block{Type: soort, Bytes: der})
}

func TestOnlyAPrivateKeyThatIsStrongEnoughIsRead(t *testing.T) {
	t.Parallel()
	ec, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	groot, err := ecdsa.GenerateKey(elliptic.P384(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	_, ed, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	sterk, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	zwak, err := rsa.GenerateKey(rand.Reader, 1024)
	if err != nil {
		t.Fatal(err)
	}
	pkcs8 := func(k any) []byte {
		der, err := x509.MarshalPKCS8PrivateKey(k)
		return blok(t, "PRIVATE KEY", der, err)
	}
	sec1, err := x509.MarshalECPrivateKey(ec)
	publiek, fout := x509.MarshalPKIXPublicKey(ec.Public())
	for naam, p := range map[string]struct {
		inhoud []byte
		goed   bool
	}{
		"P-256":               {pkcs8(ec), true},
		"P-256 in SEC 1":      {blok(t, "EC PRIVATE KEY", sec1, err), true},
		"RSA":                 {pkcs8(sterk), true},
		"RSA in PKCS 1":       {blok(t, "RSA PRIVATE KEY", x509.MarshalPKCS1PrivateKey(sterk), nil), true},
		"with lines after":    {append(pkcs8(ec), " \r\n\n"...), true},
		"RSA of 1024 bits":    {pkcs8(zwak), false},
		"another curve":       {pkcs8(groot), false},
		"another algorithm":   {pkcs8(ed), false},
		"a public key":        {blok(t, "PUBLIC KEY", publiek, fout), false},
		"two keys":            {append(pkcs8(ec), pkcs8(ec)...), false},
		"no key in the block": {blok(t, "PRIVATE KEY", []byte("geheim"), nil), false},
		"no block":            {[]byte("geheim"), false},
		"nothing":             {nil, false},
	} {
		s, err := LeesSleutel(p.inhoud)
		if (err == nil) != p.goed || err != nil && strings.Contains(err.Error(), "geheim") {
			t.Errorf("%s: %v", naam, err)
			continue
		}
		if err != nil {
			continue
		}
		if len(s.kid) != 43 {
			t.Errorf("%s is called %q", naam, s.kid)
		}
	}
}
