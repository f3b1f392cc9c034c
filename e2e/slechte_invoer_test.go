package e2e

import (
	"bytes"
	"database/sql"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// What bad input gets: a clear error, and nothing lost or half done. Decoding, tokens and cursors
// are fuzzed in their own rooms (FuzzActie, FuzzFilter, FuzzInvoer, FuzzCursor, FuzzToken).

// verdacht is the number that must come back nowhere: no error, no header, no log line.
const verdacht = "999990019"

// bladen counts the versions of all organisations, in the file itself.
func (r *register) bladen() int {
	r.t.Helper()
	db, err := sql.Open("sqlite", "file:"+filepath.Join(r.dir, "store", "log.db")+"?mode=ro&_pragma=busy_timeout(10000)")
	if err != nil {
		r.t.Fatal(err)
	}
	defer db.Close()
	var n int
	if err := db.QueryRowContext(r.t.Context(), `SELECT count(*) FROM versie`).Scan(&n); err != nil {
		r.t.Fatal(err)
	}
	return n
}

// wantFout checks everything an error must be: its form, its status and code, in
// Dutch, to be found in the log, without anything of what was sent.
func (r *register) wantFout(a *antwoord, status int, code string) {
	r.t.Helper()
	if a.Status != status {
		r.t.Errorf("status %d, want %d: %s", a.Status, status, foutTekst(a))
		return
	}
	if got := a.Header.Get("Content-Type"); got != "application/problem+json" {
		r.t.Errorf("Content-Type %q", got)
		return
	}
	if a.Header.Get("API-version") == "" {
		r.t.Error("no API-version")
	}
	m := a.JSON()
	if m["code"] != code || m["status"] != float64(status) {
		r.t.Errorf("code %v and status %v, want %s and %d", m["code"], m["status"], code, status)
	}
	for _, key := range []string{"type", "title", "detail", "instance"} {
		if s, _ := m[key].(string); s == "" {
			r.t.Errorf("%s is empty", key)
		}
	}
	list, has := m["invalidParams"].([]any)
	if has != (status == http.StatusBadRequest) {
		r.t.Errorf("invalidParams: %v", m["invalidParams"])
	}
	texts := []string{m["title"].(string), m["detail"].(string)}
	for _, v := range list {
		p := v.(map[string]any)
		for _, key := range []string{"name", "code", "reason"} {
			if s, _ := p[key].(string); s == "" {
				r.t.Errorf("%s of a parameter is empty", key)
			}
		}
		texts = append(texts, p["reason"].(string))
	}
	if status == http.StatusBadRequest && len(list) == 0 {
		r.t.Error("nothing is named as wrong")
	}
	for _, s := range texts {
		if !strings.ContainsAny(s[len(s)-1:], ".") || english(s) {
			r.t.Errorf("no Dutch sentence: %q", s)
		}
	}
	instance := m["instance"].(string)
	if !strings.HasPrefix(instance, "urn:uuid:") || !strings.Contains(r.log.String(), instance) {
		r.t.Error("instance is not to be found in the log")
	}
	r.nergensGenoemd(a)
}

// nergensGenoemd fails when the number stands in the answer or the log.
func (r *register) nergensGenoemd(a *antwoord) {
	r.t.Helper()
	if bytes.Contains(a.Body, []byte(verdacht)) || strings.Contains(fmt.Sprint(a.Header), verdacht) {
		r.t.Error("the number comes back in the answer")
	}
	if strings.Contains(r.log.String(), verdacht) {
		r.t.Error("the number is in the log")
	}
}

// english finds words that a Dutch sentence does not have.
func english(s string) bool {
	for word := range strings.FieldsFuncSeq(strings.ToLower(s), func(c rune) bool { return c < 'a' || c > 'z' }) {
		if slices.Contains([]string{"the", "must", "invalid", "error", "not", "missing", "required", "expected", "unexpected", "with", "and"}, word) {
			return true
		}
	}
	return false
}

// refused sends a request that must fail, and leave nothing behind.
func (r *register) refused(t *testing.T, status int, code string, send func(*register) *antwoord, names ...string) {
	t.Helper()
	in := r.in(t)
	before := in.bladen()
	a := send(in)
	in.wantFout(a, status, code)
	if after := in.bladen(); after != before {
		t.Errorf("%d versions were stored", after-before)
	}
	if names != nil && a.Status == status {
		wantParams(t, a, names...)
	}
}

func body(a actie) string {
	b, err := json.Marshal(a)
	if err != nil {
		panic(err)
	}
	return string(b)
}

// metObject is the example with one person, of whom one field has another value.
func metObject(key string, value any) actie {
	p := persoon("2308572", "Partner", "Nationaliteit")
	p[key] = value
	return basis().with("verwerkteObjecten", []any{p})
}

func TestUnreadableBodies(t *testing.T) {
	t.Parallel()
	r := start(t)
	good := body(basis())
	stored := r.post("normaal", basis())
	for _, tt := range []struct{ name, body string }{
		{"an empty body", ""},
		{"no JSON", "actieNaam=" + verdacht},
		{"XML", "<bsn>" + verdacht + "</bsn>"},
		{"cut off", good[:len(good)/2]},
		{"cut off before its end", good[:len(good)-1]},
		{"a list of records", "[" + good + "]"},
		{"two records", good + good},
		{"something behind it", good + verdacht},
		{"a duplicate key", `{"actieNaam":"` + verdacht + `",` + good[1:]},
		{"a duplicate key in an object", strings.Replace(good, `{"betrokkenheid"`, `{"objectId":"`+verdacht+`","betrokkenheid"`, 1)},
		{"a duplicate key the standard does not know", `{"x":1,"x":2,` + good[1:]},
		{"a NUL byte", strings.Replace(good, "Intake", "In\x00take", 1)},
		{"a NUL byte behind it", good + "\x00"},
		{"invalid UTF-8", strings.Replace(good, "Intake", "Int\xffke", 1)},
		{"Latin-1", strings.Replace(good, "Intake", "Int\xe9ke", 1)},
		{"half a surrogate pair", strings.Replace(good, "Intake", `Int\ud800ke`, 1)},
		{"33 levels", `{"x":` + strings.Repeat("[", 32) + strings.Repeat("]", 32) + "," + good[1:]},
		{"a million levels", strings.Repeat(`{"a":`, 1_000_000)},
		{"a million levels of lists", strings.Repeat("[", 1_000_000)},
		{"a number without end in sight", `{"x":` + strings.Repeat("9", 100_000) + "x}"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if tt.name == "a duplicate key in an object" && tt.body == good {
				t.Fatal("the example has another shape")
			}
			for _, op := range []struct{ client, method, path string }{
				{"normaal", "POST", bewerking + "/verwerkingsacties"},
				{"normaal", "PUT", bewerking + "/verwerkingsacties/" + id(stored)},
				{"vertrouwelijk", "PATCH", bewerking + "/verwerkingsacties?verwerkingId=48086bf2-11b7-4603-9526-67d7c3bb6587"},
				{"vertrouwelijk", "POST", bewerking + "/verwerkingsacties/_zoek"},
				{"inzage-normaal", "POST", inzage + "/verwerkte-objecten/_zoek"},
			} {
				a := r.in(t).do(op.client, op.method, op.path, tt.body, doorgave())
				r.in(t).wantFout(a, http.StatusBadRequest, "parse_error")
			}
		})
	}
	if n := r.bladen(); n != 1 {
		t.Errorf("%d versions, want the one that was right", n)
	}
}

