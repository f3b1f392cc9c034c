package verwerkingenlog

import (
	"errors"
	"fmt"
	"slices"
	"testing"
	"testing/synctest"

	"pgregory.net/rapid"

	"github.com/verantwoord/verantwoord/internal/fout"
)

func unitOf(client string, records int) *Eenheid {
	e := unit(records)
	e.ClientID = client
	return e
}

// submit puts units in a queue without waiting for any.
func submit(t *testing.T, c *Committer, client string, n int) (list []*Opdracht) {
	t.Helper()
	for range n {
		o, err := c.Submit(unitOf(client, 1))
		if err != nil {
			t.Fatal(err)
		}
		list = append(list, o)
	}
	return list
}

func waitAll(t *testing.T, list []*Opdracht) {
	t.Helper()
	for _, o := range list {
		if err := o.Wait(); err != nil {
			t.Error(err)
		}
	}
}

func TestANoisyClientDoesNotDelayAnother(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := newSlow()
		c, _, ran, _ := begin(t, s, 10_000)
		flood := submit(t, c, "noisy", 10_000)
		<-s.entered // a first group is being written
		quiet := submit(t, c, "quiet", 1)
		go func() {
			for range s.entered {
			}
		}()
		s.release <- nil // the group that was under way
		s.release <- nil // and the next one
		waitAll(t, quiet)
		s.mu.Lock()
		in := slices.IndexFunc(s.groups, func(groep []*Eenheid) bool {
			return slices.ContainsFunc(groep, func(e *Eenheid) bool { return e.ClientID == "quiet" })
		})
		s.mu.Unlock()
		if in != 1 {
			t.Errorf("written in group %d, want the one after that under way", in)
		}
		for range 10 {
			s.release <- nil
		}
		waitAll(t, flood)
		c.Close()
		if err := <-ran; err != nil {
			t.Error(err)
		}
		close(s.entered)
	})
}

func TestClientsShareAGroupByRecordsAndKeepTheirOwnOrder(t *testing.T) {
	t.Parallel()
	w := newWachtrij(100_000)
	put := func(client string, records int) *Opdracht {
		o := &Opdracht{eenheid: unitOf(client, records)}
		o.gewicht = gewicht(o.eenheid)
		if err := w.put(o); err != nil {
			t.Fatal(err)
		}
		return o
	}
	var want []*Opdracht
	for range 500 {
		put("small", 1)
		want = append(want, put("large", 10))
	}
	seen := map[string]int{}
	var large []*Opdracht
	for _, o := range w.gather(nil, 1, 1000) {
		seen[o.eenheid.ClientID] += o.gewicht
		if o.eenheid.ClientID == "large" {
			large = append(large, o)
		}
	}
	if d := seen["small"] - seen["large"]; d < -beurt || d > beurt {
		t.Errorf("of one group %v, want about the same for both", seen)
	}
	for k, o := range large {
		if o != want[k] {
			t.Fatalf("unit %d of a client came in another order", k)
		}
	}
}

func TestALargeUnitIsPaidForByItsOwnClient(t *testing.T) {
	t.Parallel()
	w := newWachtrij(100_000)
	put := func(client string, records int) {
		o := &Opdracht{eenheid: unitOf(client, records)}
		o.gewicht = gewicht(o.eenheid)
		if err := w.put(o); err != nil {
			t.Fatal(err)
		}
	}
	put("patch", 10_000)
	for range 2000 {
		put("patch", 1)
		put("other", 1)
	}
	if got := w.gather(nil, 1, maxGroep); len(got) != 1 {
		t.Fatalf("%d units, want the large one alone", len(got))
	}
	seen := map[string]int{}
	for _, o := range w.gather(nil, 1, 2000) {
		seen[o.eenheid.ClientID]++
	}
	if seen["other"] != 2000 {
		t.Errorf("next came %v, want what the other had waiting", seen)
	}
	if n := len(w.gather(nil, 1, maxGroep)); n != 2000 {
		t.Errorf("then %d, want the rest at once: nobody else waits", n)
	}
}

