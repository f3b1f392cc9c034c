package rekenblad

import (
	"bytes"
	"compress/gzip"
	"io"

	"github.com/go-json-experiment/json"

	"github.com/verantwoord/verantwoord/internal/fout"
)

// What a packed table may be: packed, because it is kept while somebody looks at it; unpacked, because it is read again.
const (
	MaxGepakt   = 8 << 20
	maxUitgepak = 96 << 20
)

// gepakt is how a table is kept. Each text stands there once: a sheet in which a long one is repeated is small as a file, and
// must not grow by being kept.
type gepakt struct {
	*Tabel
	Teksten []string `json:"teksten,omitzero"`
	Rijen   [][]int  `json:"rijen,omitzero"` // places in Teksten from 1; 0 is an empty cell
}

// Pak gives t as bytes, to be kept between two steps of a person. Error fout.CodeTeGroot above MaxGepakt.
func (t *Tabel) Pak() ([]byte, error) {
	g := gepakt{Tabel: t, Rijen: make([][]int, len(t.Rijen))}
	nummer := map[string]int{"": 0}
	for k, rij := range t.Rijen {
		g.Rijen[k] = make([]int, len(rij))
		for n, s := range rij {
			at, ok := nummer[s]
			if !ok {
				g.Teksten = append(g.Teksten, s)
				at = len(g.Teksten)
				nummer[s] = at
			}
			g.Rijen[k][n] = at
		}
	}
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	n := teller{w: z}
	if err := json.MarshalWrite(&n, g); err != nil {
		return nil, err
	}
	if err := z.Close(); err != nil {
		return nil, err
	}
	if b.Len() > MaxGepakt || n.n > maxUitgepak {
		return nil, teGroot("In dit bestand staat te veel om te bewaren terwijl u het bekijkt; splits het en voer de delen na elkaar in.")
	}
	return b.Bytes(), nil
}

// teller counts what is written.
type teller struct {
	w io.Writer
	n int
}

func (t *teller) Write(p []byte) (int, error) {
	n, err := t.w.Write(p)
	t.n += n
	return n, err
}

// PakUit gives back what Pak was given. Error fout.CodeOnleesbaar.
func PakUit(b []byte) (*Tabel, error) {
	z, err := gzip.NewReader(bytes.NewReader(b))
	if err != nil {
		return nil, fout.Wrap(fout.CodeOnleesbaar, opnieuw, err)
	}
	over := &io.LimitedReader{R: z, N: maxUitgepak + 1}
	g := gepakt{Tabel: &Tabel{}}
	if err := json.UnmarshalRead(over, &g); err != nil || over.N == 0 {
		return nil, fout.Wrap(fout.CodeOnleesbaar, opnieuw, err)
	}
	t := g.Tabel
	t.Rijen = make([][]string, len(g.Rijen))
	for k, rij := range g.Rijen {
		if len(rij) == 0 {
			continue
		}
		t.Rijen[k] = make([]string, len(rij))
		for n, at := range rij {
			if at < 0 || at > len(g.Teksten) {
				return nil, fout.New(fout.CodeOnleesbaar, opnieuw)
			}
			if at > 0 {
				t.Rijen[k][n] = g.Teksten[at-1]
			}
		}
	}
	return t, nil
}

const opnieuw = "Wat u hebt ingevoerd is niet meer te lezen; bied het bestand opnieuw aan."
