package aanmelding

// ZonderWachten lets a Dienst answer at once and compute passwords with little memory, for tests that are about neither.
func (d *Dienst) ZonderWachten() { d.stapEen, d.stapTwee, d.rekenaar = 0, 0, newRekenaar(64) }

// For tests of parts.
var (
	Gelijk      = gelijk
	NewCode     = newCode
	Cijfers     = cijfers
	Woord       = woord
	Toets       = toetsWachtwoord
	NewRekenaar = func() *rekenaar { return newRekenaar(argonGeheugen) }
	RekenKlopt  = (*rekenaar).klopt
	RekenHash   = (*rekenaar).hash
	Gangbaar    = func(s string) bool { return gangbaar(kernVan(s, true)) }
)

// InDeRij is how many compute or wait.
func InDeRij(r *rekenaar) int { return len(r.rij) }

// Plaatsen takes all places of a computer of passwords, until the function it gives is called.
func Plaatsen(r *rekenaar) func() {
	for range rekenPlaatsen {
		r.plaatsen <- struct{}{}
	}
	return func() {
		for range rekenPlaatsen {
			<-r.plaatsen
		}
	}
}
