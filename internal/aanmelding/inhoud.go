package aanmelding

import (
	"fmt"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/google/uuid"

	"github.com/verantwoord/verantwoord/internal/betrokkene"
)

// What a sign-in is for, and what it asks next.
const (
	doelAanmelden  = "aanmelden"
	doelBevestigen = "bevestigen"

	vraagtCode   = "code"
	vraagtFactor = "factor"

	vraagtKoppeling = "koppeling" // nothing of the person: the account is to be tied to the sign-in service
)

// inhoud is what is sealed of an AanmeldingRij; its JSON is the format in the store.
type inhoud struct {
	Doel         string       `json:"doel"`
	Vraagt       string       `json:"vraagt"`
	Begonnen     time.Time    `json:"begonnen"`
	Gebruiker    uuid.UUID    `json:"gebruiker"`          // Nil: the first step was wrong, and no code will ever be right
	Betreft      uuid.UUID    `json:"betreft"`            // whose account was asked for; Nil: of nobody
	Wijze        string       `json:"wijze"`              // first step: wijzeWachtwoord, or the name of the sign-in service
	Adres        string       `json:"adres"`              // masked
	Browser      string       `json:"browser"`            // family
	Apparaat     []byte       `json:"apparaat,omitzero"`  // Afdruk of the known browser it began on
	Groepen      []string     `json:"groepen,omitzero"`   // as the sign-in service named them
	Tweede       string       `json:"tweede,omitempty"`   // how the second step was passed, when a factor is asked
	Koppel       *koppelStaat `json:"koppel,omitzero"`    // the account is tied to this before there is a session
	Factor       string       `json:"factor,omitempty"`   // that was given, when only the tie is left
	Sessie       *sessieStaat `json:"sessie,omitzero"`    // that is to be confirmed
	Uitdaging    []byte       `json:"uitdaging,omitzero"` // of a passkey
	UitdagingTot time.Time    `json:"uitdaging_tot,omitzero"`
}

const wijzeWachtwoord = "wachtwoord"

// sessieStaat is what a session hands on to the one that replaces it.
type sessieStaat struct {
	ID        []byte       `json:"id"`
	Begonnen  time.Time    `json:"begonnen"`
	Verloopt  time.Time    `json:"verloopt"`
	Bevestigd time.Time    `json:"bevestigd,omitzero"`
	Inhoud    sessieInhoud `json:"inhoud"`
}

// sessieInhoud is what is sealed of a SessieRij.
type sessieInhoud struct {
	Wijze   string `json:"wijze"`
	Tweede  string `json:"tweede"`
	Factor  string `json:"factor,omitempty"` // given in this session
	Browser string `json:"browser"`
}

// zegel seals v for what binding names, and nothing else; label names it to an operator.
func zegel(s *betrokkene.Sleutels, v any, label string, binding []byte) ([]byte, error) {
	plain, err := json.Marshal(v)
	if err != nil {
		return nil, fmt.Errorf("seal %s: it can't be written as JSON", label) // the cause could quote
	}
	return s.Seal(nil, betrokkene.KlasseNormaal, binding, plain), nil
}

func ontzegel(s *betrokkene.Sleutels, v any, verzegeld []byte, label string, binding []byte) error {
	plain, err := s.Open(nil, betrokkene.KlasseNormaal, binding, verzegeld)
	if err != nil {
		return fmt.Errorf("open %s: %w", label, err)
	}
	if err := json.Unmarshal(plain, v); err != nil {
		return fmt.Errorf("open %s: it is in no form this version knows", label)
	}
	return nil
}

func gebonden(label string, delen ...[]byte) []byte {
	b := append([]byte("verantwoord/aanmelding/v1\x00"), label...)
	for _, d := range delen {
		b = append(append(b, 0), d...) // each is of a fixed length, or holds no NUL
	}
	return b
}

const (
	labelAanmelding = "aanmelding"
	labelSessie     = "sessie"
	labelMiddel     = "middel"
)

// Binding is the additional data: a sign-in opens for no other id.
func (r *AanmeldingRij) Binding() []byte { return gebonden(labelAanmelding, []byte(r.OIN), r.ID[:]) }

// Binding is the additional data: a session opens for nobody else.
func (r *SessieRij) Binding() []byte {
	return gebonden(labelSessie, []byte(r.OIN), r.ID[:], r.Gebruiker[:])
}

// Binding is the additional data: means of a person of an organisation open for nobody else.
func (r *MiddelRij) Binding(oin string) []byte {
	return gebonden(labelMiddel, []byte(oin), r.Gebruiker[:], []byte(r.Soort), []byte(r.ID))
}

func (r *AanmeldingRij) verzegel(s *betrokkene.Sleutels, in *inhoud) (err error) {
	r.Verzegeld, err = zegel(s, in, labelAanmelding, r.Binding())
	return err
}

func (r *AanmeldingRij) open(s *betrokkene.Sleutels) (*inhoud, error) {
	var in inhoud
	return &in, ontzegel(s, &in, r.Verzegeld, labelAanmelding, r.Binding())
}

func (r *SessieRij) verzegel(s *betrokkene.Sleutels, in sessieInhoud) (err error) {
	r.Verzegeld, err = zegel(s, in, labelSessie, r.Binding())
	return err
}

func (r *SessieRij) open(s *betrokkene.Sleutels) (in sessieInhoud, err error) {
	return in, ontzegel(s, &in, r.Verzegeld, labelSessie, r.Binding())
}

func (r *MiddelRij) verzegel(s *betrokkene.Sleutels, oin string, v any) (err error) {
	r.Verzegeld, err = zegel(s, v, labelMiddel, r.Binding(oin))
	return err
}

func (r *MiddelRij) open(s *betrokkene.Sleutels, oin string, v any) error {
	return ontzegel(s, v, r.Verzegeld, labelMiddel, r.Binding(oin))
}
