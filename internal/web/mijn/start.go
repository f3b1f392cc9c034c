package mijn

import (
	"encoding/base64"
	"net/http"
	"net/url"
	"slices"
	"time"

	"github.com/verantwoord/verantwoord/internal/activiteit"
	"github.com/verantwoord/verantwoord/internal/fout"
	"github.com/verantwoord/verantwoord/internal/inwoner"
	"github.com/verantwoord/verantwoord/internal/web/taal"
)

type startBlad struct {
	Diensten []knop
	Verlopen bool
	Binnen   bool   // somebody is signed in who may look
	Naar     string // where the overview of who is signed in is
}

// knop is a service to sign in with.
type knop struct{ Naam, Organisatie, Pad string }

// knoppen are those of all services, or of one when that is named. vers asks to sign in again.
func (m *Mijn) knoppen(alleen, naar string, vers bool) (uit []knop) {
	if m.o.Aanmelden == nil {
		return nil
	}
	diensten := m.o.Aanmelden.Diensten()
	meer := slices.ContainsFunc(diensten, func(d Dienst) bool { return d.Organisatie != diensten[0].Organisatie })
	for _, d := range diensten {
		if alleen != "" && d.Sleutel != alleen {
			continue
		}
		v := url.Values{}
		if naar != Begin {
			v.Set("naar", naar)
		}
		if vers {
			v.Set("vers", "ja")
		}
		k := knop{Naam: d.Naam, Pad: Begin + "aanmelden/" + url.PathEscape(d.Sleutel)}
		if len(v) > 0 {
			k.Pad += "?" + v.Encode()
		}
		if meer {
			k.Organisatie = d.Organisatie
		}
		uit = append(uit, k)
	}
	return uit
}

func (m *Mijn) start(b *bezoek) (*scherm, error) {
	q := b.URL.Query()
	naar := lokaal(q.Get("naar"))
	blad := startBlad{Diensten: m.knoppen("", naar, false), Verlopen: q.Has("verlopen"), Naar: padOverzicht}
	blad.Binnen = b.Inwoner != nil && b.Inwoner.MagInzien() == nil
	return &scherm{sjabloon: "start", titel: b.t("start.titel"), inhoud: blad}, nil
}

// naarDienst begins to sign in. It is a link and no form: the address of the service is of another site.
func (m *Mijn) naarDienst(b *bezoek) (*scherm, error) {
	dienst := b.PathValue("dienst")
	if m.o.Aanmelden == nil || !slices.ContainsFunc(m.o.Aanmelden.Diensten(), func(d Dienst) bool { return d.Sleutel == dienst }) {
		return nil, fout.NietGevonden
	}
	naar, staat, err := m.o.Aanmelden.Begin(b.Context(), dienst, b.URL.Query().Get("vers") == "ja")
	if err != nil {
		return nil, err
	}
	b.zetKoekje(koekjeStaat, staat, onderweg)
	b.zetKoekje(koekjeNaar, base64.RawURLEncoding.EncodeToString([]byte(lokaal(b.URL.Query().Get("naar")))), onderweg)
	return b.verder(naar)
}

// vanDienst takes what the service says. Another session of this browser ends: it may be of another person.
func (m *Mijn) vanDienst(b *bezoek) (*scherm, error) {
	staat, dienst := b.koekje(koekjeStaat), b.PathValue("dienst")
	b.zetKoekje(koekjeStaat, "", 0)
	if staat == "" || m.o.Aanmelden == nil {
		return nil, fout.New(fout.CodeAanmeldenMislukt, "")
	}
	token, err := m.o.Aanmelden.Voltooi(b.Context(), dienst, b.URL.Query(), staat, m.o.Adres(b.Request))
	if err != nil {
		return nil, err
	}
	if eerder := b.token(); eerder != "" && b.Inwoner != nil {
		if err := m.o.Sessies.Beeindig(b.Context(), eerder); err != nil {
			return nil, err
		}
	}
	naar := padOverzicht
	if bewaard, err := base64.RawURLEncoding.DecodeString(b.koekje(koekjeNaar)); err == nil {
		if l := lokaal(string(bewaard)); l != Begin {
			naar = l
		}
	}
	b.zetKoekje(koekjeNaar, "", 0)
	b.zetKoekje(koekjeDienst, dienst, sessieDuur)
	b.zetKoekje(koekjeSessie, token, sessieDuur)
	return b.verder(naar)
}

