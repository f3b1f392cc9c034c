package aanmelding_test

import (
	"testing"
	"time"

	"github.com/verantwoord/verantwoord/internal/aanmelding"
	"github.com/verantwoord/verantwoord/internal/beheerlog"
	"github.com/verantwoord/verantwoord/internal/betrokkene"
	"github.com/verantwoord/verantwoord/internal/fout"
)

// draai replaces the keys that are written with.
func (p *proef) draai() {
	p.Helper()
	for _, soort := range betrokkene.Soorten {
		if _, err := betrokkene.Nieuw(p.keys, oin, soort); err != nil {
			p.Fatal(err)
		}
	}
	if err := p.bos.Ververs(bg); err != nil {
		p.Fatal(err)
	}
}

func TestASignInGoesOnOverNewKeys(t *testing.T) {
	t.Parallel()
	p := newProef(t)
	if err := p.d.Nodig(bg, oin, p.bea.ID, beheerlog.Opdrachtregel); err != nil {
		t.Fatal(err)
	}
	g := reWoord.FindStringSubmatch(p.laatste(p.bea.Email))
	p.draai()
	if err := p.d.Aanvaard(bg, oin, p.bea.Email, g[1], wachtwoord); err != nil {
		t.Fatalf("an invitation of before: %v", err)
	}
	p.draai()
	a := p.vraag(p.bea, wachtwoord, "") // the password is of before
	p.draai()
	stap := p.controleer(a, p.code(p.bea))
	if stap.Sessie == nil {
		t.Fatal("a code of before gives no session")
	}
	p.draai()
	if _, err := p.d.Zoek(bg, stap.Sessie.Token); err != nil {
		t.Errorf("a session of before: %v", err)
	}
}

func TestNewKeysGiveNoNewAttempts(t *testing.T) {
	t.Parallel()
	p := newProef(t)
	p.gekozen(p.bea)
	probeer := func() error {
		_, err := p.d.Begin(bg, oin, aanmelding.Eerste{Email: p.bea.Email, Wachtwoord: "een ander wachtwoord", Agent: agent})
		return err
	}
	n := 0
	for ; n < 100 && probeer() == nil; n++ {
		p.na(time.Second)
	}
	p.draai()
	p.geweigerd("after new keys", probeer(), fout.CodeTeVeel)
	if n == 0 || n == 100 {
		t.Errorf("%d attempts were taken", n)
	}
}
