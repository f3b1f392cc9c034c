package autorisatie

import (
	"fmt"
	"log/slog"
	"slices"
)

// Besluit is the outcome of authentication: who calls, for which organisation, with which rights.
// Its zero value and nil may do nothing.
type Besluit struct {
	ClientID      string
	Label         string
	Organisatie   string   // OIN of the organisation (tenant) this request is for
	OINs          []string // the client's own OINs
	GebruikerID   string   `json:"-"` // claim user_id: personal, never logged
	GebruikerNaam string   `json:"-"` // claim user_representation: personal, never logged

	rechten  rechten     // the registered grants, narrowed by the token
	tot      verzameling // what the token narrows to
	volledig bool        // the grants of an external component are in
}

// Mag reports whether the caller has the scope on the component. A confidential scope includes the
// normal one of the same verb; nothing on one component counts for another.
func (b *Besluit) Mag(component string, s Scope) bool {
	i := componentIndex(component)
	if b == nil || i < 0 {
		return false
	}
	return b.rechten[i]&scopeBits[s] != 0
}

// Derde reports whether the caller is a third party: one whose own OINs exclude that of the
// organisation it calls for.
func (b *Besluit) Derde() bool { return !b.EigenOIN(b.organisatie()) }

// EigenOIN reports whether the OIN is one of the caller's own.
func (b *Besluit) EigenOIN(oin string) bool {
	return b != nil && oin != "" && slices.Contains(b.OINs, oin)
}

func (b *Besluit) organisatie() string {
	if b == nil {
		return ""
	}
	return b.Organisatie
}

// LogValue gives what may be logged: everything but the user.
func (b Besluit) LogValue() slog.Value {
	return slog.GroupValue(
		slog.String("client_id", b.ClientID),
		slog.String("label", b.Label),
		slog.String("organisatie", b.Organisatie),
	)
}

// Format prints what may be logged, for every verb.
func (b Besluit) Format(s fmt.State, _ rune) {
	_, _ = fmt.Fprintf(s, "client %q (%s) for %s", b.ClientID, b.Label, b.Organisatie)
}
