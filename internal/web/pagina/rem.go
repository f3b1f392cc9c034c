package pagina

import (
	"net"
	"net/http"
	"sync"
	"time"
)

// Attempts to sign in from one address: a burst, and then so many a second. A whole town hall may share an address
// at nine o'clock, so this is wide; the counters of an account are the real ones.
const (
	remPiek  = 300
	remTempo = 200 * time.Millisecond
	remMax   = 50_000 // addresses remembered; above it new ones go unbraked
)

// rem counts attempts per address, in memory.
type rem struct {
	nu func() time.Time

	mu sync.Mutex
	// vrij is the moment at which an address has its whole burst again.
	vrij    map[string]time.Time
	geveegd time.Time // when those that are free again were last forgotten
}

func newRem(nu func() time.Time) *rem { return &rem{nu: nu, vrij: map[string]time.Time{}} }

// mag counts an attempt and tells whether it is allowed.
func (r *rem) mag(adres string) bool {
	nu := r.nu()
	r.mu.Lock()
	defer r.mu.Unlock()
	vrij := r.vrij[adres]
	if vrij.Before(nu) {
		vrij = nu
	}
	if vrij.Sub(nu) > (remPiek-1)*remTempo {
		return false
	}
	if len(r.vrij) >= remMax && nu.Sub(r.geveegd) > time.Second {
		r.geveegd = nu
		for a, v := range r.vrij {
			if v.Before(nu) {
				delete(r.vrij, a)
			}
		}
	}
	if len(r.vrij) < remMax {
		r.vrij[adres] = vrij.Add(remTempo)
	}
	return true
}

// verbinding is the address of the connection; of IPv6 the network of 64 bits that one household has.
func verbinding(r *http.Request) string {
	host, _, err := net.SplitHostPort(r.RemoteAddr)
	if err != nil {
		return r.RemoteAddr
	}
	if ip := net.ParseIP(host); ip != nil && ip.To4() == nil {
		return ip.Mask(net.CIDRMask(64, 128)).String()
	}
	return host
}
