package e2e

import (
	"bufio"
	"crypto/hmac"
	"crypto/sha256"
	"crypto/sha512"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"hash"
	"io"
	"net"
	"net/http"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/verantwoord/verantwoord/internal/autorisatie"
)

// Clients that are slow, broken or not who they say they are.

// rawGet asks without following a redirect.
func (r *register) rawGet(client, path string) *antwoord {
	r.t.Helper()
	return r.raw("GET " + path + " HTTP/1.1\r\nHost: register\r\nAuthorization: Bearer " + r.token(client, autorisatie.Claims{}) + "\r\nConnection: close\r\n\r\n")
}

// dial opens a connection of its own.
func (r *register) dial() *net.TCPConn {
	r.t.Helper()
	c, err := net.Dial("tcp", strings.TrimPrefix(r.url, "http://"))
	if err != nil {
		r.t.Fatal(err)
	}
	r.t.Cleanup(func() { c.Close() })
	return c.(*net.TCPConn)
}

// raw sends bytes as they are, says that no more will come, and reads one answer.
func (r *register) raw(text string) *antwoord {
	r.t.Helper()
	c := r.dial()
	if _, err := io.WriteString(c, text); err != nil {
		r.t.Fatal(err)
	}
	if err := c.CloseWrite(); err != nil {
		r.t.Fatal(err)
	}
	return r.readAnswer(c)
}

func (r *register) readAnswer(c net.Conn) *antwoord {
	r.t.Helper()
	res, err := http.ReadResponse(bufio.NewReader(c), nil)
	if err != nil {
		r.t.Fatal(err)
	}
	defer res.Body.Close()
	b, err := io.ReadAll(res.Body)
	if err != nil {
		r.t.Fatal(err)
	}
	return &antwoord{r.t, res.StatusCode, res.Header, b}
}

// kop is the head of a POST with these extra lines.
func (r *register) kop(lines ...string) string {
	return "POST " + bewerking + "/verwerkingsacties HTTP/1.1\r\nHost: register\r\nContent-Type: application/json\r\nAuthorization: Bearer " +
		r.token("normaal", autorisatie.Claims{}) + "\r\n" + strings.Join(append(lines, ""), "\r\n") + "\r\n"
}

func TestBodiesThatDoNotArriveWhole(t *testing.T) {
	t.Parallel()
	r := start(t)
	good := body(basis())
	for _, tt := range []struct{ name, text string }{
		{"longer announced than sent", r.kop("Content-Length: "+strconv.Itoa(len(good)+1)) + good},
		{"cut off halfway", r.kop("Content-Length: "+strconv.Itoa(len(good))) + good[:len(good)/2]},
		{"nothing sent", r.kop("Content-Length: " + strconv.Itoa(len(good)))},
		{"chunks without the last one", r.kop("Transfer-Encoding: chunked") + fmt.Sprintf("%x\r\n%s\r\n", len(good), good)},
		{"a chunk cut off", r.kop("Transfer-Encoding: chunked") + fmt.Sprintf("%x\r\n%s", len(good), good[:20])},
		{"a chunk size that is none", r.kop("Transfer-Encoding: chunked") + "zz\r\n" + good},
	} {
		t.Run(tt.name, func(t *testing.T) {
			r.refused(t, 400, "parse_error", func(r *register) *antwoord { return r.raw(tt.text) })
		})
	}
	t.Run("shorter announced than sent", func(t *testing.T) {
		r.refused(t, 400, "parse_error", func(r *register) *antwoord {
			return r.raw(r.kop("Connection: close", "Content-Length: "+strconv.Itoa(len(good)-1)) + good)
		})
	})
	t.Run("the client is gone", func(t *testing.T) {
		in := r.in(t)
		before := in.bladen()
		for n := range 20 {
			c := in.dial()
			if _, err := io.WriteString(c, in.kop("Content-Length: "+strconv.Itoa(len(good)))+good[:len(good)*n/20]); err != nil {
				t.Fatal(err)
			}
			if err := c.SetLinger(0); err != nil { // a reset instead of an orderly end
				t.Fatal(err)
			}
			c.Close()
		}
		in.post("normaal", basis())
		if n := in.bladen() - before; n != 1 {
			t.Errorf("%d versions were stored, want the one that was whole", n)
		}
	})
}

func TestAClientMayBeSlowAndBlocksNobody(t *testing.T) {
	t.Parallel()
	r := start(t)
	good := body(basis())
	// Many that have only begun.
	for n := range 150 {
		if _, err := io.WriteString(r.dial(), r.kop("Content-Length: "+strconv.Itoa(len(good)))+good[:n]); err != nil {
			t.Fatal(err)
		}
	}
	for range 20 { // and some that do not read what they are told
		c := r.dial()
		if _, err := io.WriteString(c, strings.Repeat("GET "+bewerking+"/openapi.json HTTP/1.1\r\nHost: register\r\n\r\n", 20)); err != nil {
			t.Fatal(err)
		}
	}
	r.post("normaal", basis())
	r.lijst("vertrouwelijk", "2308572", "").Want(http.StatusOK)
	// One that dribbles is served when it is done.
	c := r.dial()
	if _, err := io.WriteString(c, r.kop("Connection: close", "Content-Length: "+strconv.Itoa(len(good)))); err != nil {
		t.Fatal(err)
	}
	for k := range 10 {
		if _, err := io.WriteString(c, good[len(good)*k/10:len(good)*(k+1)/10]); err != nil {
			t.Fatal(err)
		}
		time.Sleep(150 * time.Millisecond)
	}
	r.readAnswer(c).Want(http.StatusCreated)
}

