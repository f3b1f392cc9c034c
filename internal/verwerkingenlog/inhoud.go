package verwerkingenlog

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"sync"

	"github.com/fxamacker/cbor/v2"
	"github.com/google/uuid"

	"github.com/verantwoord/verantwoord/internal/betrokkene"
	"github.com/verantwoord/verantwoord/internal/bewijs"
)

// inhoud is what is sealed of a version: everything but what must stand plain beside it. CBOR with
// integer keys: about 40 % of its JSON, and fields can join later.
type inhoud struct {
	Zaad        bewijs.Zaad      `cbor:"1,keyasint"` // salts of the commitments (docs/bewijs.md)
	ClientID    string           `cbor:"2,keyasint"`
	Toelichting string           `cbor:"3,keyasint,omitempty"`
	Actie       Verwerkingsactie `cbor:"4,keyasint"`
	Eigen       bool             `cbor:"5,keyasint,omitempty"` // the register's own record of an inquiry
	Staat       Staat            `cbor:"6,keyasint,omitempty"` // what stands plain beside it, to hold against that
	Operatie    bewijs.Operatie  `cbor:"7,keyasint"`
}

var (
	encoding = func() cbor.UserBufferEncMode {
		m, err := cbor.EncOptions{BinaryMarshaler: cbor.BinaryMarshalerNone}.UserBufferEncMode()
		if err != nil {
			panic(err)
		}
		return m
	}()
	decoding = func() cbor.DecMode {
		m, err := cbor.DecOptions{BinaryUnmarshaler: cbor.BinaryUnmarshalerNone, MaxArrayElements: 1 << 17}.DecMode()
		if err != nil {
			panic(err)
		}
		return m
	}()
)

// buffers hold a version between encoding and sealing; there are no more than seal at once.
var buffers = sync.Pool{New: func() any { return new(bytes.Buffer) }}

// klasse is the class of sealing: what was ever confidential has a key of its own.
func klasse(s Staat) betrokkene.Klasse {
	if s.Ooit() {
		return betrokkene.KlasseVertrouwelijk
	}
	return betrokkene.KlasseNormaal
}

// aad binds the sealed content to its place: organisation ‖ actieId ‖ version number.
func aad(oin string, actieID uuid.UUID, nummer uint32) []byte {
	b := make([]byte, 0, 40)
	b = append(b, oin...)
	b = append(b, actieID[:]...)
	return binary.BigEndian.AppendUint32(b, nummer)
}

// seal makes of a version what is stored. Blad and Registratie are left to the store. While something is wrong with the keys
// nothing is made (betrokkene.Sleutels.Schrijfbaar).
func seal(s *betrokkene.Sleutels, oin string, v *Versie, vorige []Ingang) (*Rij, error) {
	if err := s.Schrijfbaar(); err != nil {
		return nil, err
	}
	in := inhoud{Zaad: newZaad(), ClientID: v.ClientID, Toelichting: v.Toelichting, Actie: v.Actie, Eigen: v.Eigen, Staat: v.Staat, Operatie: v.Operatie}
	plain := buffers.Get().(*bytes.Buffer)
	defer buffers.Put(plain)
	plain.Reset()
	if err := encoding.MarshalToBuffer(&in, plain); err != nil {
		return nil, fmt.Errorf("encode version: %w", err)
	}
	v.Zaad = in.Zaad
	rij := &Rij{
		ActieID: v.ActieID, Nummer: v.Nummer, Operatie: v.Operatie, Staat: v.Staat,
		Tijdstip: v.Actie.Tijdstip.Micro(), Activiteit: v.Actie.VerwerkingsactiviteitID,
		Ingangen: ingangen(s, &v.Actie, vorige),
		Inhoud:   s.Seal(nil, klasse(v.Staat), aad(oin, v.ActieID, v.Nummer), plain.Bytes()),
		Bewijs: bewijs.Blad{
			OIN: oin, ActieID: v.ActieID, Nummer: v.Nummer, Operatie: v.Operatie, Vervallen: v.Staat.Vervallen(),
		},
		Zaad: in.Zaad,
	}
	commit(&rij.Bewijs, &in.Zaad, &v.Actie)
	return rij, nil
}

