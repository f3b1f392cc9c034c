package waarneming

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"io"
	"net/http"
	"strings"
)

// Lezing says what is kept of the body of a request, which is JSON. It never gives what names a person in full.
type Lezing func(methode, pad string, body []byte) []Veld

// doorgave are the headers by which a consumer says on whose behalf and why it asks (B9177).
var doorgave = []string{"OIN", "VerwerkingsactiviteitId", "VerwerkingsactiviteitUrl", "VerwerkingId", "Vertrouwelijkheid", "Bewaartermijn"}

// parameters of a query that name no person.
var parameters = []string{"clientId", "verwerkingId"}

// maxBody bounds what of a body is looked at; all of it passes.
const maxBody = 1 << 20

// Om notes every call of a handler, at the socket of plaats. lees may be nil.
func (b *Boek) Om(plaats string, lees Lezing, h http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		a := &Aanroep{Plaats: plaats, Van: clientID(r.Header.Get("Authorization")), Methode: r.Method, Pad: r.URL.Path}
		for _, naam := range doorgave {
			if v := r.Header.Get(naam); v != "" {
				a.Koppen = append(a.Koppen, Veld{naam, v})
			}
		}
		q := r.URL.Query()
		for _, naam := range parameters {
			if v := q.Get(naam); v != "" {
				a.Velden = append(a.Velden, Veld{naam, v})
			}
		}
		if lees != nil && r.Body != nil && r.Method != http.MethodGet {
			begin, err := io.ReadAll(io.LimitReader(r.Body, maxBody))
			rest := r.Body
			r.Body = struct {
				io.Reader
				io.Closer
			}{io.MultiReader(bytes.NewReader(begin), &naFout{err, rest}), rest}
			a.Velden = append(a.Velden, lees(r.Method, r.URL.Path, begin)...)
		}
		b.mu.Lock()
		b.begin(a)
		b.mu.Unlock()
		s := &schrijver{ResponseWriter: w, boek: b, a: a}
		defer s.klaar()
		h.ServeHTTP(s, r)
	})
}

// naFout gives the error that reading ended with, if any, in place of what follows.
type naFout struct {
	err error
	io.Reader
}

func (n *naFout) Read(p []byte) (int, error) {
	if n.err != nil {
		return 0, n.err
	}
	return n.Reader.Read(p)
}

// schrijver stamps an answer before its first byte leaves.
type schrijver struct {
	http.ResponseWriter
	boek   *Boek
	a      *Aanroep
	status int
	fout   bytes.Buffer // of a refusal, to find its code
}

// WriteHeader stamps and passes it on.
func (s *schrijver) WriteHeader(status int) {
	if status >= 200 && s.status == 0 {
		s.begin(status)
	}
	s.ResponseWriter.WriteHeader(status)
}

// Write passes it on.
func (s *schrijver) Write(p []byte) (int, error) {
	if s.status == 0 {
		s.begin(http.StatusOK)
	}
	if s.status >= 400 && s.fout.Len()+len(p) <= maxBody {
		s.fout.Write(p)
	}
	return s.ResponseWriter.Write(p)
}

// Unwrap serves http.ResponseController.
func (s *schrijver) Unwrap() http.ResponseWriter { return s.ResponseWriter }

func (s *schrijver) begin(status int) {
	s.status = status
	var uit []Veld
	if status == http.StatusCreated { // a new record: its id is the end of where it can be read
		if l := s.Header().Get("Location"); l != "" {
			uit = append(uit, Veld{"actieId", l[strings.LastIndexByte(l, '/')+1:]})
		}
	}
	s.boek.mu.Lock()
	defer s.boek.mu.Unlock()
	s.a.Status, s.a.Antwoord, s.a.Einde = status, uit, s.boek.stempel()
}

// klaar stamps an answer without a body, and takes the code of a refusal.
func (s *schrijver) klaar() {
	if s.status == 0 {
		s.begin(http.StatusOK)
	}
	var p struct{ Code string }
	if s.status < 400 || json.Unmarshal(s.fout.Bytes(), &p) != nil {
		return
	}
	s.boek.mu.Lock()
	defer s.boek.mu.Unlock()
	s.a.Code = p.Code
}

// clientID reads who says to call. It is for showing alone: whether it is true, the party that is called decides.
func clientID(autorisatie string) string {
	_, token, _ := strings.Cut(autorisatie, " ")
	delen := strings.Split(token, ".")
	if len(delen) != 3 {
		return ""
	}
	raw, err := base64.RawURLEncoding.DecodeString(delen[1])
	if err != nil {
		return ""
	}
	var c struct {
		ClientID string `json:"client_id"`
	}
	if json.Unmarshal(raw, &c) != nil {
		return ""
	}
	return c.ClientID
}