// An escaped NUL is valid JSON and still no text of a record.
func TestAnEscapedNULIsRefusedByItsField(t *testing.T) {
	t.Parallel()
	r := start(t)
	for _, key := range []string{"actieNaam", "systeem", "gebruiker", "afnemerId", "verwerkingId", "tijdstip", "bewaartermijn", "verwerkingsactiviteitUrl", "vertrouwelijkheid"} {
		in := r.in(t)
		before := in.bladen()
		a := in.do("normaal", "POST", bewerking+"/verwerkingsacties", basis().with(key, "a\x00b"))
		in.wantFout(a, http.StatusBadRequest, "invalid")
		if got := params(a); len(got) != 1 && key != "afnemerId" || !strings.HasPrefix(got[0], key+" ") || in.bladen() != before {
			t.Errorf("%s: %v", key, got)
		}
	}
	r.refused(t, 400, "invalid", func(r *register) *antwoord {
		return r.do("normaal", "POST", bewerking+"/verwerkingsacties", metObject("objectId", verdacht+"\x00"))
	}, "verwerkteObjecten.0.objectId invalid")
}

func TestWrongTypesAreAllNamedInOneAnswer(t *testing.T) {
	t.Parallel()
	r := start(t)
	a := actie{}
	want := []string{}
	for key := range basis() {
		a[key] = map[string]any{verdacht: 1}
		want = append(want, key+" invalid")
	}
	r.refused(t, 400, "invalid", func(r *register) *antwoord {
		return r.do("normaal", "POST", bewerking+"/verwerkingsacties", a)
	}, want...)
	r.refused(t, 400, "invalid", func(r *register) *antwoord {
		return r.do("normaal", "POST", bewerking+"/verwerkingsacties", metObject("objectId", 999990019))
	}, "verwerkteObjecten.0.objectId invalid")
	r.refused(t, 400, "invalid", func(r *register) *antwoord {
		return r.do("normaal", "POST", bewerking+"/verwerkingsacties", basis().with("tijdstip", 1712324142).with("vertrouwelijkheid", true).with("uitvoerder", 99123456780000))
	}, "tijdstip invalid", "uitvoerder invalid", "vertrouwelijkheid invalid")
	r.refused(t, 400, "invalid", func(r *register) *antwoord {
		return r.patch("vertrouwelijk", "48086bf2-11b7-4603-9526-67d7c3bb6587", `{"bewaartermijn":10,"vertrouwelijkheid":["normaal"]}`)
	}, "bewaartermijn invalid", "vertrouwelijkheid invalid")
}