// opnieuw asks to sign in again, and leads back to the page.
func (m *Mijn) opnieuw(b *bezoek) *scherm {
	naar := lokaal(b.URL.RequestURI())
	dienst := b.koekje(koekjeDienst)
	if len(m.knoppen(dienst, naar, true)) == 0 {
		dienst = ""
	}
	return &scherm{sjabloon: "opnieuw", titel: b.t("opnieuw.titel"), status: http.StatusForbidden, inhoud: opnieuwBlad{m.knoppen(dienst, naar, true), naar}}
}

type opnieuwBlad struct {
	Diensten []knop
	Terug    string
}

func (m *Mijn) afmelden(b *bezoek) (*scherm, error) {
	if token := b.token(); token != "" && m.o.Sessies != nil {
		if err := m.o.Sessies.Beeindig(b.Context(), token); err != nil {
			return nil, err
		}
	}
	return b.weg()
}

func (m *Mijn) overalAfmelden(b *bezoek) (*scherm, error) {
	if err := m.o.Sessies.BeeindigAlle(b.Context(), b.token()); err != nil {
		return nil, err
	}
	return b.weg()
}

// weg forgets the session in this browser.
func (b *bezoek) weg() (*scherm, error) {
	b.zetKoekje(koekjeSessie, "", 0)
	b.zetKoekje(koekjeDienst, "", 0)
	b.w.Header().Set("Clear-Site-Data", `"cache"`)
	return b.verder(padAfgemeld)
}

func (m *Mijn) afgemeld(b *bezoek) (*scherm, error) {
	if b.Inwoner != nil { // by a link, or from before: the session goes on
		return b.verder(Begin)
	}
	return &scherm{sjabloon: "afgemeld", titel: b.t("afgemeld.titel")}, nil
}

type aanmeldingenBlad struct{ Regels []aanmelding }

type aanmelding struct {
	inwoner.Aanmelding
	Zeker string
}

func (m *Mijn) aanmeldingen(b *bezoek) (*scherm, error) {
	historie, err := m.o.Sessies.Historie(b.Context(), b.token())
	if err != nil {
		return nil, err
	}
	var blad aanmeldingenBlad
	for _, a := range historie {
		r := aanmelding{Aanmelding: a}
		if a.Niveau != 0 {
			r.Zeker = b.t("aanmeldingen." + a.Niveau.String())
		}
		blad.Regels = append(blad.Regels, r)
	}
	return &scherm{sjabloon: "aanmeldingen", titel: b.t("aanmeldingen.titel"), inhoud: blad}, nil
}

// niveau explains to who signed in with too little certainty what to do.
func (b *bezoek) niveau() *scherm {
	return &scherm{sjabloon: "niveau", titel: b.t("niveau.titel"), status: http.StatusForbidden, inhoud: b.wie()}
}

// tekstBlad is a page of text, with where to ask.
type tekstBlad struct {
	blad
	Wie *activiteit.Verantwoordelijke // nil: not one of several
}

// blad serves a page of text.
func (m *Mijn) blad(naam string) func(*bezoek) (*scherm, error) {
	return func(b *bezoek) (*scherm, error) {
		blad, ok := catalogi[b.taal].Bladen[naam]
		if !ok {
			panic("no page " + naam + " in " + string(b.taal))
		}
		return &scherm{sjabloon: "blad", titel: blad.Titel, inhoud: tekstBlad{blad, b.wie()}}, nil
	}
}

// wie is who answers for the organisation of the session, or for the only one there is.
func (b *bezoek) wie() *activiteit.Verantwoordelijke {
	oin := b.m.o.OIN
	if b.Inwoner != nil {
		oin = b.Inwoner.OIN
	}
	if oin == "" {
		return nil
	}
	v := b.m.o.Inzage.Verantwoordelijke(oin)
	return &v
}

// zetTaal keeps the choice in this browser for a year, for all pages.
func (m *Mijn) zetTaal(b *bezoek) (*scherm, error) {
	b.zetKoekje(koekjeTaal, string(taal.Kies(b.PostFormValue("taal"))), 365*24*time.Hour)
	return b.verder(lokaal(b.PostFormValue("naar")))
}
