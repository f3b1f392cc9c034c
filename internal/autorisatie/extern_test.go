package autorisatie_test

import (
	"context"
	"errors"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/verantwoord/verantwoord/internal/autorisatie"
	"github.com/verantwoord/verantwoord/internal/fout"
)

// component is one that answers as a test says, after a while.
type component struct {
	mu     sync.Mutex
	scopes map[string]scopes
	err    error
	vragen int
	duur   time.Duration
}

func (c *component) Autorisaties(ctx context.Context, clientID string) ([]autorisatie.Autorisatie, error) {
	c.mu.Lock()
	c.vragen++
	s, err, duur := c.scopes[clientID], c.err, c.duur // as they are when the question arrives
	c.mu.Unlock()
	select {
	case <-time.After(duur):
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	if clientID == "paniek" {
		panic("a mistake")
	}
	return []autorisatie.Autorisatie{{Component: autorisatie.ComponentBewerking, Scopes: s}}, err
}

func (c *component) set(f func()) {
	c.mu.Lock()
	defer c.mu.Unlock()
	f()
}

func (c *component) asked() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.vragen
}

// elders is a register whose grants come from c.
func elders(c *component, o autorisatie.ExternOpties) *autorisatie.Register {
	if o.TimeOut == 0 {
		o.TimeOut = time.Second
	}
	r := autorisatie.NewExternRegister(c, o)
	r.Replace(&autorisatie.Bestand{Applicaties: []autorisatie.Applicatie{{
		ClientIDs: []string{"app", "ander", "paniek"}, Geheim: geheimEen, Label: "App", Organisaties: []string{gemeente},
		Autorisaties: []autorisatie.Autorisatie{{Component: autorisatie.ComponentBewerking, Scopes: scopes{"delete:confidential"}}},
	}}})
	return r
}

// vraag signs in and asks for the grants.
func vraag(t *testing.T, r *autorisatie.Register, client string, c autorisatie.Claims) (string, error) {
	t.Helper()
	token, err := autorisatie.Sign(client, geheimEen, c, nu)
	if err != nil {
		t.Fatal(err)
	}
	b, err := r.Authenticate(token, instellingen)
	if err != nil {
		t.Fatal(err)
	}
	if got := mag(b, autorisatie.ComponentBewerking); got != "create:normal" && c.Scopes == nil {
		t.Errorf("before the component is asked it may %q", got)
	}
	err = r.Grant(t.Context(), b)
	return mag(b, autorisatie.ComponentBewerking), err
}

func wantVraag(t *testing.T, r *autorisatie.Register, want string) {
	t.Helper()
	if got, err := vraag(t, r, "app", autorisatie.Claims{}); err != nil || got != want {
		t.Errorf("may %q, want %q: %v", got, want, err)
	}
}

func TestGrantsComeFromTheComponentAndNotFromTheFile(t *testing.T) {
	t.Parallel()
	c := &component{scopes: map[string]scopes{"app": {"read:confidential"}}}
	r := elders(c, autorisatie.ExternOpties{})
	wantVraag(t, r, "create:normal read:normal read:confidential")
	if got, err := vraag(t, r, "ander", autorisatie.Claims{}); err != nil || got != "create:normal" {
		t.Errorf("a client the component does not know may %q: %v", got, err)
	}
	if got, err := vraag(t, r, "app", autorisatie.Claims{Scopes: scopes{"read:normal"}}); err != nil || got != "read:normal" {
		t.Errorf("narrowed by its token it may %q: %v", got, err)
	}
	c.set(func() { c.scopes["app"] = nil })
	wantVraag(t, r, "create:normal") // nothing is kept
}

func TestTheBuiltInComponentIsNotAsked(t *testing.T) {
	t.Parallel()
	b, err := register().Authenticate(hs256(headerJWT, payload("")), instellingen)
	if err != nil {
		t.Fatal(err)
	}
	before := mag(b, autorisatie.ComponentBewerking)
	if err := register().Grant(t.Context(), b); err != nil || mag(b, autorisatie.ComponentBewerking) != before {
		t.Errorf("Grant changed something: %v", err)
	}
	register().Forget()
}