// open reads a stored version back. An altered one gives an error, never other content; what stands under no seal, that is when
// it was registered, and at which leaf, is judged by Log.open and Log.openAll.
func open(s *betrokkene.Sleutels, oin string, rij *Rij) (*Versie, error) {
	plain, err := s.Open(nil, klasse(rij.Staat), aad(oin, rij.ActieID, rij.Nummer), rij.Inhoud)
	if err != nil {
		return nil, fmt.Errorf("version %d of actie %s was altered or sealed with another key: %w", rij.Nummer, rij.ActieID, err)
	}
	var in inhoud
	if err := decoding.Unmarshal(plain, &in); err != nil {
		return nil, fmt.Errorf("decode version %d of actie %s: %w", rij.Nummer, rij.ActieID, err)
	}
	if in.Staat != rij.Staat || in.Operatie != rij.Operatie || in.Actie.Tijdstip.Micro() != rij.Tijdstip || in.Actie.VerwerkingsactiviteitID != rij.Activiteit {
		return nil, fmt.Errorf("version %d of actie %s was altered: what stands beside its content differs from it", rij.Nummer, rij.ActieID)
	}
	return &Versie{
		ActieID: rij.ActieID, Nummer: rij.Nummer, Blad: rij.Blad,
		Registratie: rij.Registratie, Operatie: rij.Operatie, Staat: rij.Staat,
		ClientID: in.ClientID, Toelichting: in.Toelichting, Actie: in.Actie, Eigen: in.Eigen, Zaad: in.Zaad,
	}, nil
}

// VersieID is the technical id of a version, shown only in the history: random, since the seed
// is, and not stored.
func (v *Versie) VersieID() uuid.UUID {
	zout := v.Zaad.Zout("verantwoord/versieId/v1", 0)
	id := uuid.UUID(zout[:16])
	id[6] = id[6]&0x0f | 0x40
	id[8] = id[8]&0x3f | 0x80
	return id
}

// ingangen lists the keys under which a version is found, and those of earlier versions with Aantal
// 0, so that an actie never disappears from an index without saying so.
func ingangen(s *betrokkene.Sleutels, a *Verwerkingsactie, vorige []Ingang) []Ingang {
	list := make([]Ingang, 0, 2+2*len(a.Objecten))
	var place map[Ingang]int // by kind and key; only worth making for many objects
	add := func(soort IngangSoort, sleutel [16]byte, aantal uint16) {
		key := Ingang{Soort: soort, Sleutel: sleutel}
		if place == nil && len(list) >= 16 {
			place = make(map[Ingang]int, cap(list))
			for k, i := range list {
				place[Ingang{Soort: i.Soort, Sleutel: i.Sleutel}] = k
			}
		}
		if place != nil {
			if k, ok := place[key]; ok {
				list[k].Aantal += aantal
				return
			}
			place[key] = len(list)
		} else {
			for k := range list {
				if list[k].Soort == soort && list[k].Sleutel == sleutel {
					list[k].Aantal += aantal
					return
				}
			}
		}
		list = append(list, Ingang{Soort: soort, Sleutel: sleutel, Aantal: aantal})
	}
	if a.VerwerkingID != uuid.Nil {
		add(IngangVerwerking, a.VerwerkingID, 1)
	}
	if a.VerwerkingIDAfnemer != uuid.Nil {
		add(IngangAfnemer, a.VerwerkingIDAfnemer, 1)
	}
	for k := range a.Objecten {
		o := &a.Objecten[k]
		add(IngangPersoon, s.Handle(o.Objecttype, o.SoortObjectID, o.ObjectID), 1)
		add(IngangVerwerktObject, o.ID, 1)
	}
	for _, i := range vorige {
		add(i.Soort, i.Sleutel, 0)
	}
	return list
}
