package e2e

import (
	"bufio"
	"bytes"
	"io"
	"net/http"
	"strings"
	"testing"
)

// BenchmarkBulk measures one stream, its client in the same process. Compare with BenchmarkAppend of
// internal/store/sqlite in one run.
func BenchmarkBulk(b *testing.B) {
	r := start(b)
	line := []byte(basis().line() + "\n")
	uit, in := io.Pipe()
	go func() {
		piece := bytes.Repeat(line, 32)
		for n := b.N; n > 0; n -= 32 {
			if _, err := in.Write(piece[:min(n, 32)*len(line)]); err != nil {
				break
			}
		}
		in.Close()
	}()
	b.SetBytes(int64(len(line)))
	b.ResetTimer()
	res := r.bulk("normaal", uit)
	got, scan := 0, bufio.NewScanner(res.Body)
	for scan.Scan() {
		if !strings.Contains(scan.Text(), `"status":201`) {
			b.Fatal(scan.Text())
		}
		got++
	}
	b.StopTimer()
	if res.StatusCode != http.StatusOK || got != b.N || scan.Err() != nil {
		b.Fatalf("status %d, %d results of %d, %v", res.StatusCode, got, b.N, scan.Err())
	}
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "records/s")
}
