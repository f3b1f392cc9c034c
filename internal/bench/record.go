package bench

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"strconv"
	"time"

	"github.com/verantwoord/verantwoord/internal/verwerkingenlog"
)

// record is the Verwerkingsactie of every measurement: the full example of the standard, about 1.1 KB,
// with a person, a verwerking and ids of its own.
type record struct {
	json []byte
	bsn  string
}

// bsnOf gives the number of the n-th invented person: nine digits that start with 9999 and need not
// pass any check, so that they can't be somebody's.
func bsnOf(n int) string { return fmt.Sprintf("9999%05d", n%100_000) }

// newRecord makes the n-th record of a population of persons.
func newRecord(n, persons int) record {
	r := rand.New(rand.NewPCG(uint64(n), 7))
	bsn := bsnOf(int(r.Uint64N(uint64(max(1, persons)))))
	b := make([]byte, 0, 1400)
	b = append(b, `{"actieNaam":"Ophalen persoonsgegevens","handelingNaam":"Intake","verwerkingNaam":"Huwelijk","verwerkingId":"`...)
	b = appendUUID(b, r)
	b = append(b, `","verwerkingsactiviteitId":"5f0bef4c-f66f-4311-84a5-19e8bf359eaf","verwerkingsactiviteitUrl":"https://var.voorbeeldstad.example/api/v1/verwerkingsactiviteiten/5f0bef4c-f66f-4311-84a5-19e8bf359eaf","vertrouwelijkheid":"normaal","bewaartermijn":"P10Y","uitvoerder":"00000099123456780000","systeem":"FooBarApp v2.1","gebruiker":"`...)
	b = appendUUID(b, r)
	b = append(b, `","gegevensbron":"FooBar Database Publiekszaken","soortAfnemerId":"OIN","afnemerId":"00000099123456789000","verwerkingsactiviteitIdAfnemer":"c5b9f4e7-8c79-41b9-91e2-6268419cb167","verwerkingIdAfnemer":"`...)
	b = appendUUID(b, r)
	b = append(b, `","tijdstip":"`...)
	b = time.Date(2026, 1, 1, 8, 0, 0, 0, time.UTC).Add(time.Duration(r.Uint64N(300*24*3600))*time.Second).AppendFormat(b, time.RFC3339)
	b = append(b, `","verwerkteObjecten":[{"objecttype":"persoon","soortObjectId":"BSN","objectId":"`...)
	b = append(b, bsn...)
	b = append(b, `","betrokkenheid":"Partner","verwerkteSoortenGegevens":[{"soortGegeven":"Geboortedatum"},{"soortGegeven":"Nationaliteit"}]}]}`...)
	return record{b, bsn}
}

func appendUUID(b []byte, r *rand.Rand) []byte {
	hi, lo := r.Uint64(), r.Uint64()
	return fmt.Appendf(b, "%08x-%04x-4%03x-a%03x-%012x", hi>>32, hi>>16&0xffff, hi&0xfff, lo>>52, lo&0xffffffffffff)
}