func TestAdmissionRefusesFirstWhoHoldsTheMost(t *testing.T) {
	t.Parallel()
	const max = 100
	full := func(w *wachtrij, client string, n int) (admitted int) {
		for range n {
			o := &Opdracht{eenheid: unitOf(client, 1), gewicht: 1}
			err := w.put(o)
			if err == nil {
				admitted++
			} else if !errors.Is(err, ErrVol) || !errors.Is(err, fout.NietBeschikbaar) {
				t.Fatal(err)
			}
		}
		return admitted
	}
	w := newWachtrij(max)
	if n := full(w, "a", 500); n != max {
		t.Fatalf("a lone client got %d places, want all %d", n, max)
	}
	if n := full(w, "b", 500); n != max/2 {
		t.Errorf("a second client got %d places, want its share of %d", n, max/2)
	}
	if n := full(w, "a", 1); n != 0 {
		t.Error("who holds everything got more")
	}
	for k := range 49 {
		if n := full(w, fmt.Sprint("c", k), 1); n != 1 {
			t.Fatalf("client %d with nothing waiting was refused", k)
		}
	}
	if n := w.length(); n != 199 {
		t.Fatalf("%d wait", n)
	}
	if full(w, "x", 1) != 1 || full(w, "y", 1) != 0 {
		t.Error("twice the limit is not the end of it")
	}
	groep := w.gather(nil, 1, 1000)
	if len(groep) != 200 {
		t.Fatalf("group of %d", len(groep))
	}
	if full(w, "y", 1) != 0 {
		t.Error("what is being written does not count")
	}
	w.done(groep)
	if len(w.klanten) != 0 || w.length() != 0 {
		t.Errorf("%d clients and %d records stay behind", len(w.klanten), w.length())
	}
}

func TestALargeRecordCountsForMore(t *testing.T) {
	t.Parallel()
	e := unit(2)
	e.Rijen[1].Inhoud = make([]byte, 10*zwaar)
	if n := gewicht(e); n != 12 {
		t.Errorf("counts for %d, want 12", n)
	}
	if gewicht(&Eenheid{}) != 1 {
		t.Error("a unit of nothing takes no place")
	}
}

// Whatever comes and goes: nobody is lost, nobody comes twice, each client keeps its order, and the
// books are right.
func TestTheQueueKeepsItsBooks(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		w := newWachtrij(50)
		type place struct{ client, nr int }
		next, out := map[int]int{}, map[int]int{}
		places := map[*Opdracht]place{}
		var writing []*Opdracht
		waiting := 0
		t.Repeat(map[string]func(*rapid.T){
			"put": func(t *rapid.T) {
				client := rapid.IntRange(0, 4).Draw(t, "client")
				o := &Opdracht{eenheid: unitOf(fmt.Sprint(client), rapid.IntRange(0, 40).Draw(t, "records"))}
				o.gewicht = gewicht(o.eenheid)
				before := w.length()
				if err := w.put(o); err != nil {
					if before+o.gewicht <= 50 {
						t.Fatal("refused while there was room")
					}
					return
				}
				places[o] = place{client, next[client]}
				next[client]++
				waiting++
			},
			"gather": func(t *rapid.T) {
				if waiting == 0 || len(writing) > 0 {
					return
				}
				writing = w.gather(nil, 1, rapid.IntRange(1, 60).Draw(t, "max"))
				if len(writing) == 0 {
					t.Fatal("nothing came, and something waits")
				}
				waiting -= len(writing)
				for _, o := range writing {
					p := places[o]
					if out[p.client] != p.nr {
						t.Fatalf("client %d: unit %d came as number %d", p.client, p.nr, out[p.client])
					}
					out[p.client]++
				}
			},
			"done": func(*rapid.T) {
				w.done(writing)
				writing = nil
			},
			"": func(t *rapid.T) {
				sum := 0
				for _, k := range w.klanten {
					sum += k.bezet
				}
				if sum != w.length() || (waiting+len(writing) == 0) != (sum == 0) {
					t.Fatalf("clients hold %d, the queue says %d", sum, w.length())
				}
			},
		})
	})
}

func BenchmarkCommitterSubmitters(b *testing.B) {
	for _, submitters := range []int{64, 1024} {
		b.Run(fmt.Sprint(submitters), func(b *testing.B) {
			c := NewCommitter(&instant{}, 8192, nil)
			go c.Run()
			defer c.Close()
			b.SetParallelism(submitters / 2)
			b.ReportAllocs()
			b.RunParallel(func(pb *testing.PB) {
				e := unit(1)
				for pb.Next() {
					if err := c.Append(e); err != nil {
						b.Error(err)
					}
				}
			})
		})
	}
}
