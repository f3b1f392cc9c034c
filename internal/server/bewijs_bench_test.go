package server

import (
	"bytes"
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/verantwoord/verantwoord/internal/autorisatie"
	"github.com/verantwoord/verantwoord/internal/bewijs"
	"github.com/verantwoord/verantwoord/internal/config"
)

// inname is a register that is loaded by 64 clients.
type inname struct {
	*Server
	url, token string
	klant      *http.Client
}

func startInname(b *testing.B, tekent bool) *inname {
	b.Helper()
	bestand, err := autorisatie.Parse(strings.NewReader("organisaties: [{oin: \""+oinBewijs+"\", naam: Voorbeeldstad}]\napplicaties: [{clientIds: [leverancier], geheim: \""+
		geheimBewijs+"\", label: Leverancier, organisatie: \""+oinBewijs+"\", oins: [\""+oinBewijs+"\"]}]"), "")
	if err != nil {
		b.Fatal(err)
	}
	dir := b.TempDir()
	omgeving := map[string]string{"VERANTWOORD_STORE": "sqlite:" + dir + "/store", "VERANTWOORD_SLEUTELS": dir + "/sleutels"}
	c, err := config.Load("", func(k string) string { return omgeving[k] }, []string{"VERANTWOORD_STORE=", "VERANTWOORD_SLEUTELS="})
	if err != nil {
		b.Fatal(err)
	}
	i := &inname{klant: &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: 64}}}
	if i.Server, err = Open(context.Background(), c, bestand, Opties{Versie: "proef"}); err != nil {
		b.Fatal(err)
	}
	if !tekent {
		i.stopTekenen()
	}
	h := httptest.NewServer(i.Handler())
	b.Cleanup(func() { h.Close(); i.Close() })
	i.url = h.URL
	if i.token, err = autorisatie.Sign("leverancier", []byte(geheimBewijs), autorisatie.Claims{}, time.Now()); err != nil {
		b.Fatal(err)
	}
	return i
}

// perSeconde loads it for a while.
func (i *inname) perSeconde(b *testing.B, duur time.Duration) float64 {
	record := []byte(`{"actieNaam":"Ophalen adres","tijdstip":"2026-03-01T12:00:00+01:00","systeem":"Balie","gebruiker":"u-1","verwerkteObjecten":[{"objecttype":"persoon","soortObjectId":"BSN","objectId":"5649587","betrokkenheid":"Getuige"}]}`)
	var n atomic.Int64
	var wg sync.WaitGroup
	begin := time.Now()
	for range 64 {
		wg.Go(func() {
			for time.Since(begin) < duur {
				r, err := http.NewRequest(http.MethodPost, i.url+"/bewerking/api/v1/verwerkingsacties", bytes.NewReader(record))
				if err != nil {
					b.Error(err)
					return
				}
				r.Header.Set("Authorization", "Bearer "+i.token)
				r.Header.Set("Content-Type", "application/json")
				res, err := i.klant.Do(r)
				if err != nil {
					b.Error(err)
					return
				}
				_, _ = io.Copy(io.Discard, res.Body)
				res.Body.Close()
				if res.StatusCode == http.StatusCreated {
					n.Add(1)
				}
			}
		})
	}
	wg.Wait()
	return float64(n.Load()) / time.Since(begin).Seconds()
}

// BenchmarkIntake loads two registers by turns, of which one signs its trees, and gives the median of the ratios: with
// -benchtime 1x.
func BenchmarkIntake(b *testing.B) {
	met, zonder := startInname(b, true), startInname(b, false)
	var verhouding, tekent, zwijgt []float64
	for ronde := range 9 {
		a, z := met, zonder
		if ronde%2 == 1 {
			a, z = z, a
		}
		x, y := a.perSeconde(b, 2*time.Second), z.perSeconde(b, 2*time.Second)
		if ronde%2 == 1 {
			x, y = y, x
		}
		tekent, zwijgt, verhouding = append(tekent, x), append(zwijgt, y), append(verhouding, x/y)
	}
	mediaan := func(l []float64) float64 { slices.Sort(l); return l[len(l)/2] }
	b.ReportMetric(mediaan(tekent), "ondertekend/s")
	b.ReportMetric(mediaan(zwijgt), "niet-ondertekend/s")
	b.ReportMetric(mediaan(verhouding), "verhouding")
	b.ReportMetric(verhouding[0], "laagste")
	b.ReportMetric(verhouding[len(verhouding)-1], "hoogste")
}

// BenchmarkTeken signs a tree of 20 000 leaves that grew by 64, again and again, and tells what processor time that takes.
func BenchmarkTeken(b *testing.B) {
	i := startInname(b, false)
	for n := uint64(0); n < 20_000; {
		i.perSeconde(b, time.Second)
		var err error
		if n, err = i.Size(context.Background(), oinBewijs, bewijs.BoomLog); err != nil {
			b.Fatal(err)
		}
	}
	cpu := func() time.Duration {
		var u syscall.Rusage
		if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
			b.Fatal(err)
		}
		return time.Duration(u.Utime.Nano() + u.Stime.Nano())
	}
	var som time.Duration
	for b.Loop() {
		b.StopTimer()
		i.perSeconde(b, time.Millisecond)
		b.StartTimer()
		van := cpu()
		i.maker.Teken(context.Background())
		som += cpu() - van
	}
	b.ReportMetric(float64(som.Microseconds())/float64(b.N), "cpu-µs/keer")
}
