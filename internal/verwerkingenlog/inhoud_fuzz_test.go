package verwerkingenlog

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"github.com/verantwoord/verantwoord/internal/bewijs"
)

// FuzzInhoud decodes what somebody who has the keys may have sealed: an older or newer version of the
// program, or one gone wrong. It never panics, and what is read can be written and read again.
func FuzzInhoud(f *testing.F) {
	s := keysOf(f, openKeys(f), oinVoorbeeldstad)
	moment, ok := ParseMoment("2024-04-05T14:35:42.123456789+01:00")
	if !ok {
		f.Fatal("the seed's own moment is refused")
	}
	v := &Versie{
		ActieID: uuid.MustParse("48086bf2-11b7-4603-9526-67d7c3bb6587"), Nummer: 1, Operatie: bewijs.OperatiePOST, Staat: NewStaat(Normaal),
		Actie: Verwerkingsactie{
			ActieNaam: "Ophalen", Tijdstip: moment,
			Objecten: []VerwerktObject{{Objecttype: "persoon", SoortObjectID: "BSN", ObjectID: "2308572", Soorten: []string{"Nationaliteit"}}},
		},
	}
	place := aad(oinVoorbeeldstad, v.ActieID, v.Nummer)
	whole, err := encoding.Marshal(&inhoud{Zaad: newZaad(), ClientID: "burgerzaken", Actie: v.Actie})
	if err != nil {
		f.Fatal(err)
	}
	f.Add(whole)
	f.Add(whole[:len(whole)/2])
	f.Add([]byte{})
	f.Add([]byte{0xa0})                                                             // nothing in it
	f.Add([]byte{0xbf, 0xff})                                                       // of indefinite length
	f.Add([]byte{0xa1, 0x04, 0x9b, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff}) // a list that says it is endless
	f.Add([]byte{0xa1, 0x02, 0x62, 0xff, 0xfe})                                     // text that is none
	f.Add([]byte{0xa2, 0x02, 0x61, 0x61, 0x02, 0x61, 0x62})                         // a key twice
	f.Add([]byte{0xa1, 0x18, 0x63, 0x01})                                           // a field of a later version
	f.Fuzz(func(t *testing.T, plain []byte) {
		rij := &Rij{
			ActieID: v.ActieID, Nummer: v.Nummer, Operatie: v.Operatie, Staat: v.Staat,
			Inhoud: s.Seal(nil, klasse(v.Staat), place, plain),
		}
		first, err := open(s, oinVoorbeeldstad, rij)
		if err != nil {
			return
		}
		var in inhoud
		if err := decoding.Unmarshal(plain, &in); err != nil {
			t.Fatal(err)
		}
		again, err := encoding.Marshal(&in)
		if err != nil {
			t.Fatalf("what was read can't be written: %v", err)
		}
		rij.Inhoud = s.Seal(nil, klasse(v.Staat), place, again)
		second, err := open(s, oinVoorbeeldstad, rij)
		if err != nil {
			t.Fatalf("what was written can't be read: %v", err)
		}
		if d := cmp.Diff(first, second); d != "" {
			t.Errorf("read again it differs:\n%s", d)
		}
	})
}
