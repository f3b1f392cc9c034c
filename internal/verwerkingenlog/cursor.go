package verwerkingenlog

import (
	"encoding/base64"
	"fmt"
	"time"

	"github.com/google/uuid"

	"github.com/verantwoord/verantwoord/internal/betrokkene"
	"github.com/verantwoord/verantwoord/internal/fout"
)

// cursor is the state of an inquiry over its pages (contracts: "Cursor"). It travels sealed, bound
// to client and organisation, and holds handles, never an identifier. Membership and order are those
// of the snapshot; visibility and activity are judged anew on every page.
type cursor struct {
	Inzage     bool                `cbor:"1,keyasint,omitempty"`
	Soort      IngangSoort         `cbor:"2,keyasint"`
	Sleutels   []betrokkene.Handle `cbor:"3,keyasint"`
	Periode    Periode             `cbor:"4,keyasint"`
	Klassen    Klassen             `cbor:"5,keyasint"`
	Activiteit uuid.UUID           `cbor:"6,keyasint,omitzero"`
	Tot        uint64              `cbor:"7,keyasint"` // snapshot: leaves below this number
	Omvang     int                 `cbor:"8,keyasint"`
	Verloopt   int64               `cbor:"9,keyasint"` // µs
	Plaats     plaats              `cbor:"10,keyasint"`
	Terug      bool                `cbor:"11,keyasint,omitempty"` // the page before Plaats, else after it
	Handles    int                 `cbor:"12,keyasint,omitempty"` // handle keys that there were when Sleutels was made
}

// plaats is the position of one line in the order of a list: newest first.
type plaats struct {
	Tijdstip int64  `cbor:"1,keyasint"`
	Blad     uint64 `cbor:"2,keyasint"` // of the version in the snapshot; follows the registration time
	Voorkom  uint16 `cbor:"3,keyasint"` // which occurrence of the person in the actie (Inzage)
}

// before is the order of lists: tijdstip and then tijdstipRegistratie descending. The
// registration times of an organisation never tie, and follow the leaf numbers.
func (p plaats) before(q plaats) bool {
	switch {
	case p.Tijdstip != q.Tijdstip:
		return p.Tijdstip > q.Tijdstip
	case p.Blad != q.Blad:
		return p.Blad > q.Blad
	}
	return p.Voorkom < q.Voorkom
}

// maxCursor bounds what is decoded at all; one with a handle of every key that ever was stays well
// under it.
const maxCursor = 4096

func cursorAAD(a *Aanroeper, inzage bool) []byte {
	aad := fmt.Appendf(nil, "verantwoord/cursor/v1\x00%s\x00%t\x00%s", a.Organisatie, inzage, a.ClientID)
	if a.Kijker != "" {
		aad = fmt.Appendf(aad, "\x00%s", a.Kijker)
	}
	return aad
}

func (l *Log) sealCursor(a *Aanroeper, s *betrokkene.Sleutels, c cursor) (string, error) {
	plain, err := encoding.Marshal(&c)
	if err != nil {
		return "", fmt.Errorf("encode cursor: %w", err)
	}
	return base64.RawURLEncoding.EncodeToString(s.SealCursor(cursorAAD(a, c.Inzage), plain)), nil
}

// openCursor reads a cursor back. One that was altered, belongs to another client, organisation or
// API, or is too old, is CodeOngeldig.
func (l *Log) openCursor(a *Aanroeper, s *betrokkene.Sleutels, inzage bool, token string) (c cursor, err error) {
	ongeldig := fout.Ongeldig(fout.Param{Name: "cursor", Code: "invalid",
		Reason: "Deze verwijzing naar een pagina is ongeldig of verlopen; doe de opvraging opnieuw."})
	if len(token) > maxCursor {
		return c, ongeldig
	}
	sealed, err := base64.RawURLEncoding.Strict().DecodeString(token)
	if err != nil {
		return c, ongeldig
	}
	plain, err := s.OpenCursor(cursorAAD(a, inzage), sealed)
	if err != nil {
		return c, ongeldig
	}
	if err := decoding.Unmarshal(plain, &c); err != nil || c.Inzage != inzage || c.Verloopt < l.micro() {
		return c, ongeldig
	}
	return c, nil
}

// expires is when a cursor made now ends.
func (l *Log) expires() int64 {
	return l.opties.Nu().Add(max(l.opties.CursorGeldig, time.Minute)).UnixMicro()
}
