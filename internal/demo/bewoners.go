package demo

import (
	"math/rand/v2"
	"strconv"
)

// bsn is the only thing that is known of a resident.
type bsn string

// huishouden is people who live together. Partners, parents and children of one household turn up
// together in the records, as they do in real work.
type huishouden struct {
	volwassenen, kinderen []bsn
	ouders                *huishouden // of the first adult; nil when they do not live here
}

func (h *huishouden) leden() []bsn {
	return append(append([]bsn{}, h.volwassenen...), h.kinderen...)
}

// samenstelling is the town: 60 people in 24 households.
var samenstelling = []struct {
	aantal, volwassenen int
	kinderen            []int // by household
}{
	{aantal: 6, volwassenen: 2}, // older couples, see ouderenParen
	{aantal: 6, volwassenen: 1},
	{aantal: 9, volwassenen: 2, kinderen: []int{1, 2, 2, 3, 1, 2, 2, 3, 1}},
	{aantal: 3, volwassenen: 1, kinderen: []int{1, 2, 1}},
}

// ouderenParen is how many households at the begin can be the parents of adults elsewhere.
const ouderenParen = 6

// newBewoners draws the residents. They depend on the seed alone, so that the printed commands know
// them at a later start too.
func newBewoners(zaad uint64) []*huishouden {
	r := rand.New(rand.NewPCG(zaad, 1))
	gezien := map[bsn]bool{}
	draw := func(n int) []bsn {
		var list []bsn
		for len(list) < n {
			if b := newBSN(r); !gezien[b] {
				gezien[b] = true
				list = append(list, b)
			}
		}
		return list
	}
	var alle []*huishouden
	for _, s := range samenstelling {
		for k := range s.aantal {
			h := &huishouden{volwassenen: draw(s.volwassenen)}
			if s.kinderen != nil {
				h.kinderen = draw(s.kinderen[k])
			}
			if n := len(alle); n >= ouderenParen {
				h.ouders = alle[n%ouderenParen]
			}
			alle = append(alle, h)
		}
	}
	return alle
}

// newBSN draws a number of nine digits that starts with 9999 and passes the 11-check.
func newBSN(r *rand.Rand) bsn {
	for {
		b := []byte("9999" + strconv.Itoa(1000+r.IntN(9000)))
		som := 0
		for k, c := range b {
			som += int(c-'0') * (9 - k)
		}
		// The last digit weighs -1, so it must be the sum itself, modulo 11; there is no digit 10.
		if rest := som % 11; rest < 10 {
			return bsn(append(b, byte('0'+rest)))
		}
	}
}
