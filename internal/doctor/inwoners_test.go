package doctor

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"encoding/pem"
	"os"
	"testing"
)

func TestCitizensNeedAnAddressWithTLS(t *testing.T) {
	t.Parallel()
	for adres, want := range map[string]bool{
		"https://register.example": false, "http://127.0.0.1:8080": false, "http://[::1]:8080": false, "http://localhost:8080": false,
		"http://register.example": true, "http://10.0.0.1": true, "http://localhost.example": true,
	} {
		if got := onveilig(adres); got != want {
			t.Errorf("%s: %v", adres, got)
		}
	}
	o := opstellen(t)
	o.zet("inwonerdiensten.digid.uitgever", "https://127.0.0.1:1")
	o.zet("inwonerdiensten.digid.client_id", "verantwoord")
	o.zet("inwonerdiensten.digid.geheim", "geheim-van-de-broker")
	o.zet("url", "http://register.invalid")
	moetTonen(t, o.onderzoek(), Fout, "inwoners", "http://")
}

func TestTheKeyOfAServiceOfCitizensIsLookedAt(t *testing.T) {
	t.Parallel()
	k, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	der, err := x509.MarshalPKCS8PrivateKey(k)
	if err != nil {
		t.Fatal(err)
	}
	goed := string(pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: der}))
	for naam, p := range map[string]struct {
		inhoud string
		mode   os.FileMode
		deel   string
	}{
		"that others can read": {goed, 0o640, "rechten 0640"},
		"that is no key":       {"geen sleutel", 0o600, "no single block of PEM"},
		"with a key after it":  {goed + goed, 0o600, "no single block of PEM"},
	} {
		t.Run(naam, func(t *testing.T) {
			t.Parallel()
			o := opstellen(t)
			o.zet("inwonerdiensten.digid.uitgever", "https://127.0.0.1:1")
			o.zet("inwonerdiensten.digid.client_id", "verantwoord")
			o.zet("inwonerdiensten.digid.sleutel", o.schrijf("broker.pem", p.inhoud, p.mode))
			moetTonen(t, o.onderzoek(), Fout, "inwoners", p.deel)
		})
	}
}