func TestEveryFieldThatIsTooLong(t *testing.T) {
	t.Parallel()
	r := start(t)
	long := func(n int) string { return strings.Repeat("é", n+1) }
	for _, tt := range []struct {
		name, want string
		a          actie
	}{
		{"actieNaam", "max_length", basis().with("actieNaam", long(242))},
		{"handelingNaam", "max_length", basis().with("handelingNaam", long(242))},
		{"verwerkingNaam", "max_length", basis().with("verwerkingNaam", long(242))},
		{"verwerkingId", "invalid", basis().with("verwerkingId", "48086bf2-11b7-4603-9526-67d7c3bb65870")},
		{"verwerkingsactiviteitId", "invalid", basis().with("verwerkingsactiviteitId", strings.Repeat("a", 100_000))},
		{"verwerkingsactiviteitUrl", "max_length", basis().with("verwerkingsactiviteitUrl", "https://var.example/"+strings.Repeat("a", 2023))},
		{"bewaartermijn", "invalid", basis().with("bewaartermijn", "P"+strings.Repeat("0", 100_000)+"1Y")},
		{"uitvoerder", "pattern", basis().with("uitvoerder", voorbeeldstad+"0")},
		{"systeem", "max_length", basis().with("systeem", long(242))},
		{"gebruiker", "max_length", basis().with("gebruiker", long(40))},
		{"gegevensbron", "max_length", basis().with("gegevensbron", long(242))},
		{"soortAfnemerId", "max_length", basis().with("soortAfnemerId", long(242))},
		{"afnemerId", "max_length", basis().with("soortAfnemerId", "Vestiging").with("afnemerId", long(40))},
		{"verwerkingsactiviteitIdAfnemer", "invalid", basis().with("verwerkingsactiviteitIdAfnemer", long(36))},
		{"verwerkingsactiviteitUrlAfnemer", "max_length", basis().with("verwerkingsactiviteitUrlAfnemer", "https://var.example/"+strings.Repeat("a", 2023))},
		{"verwerkingIdAfnemer", "invalid", basis().with("verwerkingIdAfnemer", long(36))},
		{"tijdstip", "invalid", basis().with("tijdstip", "2024-04-05T14:35:42.1234567890Z")},
		{"vertrouwelijkheid", "invalid_choice", basis().with("vertrouwelijkheid", long(242))},
		{"verwerkteObjecten.0.objecttype", "invalid_choice", metObject("objecttype", long(242))},
		{"verwerkteObjecten.0.soortObjectId", "max_length", metObject("soortObjectId", long(242))},
		{"verwerkteObjecten.0.objectId", "max_length", metObject("objectId", long(40))},
		{"verwerkteObjecten.0.betrokkenheid", "max_length", metObject("betrokkenheid", long(242))},
		{"verwerkteObjecten.0.verwerktObjectId", "invalid", metObject("verwerktObjectId", long(36))},
		{"verwerkteObjecten.0.verwerkteSoortenGegevens.0.soortGegeven", "max_length",
			metObject("verwerkteSoortenGegevens", []any{map[string]any{"soortGegeven": long(242)}})},
	} {
		t.Run(tt.name, func(t *testing.T) {
			r.refused(t, 400, "invalid", func(r *register) *antwoord {
				return r.do("normaal", "POST", bewerking+"/verwerkingsacties", tt.a)
			}, tt.name+" "+tt.want)
		})
	}
	for _, tt := range []struct{ name, query, want string }{
		{"soortObjectId", "objecttype=persoon&objectId=1&soortObjectId=" + strings.Repeat("a", 243), "soortObjectId max_length"},
		{"objectId", "objecttype=persoon&soortObjectId=BSN&objectId=" + strings.Repeat("9", 41), "objectId max_length"},
		{"verwerkingId", "verwerkingId=" + strings.Repeat("9", 5000), "verwerkingId invalid"},
		{"cursor", "cursor=" + strings.Repeat("a", 5000), "cursor invalid"},
		{"page", "objecttype=persoon&soortObjectId=BSN&objectId=1&page=" + strings.Repeat("9", 100), "page invalid"},
	} {
		t.Run("query "+tt.name, func(t *testing.T) {
			r.refused(t, 400, "invalid", func(r *register) *antwoord {
				return r.do("vertrouwelijk", "GET", bewerking+"/verwerkingsacties?"+tt.query, nil)
			}, tt.want)
		})
	}
	stored := r.post("normaal", basis())
	r.refused(t, 400, "invalid", func(r *register) *antwoord {
		return r.delete("normaal", id(stored), header("X-Audit-Toelichting", strings.Repeat("a", 1001)))
	}, "X-Audit-Toelichting max_length")
	r.refused(t, 400, "invalid", func(r *register) *antwoord {
		return r.do("normaal", "POST", bewerking+"/verwerkingsacties", basis(), header("Idempotency-Key", strings.Repeat("k", 129)))
	}, "Idempotency-Key invalid")
}

