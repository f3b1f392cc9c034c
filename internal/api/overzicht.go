package api

import (
	"context"
	"net/url"
	"path"
	"slices"
	"strconv"
	"strings"

	"github.com/google/uuid"

	"github.com/verantwoord/verantwoord/internal/betrokkene"
	"github.com/verantwoord/verantwoord/internal/fout"
	"github.com/verantwoord/verantwoord/internal/verwerkingenlog"
)

// padOverzicht is what a portal of the organisation itself shows to a citizen, put in words: an extension.
const padOverzicht = "/overzicht"

const html = "text/html"

// Overzichten makes it.
type Overzichten interface {
	// Overzicht gives the overview, or one line of it, in the form that was asked for. Errors: those of an inzage.
	Overzicht(ctx context.Context, a *verwerkingenlog.Aanroeper, v *OverzichtVraag, d verwerkingenlog.Doorgave) ([]byte, error)
}

// OverzichtVraag is what a portal asks. What was chosen has the names that it has in the links of the answer, so that a portal passes
// those on as they come.
type OverzichtVraag struct {
	SoortObjectID, ObjectID string    // the citizen
	Basis                   string    // address that links are made on
	Engels                  bool      // or Dutch
	Van, Tot                string    // days, both included; checked by the room
	Doel                    uuid.UUID // activity; Nil = all
	Organisatie, Wijze      string    // that did it or got the data, and in what way; checked by the room
	Cursor                  string    // p: the page
	Gebruik                 string    // id of a line; "" = the overview
	Data                    bool      // JSON, or HTML
}

// showOverzicht asks for the headers on every page: they tell which lines are looks of the citizen.
func (q *verzoek) showOverzicht() error {
	v, err := q.decodeOverzicht()
	if err != nil {
		return err
	}
	d, err := q.doorgave(q.Log.InzageVerplicht(q.aanroeper.Organisatie))
	if err != nil {
		return err
	}
	b, err := q.Overzichten.Overzicht(q.r.Context(), &q.aanroeper, v, d)
	if err != nil {
		return err
	}
	functie := "lijst"
	if v.Gebruik != "" {
		functie = "enkel"
	}
	q.Meting.Inquired(q.api, functie)
	h := q.w.Header()
	h.Set("Content-Type", q.vorm)
	if q.vorm == html {
		h.Set("Content-Type", html+"; charset=utf-8")
		h.Set("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'; sandbox") // for who opens it by itself
	}
	h.Set("Content-Length", strconv.Itoa(len(b)))
	q.w.Write(b)
	return nil
}

func (q *verzoek) decodeOverzicht() (*OverzichtVraag, error) {
	v := &OverzichtVraag{Data: q.vorm != html}
	var doel, taal string
	velden := map[string]*string{
		"soortObjectId": &v.SoortObjectID, "objectId": &v.ObjectID, "basis": &v.Basis, "taal": &taal, "van": &v.Van, "tot": &v.Tot, "doel": &doel,
		"organisatie": &v.Organisatie, "wijze": &v.Wijze, "p": &v.Cursor, "gebruik": &v.Gebruik,
	}
	params, err := decode(q.lichaam, q.MaxDiepte, func(l *lezer) error {
		err := l.object(func(raw []byte) (err error) {
			name := string(raw)
			veld, ok := velden[name]
			if !ok {
				l.add(safeName(name), "unknown-parameters", "Dit veld bestaat niet; controleer de schrijfwijze.")
				return l.dec.SkipValue()
			}
			*veld, err = l.text(name)
			return err
		})
		if err != nil {
			return err
		}
		for _, name := range []string{"soortObjectId", "objectId", "basis"} {
			if *velden[name] == "" && !slices.ContainsFunc(l.params, func(p fout.Param) bool { return p.Name == name }) {
				l.add(name, "required", "Dit veld is verplicht.")
			}
		}
		if v.Basis != "" && (!isBasis(v.Basis) || noemt(v.Basis, v.SoortObjectID, v.ObjectID)) {
			l.add("basis", "invalid", "Geef een pad dat met / begint of een adres met https, zonder vraagteken en zonder nummer van een persoon.")
		}
		if v.Engels = taal == "en"; taal != "" && taal != "nl" && taal != "en" {
			l.add("taal", "invalid_choice", "Kies nl of en.")
		}
		if doel != "" {
			var ok bool
			if v.Doel, ok = verwerkingenlog.ParseUUID(doel); !ok {
				l.add("doel", "invalid", "Geef het nummer van een verwerkingsactiviteit, een uuid.")
			}
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	if len(params) > 0 {
		return nil, fout.Ongeldig(params...)
	}
	return v, nil
}

// maxBasis bounds what stands in every link.
const maxBasis = 500

// noemt tells whether an address holds the number of a person, in any way that it is written.
func noemt(adres, soort, nummer string) bool {
	return len(nummer) > 3 && slices.ContainsFunc(betrokkene.Schrijfwijzen(soort, nummer), func(s string) bool { return strings.Contains(adres, s) })
}

// isBasis tells whether an address is one of the two that links are made on: a path, or https with a host. The form is closed, since what
// it holds comes in every link of a page: no user, query, escape, double slash or dots.
func isBasis(s string) bool {
	if len(s) > maxBasis || strings.ContainsFunc(s, func(r rune) bool {
		return !('a' <= r && r <= 'z' || 'A' <= r && r <= 'Z' || '0' <= r && r <= '9' || strings.ContainsRune("-._~/:", r))
	}) {
		return false
	}
	pad := s
	if rest, ok := strings.CutPrefix(s, "https://"); ok {
		host, _, _ := strings.Cut(rest, "/")
		if u, err := url.Parse("https://" + host); err != nil || u.Host != host || u.Hostname() == "" || u.Host == ":"+u.Port() || strings.HasSuffix(host, ":") {
			return false
		}
		if pad = rest[len(host):]; pad == "" {
			return true
		}
	}
	return pad != "" && pad[0] == '/' && !strings.Contains(pad, ":") && (path.Clean(pad) == pad || path.Clean(pad)+"/" == pad)
}
