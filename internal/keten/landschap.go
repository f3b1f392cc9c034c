package keten

import (
	"context"

	"github.com/google/uuid"

	"github.com/verantwoord/verantwoord/internal/keten/procesapplicatie"
	"github.com/verantwoord/verantwoord/sdk"
)

func (k *Keten) van(welk procesapplicatie.Kant) *kant {
	if welk == procesapplicatie.Gemeente {
		return &k.gemeente
	}
	return &k.derde
}

// Draait implements procesapplicatie.Landschap.
func (k *Keten) Draait(welk procesapplicatie.Kant) bool { return k.van(welk).log.draait() }

// Zet implements procesapplicatie.Landschap: it stops or starts the register itself, on the same address and directory.
func (k *Keten) Zet(ctx context.Context, welk procesapplicatie.Kant, aan bool) error {
	r := k.van(welk).log
	if !aan {
		return r.stop()
	}
	return r.start(ctx, nil)
}

// Gelezen implements procesapplicatie.Landschap.
func (k *Keten) Gelezen() int64 { return k.opslag.Gelezen() }

// Lees implements procesapplicatie.Landschap.
func (k *Keten) Lees(ctx context.Context, welk procesapplicatie.Kant, acties []uuid.UUID, vertrouwelijk bool) ([]sdk.Verwerkingsactie, error) {
	v := sdk.Verwerking{Functie: functieToezicht, VerwerkingID: sdk.NewVerwerkingID(), ActieNaam: "Controleren verwerkingsacties", Gebruiker: "fg"}
	if vertrouwelijk {
		v.Vertrouwelijkheid = sdk.Vertrouwelijk
	}
	ctx = sdk.MetVerwerking(ctx, v)
	var uit []sdk.Verwerkingsactie
	for _, id := range acties {
		a, err := k.van(welk).toezicht.Actie(ctx, id)
		if err != nil {
			return nil, err
		}
		uit = append(uit, a)
	}
	return uit, nil
}

// adressen are the sockets of the landscape.
func (k *Keten) adressen() []procesapplicatie.Adresregel {
	uit := []procesapplicatie.Adresregel{{Wie: procesapplicatie.Derde, Naam: "procesapplicatie", URL: k.URL, Open: true}}
	for _, wie := range []procesapplicatie.Kant{procesapplicatie.Derde, procesapplicatie.Gemeente} {
		z := k.van(wie)
		if wie == procesapplicatie.Gemeente {
			uit = append(uit, procesapplicatie.Adresregel{Wie: wie, Naam: "gegevensmagazijn", URL: k.magazijnURL})
		}
		uit = append(uit,
			procesapplicatie.Adresregel{Wie: wie, Naam: "verwerkingenlog", URL: z.log.url(), Open: true},
			procesapplicatie.Adresregel{Wie: wie, Naam: "verwerkingsactiviteiten", URL: z.log.url() + "/verwerkingsactiviteiten", Open: true},
			procesapplicatie.Adresregel{Wie: wie, Naam: "Autorisatiecomponent", URL: z.autorisaties.url(), Open: true})
	}
	return uit
}
