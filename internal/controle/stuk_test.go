package controle_test

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/go-json-experiment/json/jsontext"
	"github.com/google/uuid"

	"github.com/verantwoord/verantwoord/internal/bewijs"
	"github.com/verantwoord/verantwoord/internal/controle"
)

// vastgelegd is a record as the Bewerking API gives it, of an actie with one person and a receiver that is no organisation.
const vastgelegd = `{"url": "https://x.example/1", "actieId": "c1dea370-aa41-481e-a77f-809f18bd24fd", "actieNaam": "Inzien", "vertrouwelijkheid": "normaal",
	"systeem": "Balie", "soortAfnemerId": "BSN", "afnemerId": "999990019", "tijdstip": "2026-03-02T09:10:00Z", "tijdstipRegistratie": "2026-03-02T09:10:00.000007Z",
	"verwerkteObjecten": [{"url": "https://x.example/2", "verwerktObjectId": "4ebf5fe0-d2f9-4776-a727-c24b091f9a73", "objecttype": "persoon", "soortObjectId": "BSN",
	"objectId": "999990001", "betrokkenheid": "Getuige", "verwerkteSoortenGegevens": []}]}`

// ontvangst makes the receipt of that record, and the public key.
func ontvangst(t *testing.T) (stuk []byte, sleutel string) {
	t.Helper()
	verbind := func(label, tekst string) bewijs.Hash {
		v := jsontext.Value(tekst)
		if err := v.Canonicalize(); err != nil {
			t.Fatal(err)
		}
		return bewijs.Verbintenis(label, new(bewijs.Zaad).Zout(label, 0), v)
	}
	moment := time.Date(2026, 3, 2, 9, 10, 0, 0, time.UTC)
	b := &bewijs.Blad{OIN: "00000099000000000001", ActieID: uuid.MustParse("c1dea370-aa41-481e-a77f-809f18bd24fd"), Nummer: 1, Registratie: moment.UnixMicro() + 7, Operatie: bewijs.OperatiePOST,
		Publiek: verbind(bewijs.LabelPubliek, `{"actieNaam": "Inzien", "handelingNaam": "", "verwerkingNaam": "", "verwerkingId": null, "verwerkingsactiviteitId": null,
			"verwerkingsactiviteitUrl": null, "vertrouwelijkheid": "normaal", "bewaartermijn": null, "uitvoerder": null, "soortAfnemerId": "BSN", "afnemerId": null,
			"verwerkingsactiviteitIdAfnemer": null, "verwerkingsactiviteitUrlAfnemer": null, "verwerkingIdAfnemer": null, "tijdstip": "2026-03-02T09:10:00Z"}`),
		Intern: verbind(bewijs.LabelIntern, `{"afnemerId": "999990019", "gebruiker": "", "gegevensbron": "", "systeem": "Balie"}`),
		Personen: []bewijs.Hash{verbind(bewijs.LabelPersoon, `{"betrokkenheid": "Getuige", "objectId": "999990001", "objecttype": "persoon", "soortObjectId": "BSN",
			"verwerktObjectId": "4ebf5fe0-d2f9-4776-a727-c24b091f9a73", "verwerkteSoortenGegevens": []}`)},
	}
	k, err := bewijs.NewTekenaar(origin, make([]byte, 32))
	if err != nil {
		t.Fatal(err)
	}
	punt, err := bewijs.Checkpoint{Origin: origin, Grootte: 1, Wortel: b.BladHash(), Moment: moment.Add(time.Second)}.Sign(k)
	if err != nil {
		t.Fatal(err)
	}
	return (&bewijs.Bewijsstuk{Extra: b.Open(new(bewijs.Zaad)).Tekst(), Checkpoint: punt}).Tekst(), k.Publiek()
}

