package verwerkingenlog

import (
	"context"
	"maps"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"
	"pgregory.net/rapid"

	"github.com/verantwoord/verantwoord/internal/betrokkene"
)

const (
	oinVoorbeeldstad = "00000099123456780000"
	oinAnderdorp     = "00000099876543210000"
)

// prints keeps fingerprints of keys in memory; everything else about the keys of these tests is real.
type prints struct {
	mu sync.Mutex
	m  map[string]map[string]string
}

func (p *prints) Vingerafdrukken(_ context.Context, oin string) (map[string]string, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	return maps.Clone(p.m[oin]), nil
}

func (p *prints) BewaarVingerafdrukken(_ context.Context, oin string, added map[string]string) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.m == nil {
		p.m = map[string]map[string]string{}
	}
	if p.m[oin] == nil {
		p.m[oin] = map[string]string{}
	}
	maps.Copy(p.m[oin], added)
	return nil
}

// openKeys makes keys for both organisations, on disk.
func openKeys(t testing.TB) *betrokkene.Sleutelbos {
	t.Helper()
	b, err := betrokkene.Open(t.Context(), t.TempDir()+"/sleutels", []string{oinVoorbeeldstad, oinAnderdorp}, &prints{})
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func keysOf(t testing.TB, b *betrokkene.Sleutelbos, oin string) *betrokkene.Sleutels {
	t.Helper()
	s, ok := b.Organisatie(oin)
	if !ok {
		t.Fatal("no keys")
	}
	return s
}

// logWithout is a Log without a store: for what needs keys and a clock only.
func logWithout(b *betrokkene.Sleutelbos, nu func() time.Time) *Log {
	return NewLog(nil, nil, b, Opties{
		Nu: nu, Organisatie: func(string) *Instellingen { return &Instellingen{} }, CursorGeldig: time.Hour,
	})
}

// generated values: anything that may come out of validation, and then some.
var (
	genTekst = rapid.StringN(0, 60, 242)
	genUUID  = rapid.Custom(func(t *rapid.T) (id uuid.UUID) {
		if rapid.Bool().Draw(t, "given") {
			copy(id[:], rapid.SliceOfN(rapid.Byte(), 16, 16).Draw(t, "id"))
		}
		return id
	})
	genObject = rapid.Custom(func(t *rapid.T) VerwerktObject {
		o := VerwerktObject{
			ID: genUUID.Draw(t, "id"), Objecttype: "persoon",
			SoortObjectID: rapid.SampledFrom([]string{"BSN", "Personeelsnummer", "bsn"}).Draw(t, "soort"),
			ObjectID:      rapid.SampledFrom([]string{"2308572", "999990019", "P-17", ""}).Draw(t, "objectId"),
			Betrokkenheid: genTekst.Draw(t, "betrokkenheid"),
		}
		if soorten := rapid.SliceOfN(genTekst, 0, 3).Draw(t, "soorten"); len(soorten) > 0 {
			o.Soorten = soorten
		}
		return o
	})
	genActie = rapid.Custom(func(t *rapid.T) Verwerkingsactie {
		a := Verwerkingsactie{
			ActieNaam: genTekst.Draw(t, "actieNaam"), HandelingNaam: genTekst.Draw(t, "handelingNaam"),
			VerwerkingNaam: genTekst.Draw(t, "verwerkingNaam"), VerwerkingID: genUUID.Draw(t, "verwerkingId"),
			VerwerkingsactiviteitID:         genUUID.Draw(t, "activiteit"),
			VerwerkingsactiviteitURL:        genTekst.Draw(t, "url"),
			Vertrouwelijkheid:               rapid.SampledFrom([]Vertrouwelijkheid{Normaal, Vertrouwelijk, Opgeheven}).Draw(t, "vertrouwelijkheid"),
			Bewaartermijn:                   rapid.SampledFrom([]string{"", "P10Y", "PT0S"}).Draw(t, "bewaartermijn"),
			Uitvoerder:                      rapid.SampledFrom([]string{"", oinVoorbeeldstad}).Draw(t, "uitvoerder"),
			Systeem:                         genTekst.Draw(t, "systeem"),
			Gebruiker:                       genTekst.Draw(t, "gebruiker"),
			Gegevensbron:                    genTekst.Draw(t, "gegevensbron"),
			SoortAfnemerID:                  rapid.SampledFrom([]string{"", "OIN", "BSN", "bsn"}).Draw(t, "soortAfnemerId"),
			AfnemerID:                       rapid.SampledFrom([]string{"", oinAnderdorp, "2308573"}).Draw(t, "afnemerId"),
			VerwerkingsactiviteitIDAfnemer:  genUUID.Draw(t, "activiteitAfnemer"),
			VerwerkingsactiviteitURLAfnemer: genTekst.Draw(t, "urlAfnemer"),
			VerwerkingIDAfnemer:             genUUID.Draw(t, "verwerkingIdAfnemer"),
			Tijdstip:                        Moment(rapid.SampledFrom([]string{"2024-04-05T14:35:42+01:00", "2024-04-05T14:35:42.123456789-11:30"}).Draw(t, "tijdstip")),
		}
		if objecten := rapid.SliceOfN(genObject, 0, 20).Draw(t, "objecten"); len(objecten) > 0 {
			a.Objecten = objecten
		}
		return a
	})
)