func TestWhatIsTooLarge(t *testing.T) {
	t.Parallel()
	r := start(t, "limieten: {body: 64 KiB, objecten: 5, patch: 3}")
	post := func(body any) func(*register) *antwoord {
		return func(r *register) *antwoord { return r.do("normaal", "POST", bewerking+"/verwerkingsacties", body) }
	}
	large := body(basis().with("x", strings.Repeat("a", 70_000)))
	exact := body(basis().with("x", ""))
	exact = strings.Replace(exact, `"x":""`, `"x":"`+strings.Repeat("a", 64<<10-len(exact))+`"`, 1)
	t.Run("a body", func(t *testing.T) { r.refused(t, 413, "te_groot", post(large)) })
	t.Run("one byte too many", func(t *testing.T) { r.refused(t, 413, "te_groot", post(exact+" ")) })
	t.Run("a body of unknown length", func(t *testing.T) {
		r.refused(t, 413, "te_groot", func(r *register) *antwoord {
			return r.raw(r.kop("Transfer-Encoding: chunked") + fmt.Sprintf("%x\r\n%s\r\n0\r\n\r\n", len(large), large))
		})
	})
	t.Run("a body that is announced only", func(t *testing.T) {
		r.refused(t, 413, "te_groot", func(r *register) *antwoord { return r.raw(r.kop("Content-Length: 9000000000000")) })
	})
	t.Run("a body of the largest size is fine", func(t *testing.T) {
		if len(exact) != 64<<10 {
			t.Fatalf("%d bytes", len(exact))
		}
		post(exact)(r.in(t)).Want(http.StatusCreated)
	})
	many := func(n int) actie {
		list := []any{}
		for range n {
			list = append(list, persoon(verdacht, ""))
		}
		return basis().with("verwerkteObjecten", list)
	}
	t.Run("too many persons, and the answer says how many", func(t *testing.T) {
		r.refused(t, 413, "te_groot", func(r *register) *antwoord {
			a := post(many(17))(r)
			if detail := a.JSON()["detail"].(string); !strings.Contains(detail, "17") || !strings.Contains(detail, "5") {
				t.Errorf("detail: %s", detail)
			}
			return a
		})
	})
	t.Run("just enough persons are fine", func(t *testing.T) { post(many(5))(r.in(t)).Want(http.StatusCreated) })
	t.Run("too many acties in a PATCH, and the answer says how many", func(t *testing.T) {
		in := r.in(t)
		const verwerking = "7a1dd8a6-4f26-4a2c-8a6e-55d87a3b7a0e"
		for range 3 {
			in.post("normaal", basis().with("verwerkingId", verwerking))
		}
		in.patch("normaal", verwerking, `{"bewaartermijn":"P1Y"}`).Want(http.StatusNoContent)
		in.post("normaal", basis().with("verwerkingId", verwerking))
		r.refused(t, 413, "te_groot", func(r *register) *antwoord {
			a := r.patch("normaal", verwerking, `{"bewaartermijn":"P2Y"}`)
			if detail := a.JSON()["detail"].(string); !strings.Contains(detail, "4") || !strings.Contains(detail, "3") {
				t.Errorf("detail: %s", detail)
			}
			return a
		})
	})
}

// eigenToken signs a token of any content, with the secret of the tests unless another is given.
func eigenToken(t *testing.T, kop string, claims map[string]any, algoritme func() hash.Hash, secret string) string {
	t.Helper()
	payload, err := json.Marshal(claims)
	if err != nil {
		t.Fatal(err)
	}
	enc := base64.RawURLEncoding.EncodeToString
	signed := enc([]byte(kop)) + "." + enc(payload)
	mac := hmac.New(algoritme, []byte(secret))
	mac.Write([]byte(signed))
	return signed + "." + enc(mac.Sum(nil))
}