func TestTimesWithoutZoneAndOtherTimesThatAreNone(t *testing.T) {
	t.Parallel()
	r := start(t)
	for _, s := range []string{"2024-04-05T14:35:42", "2024-04-05 14:35:42Z", "2024-04-05", "14:35:42Z", "2024-04-05T14:35:42z", "2024-02-30T00:00:00Z",
		"20240405T143542Z", "2024-04-05T14:35Z", "2024-04-05T14:35:42+0100", "now", "1712324142", "2024-04-05T14:35:42,5Z", "2024-04-05T14:35:42+24:00"} {
		t.Run(s, func(t *testing.T) {
			r.refused(t, 400, "invalid", func(r *register) *antwoord {
				return r.do("normaal", "POST", bewerking+"/verwerkingsacties", basis().with("tijdstip", s))
			}, "tijdstip invalid")
		})
	}
}

func TestUnknownQueryParameters(t *testing.T) {
	t.Parallel()
	r := start(t)
	stored := r.post("normaal", basis())
	object := objecten(stored)[0]["verwerktObjectId"].(string)
	const person = "objecttype=persoon&soortObjectId=BSN&objectId=2308572"
	for _, tt := range []struct {
		name, client, method, path string
		body                       any
		want                       string
	}{
		{"a list of Bewerking", "vertrouwelijk", "GET", bewerking + "/verwerkingsacties?" + person + "&objectType=persoon", nil, "objectType unknown-parameters"},
		{"a number as a name", "vertrouwelijk", "GET", bewerking + "/verwerkingsacties?" + person + "&" + verdacht + "=1", nil, "onbekend unknown-parameters"},
		{"a number in an unknown one", "vertrouwelijk", "GET", bewerking + "/verwerkingsacties?bsn=" + verdacht, nil, "bsn unknown-parameters"},
		{"GET by id", "vertrouwelijk", "GET", bewerking + "/verwerkingsacties/" + id(stored) + "?bsn=" + verdacht, nil, "bsn unknown-parameters"},
		{"POST", "normaal", "POST", bewerking + "/verwerkingsacties?bsn=" + verdacht, basis(), "bsn unknown-parameters"},
		{"PUT", "normaal", "PUT", bewerking + "/verwerkingsacties/" + id(stored) + "?force=true", basis(), "force unknown-parameters"},
		{"PATCH", "normaal", "PATCH", bewerking + "/verwerkingsacties?verwerkingId=48086bf2-11b7-4603-9526-67d7c3bb6587&objectId=" + verdacht, `{"bewaartermijn":"P1Y"}`, "objectId unknown-parameters"},
		{"DELETE", "normaal", "DELETE", bewerking + "/verwerkingsacties/" + id(stored) + "?reden=x", nil, "reden unknown-parameters"},
		{"search by POST", "vertrouwelijk", "POST", bewerking + "/verwerkingsacties/_zoek?objectId=" + verdacht, `{}`, "objectId unknown-parameters"},
		{"history", "auditor", "GET", bewerking + "/verwerkingsacties/" + id(stored) + "/versies?page=1", nil, "page unknown-parameters"},
		{"a list of Inzage", "inzage-normaal", "GET", inzage + "/verwerkte-objecten?" + person + "&beginDatum=2024-01-01&eindDatum=2025-01-01&vertrouwelijkheid=opgeheven", nil, "vertrouwelijkheid unknown-parameters"},
		{"Inzage by id", "inzage-normaal", "GET", inzage + "/verwerkte-objecten/" + object + "?bsn=" + verdacht, nil, "bsn unknown-parameters"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			r.refused(t, 400, "invalid", func(r *register) *antwoord {
				return r.do(tt.client, tt.method, tt.path, tt.body, doorgave())
			}, tt.want)
		})
	}
	for name, query := range map[string]string{"a broken escape": "objectId=%zz", "a semicolon": "objecttype=persoon;objectId=" + verdacht} {
		t.Run(name, func(t *testing.T) {
			r.refused(t, 400, "invalid", func(r *register) *antwoord {
				return r.do("vertrouwelijk", "GET", bewerking+"/verwerkingsacties?"+query, nil)
			}, "nonFieldErrors invalid")
		})
	}
}

