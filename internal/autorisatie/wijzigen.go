package autorisatie

import (
	"context"
	"crypto/rand"
	"encoding/base64"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/google/uuid"

	"github.com/verantwoord/verantwoord/internal/fout"
)

var vanHetBestand = fout.New(fout.CodeGeenToestemming,
	"Deze applicatie staat in het applicatiebestand en is hier alleen te lezen; laat de beheerder van het register het bestand aanpassen.")

// pogingen is how often a change is tried again when another process was first.
const pogingen = 3

// Create adds an application to the organisation of who makes it. Errors: CodeOngeldig.
func (b *Beheer) Create(ctx context.Context, door Beheerder, in *Invoer) (*Registratie, error) {
	return b.CreateAls(ctx, door, uuid.New(), in)
}

// CreateAls is Create with an id that was chosen before: a proposal that is carried out twice adds one application. Errors:
// CodeOngeldig, fout.Gelijktijdig when there is one with that id.
func (b *Beheer) CreateAls(ctx context.Context, door Beheerder, id uuid.UUID, in *Invoer) (*Registratie, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if _, er := b.stand.Load().opgeslagen[id]; er {
		return nil, fout.Gelijktijdig
	}
	na, err := b.ontwerp(door.Organisatie, id, in)
	if err != nil {
		return nil, err
	}
	return na, b.put(ctx, door, nil, na)
}

// ontwerp gives the application that would be added.
func (b *Beheer) ontwerp(oin string, id uuid.UUID, in *Invoer) (*Registratie, error) {
	a, params := in.op(Applicatie{}, true)
	a.Organisaties = []string{oin}
	na := &Registratie{ID: id, Versie: 1, Organisatie: oin, Applicatie: a}
	if params = b.free(params, na); params != nil {
		return nil, fout.Ongeldig(params...)
	}
	return na, nil
}

// Voorzie gives what an application is and what in would make of it, and changes nothing; without an id it would be a new one,
// and voor is nil. Errors: CodeOngeldig, fout.NietGevonden, fout.GeenToestemming for one of the file.
func (b *Beheer) Voorzie(oin, id string, in *Invoer) (voor, na *Registratie, err error) {
	if id == "" {
		na, err = b.ontwerp(oin, uuid.UUID{}, in)
		return nil, na, err
	}
	if voor, err = b.Get(oin, id); err != nil {
		return nil, nil, err
	}
	if voor.UitBestand() {
		return nil, nil, vanHetBestand
	}
	a, params := in.op(voor.Applicatie, false)
	na = &Registratie{ID: voor.ID, Versie: voor.Versie + 1, Organisatie: voor.Organisatie, Applicatie: a}
	if params = b.free(params, na); params != nil {
		return nil, nil, fout.Ongeldig(params...)
	}
	return voor, na, nil
}

// nieuwGeheim is how many random bytes a secret is made of.
const nieuwGeheim = 32

// ZetNieuwGeheim gives an application a secret that nobody chose, and gives it back: it is kept sealed and can't be had again. Tokens
// that were signed with the one before are refused from then on. Errors as of Update.
func (b *Beheer) ZetNieuwGeheim(ctx context.Context, door Beheerder, id, ifMatch string) (string, error) {
	willekeurig := make([]byte, nieuwGeheim)
	_, _ = rand.Read(willekeurig) // never returns an error
	geheim := base64.RawURLEncoding.EncodeToString(willekeurig)
	_, err := b.Update(ctx, door, id, ifMatch, &Invoer{Geheim: &geheim}, false)
	if err != nil {
		return "", err
	}
	return geheim, nil
}

// Update changes an application; with volledig it replaces it (PUT). Without ifMatch the last change
// counts. Errors: CodeOngeldig, fout.NietGevonden, fout.Voorwaarde when ifMatch names another
// version, fout.GeenToestemming for one of the file and for a caller's own rights.
func (b *Beheer) Update(ctx context.Context, door Beheerder, id, ifMatch string, in *Invoer, volledig bool) (*Registratie, error) {
	var na *Registratie
	err := b.change(ctx, door, id, ifMatch, func(voor *Registratie) error {
		a, params := in.op(voor.Applicatie, volledig)
		na = &Registratie{ID: voor.ID, Versie: voor.Versie + 1, Organisatie: voor.Organisatie, Applicatie: a}
		if params = b.free(params, na); params != nil {
			return fout.Ongeldig(params...)
		}
		if door.is(voor) && !zelfdeRechten(&voor.Applicatie, &a) {
			return fout.New(fout.CodeGeenToestemming,
				"Een applicatie wijzigt niet haar eigen rechten, client-id's of OIN's; laat een andere beheerder dat doen.")
		}
		return b.put(ctx, door, voor, na)
	})
	return na, err
}

