package beheerlog

import (
	"crypto/rand"
	"crypto/sha256"
	"fmt"
	"slices"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
	"github.com/google/uuid"

	"github.com/verantwoord/verantwoord/internal/betrokkene"
	"github.com/verantwoord/verantwoord/internal/bewijs"
)

// Soort is a kind of event. It stands plain in the store and in the leaf: it names no person.
type Soort string

// The closed set of kinds. A kind is hashed, so it never changes its name.
const (
	Aangemeld        Soort = "aangemeld"         // a person signed in, second step included
	AanmeldenMislukt Soort = "aanmelden_mislukt" // a step failed
	Geblokkeerd      Soort = "geblokkeerd"       // too many attempts
	Afgemeld         Soort = "afgemeld"
	OveralAfgemeld   Soort = "overal_afgemeld" // all sessions of a person ended
	Middel           Soort = "middel"          // password, passkey, TOTP or recovery codes were set, used up or taken away
	Bevestigd        Soort = "bevestigd"       // step-up for something dangerous
	Code             Soort = "code_uitgegeven" // a code was given on the console, as mail did not work

	Gebruiker        Soort = "gebruiker" // a person was added, changed or closed
	Functiegroep     Soort = "functiegroep"
	Autorisatiegroep Soort = "autorisatiegroep" // a group was added or changed, rights included
	Lidmaatschap     Soort = "lidmaatschap"     // who is in which group
	Voorstel         Soort = "voorstel"         // a serious change waits for a second administrator, or was refused
	Hercertificering Soort = "hercertificering"
	Noodtoegang      Soort = "noodtoegang" // break-glass: begun, used, ended

	Applicatie Soort = "applicatie"
	Instelling Soort = "instelling"
	Sleutel    Soort = "sleutel"
	Opschoning Soort = "opschoning" // a purge
	Hersteld   Soort = "hersteld"   // the verwerkingenlog goes on in a new epoch, after its store was put back
	Tijdvak    Soort = "tijdvak"    // the same of the beheerlog: the leaf of the epoch itself, which New does not make

	Activiteit        Soort = "activiteit" // of the register of processing activities: changed, made definite, ended, published, read from a file
	Koppeling         Soort = "koppeling"  // which activity a function of an application belongs to
	Levering          Soort = "levering"   // who may have which data for which purpose
	Loggrond          Soort = "loggrond"   // why the log itself is allowed, and how long records stay
	Verantwoordelijke Soort = "verantwoordelijke"

	Bescherming Soort = "bescherming" // of a citizen: set, made longer, ended, by the handle
	Domein      Soort = "domein"      // what who acts for a citizen may see: proposed, opened, closed
)

var alle = []Soort{
	Aangemeld, AanmeldenMislukt, Geblokkeerd, Afgemeld, OveralAfgemeld, Middel, Bevestigd, Code,
	Gebruiker, Functiegroep, Autorisatiegroep, Lidmaatschap, Voorstel, Hercertificering, Noodtoegang,
	Applicatie, Instelling, Sleutel, Opschoning, Hersteld, Tijdvak,
	Activiteit, Koppeling, Levering, Loggrond, Verantwoordelijke,
	Bescherming, Domein,
}

// Soorten gives all kinds.
func Soorten() []Soort { return slices.Clone(alle) }

// Wie is who did it, or what it was done to.
type Wie struct {
	Soort string `json:"soort"`          // "gebruiker", "applicatie", "opdrachtregel", "systeem"; of what it was done to: its own noun
	ID    string `json:"id,omitempty"`   // stable, of the store
	Naam  string `json:"naam,omitempty"` // as it was at that moment, for people
}

// Systeem is the program itself, Opdrachtregel the operator on the machine.
var (
	Systeem       = Wie{Soort: "systeem", Naam: "Verantwoord"}
	Opdrachtregel = Wie{Soort: "opdrachtregel"}
)

// Regel is one event.
type Regel struct {
	ID      uuid.UUID
	Nummer  uint64    // of its leaf; given by the store
	Moment  time.Time // to the microsecond; given by the store, strictly increasing per organisation
	Soort   Soort
	Door    Wie
	Betreft Wie    // zero when it concerns nothing but who did it
	Wat     string // one sentence in Dutch, for people
	Reden   string // as typed by who did it
	Voor    any    // what it was before and after: what can be written as JSON, without secrets
	Na      any
}

// inhoud is what is sealed of a Regel; its JSON is the format in the store.
type inhoud struct {
	Zaad    []byte         `json:"zaad"`
	Door    Wie            `json:"door"`
	Betreft Wie            `json:"betreft,omitzero"`
	Wat     string         `json:"wat"`
	Reden   string         `json:"reden,omitempty"`
	Voor    jsontext.Value `json:"voor,omitzero"`
	Na      jsontext.Value `json:"na,omitzero"`
}