func TestEvilTokens(t *testing.T) {
	t.Parallel()
	r := start(t)
	now := time.Now().Unix()
	const hs256 = `{"alg":"HS256","typ":"JWT"}`
	claims := func(change map[string]any) map[string]any {
		c := map[string]any{"iss": "normaal", "iat": now, "client_id": "normaal", "user_id": verdacht, "user_representation": verdacht}
		for k, v := range change {
			if c[k] = v; v == nil {
				delete(c, k)
			}
		}
		return c
	}
	good := eigenToken(t, hs256, claims(nil), sha256.New, geheim)
	parts := strings.Split(good, ".")
	for _, tt := range []struct {
		name, header string
		status       int
		code         string
	}{
		{"alg none", "Bearer " + strings.Join([]string{base64.RawURLEncoding.EncodeToString([]byte(`{"alg":"none"}`)), parts[1], ""}, "."), 401, "authentication_failed"},
		{"alg None with a signature", "Bearer " + eigenToken(t, `{"alg":"None"}`, claims(nil), sha256.New, geheim), 401, "authentication_failed"},
		{"another algorithm", "Bearer " + eigenToken(t, `{"alg":"HS512"}`, claims(nil), sha512.New, geheim), 401, "authentication_failed"},
		{"RS256", "Bearer " + eigenToken(t, `{"alg":"RS256"}`, claims(nil), sha256.New, geheim), 401, "authentication_failed"},
		{"a future iat", "Bearer " + eigenToken(t, hs256, claims(map[string]any{"iat": now + 3600}), sha256.New, geheim), 401, "authentication_failed"},
		{"an old iat", "Bearer " + eigenToken(t, hs256, claims(map[string]any{"iat": now - 7200}), sha256.New, geheim), 401, "authentication_failed"},
		{"no iat", "Bearer " + eigenToken(t, hs256, claims(map[string]any{"iat": nil}), sha256.New, geheim), 401, "authentication_failed"},
		{"expired", "Bearer " + eigenToken(t, hs256, claims(map[string]any{"exp": now - 3600}), sha256.New, geheim), 401, "authentication_failed"},
		{"not yet valid", "Bearer " + eigenToken(t, hs256, claims(map[string]any{"nbf": now + 3600}), sha256.New, geheim), 401, "authentication_failed"},
		{"an unknown client", "Bearer " + eigenToken(t, hs256, claims(map[string]any{"client_id": verdacht}), sha256.New, geheim), 401, "authentication_failed"},
		{"no client", "Bearer " + eigenToken(t, hs256, claims(map[string]any{"client_id": nil}), sha256.New, geheim), 401, "authentication_failed"},
		{"another secret", "Bearer " + eigenToken(t, hs256, claims(nil), sha256.New, "een-ander-geheim-van-minstens-32-tekens"), 401, "authentication_failed"},
		{"an altered signature", "Bearer " + good[:len(good)-4] + "AAAA", 401, "authentication_failed"},
		{"an altered content", "Bearer " + parts[0] + "." + base64.RawURLEncoding.EncodeToString([]byte(`{"client_id":"vertrouwelijk"}`)) + "." + parts[2], 401, "authentication_failed"},
		{"two parts", "Bearer " + parts[0] + "." + parts[1], 401, "authentication_failed"},
		{"nonsense", "Bearer " + verdacht, 401, "authentication_failed"},
		{"a huge token", "Bearer " + strings.Repeat("a", 20_000), 401, "authentication_failed"},
		{"an empty token", "Bearer ", 401, "not_authenticated"},
		{"another scheme", "Basic " + base64.StdEncoding.EncodeToString([]byte("normaal:"+geheim)), 401, "authentication_failed"},
		{"another organisation in the claim", "Bearer " + eigenToken(t, hs256, claims(map[string]any{"organisatie": anderdorp}), sha256.New, geheim), 403, "permission_denied"},
		{"no organisation where several are possible", "Bearer " + eigenToken(t, hs256, claims(map[string]any{"client_id": "beide"}), sha256.New, geheim), 403, "organisatie_ontbreekt"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			r.refused(t, tt.status, tt.code, func(r *register) *antwoord {
				a := r.do("", "POST", bewerking+"/verwerkingsacties", basis(), header("Authorization", tt.header))
				if got := a.Header.Get("WWW-Authenticate"); (tt.status == 401) != strings.HasPrefix(got, "Bearer") {
					t.Errorf("WWW-Authenticate %q", got)
				}
				return a
			})
		})
	}
	t.Run("no token", func(t *testing.T) {
		r.refused(t, 401, "not_authenticated", func(r *register) *antwoord { return r.do("", "POST", bewerking+"/verwerkingsacties", basis()) })
	})
	t.Run("two tokens", func(t *testing.T) {
		r.refused(t, 401, "authentication_failed", func(r *register) *antwoord {
			return r.do("normaal", "POST", bewerking+"/verwerkingsacties", basis(), func(req *http.Request) { req.Header.Add("Authorization", "Bearer "+good) })
		})
	})
	t.Run("a token in the query is none", func(t *testing.T) {
		r.refused(t, 401, "not_authenticated", func(r *register) *antwoord {
			return r.do("", "POST", bewerking+"/verwerkingsacties?access_token="+good, basis())
		})
		if strings.Contains(r.log.String(), parts[2]) {
			t.Error("the token is in the log")
		}
	})
	t.Run("the same token unchanged is accepted", func(t *testing.T) {
		r.in(t).do("", "POST", bewerking+"/verwerkingsacties", basis(), header("Authorization", "bearer "+good)).Want(http.StatusCreated)
	})
}
