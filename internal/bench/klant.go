package bench

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"net"
	"slices"
	"strconv"
	"sync"
	"time"
)

// klant is one client: a connection that is kept, bytes written and read without net/http, so that
// the load leaves the cores to the server that is measured.
type klant struct {
	conn net.Conn
	r    *bufio.Reader
}

func dial(addr string) (*klant, error) {
	c, err := net.Dial("tcp", addr)
	if err != nil {
		return nil, err
	}
	return &klant{c, bufio.NewReaderSize(c, 16<<10)}, nil
}

// do sends one request and reads the whole answer; it gives the status.
func (k *klant) do(req []byte) (status int, err error) {
	if _, err := k.conn.Write(req); err != nil {
		return 0, err
	}
	line, err := k.r.ReadSlice('\n')
	if err != nil {
		return 0, err
	}
	if len(line) < 12 {
		return 0, errors.New("bench: no HTTP answer")
	}
	if status, err = strconv.Atoi(string(line[9:12])); err != nil {
		return 0, err
	}
	length := 0
	for {
		if line, err = k.r.ReadSlice('\n'); err != nil {
			return 0, err
		}
		if len(line) <= 2 {
			break
		}
		if name, value, _ := bytes.Cut(line, []byte(": ")); bytes.EqualFold(name, []byte("Content-Length")) {
			if length, err = strconv.Atoi(string(bytes.TrimSpace(value))); err != nil {
				return 0, err
			}
		}
	}
	_, err = k.r.Discard(length)
	return status, err
}

// load lets a number of clients send for a while; next makes the n-th request of a client. It gives
// requests a second and the latencies.
func load(ctx context.Context, addr string, klanten, want int, d time.Duration, next func(klant, n int) []byte) (Meting, error) {
	var (
		mu    sync.Mutex
		all   []time.Duration
		wrong int
		fail  error
		wg    sync.WaitGroup
	)
	begin := time.Now()
	end := begin.Add(d)
	for c := range klanten {
		wg.Go(func() {
			k, err := dial(addr)
			var times []time.Duration
			bad := 0
			if err == nil {
				defer k.conn.Close()
				for n := 0; err == nil && ctx.Err() == nil && time.Now().Before(end); n++ {
					req := next(c, n)
					t := time.Now()
					var status int
					if status, err = k.do(req); err == nil {
						times = append(times, time.Since(t))
						if status != want {
							bad++
						}
					}
				}
			}
			mu.Lock()
			defer mu.Unlock()
			all = append(all, times...)
			wrong += bad
			fail = errors.Join(fail, err)
		})
	}
	wg.Wait()
	elapsed := time.Since(begin)
	m := latency(all)
	m.PerS, m.Fouten = float64(len(all)-wrong)/elapsed.Seconds(), wrong
	return m, errors.Join(fail, ctx.Err())
}

// latency gives the percentiles in milliseconds.
func latency(all []time.Duration) (m Meting) {
	if len(all) == 0 {
		return m
	}
	slices.Sort(all)
	ms := func(d time.Duration) float64 { return float64(d) / float64(time.Millisecond) }
	m.P50, m.P99 = ms(all[len(all)/2]), ms(all[len(all)*99/100])
	return m
}

// post measures single POSTs, and the CPU that the server spends on each.
func (p *proces) post(klanten int) func(context.Context, time.Duration) (Meting, error) {
	return func(ctx context.Context, d time.Duration) (Meting, error) {
		// Made before the clock runs: building a record is not what is measured.
		made := make([][][]byte, klanten)
		for c := range made {
			made[c] = make([][]byte, max(64, 4096/klanten))
			for n := range made[c] {
				made[c][n] = request("POST", p.path, p.token, "application/json", newRecord(p.next(), p.persons).json)
			}
		}
		return p.measured(fmt.Sprintf("post-%d", klanten), func() (Meting, error) {
			return load(ctx, p.addr, klanten, p.want, d, func(c, n int) []byte { return made[c][n%len(made[c])] })
		})
	}
}

// bulkLines is how many records stand in one bulk request.
const bulkLines = 2000

// bulk measures NDJSON streams; figures are per record.
func (p *proces) bulk(klanten int) func(context.Context, time.Duration) (Meting, error) {
	return func(ctx context.Context, d time.Duration) (Meting, error) {
		made := make([][]byte, klanten)
		for c := range made {
			var body []byte
			for range bulkLines {
				body = append(append(body, newRecord(p.next(), p.persons).json...), '\n')
			}
			made[c] = request("POST", p.path+"/_bulk", p.token, "application/x-ndjson", body)
		}
		return p.measured("bulk", func() (Meting, error) {
			var (
				mu    sync.Mutex
				total int
				wrong int
				fail  error
				wg    sync.WaitGroup
			)
			begin := time.Now()
			for c := range klanten {
				wg.Go(func() {
					good, bad, err := stream(p.addr, made[c], begin.Add(d))
					mu.Lock()
					defer mu.Unlock()
					total, wrong, fail = total+good, wrong+bad, errors.Join(fail, err)
				})
			}
			wg.Wait()
			return Meting{PerS: float64(total) / time.Since(begin).Seconds(), Fouten: wrong}, fail
		})
	}
}

// stream sends one bulk request after another until end, reading results while it writes.
func stream(addr string, req []byte, end time.Time) (good, bad int, err error) {
	for time.Now().Before(end) {
		k, err := dial(addr)
		if err != nil {
			return good, bad, err
		}
		go func() {
			// A write error shows as a short answer.
			_, _ = k.conn.Write(req)
		}()
		lines := 0
		status, err := k.r.ReadSlice('\n')
		if err == nil && !bytes.HasPrefix(status, []byte("HTTP/1.1 200")) {
			k.conn.Close()
			return good, bad + bulkLines, nil
		}
		for lines < bulkLines && err == nil {
			var line []byte
			if line, err = k.r.ReadSlice('\n'); err == nil && bytes.Contains(line, []byte(`"regel":`)) {
				if lines++; bytes.Contains(line, []byte(`"status":201`)) {
					good++
				} else {
					bad++
				}
			}
		}
		k.conn.Close()
		if err != nil {
			return good, bad, fmt.Errorf("bench: the bulk answer ended early: %w", err)
		}
	}
	return good, bad, nil
}

// zoek measures the question of a privacy officer about one person: logged durably, then answered.
func (p *proces) zoek(klanten int) func(context.Context, time.Duration) (Meting, error) {
	return func(ctx context.Context, d time.Duration) (Meting, error) {
		return p.measured("zoek", func() (Meting, error) {
			return load(ctx, p.addr, klanten, 200, d, func(c, n int) []byte {
				bsn := bsnOf((c*7919 + n*31) % max(1, p.persons))
				return request("POST", p.path+"/_zoek", p.token, "application/json",
					[]byte(`{"objecttype":"persoon","soortObjectId":"BSN","objectId":"`+bsn+`","vertrouwelijkheid":"normaal","pageSize":20}`))
			})
		})
	}
}
