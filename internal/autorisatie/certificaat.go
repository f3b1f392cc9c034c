package autorisatie

import (
	"context"
	"strings"
)

// Certificaat is what a client has proved by a certificate before any token is read. The zero value
// says that none was shown.
type Certificaat struct {
	Getoond bool   // one was shown, by the connection or by a proxy that is believed
	Geldig  bool   // it is in force and of a known issuer
	OIN     string // the one organisation it names; empty: none
}

type certificaatSleutel struct{}

// MetCertificaat puts what was proved into the context of a request. It is a question, so that a
// request that lasts can be judged again: a certificate ends, and its issuer may lose trust.
func MetCertificaat(ctx context.Context, vraag func() Certificaat) context.Context {
	return context.WithValue(ctx, certificaatSleutel{}, vraag)
}

// CertificaatVan gives what is proved for this request, now.
func CertificaatVan(ctx context.Context) Certificaat {
	if vraag, ok := ctx.Value(certificaatSleutel{}).(func() Certificaat); ok {
		return vraag()
	}
	return Certificaat{}
}

// CertificaatOIN gives the OIN that was proved for this request, "" without one.
func CertificaatOIN(ctx context.Context) string {
	if c := CertificaatVan(ctx); c.Geldig {
		return c.OIN
	}
	return ""
}

// ToetsCertificaat holds the certificate of a request against the client its token names: the OIN
// must be one of that client's, and a header OIN must be the same one (B9177). verplicht refuses a
// request without a proved OIN. It refuses with a *fout.Fout of CodeGeenToestemming.
func (b *Besluit) ToetsCertificaat(c Certificaat, verplicht bool, headerOIN []string) error {
	switch {
	case c.Getoond && !c.Geldig:
		return weigering(redenCertificaat)
	case !c.Getoond && verplicht:
		return weigering(redenGeenCertificaat)
	case c.OIN == "" && verplicht:
		return weigering(redenGeenOIN)
	case c.OIN == "":
		return nil
	case !b.EigenOIN(c.OIN):
		return weigering(redenAndereOIN)
	}
	for _, oin := range headerOIN {
		if oin = strings.TrimSpace(oin); oin != "" && oin != c.OIN {
			return weigering(redenHeaderOIN)
		}
	}
	return nil
}
