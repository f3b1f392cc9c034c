package sdk

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"iter"
	"math/rand/v2"
	"net/http"
	"strconv"
	"time"

	"github.com/google/uuid"
)

// A stream goes to the register in parts, so that one that is cut off can be sent again.
const (
	regelsPerDeel = 500
	bytesPerDeel  = 4 << 20
)

// Antwoord is what a register says of one actie of a stream.
type Antwoord struct {
	Regel   int       // which one, from 1
	ActieID uuid.UUID // zero when it was refused
	Fout    *Fout     // why; nil when it is durable
}

// LogVeel records many acties and gives one answer for each, in order, for a conversion or a batch. One that is refused does
// not hold up the others. It reads 500 acties, or 4 MiB, before the first answers come, and ends after the first error.
//
// Who gives the same stream again under the same key within a day gets the same answers, and nothing stands there twice: so
// a program that stopped halfway can begin anew. For that each actie must have its own Tijdstip. With an empty key that holds
// only within this call.
func (c *Client) LogVeel(ctx context.Context, sleutel string, acties iter.Seq[Verwerkingsactie]) iter.Seq2[Antwoord, error] {
	if sleutel == "" {
		sleutel = uuid.NewString()
	}
	return func(yield func(Antwoord, error) bool) {
		eerder := 0 // lines of the parts before
		deel := 0
		var regels [][]byte
		omvang := 0
		stuur := func() bool {
			deel++
			antwoorden, err := c.deel(ctx, sleutel+"/"+strconv.Itoa(deel), regels)
			for _, a := range antwoorden {
				a.Regel += eerder
				if !yield(a, nil) {
					return false
				}
			}
			if err != nil {
				yield(Antwoord{}, err)
				return false
			}
			eerder += len(regels)
			regels, omvang = regels[:0], 0
			return true
		}
		for a := range acties {
			c.vulAan(&a)
			regel, err := json.Marshal(a)
			if err != nil {
				yield(Antwoord{}, fmt.Errorf("actie %d is niet te schrijven als JSON: %w", eerder+len(regels)+1, err))
				return
			}
			if len(regels) == regelsPerDeel || len(regels) > 0 && omvang+len(regel) > bytesPerDeel {
				if !stuur() {
					return
				}
			}
			regels, omvang = append(regels, regel), omvang+len(regel)
		}
		if len(regels) > 0 {
			stuur()
		}
	}
}

// deel sends lines until each has an answer, or there is none for as many tries as a call gets. It gives the answers there
// are, from the first on.
func (c *Client) deel(ctx context.Context, sleutel string, regels [][]byte) ([]Antwoord, error) {
	klaar := make([]Antwoord, 0, len(regels))
	for poging := 1; ; poging++ {
		nieuw, opnieuw, wacht, err := c.stroom(ctx, sleutel, regels, len(klaar))
		klaar = append(klaar, nieuw...)
		if len(klaar) == len(regels) {
			return klaar, nil
		}
		if len(nieuw) > 0 {
			poging = 1
		}
		if !opnieuw || poging >= c.i.Pogingen {
			return klaar, err
		}
		if eigen := c.i.Wacht << (poging - 1); wacht < eigen {
			wacht = eigen/2 + rand.N(eigen)
		}
		select {
		case <-time.After(wacht):
		case <-ctx.Done():
			return klaar, errors.Join(ctx.Err(), err)
		}
	}
}

// stroom sends the lines that have no answer yet. Those that do are blank lines: they keep the numbers as they were,
// under which the register knows each line again.
func (c *Client) stroom(ctx context.Context, sleutel string, regels [][]byte, klaar int) (_ []Antwoord, opnieuw bool, wacht time.Duration, _ error) {
	token, err := c.tokens.voor("")
	if err != nil {
		return nil, false, 0, err
	}
	var body bytes.Buffer
	for k, regel := range regels {
		if k >= klaar {
			body.Write(regel)
		}
		body.WriteByte('\n')
	}
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, c.i.URL+padActies+"/_bulk", &body)
	if err != nil {
		return nil, false, 0, errors.New("het adres van het register is niet te gebruiken")
	}
	r.Header.Set("Authorization", "Bearer "+token)
	r.Header.Set("Content-Type", "application/x-ndjson")
	r.Header.Set("Idempotency-Key", sleutel)
	res, err := c.http.Do(r)
	if err != nil {
		return nil, ctx.Err() == nil, 0, onbereikbaar(err)
	}
	defer res.Body.Close()
	if res.StatusCode != http.StatusOK {
		antwoord, _ := io.ReadAll(io.LimitReader(res.Body, 1<<20)) // what can't be read has no explanation
		return nil, tijdelijk(res.StatusCode), na(res.Header.Get("Retry-After")), leesFout(res.StatusCode, antwoord)
	}
	var uit []Antwoord
	lezer := bufio.NewScanner(io.LimitReader(res.Body, maxAntwoord))
	lezer.Buffer(nil, 1<<20)
	for lezer.Scan() {
		var a struct {
			Regel   int       `json:"regel"`
			Status  int       `json:"status"`
			ActieID uuid.UUID `json:"actieId"`
			Fout    *Fout     `json:"fout"`
		}
		if json.Unmarshal(lezer.Bytes(), &a) != nil || a.Regel != klaar+len(uit)+1 || (a.Status == http.StatusCreated) != (a.ActieID != uuid.Nil) {
			return uit, true, 0, errors.New("het antwoord van het register is niet dat op deze stroom")
		}
		if a.Status == http.StatusCreated {
			uit = append(uit, Antwoord{Regel: a.Regel, ActieID: a.ActieID})
			continue
		}
		if a.Fout == nil {
			a.Fout = &Fout{}
		}
		a.Fout.Status = a.Status
		if a.Status == http.StatusUnauthorized || a.Status >= 500 { // the register goes no further, or not now
			return uit, a.Status != http.StatusUnauthorized, 0, a.Fout
		}
		uit = append(uit, Antwoord{Regel: a.Regel, Fout: a.Fout})
	}
	if err := lezer.Err(); err != nil {
		return uit, ctx.Err() == nil, 0, fmt.Errorf("het antwoord van het register is niet te lezen: %w", err)
	}
	return uit, true, 0, errors.New("het antwoord van het register houdt halverwege op")
}
