package sdk

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"time"
	_ "time/tzdata" // days begin in Dutch time, also on a machine without zones

	"github.com/google/uuid"
)

// ErrVAR: the register of activities could not be read, and nothing is kept of it that may still be used.
var ErrVAR = errors.New("het register van verwerkingsactiviteiten is niet te lezen, daarom niet uitgevoerd")

// VARInstellingen of a VAR. What is zero has its default.
type VARInstellingen struct {
	Gegevensset string           // only leveringen of these data; empty: all of the organisation
	Vers        time.Duration    // how old a table may be before it is asked for again; 0: a minute
	Houdbaar    time.Duration    // how old it may be when the register can't be reached; 0: 24 hours
	Nu          func() time.Time // nil: time.Now
}

// VAR reads the tables of the register of activities: GET /var/api/v1/functies (scope var:read) and /leveringen (scope
// var:leveringen). It implements Functies and Leveringen, and may be used by many goroutines.
//
// A table is asked for when it is first needed, and again when it is used and no longer Vers. Nothing is asked in between, and
// no goroutine is left behind. While the register is away the last answer is used as long as it is Houdbaar: that an
// activity holds is not checked at the moment itself (B0869, B8278). The days on which a row holds are checked each time.
// An answer that the application has no right (401, 403) ends what was kept at once.
type VAR struct {
	client     *Client
	i          VARInstellingen
	functies   tabel[string, Activiteit]
	leveringen tabel[[3]string, Levering]
}

// NewVAR reads by a client of the register that has the activities. Nothing is asked yet.
func NewVAR(c *Client, i VARInstellingen) *VAR {
	if i.Vers <= 0 {
		i.Vers = time.Minute
	}
	if i.Houdbaar <= 0 {
		i.Houdbaar = 24 * time.Hour
	}
	if i.Nu == nil {
		i.Nu = time.Now
	}
	v := &VAR{client: c, i: i}
	v.functies = tabel[string, Activiteit]{i: &v.i, haal: v.haalFuncties, wacht: wachtOpTabel}
	v.leveringen = tabel[[3]string, Levering]{i: &v.i, haal: v.haalLeveringen, wacht: wachtOpTabel}
	return v
}

// Activiteit implements Functies: of the functions of the own client id. Errors: ErrGeenDoelbinding, ErrVAR, ctx.Err().
func (v *VAR) Activiteit(ctx context.Context, functie string) (Activiteit, error) {
	a, ok, err := v.functies.zoek(ctx, functie)
	if err == nil && !ok {
		err = fmt.Errorf("deze functie hoort vandaag bij geen verwerkingsactiviteit; vraag de beheerder van het register om haar te koppelen: %w", ErrGeenDoelbinding)
	}
	return a, err
}

// Levering implements Leveringen. Errors: ErrGeenDoelbinding, ErrVAR, ctx.Err().
func (v *VAR) Levering(ctx context.Context, afnemer, gegevensset, doel string) (Levering, error) {
	l, ok, err := v.leveringen.zoek(ctx, [3]string{afnemer, gegevensset, doel})
	if err == nil && !ok {
		err = fmt.Errorf("deze afnemer krijgt vandaag deze gegevens niet voor dit doel; vraag de beheerder van het register om een levering: %w", ErrGeenDoelbinding)
	}
	return l, err
}

const padVAR = "/var/api/v1"

// waarvoor is an activity as the VAR API writes it.
type waarvoor struct {
	ID  uuid.UUID `json:"id"`
	URL string    `json:"url"`
	Log struct {
		Omvang    string `json:"omvang"`
		Gebruiker bool   `json:"gebruiker"`
		Soorten   bool   `json:"soorten"`
	} `json:"log"`
	BewaartermijnLog  string            `json:"bewaartermijnLog"`
	Vertrouwelijkheid Vertrouwelijkheid `json:"vertrouwelijkheid"`
}

func (w *waarvoor) activiteit() Activiteit {
	return Activiteit{
		ID: w.ID, URL: w.URL, Omvang: w.Log.Omvang, Gebruiker: w.Log.Gebruiker, Soorten: w.Log.Soorten, BewaartermijnLog: w.BewaartermijnLog,
		Vertrouwelijk: w.Vertrouwelijkheid == Vertrouwelijk, vanVAR: true,
	}
}

func (v *VAR) haalFuncties(ctx context.Context, etag string) (map[string]rij[Activiteit], string, error) {
	var uit struct {
		Results []struct {
			Functie    string   `json:"functie"`
			Activiteit waarvoor `json:"activiteit"`
			periode
		} `json:"results"`
	}
	etag, err := v.haal(ctx, padVAR+"/functies", etag, &uit)
	if err != nil {
		return nil, "", err
	}
	rijen := make(map[string]rij[Activiteit], len(uit.Results))
	for k := range uit.Results {
		if r := &uit.Results[k]; r.Activiteit.ID != uuid.Nil {
			rijen[r.Functie] = rij[Activiteit]{r.Activiteit.activiteit(), r.periode}
		}
	}
	return rijen, etag, nil
}

func (v *VAR) haalLeveringen(ctx context.Context, etag string) (map[[3]string]rij[Levering], string, error) {
	var uit struct {
		Results []struct {
			Afnemer       string   `json:"afnemer"`
			Gegevensset   string   `json:"gegevensset"`
			Doel          string   `json:"doel"`
			Vertrouwelijk bool     `json:"vertrouwelijk"`
			Activiteit    waarvoor `json:"activiteit"`
			periode
		} `json:"results"`
	}
	pad := padVAR + "/leveringen"
	if v.i.Gegevensset != "" {
		pad += "?" + url.Values{"gegevensset": {v.i.Gegevensset}}.Encode()
	}
	etag, err := v.haal(ctx, pad, etag, &uit)
	if err != nil {
		return nil, "", err
	}
	rijen := make(map[[3]string]rij[Levering], len(uit.Results))
	for k := range uit.Results {
		r := &uit.Results[k]
		if r.Activiteit.ID == uuid.Nil {
			continue
		}
		doel := r.Doel
		if id := strings.ToLower(doel); vormVanID.MatchString(id) {
			doel = id
		}
		rijen[[3]string{r.Afnemer, r.Gegevensset, doel}] = rij[Levering]{Levering{r.Activiteit.activiteit(), r.Vertrouwelijk}, r.periode}
	}
	return rijen, etag, nil
}

// haal reads a table and its ETag. errOngewijzigd: it is the one with that ETag.
func (v *VAR) haal(ctx context.Context, pad, etag string, uit any) (string, error) {
	h := http.Header{}
	if etag != "" {
		h.Set("If-None-Match", etag)
	}
	var kop http.Header
	err := v.client.do(ctx, vraag{methode: http.MethodGet, pad: pad, header: h, want: http.StatusOK, kop: &kop}, uit)
	var f *Fout
	if errors.As(err, &f) && f.Status == http.StatusNotModified {
		return "", errOngewijzigd
	}
	if err != nil {
		return "", err
	}
	return kop.Get("ETag"), nil
}