// echoRecord is the record as the echo decodes and encodes it: the same fields, typed.
type echoRecord struct {
	ActieNaam                       string    `json:"actieNaam"`
	HandelingNaam                   string    `json:"handelingNaam"`
	VerwerkingNaam                  string    `json:"verwerkingNaam"`
	VerwerkingID                    string    `json:"verwerkingId"`
	VerwerkingsactiviteitID         string    `json:"verwerkingsactiviteitId"`
	VerwerkingsactiviteitURL        string    `json:"verwerkingsactiviteitUrl"`
	Vertrouwelijkheid               string    `json:"vertrouwelijkheid"`
	Bewaartermijn                   string    `json:"bewaartermijn"`
	Uitvoerder                      string    `json:"uitvoerder"`
	Systeem                         string    `json:"systeem"`
	Gebruiker                       string    `json:"gebruiker"`
	Gegevensbron                    string    `json:"gegevensbron"`
	SoortAfnemerID                  string    `json:"soortAfnemerId"`
	AfnemerID                       string    `json:"afnemerId"`
	VerwerkingsactiviteitIDAfnemer  string    `json:"verwerkingsactiviteitIdAfnemer"`
	VerwerkingsactiviteitURLAfnemer string    `json:"verwerkingsactiviteitUrlAfnemer"`
	VerwerkingIDAfnemer             string    `json:"verwerkingIdAfnemer"`
	Tijdstip                        time.Time `json:"tijdstip"`
	VerwerkteObjecten               []struct {
		Objecttype    string `json:"objecttype"`
		SoortObjectID string `json:"soortObjectId"`
		ObjectID      string `json:"objectId"`
		Betrokkenheid string `json:"betrokkenheid"`
		Soorten       []struct {
			SoortGegeven string `json:"soortGegeven"`
		} `json:"verwerkteSoortenGegevens"`
	} `json:"verwerkteObjecten"`
}

// request is a whole HTTP/1.1 request as bytes.
func request(method, path, token, mediatype string, body []byte) []byte {
	b := make([]byte, 0, len(body)+512)
	b = append(b, method+" "+path+" HTTP/1.1\r\nHost: bench\r\nAuthorization: Bearer "+token+
		"\r\nContent-Type: "+mediatype+"\r\nContent-Length: "+strconv.Itoa(len(body))+"\r\n\r\n"...)
	return append(b, body...)
}

// invoer is the record as the register takes it in without HTTP.
func (r record) invoer() *verwerkingenlog.Invoer {
	var e echoRecord
	if err := json.Unmarshal(r.json, &e); err != nil {
		panic("bench: own record can't be read: " + err.Error())
	}
	in := &verwerkingenlog.Invoer{ObjectenAanwezig: true}
	for v, s := range map[verwerkingenlog.Veld]string{
		verwerkingenlog.VeldActieNaam:                      e.ActieNaam,
		verwerkingenlog.VeldHandelingNaam:                  e.HandelingNaam,
		verwerkingenlog.VeldVerwerkingNaam:                 e.VerwerkingNaam,
		verwerkingenlog.VeldVerwerkingID:                   e.VerwerkingID,
		verwerkingenlog.VeldVerwerkingsactiviteitID:        e.VerwerkingsactiviteitID,
		verwerkingenlog.VeldVerwerkingsactiviteitURL:       e.VerwerkingsactiviteitURL,
		verwerkingenlog.VeldVertrouwelijkheid:              e.Vertrouwelijkheid,
		verwerkingenlog.VeldBewaartermijn:                  e.Bewaartermijn,
		verwerkingenlog.VeldUitvoerder:                     e.Uitvoerder,
		verwerkingenlog.VeldSysteem:                        e.Systeem,
		verwerkingenlog.VeldGebruiker:                      e.Gebruiker,
		verwerkingenlog.VeldGegevensbron:                   e.Gegevensbron,
		verwerkingenlog.VeldSoortAfnemerID:                 e.SoortAfnemerID,
		verwerkingenlog.VeldAfnemerID:                      e.AfnemerID,
		verwerkingenlog.VeldVerwerkingsactiviteitIDAfnemer: e.VerwerkingsactiviteitIDAfnemer,
		verwerkingenlog.VeldVerwerkingIDAfnemer:            e.VerwerkingIDAfnemer,
		verwerkingenlog.VeldTijdstip:                       e.Tijdstip.Format(time.RFC3339),
	} {
		in.Set(v, s)
	}
	for _, o := range e.VerwerkteObjecten {
		p := verwerkingenlog.InvoerObject{Objecttype: o.Objecttype, SoortObjectID: o.SoortObjectID, ObjectID: o.ObjectID, Betrokkenheid: o.Betrokkenheid}
		for _, s := range o.Soorten {
			p.Soorten = append(p.Soorten, s.SoortGegeven)
		}
		in.Objecten = append(in.Objecten, p)
	}
	return in
}
