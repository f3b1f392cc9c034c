package sdk_test

import (
	"bytes"
	"fmt"
	"io"
	"net"
	"net/http"
	"runtime"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/verantwoord/verantwoord/sdk"
)

// kwaal is something that goes wrong between the middleware and its register: the n-th call of the register, from 0. True
// means that the register is never seen to hold a record, so nothing may be shown.
type kwaal struct {
	naam     string
	voor     func(n int, w http.ResponseWriter, r *http.Request, door http.Handler)
	fataal   bool
	blijvend bool // the register refuses: to ask again won't help
}

// antwoordMet answers in place of the register.
func antwoordMet(status int, soort, body string) func(int, http.ResponseWriter, *http.Request, http.Handler) {
	return func(_ int, w http.ResponseWriter, _ *http.Request, _ http.Handler) {
		w.Header().Set("Content-Type", soort)
		w.WriteHeader(status)
		_, _ = io.WriteString(w, body)
	}
}

// verbreek ends the connection without a word.
func verbreek(w http.ResponseWriter) {
	c, _, err := http.NewResponseController(w).Hijack()
	if err == nil {
		_ = c.Close()
	}
}

// zwijg is what an answer of the register is read into when nobody gets it.
type zwijg struct {
	h http.Header
	bytes.Buffer
	status int
}

func (z *zwijg) Header() http.Header    { return z.h }
func (z *zwijg) WriteHeader(status int) { z.status = status }

func kwalen() []kwaal {
	const json = "application/json"
	door := func(_ int, w http.ResponseWriter, r *http.Request, door http.Handler) { door.ServeHTTP(w, r) }
	eerst := func(mis func(int, http.ResponseWriter, *http.Request, http.Handler), keer int) func(int, http.ResponseWriter, *http.Request, http.Handler) {
		return func(n int, w http.ResponseWriter, r *http.Request, d http.Handler) {
			if n < keer {
				mis(n, w, r, d)
				return
			}
			door(n, w, r, d)
		}
	}
	valWeg := func(_ int, w http.ResponseWriter, _ *http.Request, _ http.Handler) { verbreek(w) }
	valWegNa := func(_ int, w http.ResponseWriter, r *http.Request, door http.Handler) {
		door.ServeHTTP(&zwijg{h: http.Header{}}, r)
		verbreek(w)
	}
	hang := func(_ int, _ http.ResponseWriter, r *http.Request, _ http.Handler) {
		_, _ = io.Copy(io.Discard, r.Body) // a server notices that the other side went only once the body is read
		<-r.Context().Done()
	}
	halverwege := func(_ int, w http.ResponseWriter, r *http.Request, door http.Handler) {
		z := &zwijg{h: http.Header{}}
		door.ServeHTTP(z, r)
		w.Header().Set("Content-Length", strconv.Itoa(z.Len()))
		w.WriteHeader(z.status)
		_, _ = w.Write(z.Bytes()[:z.Len()/2])
		panic(http.ErrAbortHandler)
	}
	anderRecord := func(_ int, w http.ResponseWriter, r *http.Request, door http.Handler) { // 201, of another record
		z := &zwijg{h: http.Header{}}
		door.ServeHTTP(z, r)
		antwoordMet(201, json, strings.ReplaceAll(z.String(), "9999", "9998"))(0, w, r, door)
	}
	andereVerwerking := func(_ int, w http.ResponseWriter, r *http.Request, door http.Handler) {
		antwoordMet(201, json, `{"actieId":"40fc7068-050d-45cc-8f60-770cd6d9de64","verwerkingId":"40fc7068-050d-45cc-8f60-770cd6d9de64","vertrouwelijkheid":"normaal","tijdstipRegistratie":"2026-01-01T00:00:00Z","verwerkteObjecten":[]}`)(0, w, r, door)
	}
	probleem := `{"type":"about:blank","code":"x","title":"x","status":400,"detail":"x","invalidParams":[]}`
	return []kwaal{
		{"none", door, false, false},
		{"gone before", valWeg, true, false},
		{"gone after", valWegNa, true, false},
		{"hangs", hang, true, false},
		{"half an answer", halverwege, true, false},
		{"away once", eerst(valWeg, 1), false, false},
		{"gone after, once", eerst(valWegNa, 1), false, false},
		{"half an answer, once", eerst(halverwege, 1), false, false},
		{"busy twice", eerst(antwoordMet(503, "application/problem+json", probleem), 2), false, false},
		{"400", antwoordMet(400, "application/problem+json", probleem), true, true},
		{"401", antwoordMet(401, "application/problem+json", probleem), true, true},
		{"403", antwoordMet(403, "application/problem+json", probleem), true, true},
		{"409", antwoordMet(409, "application/problem+json", probleem), true, true},
		{"413", antwoordMet(413, "application/problem+json", probleem), true, true},
		{"429", antwoordMet(429, "text/plain", ""), true, false},
		{"500", antwoordMet(500, "text/html", "<html>"), true, true},
		{"502", antwoordMet(502, "text/html", "<html>"), true, false},
		{"503", antwoordMet(503, "text/plain", "\x00"), true, false},
		{"504", antwoordMet(504, "text/plain", ""), true, false},
		{"200", antwoordMet(200, json, `{}`), true, true},
		{"204", antwoordMet(204, json, ""), true, true},
		{"202", antwoordMet(202, json, `{"actieId":"40fc7068-050d-45cc-8f60-770cd6d9de64"}`), true, true},
		{"302 elsewhere", func(_ int, w http.ResponseWriter, r *http.Request, _ http.Handler) {
			http.Redirect(w, r, "/elders", http.StatusFound)
		}, true, true},
		{"201 of nothing", antwoordMet(201, json, ""), true, false},
		{"201 of {}", antwoordMet(201, json, "{}"), true, false},
		{"201 of null", antwoordMet(201, json, "null"), true, false},
		{"201 of a list", antwoordMet(201, json, "[]"), true, false},
		{"201 of a page", antwoordMet(201, "text/html", "<html>201 Created</html>"), true, false},
		{"201 of noise", antwoordMet(201, json, "\x1f\x8b\xff\x00"), true, false},
		{"201 of another verwerking", andereVerwerking, true, false},
		{"201 of other persons", anderRecord, true, false},
	}
}

