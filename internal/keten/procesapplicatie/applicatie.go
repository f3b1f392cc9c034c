// Package procesapplicatie is the application of the third party in a landscape, with the page on which an employee looks
// somebody up at the municipality and a visitor sees what each look-up leaves behind.
//
// It is an ordinary consumer: its calls go through sdk.Transport, which logs before it asks and tells the municipality on whose
// behalf and why. Beside it stands an old application without the SDK, which logs by hand and tells nothing (C2866, situation
// 2). One look-up runs at a time, so that what is noted at the sockets meanwhile belongs to it.
package procesapplicatie

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"time"

	"github.com/google/uuid"

	"github.com/verantwoord/verantwoord/internal/keten/magazijn"
	"github.com/verantwoord/verantwoord/sdk"
)

// Functions of the application, as the register of activities knows them. Rondkijken stands in no register.
const (
	Aanslag    = "aanslag-opleggen"
	Onderzoek  = "misbruik-onderzoeken"
	Vergunning = "vergunning-beoordelen"
	Vraag      = "vraag-beantwoorden"
	Rondkijken = "rondkijken"
)

// Questions that it asks the municipality.
const (
	Adres      = "adres"
	Documenten = "documenten"
	Zoeken     = "zoeken"
)

// Situations of C2866.
const (
	MetSDK    = 1
	ZonderSDK = 2
)

// functie is what an employee picks.
type functie struct {
	naam, tekst, uitleg string
	handeling           string // as logged
	rol                 string // of the person it is about
}

var functies = []functie{
	{Aanslag, "Aanslag opleggen", "Gewoon werk: de inwoner mag het meteen terugzien.", "Opleggen waterschapsbelasting", "Belastingplichtige"},
	{Onderzoek, "Misbruik van kwijtschelding onderzoeken", "Vertrouwelijk: de inwoner ziet het pas als het onderzoek klaar is.", "Onderzoek kwijtschelding", "Onderzochte"},
	{Vergunning, "Watervergunning beoordelen", "Gewoon werk, maar hoelang de logregel blijft weet men pas na het besluit.", "Beoordelen watervergunning", "Aanvrager"},
	{Vraag, "Vraag van een inwoner beantwoorden", "De gemeente heeft niet afgesproken hiervoor te leveren, en weigert.", "Beantwoorden vraag", "Vrager"},
	{Rondkijken, "Zomaar rondkijken", "Hoort bij geen verwerkingsactiviteit: de aanroep gaat de deur niet uit.", "Rondkijken", ""},
}

func functieVan(naam string) (functie, bool) {
	for _, f := range functies {
		if f.naam == naam {
			return f, true
		}
	}
	return functie{}, false
}

// Instellingen of the application.
type Instellingen struct {
	Log      *sdk.Client
	Functies sdk.Functies
	Keten    sdk.Keten // the logs that take part in what it does
	Magazijn string    // base of the address of the data store
	// Token signs in at the data store, OudToken does so for the old application.
	Token, OudToken func() (string, error)
	OudLog          *sdk.Client
}

// Applicatie looks people up. It may be used by many goroutines.
type Applicatie struct {
	i      Instellingen
	client *http.Client // guarded
	kaal   *http.Client // of the old application
}

// New makes the application. Nothing is asked yet.
func New(i Instellingen) *Applicatie {
	t := sdk.NewTransport(i.Log, i.Functies)
	t.Basis = &http.Transport{MaxIdleConnsPerHost: 4} // no proxy: the municipality is on this machine
	return &Applicatie{i: i, client: &http.Client{Transport: t, Timeout: time.Minute}, kaal: &http.Client{Transport: t.Basis, Timeout: time.Minute}}
}

// Opdracht is what an employee asks.
type Opdracht struct {
	Functie, Vraag string
	Situatie       int
	BSN            string // of an adres or documenten
	Geslachtsnaam  string // of a search, with the date of birth as 2006-01-02
	Geboortedatum  string
	Gebruiker      string // key of the employee, never a name
}

// Uitkomst is what came of it. Without an error it holds what may be shown.
type Uitkomst struct {
	VerwerkingID uuid.UUID
	Status       int    // of the data store; 0: it was not asked, or its answer is not shown
	Code         string // of its refusal
	Personen     []magazijn.Persoon
	Documenten   []magazijn.Document
	Fout         error // of the own side
}

