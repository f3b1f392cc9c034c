package verwerkingenlog

import (
	"fmt"
	"slices"
	"time"

	"github.com/google/uuid"

	"github.com/verantwoord/verantwoord/internal/betrokkene"
	"github.com/verantwoord/verantwoord/internal/fout"
)

// Log holds the use cases of the register. It is safe for concurrent use.
type Log struct {
	store     Store
	committer func(oin string) *Committer
	sleutels  Sleutelbos
	opties    Opties
}

// Sleutelbos gives the keys of an organisation; betrokkene.Sleutelbos is one.
type Sleutelbos interface {
	Organisatie(oin string) (*betrokkene.Sleutels, bool)
}

// Opties are what an operator may choose.
type Opties struct {
	Organisatie  func(oin string) *Instellingen // settings per organisation
	Nu           func() time.Time
	Systeem      string // name and version of this register, in its own acties
	MaxPatch     int    // acties a PATCH may touch (contracts: 10 000)
	Pagina       int    // default page (100)
	MaxPagina    int    // largest page (500)
	CursorGeldig time.Duration
	Veranderd    func(error) // told of each version that does not open, or is another one than its leaf; never of a person; may be nil
}

// Instellingen are the settings of one organisation.
type Instellingen struct {
	Gebruiker             GebruikerKeuze
	InzageTolerant        bool           // X15: log what is there instead of refusing
	ToelichtingVerplicht  bool
	WijzigViaAfnemer      bool
	ActiviteitInzage      Activiteit     // the register's own activities for logging inquiries
	ActiviteitBewerking   Activiteit
	BewaartermijnOpvragen string // default term of a logged inquiry; "" = none
}

// Activiteit is a verwerkingsactiviteit of the register itself, and what it calls its actie.
type Activiteit struct {
	ID        uuid.UUID
	URL       string
	ActieNaam string
}

// GebruikerKeuze is what is kept of the attribute gebruiker.
type GebruikerKeuze uint8

// The choices of R-703.
const (
	GebruikerZoalsGegeven GebruikerKeuze = iota
	GebruikerPseudoniem
	GebruikerUit
)

// NewLog makes the register. committer gives the one that takes in for an organisation, always the same:
// they run on the same store, or on the part of it that the organisation stands on.
func NewLog(store Store, committer func(oin string) *Committer, sleutels Sleutelbos, o Opties) *Log {
	if o.Nu == nil {
		o.Nu = time.Now
	}
	return &Log{store: store, committer: committer, sleutels: sleutels, opties: o}
}

// Aanroeper is who calls, as the credential and its grants say; the rules are applied to it.
type Aanroeper struct {
	Organisatie string // OIN of the tenant
	ClientID    string
	OINs        []string // the client's own
	// Kijker is for whom a portal of citizens asks, and makes its lists for people: with months, and with cursors that are of nobody
	// else although the client is the same. Empty: the caller asks for itself.
	Kijker string
	// Alleen are the activities of which the caller may see acties in lists and lines of persons; nil: of all. It is judged on every page and by
	// the content, never by the cursor.
	Alleen []uuid.UUID
	// Zeef keeps lines of Inzage by their content; nil: all. See the file zeef.go.
	Zeef *Zeef

	Lezen        Bereik // read:* of the API that is called
	Wijzigen     Bereik // update:* of Bewerking
	Verwijderen  Bereik // delete:* of Bewerking
	MagVerhullen bool   // create:confidential of Bewerking: may log, and hide an own look-up
	MagAudit     bool   // audit:read of Bewerking
}

// derde tells whether the caller is a third party: none of its OINs is the organisation.
func (a *Aanroeper) derde() bool { return !slices.Contains(a.OINs, a.Organisatie) }

// binnen tells whether acties of an activity may be seen.
func (a *Aanroeper) binnen(activiteit uuid.UUID) bool {
	return a.Alleen == nil || slices.Contains(a.Alleen, activiteit)
}

// eigen tells whether an OIN is one of the caller's.
func (a *Aanroeper) eigen(oin string) bool { return slices.Contains(a.OINs, oin) }

// keys gives the keyring of the caller's organisation.
func (l *Log) keys(a *Aanroeper) (*betrokkene.Sleutels, error) {
	s, ok := l.sleutels.Organisatie(a.Organisatie)
	if !ok {
		return nil, fmt.Errorf("no keys for organisation %s", a.Organisatie)
	}
	return s, nil
}

// micro is now on the register's clock.
func (l *Log) micro() int64 { return l.opties.Nu().UnixMicro() }

// geenToestemming is the one refusal of everything that depends on the state of a record: the same
// body for every state.
var geenToestemming = fout.New(fout.CodeGeenToestemming,
	"Deze applicatie mag dit niet met deze verwerkingsacties; vraag de beheerder van het register om het recht dat nodig is.")

// toelichting checks the reason of a change against the setting.
func (l *Log) toelichting(a *Aanroeper, s string) (string, error) {
	var c controle
	s = c.text("X-Audit-Toelichting", s, MaxToelichting)
	if s == "" && l.opties.Organisatie(a.Organisatie).ToelichtingVerplicht {
		c.add("X-Audit-Toelichting", "required", "Deze organisatie vraagt bij elke wijziging een toelichting; stuur die mee in deze header.")
	}
	if c.params != nil {
		return "", fout.Ongeldig(c.params...)
	}
	return s, nil
}
