package server

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/verantwoord/verantwoord/internal/autorisatie"
	"github.com/verantwoord/verantwoord/internal/config"
	"github.com/verantwoord/verantwoord/internal/store/postgrestest"
	"github.com/verantwoord/verantwoord/internal/verwerkingenlog"
)

const (
	leesRecords  = 20_000
	leesPersonen = 200 // each with a hundred acties: two pages of fifty
	leesGroep    = 64
)

// leesproef is a register to read from, and what to ask it.
type leesproef struct {
	*verwerkingenlog.Log
	a      *verwerkingenlog.Aanroeper
	d      verwerkingenlog.Doorgave
	acties []string
	tweede []string // cursors to the second page of each person
	regels []uuid.UUID
}

func bsnLees(i int) string { return fmt.Sprintf("99999%04d", i) }

func vulLees(b *testing.B, store string) *leesproef {
	b.Helper()
	bestand, err := autorisatie.Parse(strings.NewReader("organisaties: [{oin: \""+oinBewijs+"\", naam: Voorbeeldstad}]"), "")
	if err != nil {
		b.Fatal(err)
	}
	omgeving := map[string]string{"VERANTWOORD_STORE": store, "VERANTWOORD_SLEUTELS": b.TempDir() + "/sleutels"}
	c, err := config.Load("", func(k string) string { return omgeving[k] }, []string{"VERANTWOORD_STORE=", "VERANTWOORD_SLEUTELS="})
	if err != nil {
		b.Fatal(err)
	}
	s, err := Open(context.Background(), c, bestand, Opties{Versie: "proef"})
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { s.Close() })
	s.stopTekenen()
	p := &leesproef{Log: s.Log(), a: &verwerkingenlog.Aanroeper{
		Organisatie: oinBewijs, ClientID: "lezer", OINs: []string{oinBewijs}, Lezen: verwerkingenlog.BereikVertrouwelijk,
	}}
	p.d = verwerkingenlog.Doorgave{OIN: oinBewijs, ActiviteitID: uuid.New(), ActiviteitURL: "https://voorbeeld.example/a"}
	ctx := context.Background()
	for n := 0; n < leesRecords; n += leesGroep {
		var groep []*verwerkingenlog.Vastlegging
		for i := n; i < n+leesGroep; i++ {
			in := &verwerkingenlog.Invoer{ObjectenAanwezig: true, Objecten: []verwerkingenlog.InvoerObject{{
				Objecttype: "persoon", SoortObjectID: "BSN", ObjectID: bsnLees(i % leesPersonen), Betrokkenheid: "Aanvrager", Soorten: []string{"Naam", "Adres"},
			}}}
			in.Set(verwerkingenlog.VeldActieNaam, "Ophalen adres")
			in.Set(verwerkingenlog.VeldHandelingNaam, "Aanvraag behandelen")
			in.Set(verwerkingenlog.VeldVerwerkingNaam, "Parkeervergunning")
			in.Set(verwerkingenlog.VeldTijdstip, "2026-03-01T12:00:00+01:00")
			in.Set(verwerkingenlog.VeldSysteem, "Balie")
			in.Set(verwerkingenlog.VeldGebruiker, "u-1")
			in.Set(verwerkingenlog.VeldVerwerkingID, uuid.NewString())
			v, err := p.Prepare(ctx, p.a, in, "", nil)
			if err == nil {
				err = v.Submit()
			}
			if err != nil {
				b.Fatal(err)
			}
			groep = append(groep, v)
		}
		for _, v := range groep {
			actie, err := v.Wait(ctx)
			if err != nil {
				b.Fatal(err)
			}
			p.acties, p.regels = append(p.acties, actie.ActieID.String()), append(p.regels, actie.Actie.Objecten[0].ID)
		}
	}
	for i := range leesPersonen {
		l, err := p.lijst(i)
		if err != nil || len(l.Regels) != 50 || l.Next == "" {
			b.Fatalf("%v", err)
		}
		p.tweede = append(p.tweede, l.Next)
	}
	return p
}

func (p *leesproef) lijst(i int) (*verwerkingenlog.Pagina, error) {
	return p.ListInzage(context.Background(), p.a, &verwerkingenlog.Filter{
		Objecttype: "persoon", SoortObjectID: "BSN", ObjectID: bsnLees(i % leesPersonen), PageSize: "50", BeginDatum: "2026-01-01", EindDatum: "2026-04-01",
	}, "", p.d)
}

// BenchmarkLezen reads from a register: the acties of a person, fifty on a page, and one. Those that are logged wait for the
// disk; a page by its cursor and a line of it are reading alone. The processor time is that of this process; its tenth part from
// below is the least disturbed by others.
func BenchmarkLezen(b *testing.B) {
	for _, motor := range []struct {
		naam  string
		store func() string
	}{
		{"sqlite", func() string { return "sqlite:" + b.TempDir() + "/store" }},
		{"postgres", func() string { return postgrestest.Database(b) }},
	} {
		b.Run(motor.naam, func(b *testing.B) {
			p := vulLees(b, motor.store())
			ctx := context.Background()
			for _, meting := range []struct {
				naam string
				een  func(i int) error
			}{
				{"lijst", func(i int) error { _, err := p.lijst(i); return err }},
				{"bladzijde", func(i int) error {
					_, err := p.ListInzage(ctx, p.a, nil, p.tweede[i%leesPersonen], p.d)
					return err
				}},
				{"actie", func(i int) error { _, err := p.Get(ctx, p.a, p.acties[i%leesRecords], "", p.d); return err }},
				{"regel", func(i int) error {
					k := i % leesRecords
					_, err := p.LineInzage(ctx, p.a, p.tweede[k%leesPersonen], p.regels[k], p.d)
					return err
				}},
			} {
				b.Run(meting.naam, func(b *testing.B) {
					duur, cpu := make([]float64, 0, b.N), make([]float64, 0, b.N)
					begin := leesCPU(b)
					for i := range b.N {
						van, gebruikt := time.Now(), leesCPU(b)
						if err := meting.een(i * 7919); err != nil {
							b.Fatal(err)
						}
						cpu = append(cpu, leesCPU(b)-gebruikt)
						duur = append(duur, float64(time.Since(van).Microseconds()))
					}
					totaal := leesCPU(b) - begin
					slices.Sort(duur)
					slices.Sort(cpu)
					b.ReportMetric(duur[len(duur)/2], "p50-µs")
					b.ReportMetric(duur[len(duur)*99/100], "p99-µs")
					b.ReportMetric(totaal/float64(b.N), "cpu-µs/op")
					b.ReportMetric(cpu[len(cpu)/10], "cpu-p10-µs")
					b.ReportMetric(cpu[len(cpu)/2], "cpu-p50-µs")
				})
			}
		})
	}
}

func leesCPU(b *testing.B) float64 {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		b.Fatal(err)
	}
	return float64(u.Utime.Nano()+u.Stime.Nano()) / 1000
}