func TestWithoutAnAnswerThereIsNoRight(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]*component{
		"an error": {err: errors.New("status 500")},
		"too late": {duur: time.Minute},
	} {
		for _, bewaren := range []bool{false, true} {
			r := elders(c, autorisatie.ExternOpties{Bewaren: bewaren, Vangnet: time.Minute, TimeOut: 20 * time.Millisecond})
			got, err := vraag(t, r, "app", autorisatie.Claims{})
			if got != "create:normal" || !errors.Is(err, fout.NietBeschikbaar) || autorisatie.Reden(err) != "autorisatiecomponent" {
				t.Errorf("%s: may %q: %v", name, got, err)
			}
		}
	}
	r := elders(&component{}, autorisatie.ExternOpties{})
	if got, err := vraag(t, r, "paniek", autorisatie.Claims{}); got != "create:normal" || !errors.Is(err, fout.NietBeschikbaar) {
		t.Errorf("a panic: may %q: %v", got, err)
	}
}

func TestQuestionsThatComeTogetherAreOne(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		c := &component{scopes: map[string]scopes{"app": {"read:normal"}}, duur: 100 * time.Millisecond}
		r := elders(c, autorisatie.ExternOpties{})
		var wg sync.WaitGroup
		for range 50 {
			wg.Go(func() { wantVraag(t, r, "create:normal read:normal") })
		}
		time.Sleep(50 * time.Millisecond) // the first question is under way
		for range 50 {
			wg.Go(func() { wantVraag(t, r, "create:normal read:normal") })
		}
		wg.Wait()
		if n := c.asked(); n > 3 {
			t.Errorf("asked %d times", n)
		}
	})
}

// A right that was taken away before a request came must not be in its answer, also when the answer to
// an earlier request is still under way.
func TestAnAnswerIsNeverOlderThanTheRequest(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		c := &component{scopes: map[string]scopes{"app": {"read:normal"}}, duur: 100 * time.Millisecond}
		r := elders(c, autorisatie.ExternOpties{})
		var wg sync.WaitGroup
		wg.Go(func() { wantVraag(t, r, "create:normal read:normal") })
		time.Sleep(50 * time.Millisecond)
		c.set(func() { c.scopes["app"] = nil })
		wg.Go(func() { wantVraag(t, r, "create:normal") })
		wg.Wait()
	})
}

func TestAnswersAreKeptUntilANotificationOrTheSafetyNet(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		c := &component{scopes: map[string]scopes{"app": {"read:normal"}}}
		r := elders(c, autorisatie.ExternOpties{Bewaren: true, Vangnet: time.Minute})
		wantVraag(t, r, "create:normal read:normal")
		c.set(func() { c.scopes["app"] = nil })
		time.Sleep(59 * time.Second)
		wantVraag(t, r, "create:normal read:normal")
		if n := c.asked(); n != 1 {
			t.Errorf("asked %d times", n)
		}
		r.Forget()
		wantVraag(t, r, "create:normal")

		c.set(func() { c.scopes["app"] = scopes{"read:normal"} })
		time.Sleep(61 * time.Second)
		wantVraag(t, r, "create:normal read:normal")

		// When it can't be reached, what is kept serves until the safety net, and then nothing does.
		c.set(func() { c.err = errors.New("unreachable") })
		time.Sleep(59 * time.Second)
		wantVraag(t, r, "create:normal read:normal")
		time.Sleep(2 * time.Second)
		if _, err := vraag(t, r, "app", autorisatie.Claims{}); !errors.Is(err, fout.NietBeschikbaar) {
			t.Errorf("after the safety net: %v", err)
		}
	})
}

func TestANotificationDuringAQuestionKeepsItsAnswerFromBeingKept(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		c := &component{scopes: map[string]scopes{"app": {"read:normal"}}, duur: 100 * time.Millisecond}
		r := elders(c, autorisatie.ExternOpties{Bewaren: true, Vangnet: time.Hour})
		var wg sync.WaitGroup
		wg.Go(func() { wantVraag(t, r, "create:normal read:normal") })
		time.Sleep(50 * time.Millisecond)
		c.set(func() { c.scopes["app"] = nil })
		r.Forget()
		wg.Wait()
		wantVraag(t, r, "create:normal")
	})
}

func TestARequestWaitsNoLongerThanTheTimeOut(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		c := &component{duur: time.Hour}
		r := elders(c, autorisatie.ExternOpties{TimeOut: 2 * time.Second})
		var wg sync.WaitGroup
		for k := range 10 {
			wg.Go(func() {
				time.Sleep(time.Duration(k) * 300 * time.Millisecond)
				begin := time.Now()
				if _, err := vraag(t, r, "app", autorisatie.Claims{}); err == nil || time.Since(begin) > 2*time.Second {
					t.Errorf("after %s: %v", time.Since(begin), err)
				}
			})
		}
		wg.Wait()
		time.Sleep(time.Minute) // nothing keeps running, or synctest would find it
	})
}
