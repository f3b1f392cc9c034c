package bench

import (
	"fmt"
	"strings"
)

// at finds a figure by the beginning of its name, and by its clients where these are not 0.
func (u *Uitslag) at(naam string, klanten int) Meting {
	for _, m := range u.Metingen {
		if (klanten == 0 || m.Klanten == klanten) && strings.HasPrefix(m.Naam, naam) {
			return m
		}
	}
	return Meting{}
}

// ratios holds the targets of the performance document beside what was measured.
func (u *Uitslag) ratios() {
	div := func(a, b float64) float64 {
		if b == 0 {
			return 0
		}
		return a / b
	}
	f, h64, h256 := u.at("limiet: 4 KiB", 1), u.at("limiet: echo", 64), u.at("limiet: echo", 256)
	ruw, ruwLog, naief := u.at("limiet: rijen", 0), u.at("limiet: alleen", 0), u.at("nulmeting", 64)
	p1, p64, p256, bulk := u.at("product: POST", 1), u.at("product: POST", 64), u.at("product: POST", 256), u.at("product: bulk", 2)
	doel64, doel256 := "≥ 0,50", "≥ 0,55"
	if u.Store != ingebouwd {
		doel64, doel256 = "≥ 0,45", "≥ 0,45"
	}
	u.Verhoudingen = []Verhouding{
		{"server-CPU per record tegen die van de echo (64)", div(p64.CPU, h64.CPU), "≤ 3,0", "≤ 2,2"},
		{"POST tegen echo, 64 klanten", div(p64.PerS, h64.PerS), "≥ 0,30", doel64},
		{"POST tegen echo, 256 klanten", div(p256.PerS, h256.PerS), "≥ 0,30", doel256},
		{"p99 van POST bij 64 klanten (ms)", p64.P99, "", "≤ 20"},
		{"p50 van één klant tegen één fdatasync", div(p1.P50, f.P50), "", "≤ 2,5"},
		{"bulk tegen dezelfde rijen met index in groepen invoegen", div(bulk.PerS, ruw.PerS), "", "≥ 0,8"},
		{"bulk tegen alleen de logrijen in groepen invoegen", div(bulk.PerS, ruwLog.PerS), "", "≥ 0,8"},
		{"POST tegen één transactie per record (64)", div(p64.PerS, naief.PerS), "≥ 3", "≥ 5"},
		{"p99 daarvan tegen die van één transactie per record", div(p64.P99, naief.P99), "", "≤ 0,2"},
		{"bytes op schijf tegen de JSON van het record", div(u.BytesRecord, float64(u.BytesJSON)), "", "≤ 1,0"},
		{"geheugen van de server onder belasting (MB)", u.GeheugenMB, "", "≤ 400"},
	}
	if k := u.at(naamKnopen, 64); k.PerS > 0 {
		u.Verhoudingen = append(u.Verhoudingen, Verhouding{"POST op meer knopen tegen één knoop, 64 klanten", div(k.PerS, p64.PerS), "", "≥ 0,9"})
	}
}

// Groeiverhoudingen hold what was measured on a large store against the same on a smaller one of that
// engine, where both are among the results.
func Groeiverhoudingen(uitslagen []*Uitslag) (list []Verhouding) {
	vind := func(store string, records int) *Uitslag {
		for _, u := range uitslagen {
			if u.Store == store && u.Records == records {
				return u
			}
		}
		return nil
	}
	for _, groot := range uitslagen {
		if klein := vind(groot.Store, 100_000); klein != nil && groot.Records > klein.Records {
			a, b := groot.at("product: opvragen", 8), klein.at("product: opvragen", 8)
			list = append(list, Verhouding{
				fmt.Sprintf("%s: p99 van een opvraging bij %s tegen die bij 100 dzd", groot.Store, amount(groot.Records)), a.P99 / b.P99, "", "≤ 1,5"})
		}
		if leeg := vind(groot.Store, 0); leeg != nil && groot.Records > 0 {
			a, b := groot.at("product: POST", 64), leeg.at("product: POST", 64)
			h, g := groot.at("limiet: echo", 64), leeg.at("limiet: echo", 64)
			list = append(list,
				Verhouding{fmt.Sprintf("%s: inname bij %s tegen die bij 0", groot.Store, amount(groot.Records)), a.PerS / b.PerS, "", "≥ 0,8"},
				Verhouding{fmt.Sprintf("%s: het zelfde, elk tegen de echo van zijn eigen run", groot.Store), (a.PerS / h.PerS) / (b.PerS / g.PerS), "", "≥ 0,8"})
		}
	}
	return list
}