func TestNothingInARecordIsPassedOverInSilence(t *testing.T) {
	t.Parallel()
	stuk, sleutel := ontvangst(t)
	persoon := func(m map[string]any) map[string]any { return m["verwerkteObjecten"].([]any)[0].(map[string]any) }
	zonder := func(m map[string]any, namen ...string) {
		for _, n := range namen {
			delete(m, n)
		}
	}
	inzage := func(m map[string]any) map[string]any {
		p := persoon(m)
		zonder(m, "verwerkteObjecten", "systeem")
		p["verwerkingsactie"] = m
		return p
	}
	versie := func(m map[string]any) map[string]any {
		return map[string]any{"volgnummer": 1, "operatie": "POST", "vervallen": false, "blad": 0, "tijdstipRegistratie": m["tijdstipRegistratie"], "verwerkingsactie": m}
	}
	type beeld = map[string]any
	for naam, p := range map[string]struct {
		doe  func(m beeld) beeld
		want controle.Oordeel
		over string // what is passed over, and said to be
	}{
		"as it was":                        {func(m beeld) beeld { return m }, controle.Goed, "url"},
		"persons in another form":          {func(m beeld) beeld { m["verwerkteObjecten"] = beeld{"0": persoon(m)}; return m }, controle.Fout, ""},
		"kinds of data in another form":    {func(m beeld) beeld { persoon(m)["verwerkteSoortenGegevens"] = "Strafblad"; return m }, controle.Fout, ""},
		"a kind of data in another form":   {func(m beeld) beeld { persoon(m)["verwerkteSoortenGegevens"] = beeld{"soortGegeven": "x"}; return m }, controle.Fout, ""},
		"registration as a number":         {func(m beeld) beeld { m["tijdstipRegistratie"] = 7; return m }, controle.Fout, ""},
		"registration as a list":           {func(m beeld) beeld { m["tijdstipRegistratie"] = []any{"2020-01-01T00:00:00Z"}; return m }, controle.Fout, ""},
		"an attribute of nobody":           {func(m beeld) beeld { m["toelichting"] = "x"; return m }, controle.Goed, "toelichting"},
		"another spelling":                 {func(m beeld) beeld { m["ActieNaam"] = "x"; return m }, controle.Goed, "ActieNaam"},
		"an attribute of the actie, lower": {func(m beeld) beeld { persoon(m)["actieNaam"] = "x"; return m }, controle.Goed, "actieNaam"},
		"a receiver without the inside":    {func(m beeld) beeld { zonder(m, "systeem"); m["afnemerId"] = "999990020"; return m }, controle.Onbekend, ""},
		"a receiver without a kind": {func(m beeld) beeld {
			return beeld{"afnemerId": "999990020", "verwerkteObjecten": m["verwerkteObjecten"]}
		}, controle.Onbekend, ""},
		"no receiver and not the inside": {func(m beeld) beeld { zonder(m, "systeem", "afnemerId"); return m }, controle.Goed, "url"},
		"of the Inzage API":              {func(m beeld) beeld { zonder(m, "afnemerId"); return inzage(m) }, controle.Goed, "url"},
		"of the Inzage API, two persons": {func(m beeld) beeld {
			zonder(m, "afnemerId")
			u := inzage(m)
			m["verwerkteObjecten"] = []any{beeld{"objectId": "999990002"}}
			return u
		}, controle.Fout, ""},
		"of the history":                     {versie, controle.Goed, "url"},
		"of the history, another number":     {func(m beeld) beeld { v := versie(m); v["volgnummer"] = 2; return v }, controle.Fout, ""},
		"of the history, another operation":  {func(m beeld) beeld { v := versie(m); v["operatie"] = "PUT"; return v }, controle.Fout, ""},
		"of the history, deleted":            {func(m beeld) beeld { v := versie(m); v["vervallen"] = true; return v }, controle.Fout, ""},
		"of the history, another leaf":       {func(m beeld) beeld { v := versie(m); v["blad"] = 3; return v }, controle.Fout, ""},
		"of the history, in the other place": {func(m beeld) beeld { v := versie(m); v["actieNaam"] = "Wissen"; return v }, controle.Fout, ""},
		"of the history, two moments": {func(m beeld) beeld {
			v := versie(m)
			v["tijdstipRegistratie"] = "2020-01-01T00:00:00Z"
			return v
		}, controle.Fout, ""},
	} {
		var m beeld
		if err := json.Unmarshal([]byte(vastgelegd), &m); err != nil {
			t.Fatal(err)
		}
		record, err := json.Marshal(p.doe(m))
		if err != nil {
			t.Fatal(err)
		}
		u, err := controle.Stuk(stuk, record, sleutel)
		if err != nil {
			t.Fatalf("%s: %v", naam, err)
		}
		if u.Oordeel() != p.want {
			t.Errorf("%s: outcome %d, want %d: %+v", naam, u.Oordeel(), p.want, u)
		}
		if p.over != "" && !strings.Contains(strings.Join(u.Overgeslagen, " "), p.over) {
			t.Errorf("%s: passed over %q, want %s", naam, u.Overgeslagen, p.over)
		}
	}
	tweemaal := strings.Replace(vastgelegd, `"systeem": "Balie"`, `"systeem": "Kluis", "systeem": "Balie"`, 1)
	if _, err := controle.Stuk(stuk, []byte(tweemaal), sleutel); err == nil {
		t.Error("an attribute stands in the record twice, and one is taken")
	}
}