// storen puts a kwaal on the line.
func (g *gemeente) storen(k kwaal) {
	var mu sync.Mutex
	n := -1
	f := func(w http.ResponseWriter, r *http.Request, door http.Handler) {
		mu.Lock()
		n++
		nu := n
		mu.Unlock()
		k.voor(nu, w, r, door)
	}
	g.hoe.Store(&f)
}

// daad is how a handler behaves that has data of these persons. zien tells whether its answer may be seen when the record
// is there; of the two patterns, that of a search.
type daad struct {
	naam    string
	methode string
	doe     func(w http.ResponseWriter, r *http.Request, bsn []string)
	zien    bool
	status  int // when it isn't seen and the record is there; 0: the connection ends
}

// merkteken stands in everything a handler shows; nothing else says it.
const merkteken = "adres-van-"

func toonAlles(w http.ResponseWriter, bsn []string) {
	for _, b := range bsn {
		w.Header().Add("X-Gegevens", merkteken+b)
	}
	for _, b := range bsn {
		_, _ = io.WriteString(w, merkteken+b+"\n")
	}
}

func alle(bsn []string) []sdk.Object {
	var uit []sdk.Object
	for _, b := range bsn {
		uit = append(uit, sdk.BSN(b, "Getoond in zoekresultaat"))
	}
	return uit
}

