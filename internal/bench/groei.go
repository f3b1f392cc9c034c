package bench

import (
	"fmt"
	"io"
	"slices"
	"strings"
)

// lijn is one figure over growing stores.
type lijn struct {
	naam, kleur string
	waarde      func(*Uitslag) float64
}

var lijnen = []lijn{
	{"POST per seconde, 64", "#0e5a66", func(u *Uitslag) float64 { return u.at("product: POST", 64).PerS }},
	{"bulk per seconde", "#7a4b00", func(u *Uitslag) float64 { return u.at("product: bulk", 2).PerS }},
	{"p99 van een opvraging", "#a1283c", func(u *Uitslag) float64 { return u.at("product: opvragen", 8).P99 }},
	{"bytes per record", "#4a4f9c", func(u *Uitslag) float64 { return u.BytesRecord }},
}

// Groei draws how the product holds as the store grows: every figure against its value at the first
// size, so that a flat line is what one hopes for. The figures stand in it as text. A second engine is
// drawn dashed beside the first.
func Groei(w io.Writer, uitslagen []*Uitslag) error {
	const (
		breed, hoog   = 820, 440
		links, rechts = 60, 290
		boven, onder  = 40, 50
	)
	var engines [][]*Uitslag
	for _, u := range uitslagen {
		k := slices.IndexFunc(engines, func(e []*Uitslag) bool { return e[0].Store == u.Store })
		if k < 0 {
			engines = append(engines, nil)
			k = len(engines) - 1
		}
		engines[k] = append(engines[k], u)
	}
	if len(engines) == 0 || len(engines[0]) < 2 {
		return fmt.Errorf("a drawing of growth needs at least two sizes")
	}
	top := 1.5
	for _, e := range engines {
		for _, l := range lijnen {
			for _, u := range e {
				if base := l.waarde(e[0]); base > 0 {
					top = max(top, l.waarde(u)/base*1.1)
				}
			}
		}
	}
	x := func(k int) float64 {
		return links + float64(k)*float64(breed-links-rechts)/float64(len(engines[0])-1)
	}
	y := func(v float64) float64 { return hoog - onder - v/top*(hoog-boven-onder) }
	var b strings.Builder
	fmt.Fprintf(&b, `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %d %d" font-family="system-ui, sans-serif" font-size="13" role="img"><title>Figures against the number of records in the store, relative to the first size</title><rect width="100%%" height="100%%" fill="#fff"/>`, breed, hoog)
	for v := 0.0; v <= top; v += 0.5 {
		fmt.Fprintf(&b, `<path d="M%d %.1fH%d" stroke="#d5dcde"/><text x="%d" y="%.1f" text-anchor="end" fill="#3c4f55">%s</text>`, links, y(v), breed-rechts, links-8, y(v)+4, strings.Replace(fmt.Sprintf("%.1f", v), ".", ",", 1))
	}
	for k, u := range engines[0] {
		fmt.Fprintf(&b, `<text x="%.1f" y="%d" text-anchor="middle" fill="#3c4f55">%s</text>`, x(k), hoog-onder+22, amount(u.Records))
	}
	fmt.Fprintf(&b, `<text x="%d" y="%d" fill="#3c4f55">records in de opslag</text>`, links, hoog-8)
	for i, e := range engines {
		streep := ""
		if i > 0 {
			streep = ` stroke-dasharray="7 5"`
		}
		fmt.Fprintf(&b, `<path d="M%d %dh60" stroke="#3c4f55" stroke-width="2.5"%s/><text x="%d" y="%d" fill="#3c4f55">%s</text>`,
			links+i*200, boven/2, streep, links+i*200+70, boven/2+4, e[0].Store)
		for n, l := range lijnen {
			base := l.waarde(e[0])
			if base == 0 {
				continue
			}
			var points []string
			for k, u := range e {
				points = append(points, fmt.Sprintf("%.1f,%.1f", x(k), y(l.waarde(u)/base)))
			}
			fmt.Fprintf(&b, `<polyline points="%s" fill="none" stroke="%s" stroke-width="2.5"%s/>`, strings.Join(points, " "), l.kleur, streep)
			at := boven + 20 + n*(24+18*len(engines)+10)
			if i == 0 {
				fmt.Fprintf(&b, `<text x="%d" y="%d" fill="%s" font-weight="600">%s</text>`, breed-rechts+20, at, l.kleur, l.naam)
			}
			fmt.Fprintf(&b, `<text x="%d" y="%d" fill="#3c4f55">%s: %s → %s</text>`,
				breed-rechts+20, at+18*(i+1), e[0].Store, getal(base), getal(l.waarde(e[len(e)-1])))
		}
	}
	b.WriteString("</svg>\n")
	_, err := io.WriteString(w, b.String())
	return err
}

// getal writes a figure beside the drawing: a large one without a fraction.
func getal(v float64) string {
	if v >= 1000 {
		return figure(v, 0)
	}
	return figure(v, 1)
}

// amount writes a number of records for an axis.
func amount(n int) string {
	switch {
	case n >= 1_000_000:
		return fmt.Sprintf("%d mln", n/1_000_000)
	case n >= 1000:
		return fmt.Sprintf("%d dzd", n/1000)
	}
	return fmt.Sprint(n)
}