// Text that is no UTF-8 may come by other ways than a body, and may not be stored either: it could
// not be read back.
func TestTextOutsideTheBodyThatIsNoUTF8(t *testing.T) {
	t.Parallel()
	r := start(t)
	for _, key := range []string{"objectId", "soortObjectId"} {
		t.Run(key, func(t *testing.T) {
			q := url.Values{"objecttype": {"persoon"}, "soortObjectId": {"BSN"}, "objectId": {"2308572"}}
			q.Set(key, "a\xff")
			r.refused(t, 400, "invalid", func(r *register) *antwoord {
				return r.do("vertrouwelijk", "GET", bewerking+"/verwerkingsacties?"+q.Encode(), nil)
			}, key+" invalid")
		})
	}
	for _, op := range []string{"PUT", "PATCH", "DELETE"} {
		t.Run("X-Audit-Toelichting of a "+op, func(t *testing.T) {
			g := r.in(t).geval(staatN0)
			latin1 := header("X-Audit-Toelichting", "hersteld na overleg met de co\xf6rdinator")
			r.refused(t, 400, "invalid", func(r *register) *antwoord {
				switch op {
				case "PUT":
					return r.put("normaal", g.actie, g.opgeslagen, latin1)
				case "PATCH":
					return r.patch("normaal", g.verwerking, `{"bewaartermijn":"P1Y"}`, latin1)
				}
				return r.delete("normaal", g.actie, latin1)
			}, "X-Audit-Toelichting invalid")
			r.in(t).haal("normaal", g.actie).Want(http.StatusOK)
			r.in(t).versies(g.actie)
		})
	}
}

