package verwerkingenlog

// Who may see and change what: the decision tables of rules 3.7 and 4, whole, in one file.
//
//	                     N0        N1             V              O           X
//	                     normaal   normaal, but   vertrouwelijk  opgeheven   vervallen
//	                               ooit vertr.
//	Bewerking  :normal        yes       no             no             no          never
//	           :confidential  yes       yes            yes            yes         never
//	Inzage     :normal        yes       no             no             no          never
//	           :confidential  yes       yes            no             yes         never
//
// A lifted record (O, and N1) is seen only with :confidential, in both APIs (X03, X05, X06).

// Bereik is how far a caller's right reaches for one verb in one API: none, only records that never
// were confidential (scope X:normal), or also the others (X:confidential, which includes it, R-107).
type Bereik uint8

// The three reaches.
const (
	GeenBereik Bereik = iota
	BereikNormaal
	BereikVertrouwelijk
)

// SeesInBewerking tells whether a reader in the Bewerking API may be shown an actie in state s.
func (b Bereik) SeesInBewerking(s Staat) bool {
	switch {
	case s.Vervallen():
		return false
	case b == BereikVertrouwelijk:
		return true
	case b == BereikNormaal:
		return s.Klasse() == Normaal
	}
	return false
}

// SeesInInzage tells whether a reader in the Inzage API may be shown an actie in state s. What is
// vertrouwelijk now is never shown there.
func (b Bereik) SeesInInzage(s Staat) bool {
	switch {
	case s.Vervallen():
		return false
	case b == BereikVertrouwelijk:
		return s.Klasse() != Vertrouwelijk
	case b == BereikNormaal:
		return s.Klasse() == Normaal
	}
	return false
}

// MayAsk tells whether a reader in the Bewerking API may ask for these classes: with :normal
// exactly normaal, and said so.
func (b Bereik) MayAsk(k Klassen) bool {
	return b == BereikVertrouwelijk || b == BereikNormaal && k.OnlyNormaal()
}

// MayReplace decides a PUT: current state nu, new value v.
func (b Bereik) MayReplace(nu Staat, v Vertrouwelijkheid) bool {
	switch b {
	case BereikNormaal:
		return nu.Klasse() == Normaal && v == Normaal
	case BereikVertrouwelijk:
		return v != Opgeheven || nu.Vertrouwelijkheid() == Opgeheven
	}
	return false
}

// MayPatch decides a PATCH of one actie; a PATCH that holds the key vertrouwelijkheid at all
// needs :confidential, which the use case checks before it looks anything up.
func (b Bereik) MayPatch(nu Staat) bool {
	return b == BereikVertrouwelijk || b == BereikNormaal && nu.Klasse() == Normaal
}

// MayDelete decides a DELETE.
func (b Bereik) MayDelete(nu Staat) bool {
	return b == BereikVertrouwelijk || b == BereikNormaal && nu.Klasse() == Normaal
}
