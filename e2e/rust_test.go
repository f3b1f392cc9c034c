package e2e

import (
	"bytes"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"io/fs"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/verantwoord/verantwoord/internal/autorisatie"
)

// needles are the ways in which a text may lie somewhere: as it is, in hexadecimal digits, and in
// base64 at each of the three places where it can begin.
func needles(text string) map[string][]byte {
	n := map[string][]byte{
		"plain":          []byte(text),
		"hex":            []byte(hex.EncodeToString([]byte(text))),
		"hex, capitals":  []byte(strings.ToUpper(hex.EncodeToString([]byte(text)))),
		"base64, at 0":   []byte(inBase64(base64.StdEncoding, text, 0)),
		"base64, at 1":   []byte(inBase64(base64.StdEncoding, text, 1)),
		"base64, at 2":   []byte(inBase64(base64.StdEncoding, text, 2)),
		"base64url at 0": []byte(inBase64(base64.URLEncoding, text, 0)),
		"base64url at 1": []byte(inBase64(base64.URLEncoding, text, 1)),
		"base64url at 2": []byte(inBase64(base64.URLEncoding, text, 2)),
	}
	return n
}

// inBase64 gives those characters that depend on the text alone when it begins at that byte of three.
func inBase64(e *base64.Encoding, text string, at int) string {
	s := e.WithPadding(base64.NoPadding).EncodeToString([]byte(strings.Repeat("\x00", at) + text))
	begin, end := (at*8+5)/6, (at+len(text))*8/6
	return s[begin:end]
}

// zoekPlat gives where a text lies in the haystacks, and how.
func zoekPlat(hay map[string][]byte, text string) []string {
	var found []string
	for how, n := range needles(text) {
		for where, b := range hay {
			if bytes.Contains(b, n) {
				found = append(found, how+" in "+where)
			}
		}
	}
	return found
}