// Rij is an event as the store keeps it.
type Rij struct {
	OIN       string
	ID        uuid.UUID
	Nummer    uint64 // given by the store
	Moment    int64  // µs; not before what is given, and after that of the one before
	Soort     Soort
	Inhoud    bewijs.Hash // commitment; used when it is added, and not stored
	Verzegeld []byte      // of Tijdvak: the bytes of the leaf, as they are
}

// Entry is what the leaf of the row hashes. Open has filled in the commitment.
func (r *Rij) Entry() bewijs.Hash {
	if r.Soort == Tijdvak {
		return sha256.Sum256(r.Verzegeld)
	}
	b := r.Blad()
	return b.Entry()
}

// BladHash is the leaf hash of the row (RFC 6962).
func (r *Rij) BladHash() bewijs.Hash {
	inhoud := r.Entry()
	return sha256.Sum256(append([]byte{0}, inhoud[:]...))
}

// Blad is the leaf of the row of an event; that of an epoch is another (TijdvakRij).
func (r *Rij) Blad() bewijs.Beheerblad {
	return bewijs.Beheerblad{OIN: r.OIN, ID: r.ID, Moment: r.Moment, Soort: string(r.Soort), Inhoud: r.Inhoud}
}

// New makes the row of an event of an organisation, to be added in the transaction of what it tells. Its ID is
// made here. It fails when Voor or Na can't be written as JSON, or the kind is none.
func New(s *betrokkene.Sleutels, oin string, nu time.Time, r Regel) (Rij, error) {
	if !slices.Contains(alle, r.Soort) || r.Soort == Tijdvak {
		return Rij{}, fmt.Errorf("event of unknown kind %q", r.Soort)
	}
	in := inhoud{Zaad: make([]byte, len(bewijs.Zaad{})), Door: r.Door, Betreft: r.Betreft, Wat: r.Wat, Reden: r.Reden}
	rand.Read(in.Zaad) // never fails (crypto/rand)
	for _, p := range []struct {
		uit *jsontext.Value
		in  any
	}{{&in.Voor, r.Voor}, {&in.Na, r.Na}} {
		if p.in == nil {
			continue
		}
		var err error
		if *p.uit, err = json.Marshal(p.in); err != nil {
			return Rij{}, fmt.Errorf("event %s can't be written as JSON", r.Soort) // the cause could quote
		}
	}
	rij := Rij{OIN: oin, ID: uuid.New(), Moment: nu.UnixMicro(), Soort: r.Soort}
	plain, err := json.Marshal(in)
	if err != nil {
		return Rij{}, fmt.Errorf("event %s can't be written as JSON", r.Soort)
	}
	if rij.Inhoud, err = in.commit(); err != nil {
		return Rij{}, err
	}
	rij.Verzegeld = s.Seal(nil, betrokkene.KlasseNormaal, rij.Binding(), plain)
	return rij, nil
}

// commit is the commitment to all but the seed, as RFC 8785 writes it.
func (in inhoud) commit() (bewijs.Hash, error) {
	var zaad bewijs.Zaad
	copy(zaad[:], in.Zaad)
	in.Zaad = nil
	plain, err := json.Marshal(in)
	if err != nil {
		return bewijs.Hash{}, fmt.Errorf("event can't be written as JSON")
	}
	v := jsontext.Value(plain)
	if err := v.Canonicalize(); err != nil {
		return bewijs.Hash{}, fmt.Errorf("event has no canonical form")
	}
	return bewijs.Verbintenis(bewijs.LabelBeheer, zaad.Zout(bewijs.LabelBeheer, 0), v), nil
}

// Open reads a row back, and fills in its commitment. Voor and Na are jsontext.Value.
func Open(s *betrokkene.Sleutels, r *Rij) (*Regel, error) {
	if r.Soort == Tijdvak {
		return openTijdvak(r)
	}
	plain, err := s.Open(nil, betrokkene.KlasseNormaal, r.Binding(), r.Verzegeld)
	if err != nil {
		return nil, fmt.Errorf("open event %d: %w", r.Nummer, err)
	}
	var in inhoud
	if err := json.Unmarshal(plain, &in); err != nil || len(in.Zaad) != len(bewijs.Zaad{}) {
		return nil, fmt.Errorf("open event %d: it is in no form this version knows", r.Nummer)
	}
	if r.Inhoud, err = in.commit(); err != nil {
		return nil, fmt.Errorf("open event %d: %w", r.Nummer, err)
	}
	uit := &Regel{
		ID: r.ID, Nummer: r.Nummer, Moment: time.UnixMicro(r.Moment).UTC(), Soort: r.Soort,
		Door: in.Door, Betreft: in.Betreft, Wat: in.Wat, Reden: in.Reden,
	}
	if in.Voor != nil {
		uit.Voor = in.Voor
	}
	if in.Na != nil {
		uit.Na = in.Na
	}
	return uit, nil
}

// Binding is the additional data: what is sealed for one event opens for no other.
func (r *Rij) Binding() []byte {
	b := append([]byte("verantwoord/beheerregel/v1\x00"), r.OIN...)
	return append(append(b, r.ID[:]...), r.Soort...)
}
