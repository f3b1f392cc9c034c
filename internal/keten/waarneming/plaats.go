package waarneming

import (
	"context"

	"github.com/verantwoord/verantwoord/sdk"
)

// Where something is noted: the sockets of both organisations, and the two tables that a party looks up in by itself.
const (
	DerdeFuncties      = "derde/functies"
	DerdeLog           = "derde/log"
	DerdeAC            = "derde/autorisaties"
	Magazijn           = "gemeente/magazijn"
	GemeenteLeveringen = "gemeente/leveringen"
	GemeenteLog        = "gemeente/log"
	GemeenteAC         = "gemeente/autorisaties"
)

// Functies notes which activity a function turns out to belong to.
func (b *Boek) Functies(f sdk.Functies) sdk.Functies { return functies{f, b} }

type functies struct {
	sdk.Functies
	boek *Boek
}

func (f functies) Activiteit(ctx context.Context, functie string) (sdk.Activiteit, error) {
	a, err := f.Functies.Activiteit(ctx, functie)
	f.boek.noteer(DerdeFuncties, []Veld{{"functie", functie}}, a, err)
	return a, err
}

// Leveringen notes which activity of the provider a caller gets data for.
func (b *Boek) Leveringen(l sdk.Leveringen) sdk.Leveringen { return leveringen{l, b} }

type leveringen struct {
	sdk.Leveringen
	boek *Boek
}

func (l leveringen) Levering(ctx context.Context, afnemer, gegevensset, doel string) (sdk.Levering, error) {
	uit, err := l.Leveringen.Levering(ctx, afnemer, gegevensset, doel)
	l.boek.noteer(GemeenteLeveringen, []Veld{{"afnemer", afnemer}, {"gegevensset", gegevensset}, {"doel", doel}}, uit.Activiteit, err)
	return uit, err
}

// noteer keeps what a party decided by itself: which activity, or that there is none.
func (b *Boek) noteer(plaats string, gezocht []Veld, gevonden sdk.Activiteit, err error) {
	a := &Aanroep{Plaats: plaats, Velden: gezocht, Status: 200}
	if err != nil {
		a.Status = 403
	} else {
		a.Antwoord = []Veld{{"verwerkingsactiviteitId", gevonden.ID.String()}}
		if gevonden.URL != "" {
			a.Antwoord = append(a.Antwoord, Veld{"verwerkingsactiviteitUrl", gevonden.URL})
		}
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	b.begin(a)
	a.Einde = a.Begin
}