// files reads everything below the directories, names included.
func files(t *testing.T, dirs ...string) map[string][]byte {
	t.Helper()
	hay := map[string][]byte{}
	for _, dir := range dirs {
		err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() {
				return err
			}
			b, err := os.ReadFile(path)
			if errors.Is(err, fs.ErrNotExist) {
				return nil // the program that runs took another in its place
			}
			hay[filepath.Base(path)] = append(b, path...)
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	return hay
}

// Invariant 4: whatever was logged, asked, changed or sent by mistake, nothing of it lies plain in
// the store, beside the keys, in the log or in the figures. Ids and times may.
func TestNothingPlainAtRest(t *testing.T) {
	t.Parallel()
	r := start(t)
	// Long enough not to come about by chance, and each used in one place only.
	const (
		bsn         = "999970011"
		partner     = "999970023"
		gezocht     = "999970035" // nobody was ever logged under it
		afnemer     = "999970047"
		vervangen   = "999970059"
		geheimBSN   = "999970060"
		personeel   = "PN-70231987-Q"
		mail        = "pietje.puk@voorbeeldstad.example"
		gebruiker   = "gebruiker-88412-Q"
		aanvraagID  = "sleutel-999970072"
		tokenUser   = "tokengebruiker-5531-Q"
		tokenNaam   = "Tokennaam Bakker-Q"
		toelichting = "Toelichting over mevrouw De Vries-Q"
		inPad       = "999970084"
		inNaam      = "999970096"
		inFout      = "999970112"
	)
	texts := []string{bsn, partner, gezocht, afnemer, vervangen, geheimBSN, personeel, mail, gebruiker, aanvraagID, tokenUser, tokenNaam, toelichting, inPad, inNaam, inFout,
		"Zaaksysteem Zuiderzee-Q", "Bron Basisregister-Q", "Ophalen gegevens-Q", "Intake balie-Q", "Huwelijk stadhuis-Q", "Verwantschapscontrole-Q", "Nationaliteit-Q",
		"var-q.voorbeeldstad.example", "afnemer-q.voorbeeldstad.example", "Vestigingsnummer-Q", "onbekendeWaarde-Q", "klant-q.voorbeeldstad.example"}

	a := basis().with("systeem", "Zaaksysteem Zuiderzee-Q").with("gegevensbron", "Bron Basisregister-Q").with("actieNaam", "Ophalen gegevens-Q").
		with("handelingNaam", "Intake balie-Q").with("verwerkingNaam", "Huwelijk stadhuis-Q").with("gebruiker", gebruiker).
		with("soortAfnemerId", "BSN").with("afnemerId", afnemer).with("onbekendVeld", "onbekendeWaarde-Q").
		with("verwerkingsactiviteitUrl", "https://var-q.voorbeeldstad.example/1").with("verwerkingsactiviteitUrlAfnemer", "https://afnemer-q.voorbeeldstad.example/1").
		with("verwerkteObjecten", []any{
			persoon(bsn, "Verwantschapscontrole-Q", "Nationaliteit-Q"), persoon(partner, "Partner"),
			map[string]any{"objecttype": "persoon", "soortObjectId": "Personeelsnummer", "objectId": personeel},
			map[string]any{"objecttype": "persoon", "soortObjectId": "E-mail", "objectId": mail},
			map[string]any{"objecttype": "persoon", "soortObjectId": "Vestigingsnummer-Q", "objectId": "V-1"},
		})
	user := func(client string) optie {
		return header("Authorization", "Bearer "+r.token(client, autorisatie.Claims{UserID: tokenUser, UserRepresentation: tokenNaam}))
	}
	why := header("X-Audit-Toelichting", toelichting)
	repeat := header("Idempotency-Key", aanvraagID)

	stored := r.post("normaal", a, user("normaal"), repeat)
	r.post("normaal", a, user("normaal"), repeat)
	r.do("normaal", "POST", bewerking+"/verwerkingsacties", a.with("actieNaam", "Iets anders"), repeat).Want(http.StatusConflict)
	hidden := r.post("vertrouwelijk", a.with("vertrouwelijkheid", "vertrouwelijk").with("verwerkteObjecten", []any{persoon(geheimBSN, "Verdachte")}))
	for range 3 { // enough for pages
		r.post("normaal", a)
	}
	put := actie(stored).with("verwerkteObjecten", append([]any{persoon(vervangen, "Getuige")}, stored["verwerkteObjecten"].([]any)...))
	r.put("normaal", id(stored), put, why, user("normaal")).Want(http.StatusOK)
	r.patch("vertrouwelijk", stored["verwerkingId"].(string), `{"bewaartermijn":"P7Y","vertrouwelijkheid":"opgeheven"}`, why).Want(http.StatusNoContent)
	r.delete("vertrouwelijk", id(hidden), why).Want(http.StatusNoContent)

	// Inquiries of every kind, with their pages, and one about a person who is not there.
	passed := header("VerwerkingsactiviteitUrl", "https://klant-q.voorbeeldstad.example/1")
	for _, who := range []string{bsn, partner, gezocht, vervangen, geheimBSN} {
		first := r.lijst("vertrouwelijk", who, "&pageSize=1", passed, user("vertrouwelijk")).Want(http.StatusOK)
		for next, _ := first.JSON()["next"].(string); next != ""; {
			page := r.do("vertrouwelijk", "GET", strings.TrimPrefix(next, r.url), nil).Want(http.StatusOK)
			next, _ = page.JSON()["next"].(string)
			for _, text := range texts {
				if found := zoekPlat(map[string][]byte{"the link": []byte(next)}, text); found != nil {
					t.Error(found)
				}
			}
		}
		r.do("vertrouwelijk", "POST", bewerking+"/verwerkingsacties/_zoek", actie{"objecttype": "persoon", "soortObjectId": "BSN", "objectId": who}).Want(http.StatusOK)
		r.inzien("inzage-vertrouwelijk", who, "", passed, user("inzage-vertrouwelijk")).Want(http.StatusOK)
	}
	r.do("vertrouwelijk", "GET", bewerking+"/verwerkingsacties?objecttype=persoon&soortObjectId=E-mail&objectId="+mail, nil).Want(http.StatusOK)
	r.do("vertrouwelijk", "GET", bewerking+"/verwerkingsacties?verwerkingId="+stored["verwerkingId"].(string), nil).Want(http.StatusOK)
	r.haal("vertrouwelijk", id(stored), user("vertrouwelijk")).Want(http.StatusOK)
	r.versies(id(stored))
	r.versies(id(hidden))

	// And what should not have been sent.
	r.haal("vertrouwelijk", inPad).Want(http.StatusNotFound)
	r.do("normaal", "POST", bewerking+"/verwerkingsacties", a.with("actieNaam", "Ophalen "+inFout)).Want(http.StatusBadRequest)
	r.do("normaal", "POST", bewerking+"/verwerkingsacties", body(a)[:200]+inFout).Want(http.StatusBadRequest)
	r.lijst("vertrouwelijk", bsn, "&"+inNaam+"="+inNaam).Want(http.StatusBadRequest)
	r.lijst("niets", inFout, "").Want(http.StatusForbidden)
	r.do("", "GET", "/"+inPad+"?bsn="+inNaam, nil).Want(http.StatusNotFound)

	figures := r.do("", "GET", "/metrics", nil).Want(http.StatusOK).Body
	check := func(t *testing.T) {
		hay := files(t, filepath.Join(r.dir, "store"), filepath.Join(r.dir, "sleutels"))
		if len(hay) < 5 || len(hay["log.db"])+len(hay["log.db-wal"]) < 10_000 {
			t.Fatal("the store is not where it should be")
		}
		hay["the log"], hay["the figures"] = []byte(r.log.String()), figures
		for _, text := range texts {
			for _, found := range zoekPlat(hay, text) {
				t.Errorf("text %d of the list: %s", index(texts, text), found)
			}
		}
	}
	t.Run("while it runs", check)
	if err := r.server.Close(); err != nil {
		t.Fatal(err)
	}
	t.Run("after it stopped", check)
}

func index(list []string, s string) int {
	for k := range list {
		if list[k] == s {
			return k
		}
	}
	return -1
}

// The search itself finds what it should.
func TestTheSearchForPlainTextFindsIt(t *testing.T) {
	t.Parallel()
	const secret = "999970011"
	for how, n := range map[string]string{
		"plain": secret, "hex": hex.EncodeToString([]byte(secret)), "hex in capitals": strings.ToUpper(hex.EncodeToString([]byte("bsn=" + secret))),
		"base64": base64.StdEncoding.EncodeToString([]byte("BSN: " + secret + "!")), "base64 at another place": base64.StdEncoding.EncodeToString([]byte("x" + secret)),
		"base64 at the third": base64.StdEncoding.EncodeToString([]byte("xy" + secret + "z")), "base64url": base64.RawURLEncoding.EncodeToString([]byte("???" + secret)),
	} {
		t.Run(how, func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			if err := os.MkdirAll(filepath.Join(dir, "deep"), 0o700); err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(filepath.Join(dir, "deep", "log.db-wal"), []byte("\x00\xff"+n+"\x00"), 0o600); err != nil {
				t.Fatal(err)
			}
			if zoekPlat(files(t, dir), secret) == nil {
				t.Error("not found")
			}
			if found := zoekPlat(files(t, dir), "999970023"); found != nil {
				t.Error(found)
			}
		})
	}
	t.Run("in a file name", func(t *testing.T) {
		t.Parallel()
		dir := t.TempDir()
		if err := os.WriteFile(filepath.Join(dir, secret), nil, 0o600); err != nil {
			t.Fatal(err)
		}
		if zoekPlat(files(t, dir), secret) == nil {
			t.Error("not found")
		}
	})
}
