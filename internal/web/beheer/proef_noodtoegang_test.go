package beheer_test

import (
	"context"
	"time"

	"github.com/google/uuid"

	"github.com/verantwoord/verantwoord/internal/fout"
	"github.com/verantwoord/verantwoord/internal/web/beheer"
	"github.com/verantwoord/verantwoord/internal/web/pagina"
)

// ZetTaal keeps the language with the person of the session.
func (s sessies) ZetTaal(_ context.Context, b *pagina.Bezoeker, taal string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	b.Taal = taal
	return nil
}

// noodtoegang is break-glass of the municipality in memory.
type noodtoegang struct{ *proef }

func (n *noodtoegang) Keuzes(_ context.Context, b *pagina.Bezoeker) (*beheer.NoodBlad, error) {
	if !b.Mag("verwerkingenlog", "zien") {
		return &beheer.NoodBlad{WaaromNiet: "Noodtoegang is er alleen voor wie in deze module al gewone gegevens ziet. Vraag een collega die dat mag."}, n.stuk
	}
	if n.leeg {
		return &beheer.NoodBlad{FG: "fg@voorbeeldstad.example"}, n.stuk
	}
	return &beheer.NoodBlad{
		FG: "fg@voorbeeldstad.example", Duren: []time.Duration{15 * time.Minute, time.Hour},
		Keuzes: []beheer.Woord{{Sleutel: "bsn", Naam: "in de verwerkingenlog het BSN zien van de inwoners om wie het gaat, voor de hele organisatie"}},
	}, n.stuk
}

func (n *noodtoegang) Neem(_ context.Context, b *pagina.Bezoeker, recht string, duur time.Duration, reden string) error {
	if len(reden) < 15 {
		return fout.Ongeldig(fout.Param{Name: "reden", Code: "required", Reason: "Schrijf in een zin waarom dit nodig is, in minstens 15 tekens. De reden komt in het beheerlog."})
	}
	n.noteer("nood %s %v %s", recht, duur, reden)
	n.mu.Lock()
	defer n.mu.Unlock()
	b.Nood = append(b.Nood, pagina.Nood{ID: id(301), Wat: "in de verwerkingenlog het BSN zien van de inwoners om wie het gaat, voor de hele organisatie", Tot: n.nu.Add(duur)})
	return nil
}

func (n *noodtoegang) Beeindig(_ context.Context, b *pagina.Bezoeker, welke uuid.UUID) error {
	n.noteer("nood beëindigd %s", welke)
	n.mu.Lock()
	defer n.mu.Unlock()
	b.Nood = nil
	return nil
}

func (n *noodtoegang) Lopend(context.Context, *pagina.Bezoeker) ([]beheer.NoodRegel, error) {
	if n.leeg {
		return nil, n.stuk
	}
	return []beheer.NoodRegel{
		{Van: n.nu, Tot: n.nu.Add(time.Hour), Wie: "Bram van den Bovenkamp-Oosterhuizen", Wat: "in de verwerkingenlog het BSN zien van de inwoners om wie het gaat, voor de hele organisatie", Reden: "De balie is dicht en een inwoner wacht."},
		{Van: n.nu, Tot: n.nu.Add(time.Hour), Wie: "Chris Çelik", Wat: "zoeken in vertrouwelijke verwerkingen, voor de hele organisatie"},
	}, n.stuk
}