func daden() []daad {
	return []daad{
		{"as it should", "POST", func(w http.ResponseWriter, r *http.Request, bsn []string) {
			sdk.Getoond(r.Context(), alle(bsn)...)
			w.WriteHeader(218)
			toonAlles(w, bsn)
		}, true, 0},
		{"tells afterwards", "POST", func(w http.ResponseWriter, r *http.Request, bsn []string) {
			toonAlles(w, bsn)
			for _, o := range alle(bsn) {
				sdk.Getoond(r.Context(), o)
			}
		}, true, 0},
		{"forgets", "POST", func(w http.ResponseWriter, _ *http.Request, bsn []string) { toonAlles(w, bsn) }, false, 500},
		{"forgets, with headers alone", "POST", func(w http.ResponseWriter, _ *http.Request, bsn []string) {
			w.Header().Set("X-Gegevens", merkteken+bsn[0])
		}, false, 500},
		{"forgets, with a redirect", "POST", func(w http.ResponseWriter, _ *http.Request, bsn []string) {
			w.Header().Set("Location", "/"+merkteken+bsn[0])
			w.WriteHeader(302)
		}, false, 500},
		{"forgets, with 204", "POST", func(w http.ResponseWriter, _ *http.Request, bsn []string) {
			w.Header().Set("X-Gegevens", merkteken+bsn[0])
			w.WriteHeader(204)
		}, false, 500},
		{"forgets, with 304", "GET", func(w http.ResponseWriter, _ *http.Request, bsn []string) {
			w.Header().Set("ETag", `"`+merkteken+bsn[0]+`"`)
			w.WriteHeader(304)
		}, false, 500},
		{"304", "GET", func(w http.ResponseWriter, r *http.Request, bsn []string) {
			sdk.Getoond(r.Context(), alle(bsn)...)
			w.Header().Set("ETag", `"`+merkteken+strings.Join(bsn, "-")+`"`)
			w.WriteHeader(304)
		}, true, 0},
		{"an error with data", "POST", func(w http.ResponseWriter, _ *http.Request, bsn []string) {
			w.Header().Set("X-Gegevens", merkteken+bsn[0])
			w.WriteHeader(404)
			toonAlles(w, bsn)
		}, false, 404},
		{"an error with data in its problem", "POST", func(w http.ResponseWriter, _ *http.Request, bsn []string) {
			w.WriteHeader(422)
			fmt.Fprintf(w, `{"code":"%s","detail":"%s%s"}`, bsn[0], merkteken, bsn[0])
		}, false, 422},
		{"an error with a number for a code", "POST", func(w http.ResponseWriter, _ *http.Request, bsn []string) {
			w.WriteHeader(422)
			fmt.Fprintf(w, `{"code":"geen_rij_%s"}`, bsn[0])
		}, false, 422},
		{"an error of which it tells", "POST", func(w http.ResponseWriter, r *http.Request, bsn []string) {
			sdk.Getoond(r.Context(), alle(bsn)...)
			w.WriteHeader(409)
			toonAlles(w, bsn)
		}, true, 0},
		{"panics", "POST", func(w http.ResponseWriter, r *http.Request, bsn []string) {
			sdk.Getoond(r.Context(), alle(bsn)...)
			toonAlles(w, bsn)
			panic(merkteken + bsn[0])
		}, false, 500},
		{"aborts", "POST", func(w http.ResponseWriter, r *http.Request, bsn []string) {
			sdk.Getoond(r.Context(), alle(bsn)...)
			toonAlles(w, bsn)
			panic(http.ErrAbortHandler)
		}, false, 0},
		{"ends its goroutine", "POST", func(w http.ResponseWriter, r *http.Request, bsn []string) {
			sdk.Getoond(r.Context(), alle(bsn)...)
			toonAlles(w, bsn)
			runtime.Goexit()
		}, false, 0},
		{"writes after it returned", "POST", func(w http.ResponseWriter, r *http.Request, bsn []string) {
			sdk.Getoond(r.Context())
			ctx := r.Context()
			go func() {
				<-ctx.Done() // the answer is out
				_, _ = io.WriteString(w, merkteken+bsn[0])
				sdk.Getoond(ctx, alle(bsn)...)
				w.WriteHeader(218)
			}()
		}, false, 200},
		{"too large", "POST", func(w http.ResponseWriter, r *http.Request, bsn []string) {
			sdk.Getoond(r.Context(), alle(bsn)...)
			blok := bytes.Repeat([]byte(merkteken+bsn[0]+"\n"), 1<<12)
			for range 200 {
				if _, err := w.Write(blok); err != nil {
					return
				}
			}
		}, false, 500},
		{"HEAD", "HEAD", func(w http.ResponseWriter, r *http.Request, bsn []string) {
			sdk.Getoond(r.Context(), alle(bsn)...)
			toonAlles(w, bsn)
		}, true, 0},
		{"HEAD that forgets", "HEAD", func(w http.ResponseWriter, _ *http.Request, bsn []string) { toonAlles(w, bsn) }, false, 500},
		{"flushes", "POST", func(w http.ResponseWriter, _ *http.Request, bsn []string) {
			toonAlles(w, bsn)
			if f, ok := w.(http.Flusher); ok {
				f.Flush()
			}
			_ = http.NewResponseController(w).Flush()
		}, false, 500},
		{"takes the connection", "POST", func(w http.ResponseWriter, _ *http.Request, bsn []string) {
			if c, _, err := http.NewResponseController(w).Hijack(); err == nil {
				_, _ = io.WriteString(c, "HTTP/1.1 200 OK\r\n\r\n"+merkteken+bsn[0])
				_ = c.Close()
			}
			if u, ok := w.(interface{ Unwrap() http.ResponseWriter }); ok {
				toonAlles(u.Unwrap(), bsn)
			}
			if rf, ok := w.(io.ReaderFrom); ok {
				_, _ = rf.ReadFrom(strings.NewReader(merkteken + bsn[0]))
			}
			if p, ok := w.(http.Pusher); ok {
				_ = p.Push("/"+merkteken+bsn[0], nil)
			}
		}, false, 500},
		{"early hints", "POST", func(w http.ResponseWriter, _ *http.Request, bsn []string) {
			w.Header().Set("Link", "</"+merkteken+bsn[0]+">")
			w.WriteHeader(103)
		}, false, 500},
		{"another protocol", "POST", func(w http.ResponseWriter, r *http.Request, bsn []string) {
			sdk.Getoond(r.Context(), alle(bsn)...)
			w.Header().Set("Upgrade", merkteken+bsn[0])
			w.WriteHeader(101)
		}, false, 500},
		{"trailers", "POST", func(w http.ResponseWriter, r *http.Request, bsn []string) {
			sdk.Getoond(r.Context())
			w.Header().Set("Trailer", "X-Na, X-Later")
			_, _ = io.WriteString(w, "niets")
			w.Header().Set("X-Na", merkteken+bsn[0])
			w.Header().Set(http.TrailerPrefix+"X-Anders", merkteken+bsn[0])
		}, false, 200},
		{"headers after the first byte", "POST", func(w http.ResponseWriter, r *http.Request, bsn []string) {
			sdk.Getoond(r.Context())
			_, _ = io.WriteString(w, "niets")
			w.Header().Set("X-Later", merkteken+bsn[0])
		}, false, 200},
		{"many goroutines", "POST", func(w http.ResponseWriter, r *http.Request, bsn []string) {
			var bezig sync.WaitGroup
			for k := range 32 {
				bezig.Go(func() {
					b := bsn[k%len(bsn)]
					_, _ = io.WriteString(w, merkteken+b+"\n")
					sdk.Getoond(r.Context(), sdk.BSN(b, "Getoond in zoekresultaat"))
				})
			}
			bezig.Wait()
		}, true, 0},
		{"a status that isn't one", "POST", func(w http.ResponseWriter, r *http.Request, bsn []string) {
			sdk.Getoond(r.Context(), alle(bsn)...)
			w.WriteHeader(42)
			toonAlles(w, bsn)
		}, false, 500},
	}
}

// rauw makes a request over a connection of its own, and gives every byte that comes back.
func rauw(t testing.TB, r *http.Request) []byte {
	t.Helper()
	c, err := net.Dial("tcp", r.URL.Host)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	r.Close = true
	if err := r.Write(c); err != nil {
		t.Fatal(err)
	}
	body, err := io.ReadAll(c)
	if err != nil && len(body) == 0 {
		return nil // reset
	}
	return body
}