// Vraag asks the municipality.
func (a *Applicatie) Vraag(ctx context.Context, o Opdracht) Uitkomst {
	f, ok := functieVan(o.Functie)
	if !ok {
		return Uitkomst{Fout: errors.New("deze functie is er niet")}
	}
	v := sdk.Verwerking{
		Functie: f.naam, VerwerkingID: sdk.NewVerwerkingID(), ActieNaam: "Ophalen persoonsgegevens bij gemeente", VerwerkingNaam: f.handeling, Gebruiker: o.Gebruiker,
	}
	pad, vraag := magazijn.PadRaadpleeg, map[string]string{"bsn": o.BSN}
	switch o.Vraag {
	case Documenten:
		pad, v.ActieNaam = magazijn.PadDocumenten, "Ophalen documenten bij gemeente"
	case Zoeken:
		pad, v.ActieNaam = magazijn.PadZoek, "Zoeken persoon bij gemeente"
		vraag = map[string]string{"geslachtsnaam": o.Geslachtsnaam, "geboortedatum": o.Geboortedatum}
	}
	if o.Vraag != Zoeken {
		v.Objecten = []sdk.Object{sdk.BSN(o.BSN, f.rol)}
	}
	if o.Situatie == ZonderSDK {
		return a.oud(ctx, f, v, pad, vraag)
	}
	if o.Vraag == Zoeken {
		ctx = sdk.MetZoekopdracht(ctx, v, gevonden)
	} else {
		ctx = sdk.MetVerwerking(ctx, v)
	}
	return stuur(ctx, a.client, a.i.Token, a.i.Magazijn+pad, vraag, v.VerwerkingID)
}

// oud is how an application does it that logs by hand and knows nothing of the headers.
func (a *Applicatie) oud(ctx context.Context, f functie, v sdk.Verwerking, pad string, vraag map[string]string) Uitkomst {
	activiteit, err := a.i.Functies.Activiteit(ctx, f.naam)
	if err != nil {
		return Uitkomst{VerwerkingID: v.VerwerkingID, Fout: err}
	}
	v.Activiteit, v.ActiviteitURL, v.Bewaartermijn = activiteit.ID, activiteit.URL, activiteit.BewaartermijnLog
	if activiteit.Vertrouwelijk {
		v.Vertrouwelijkheid = sdk.Vertrouwelijk
	}
	begin := time.Now()
	if len(v.Objecten) > 0 {
		if _, err := a.i.OudLog.Log(ctx, v.Actie(begin)); err != nil {
			return Uitkomst{VerwerkingID: v.VerwerkingID, Fout: errors.Join(sdk.ErrNietVastgelegd, err)}
		}
		return stuur(ctx, a.kaal, a.i.OudToken, a.i.Magazijn+pad, vraag, v.VerwerkingID)
	}
	u := stuur(ctx, a.kaal, a.i.OudToken, a.i.Magazijn+pad, vraag, v.VerwerkingID)
	for _, p := range u.Personen {
		v.Objecten = append(v.Objecten, sdk.BSN(p.BSN, inResultaat))
	}
	if _, err := a.i.OudLog.Log(ctx, v.Actie(begin)); err != nil {
		return Uitkomst{VerwerkingID: v.VerwerkingID, Fout: errors.Join(sdk.ErrNietVastgelegd, err)}
	}
	return u
}

// inResultaat is the role of somebody who came up in a search (C4081).
const inResultaat = "Getoond in zoekresultaat"

// antwoord of the data store, of any question.
type antwoord struct {
	magazijn.Persoon
	Personen   []magazijn.Persoon  `json:"personen"`
	Documenten []magazijn.Document `json:"documenten"`
	Code       string              `json:"code"`
}

// gevonden tells who is in the answer of a search.
func gevonden(_ *http.Response, body []byte) ([]sdk.Object, error) {
	var z antwoord
	if err := json.Unmarshal(body, &z); err != nil || z.Personen == nil {
		return nil, errors.New("the answer is no list of persons")
	}
	uit := make([]sdk.Object, len(z.Personen))
	for k, p := range z.Personen {
		uit[k] = sdk.BSN(p.BSN, inResultaat)
	}
	return uit, nil
}

// maxAntwoord bounds what is read of an answer.
const maxAntwoord = 1 << 20

func stuur(ctx context.Context, client *http.Client, token func() (string, error), adres string, vraag map[string]string, verwerking uuid.UUID) Uitkomst {
	u := Uitkomst{VerwerkingID: verwerking}
	u.Fout = func() error {
		t, err := token()
		if err != nil {
			return err
		}
		body, err := json.Marshal(vraag)
		if err != nil {
			return err
		}
		r, err := http.NewRequestWithContext(ctx, http.MethodPost, adres, bytes.NewReader(body))
		if err != nil {
			return err
		}
		r.Header.Set("Authorization", "Bearer "+t)
		r.Header.Set("Content-Type", "application/json")
		res, err := client.Do(r)
		if err != nil {
			return err
		}
		defer res.Body.Close()
		raw, err := io.ReadAll(io.LimitReader(res.Body, maxAntwoord))
		if err != nil {
			return err
		}
		var in antwoord
		if err := json.Unmarshal(raw, &in); err != nil {
			return fmt.Errorf("the answer of the municipality is no JSON: status %d", res.StatusCode)
		}
		u.Status, u.Code, u.Documenten, u.Personen = res.StatusCode, in.Code, in.Documenten, in.Personen
		if in.BSN != "" {
			u.Personen = []magazijn.Persoon{in.Persoon}
		}
		return nil
	}()
	return u
}