// Delete removes an application; its tokens are refused from then on. Errors as of Update.
func (b *Beheer) Delete(ctx context.Context, door Beheerder, id, ifMatch string) error {
	return b.change(ctx, door, id, ifMatch, func(voor *Registratie) error {
		if door.is(voor) {
			return fout.New(fout.CodeGeenToestemming, "Een applicatie verwijdert niet zichzelf; laat een andere beheerder dat doen.")
		}
		return b.put(ctx, door, voor, nil)
	})
}

// change finds the application, judges who may change it, and tries again with what another process
// made of it.
func (b *Beheer) change(ctx context.Context, door Beheerder, id, ifMatch string, f func(voor *Registratie) error) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	for n := 1; ; n++ {
		voor, err := b.Get(door.Organisatie, id)
		if err != nil {
			return err
		}
		if voor.UitBestand() {
			return vanHetBestand
		}
		if !voor.past(ifMatch) {
			return fout.New(fout.CodeVoorwaarde, "De applicatie is intussen gewijzigd; haal haar opnieuw op.")
		}
		err = f(voor)
		if !errors.Is(err, fout.Gelijktijdig) || n == pogingen {
			return err
		}
		if err := b.load(ctx); err != nil {
			return err
		}
	}
}

// put stores a change and puts it in force; b.mu is held. One of voor and na may be nil.
func (b *Beheer) put(ctx context.Context, door Beheerder, voor, na *Registratie) error {
	s, err := b.keys(door.Organisatie)
	if err != nil {
		return err
	}
	w, err := b.wijziging(s, door, voor, na)
	if err != nil {
		return err
	}
	opgeslagen := maps.Clone(b.stand.Load().opgeslagen)
	if na == nil {
		err = b.opslag.DeleteApplicatie(ctx, Rij{OIN: voor.Organisatie, ID: voor.ID, Versie: voor.Versie}, w)
		delete(opgeslagen, voor.ID)
	} else {
		var rij Rij
		if rij, err = verzegel(s, na); err != nil {
			return err
		}
		err = b.opslag.PutApplicatie(ctx, rij, w)
		opgeslagen[na.ID] = na
	}
	if errors.Is(err, ErrClientInGebruik) {
		return fout.Ongeldig(bezet("clientIds")) // by an application that this process has not seen yet
	}
	if err != nil {
		return fmt.Errorf("store application: %w", err)
	}
	// The generation stays: the next poll reads what other processes did before this.
	b.publish(opgeslagen, b.generatie)
	return nil
}

// free adds to params every client id that another application has.
func (b *Beheer) free(params []fout.Param, na *Registratie) []fout.Param {
	clients := b.stand.Load().clients
	for i, id := range na.ClientIDs {
		if ander, ok := clients[id]; ok && ander.ID != na.ID {
			params = append(params, bezet("clientIds."+strconv.Itoa(i)))
		}
	}
	return params
}

func bezet(name string) fout.Param {
	return fout.Param{Name: name, Code: "unique", Reason: "Deze client_id is al in gebruik; kies een andere."}
}

// is reports whether it is the application itself that makes the change.
func (b Beheerder) is(r *Registratie) bool {
	return b.ClientID != "" && slices.Contains(r.ClientIDs, b.ClientID)
}

// past judges If-Match (RFC 9110 13.1.1); absent fits everything.
func (r *Registratie) past(ifMatch string) bool {
	if ifMatch == "" || strings.TrimSpace(ifMatch) == "*" {
		return true
	}
	for tag := range strings.SplitSeq(ifMatch, ",") {
		if strings.TrimSpace(tag) == r.ETag() {
			return true
		}
	}
	return false
}

// zelfdeRechten reports whether two states differ in nothing that says who one is or what one may.
func zelfdeRechten(a, b *Applicatie) bool {
	return slices.Equal(a.ClientIDs, b.ClientIDs) && slices.Equal(a.OINs, b.OINs) &&
		a.HeeftAlleAutorisaties == b.HeeftAlleAutorisaties &&
		slices.EqualFunc(a.Autorisaties, b.Autorisaties, func(x, y Autorisatie) bool {
			return x.Component == y.Component && slices.Equal(x.Scopes, y.Scopes)
		})
}