func TestTheNumberOfAPersonInTheWrongPlace(t *testing.T) {
	t.Parallel()
	r := start(t)
	good := basis()
	post := func(a actie) func(*register) *antwoord {
		return func(r *register) *antwoord { return r.do("normaal", "POST", bewerking+"/verwerkingsacties", a) }
	}
	get := func(client, method, path string) func(*register) *antwoord {
		return func(r *register) *antwoord { return r.do(client, method, path, nil, doorgave()) }
	}
	for _, tt := range []struct {
		name   string
		status int
		code   string
		send   func(*register) *antwoord
		names  []string
	}{
		{"in actieNaam", 400, "invalid", post(good.with("actieNaam", "Ophalen "+verdacht)), []string{"actieNaam persoonsnummer"}},
		{"in systeem", 400, "invalid", post(good.with("systeem", verdacht)), []string{"systeem persoonsnummer"}},
		{"in gegevensbron", 400, "invalid", post(good.with("gegevensbron", "BRP/"+verdacht)), []string{"gegevensbron persoonsnummer"}},
		{"in a URL", 400, "invalid", post(good.with("verwerkingsactiviteitUrl", "https://var.example/"+verdacht)), []string{"verwerkingsactiviteitUrl persoonsnummer"}},
		{"in betrokkenheid", 400, "invalid", post(metObject("betrokkenheid", "Partner van "+verdacht)), []string{"verwerkteObjecten.0.betrokkenheid persoonsnummer"}},
		{"in a kind of data", 400, "invalid", post(metObject("verwerkteSoortenGegevens", []any{map[string]any{"soortGegeven": verdacht}})),
			[]string{"verwerkteObjecten.0.verwerkteSoortenGegevens.0.soortGegeven persoonsnummer"}},
		{"as soortObjectId", 400, "invalid", post(metObject("soortObjectId", verdacht)), []string{"verwerkteObjecten.0.soortObjectId persoonsnummer"}},
		{"as uitvoerder", 400, "invalid", post(good.with("uitvoerder", verdacht)), []string{"uitvoerder pattern"}},
		{"as verwerkingId", 400, "invalid", post(good.with("verwerkingId", verdacht)), []string{"verwerkingId invalid"}},
		{"as an OIN of the afnemer", 400, "invalid", post(good.with("afnemerId", verdacht)), []string{"afnemerId pattern"}},
		{"as tijdstip", 400, "invalid", post(good.with("tijdstip", verdacht)), []string{"tijdstip invalid"}},
		{"as actieId in the path", 404, "not_found", get("vertrouwelijk", "GET", bewerking+"/verwerkingsacties/"+verdacht), nil},
		{"as actieId of the history", 404, "not_found", get("auditor", "GET", bewerking+"/verwerkingsacties/"+verdacht+"/versies"), nil},
		{"as actieId to delete", 400, "invalid", get("vertrouwelijk", "DELETE", bewerking+"/verwerkingsacties/"+verdacht), []string{"actieId not_found"}},
		{"as actieId to change", 400, "invalid", func(r *register) *antwoord {
			return r.put("vertrouwelijk", verdacht, basis())
		}, []string{"actieId not_found"}},
		{"as verwerkingId in the query", 400, "invalid", func(r *register) *antwoord { return r.patch("vertrouwelijk", verdacht, `{"bewaartermijn":"P1Y"}`) }, []string{"verwerkingId invalid"}},
		{"as an object of Inzage", 404, "not_found", get("inzage-normaal", "GET", inzage+"/verwerkte-objecten/"+verdacht), nil},
		{"in a path that does not exist", 404, "not_found", get("vertrouwelijk", "GET", bewerking+"/personen/"+verdacht), nil},
		{"in a path below an actie", 404, "not_found", get("vertrouwelijk", "GET", bewerking+"/verwerkingsacties/x/"+verdacht), nil},
		{"in If-Match", 412, "precondition_failed", func(r *register) *antwoord {
			g := r.geval(staatN0)
			return r.haal("vertrouwelijk", g.actie, header("If-Match", `"`+verdacht+`"`))
		}, nil},
		{"in Accept", 406, "not_acceptable", func(r *register) *antwoord {
			return r.haal("vertrouwelijk", verdacht, header("Accept", "text/"+verdacht))
		}, nil},
		{"in Content-Type", 415, "unsupported_media_type", func(r *register) *antwoord {
			return r.do("normaal", "POST", bewerking+"/verwerkingsacties", basis(), header("Content-Type", "text/x; bsn="+verdacht))
		}, nil},
		{"as a scheme of sign-in", 401, "authentication_failed", func(r *register) *antwoord {
			return r.do("", "GET", bewerking+"/verwerkingsacties", nil, header("Authorization", verdacht+" "+verdacht))
		}, nil},
		{"in an OIN header", 400, "invalid", func(r *register) *antwoord {
			return r.lijst("vertrouwelijk", "2308572", "", header("OIN", verdacht))
		}, []string{"OIN pattern"}},
		{"in the URL of an activity in a header", 400, "invalid", func(r *register) *antwoord {
			return r.lijst("vertrouwelijk", "2308572", "", header("VerwerkingsactiviteitUrl", "https://var.example/"+verdacht))
		}, []string{"VerwerkingsactiviteitUrl persoonsnummer"}},
		{"as a cursor", 400, "invalid", get("vertrouwelijk", "GET", bewerking+"/verwerkingsacties?cursor="+verdacht), []string{"cursor invalid"}},
		{"as a date", 400, "invalid", func(r *register) *antwoord { return r.lijst("vertrouwelijk", "1", "&beginDatum="+verdacht) }, []string{"beginDatum invalid"}},
		{"as vertrouwelijkheid", 400, "invalid", func(r *register) *antwoord { return r.lijst("vertrouwelijk", "1", "&vertrouwelijkheid="+verdacht) }, []string{"vertrouwelijkheid invalid_choice"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if tt.name == "in If-Match" { // it logs an actie first
				in := r.in(t)
				in.wantFout(tt.send(in), tt.status, tt.code)
				return
			}
			r.refused(t, tt.status, tt.code, tt.send, tt.names...)
		})
	}
	t.Run("as a method", func(t *testing.T) {
		r := start(t) // a log of its own
		r.refused(t, 405, "method_not_allowed", get("vertrouwelijk", verdacht, bewerking+"/verwerkingsacties"))
	})
	t.Run("in a path of a page", func(t *testing.T) {
		a := r.in(t).do("", "GET", "/personen/"+verdacht+"?bsn="+verdacht, nil)
		r.in(t).nergensGenoemd(a.Want(http.StatusNotFound))
	})
	t.Run("behind a double slash", func(t *testing.T) {
		for _, path := range []string{bewerking + "//verwerkingsacties?objectId=" + verdacht, bewerking + "/./verwerkingsacties?objectId=" + verdacht,
			bewerking + "/x/../verwerkingsacties/" + verdacht, inzage + "//" + verdacht} {
			in := r.in(t)
			in.nergensGenoemd(in.rawGet("vertrouwelijk", path))
		}
	})
	t.Run("where it does belong it is stored, and the log says nothing", func(t *testing.T) {
		in := r.in(t)
		in.post("normaal", metObject("objectId", verdacht).with("gebruiker", verdacht).with("soortAfnemerId", "BSN").with("afnemerId", verdacht))
		if strings.Contains(in.log.String(), verdacht) {
			t.Error("the number is in the log")
		}
	})
}
