package autorisatie

import (
	"crypto/sha256"
	"sync"
)

// gezien remembers tokens whose signature was right, so that a client that uses one token for many
// requests is verified once. What may change is judged every time: the times in the token, and the
// client, which is another pointer as soon as anything about it was replaced. Only a hash of the token
// is kept.
type gezien struct {
	mu     sync.RWMutex
	tokens map[[sha256.Size]byte]gezienToken
}

// gezienToken is what was read of a token, and the client it was verified with.
type gezienToken struct {
	inhoud inhoud
	client *client
}

// maxGezien bounds the memory: beyond it everything is forgotten, and verified again.
const maxGezien = 8192

func (g *gezien) get(key [sha256.Size]byte) (gezienToken, bool) {
	g.mu.RLock()
	defer g.mu.RUnlock()
	t, ok := g.tokens[key]
	return t, ok
}

func (g *gezien) put(key [sha256.Size]byte, t gezienToken) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.tokens == nil || len(g.tokens) >= maxGezien {
		g.tokens = make(map[[sha256.Size]byte]gezienToken)
	}
	g.tokens[key] = t
}
