package betrokkene

import "strings"

// Nummer gives an identifier in the one form in which it is compared: a BSN of which the first zero is gone, as it goes where numbers are
// kept as numbers, gets that zero back. That is for the kind BSN, in any case, and eight digits that make a BSN with it; whatever else
// stays as it is. It is for comparing: what is stored and answered is what was logged (docs/besluiten/0042).
func Nummer(soortObjectID, objectID string) string {
	if len(objectID) == 8 && isSoortBSN(soortObjectID) && IsBSN("0"+objectID) {
		return "0" + objectID
	}
	return objectID
}

// Soort gives the kind of an identifier in the one form in which it is compared: in lower case.
func Soort(soortObjectID string) string { return strings.ToLower(soortObjectID) }

// Zelfde tells whether two identifiers of one objecttype are of the same person: exactly when their handles are equal.
func Zelfde(soortA, idA, soortB, idB string) bool {
	return Soort(soortA) == Soort(soortB) && Nummer(soortA, idA) == Nummer(soortB, idB)
}

// Schrijfwijzen gives the ways in which one identifier is written: as Nummer has it, and for a BSN that begins with a zero without it too.
func Schrijfwijzen(soortObjectID, objectID string) []string {
	n := Nummer(soortObjectID, objectID)
	if zonder, ok := zonderNul(soortObjectID, n); ok {
		return []string{n, zonder}
	}
	return []string{n}
}

// zonderNul is the other way of a BSN that Nummer gave: without its first zero. false when it has none to lose.
func zonderNul(soortObjectID, nummer string) (string, bool) {
	if len(nummer) != 9 || nummer[0] != '0' || !isSoortBSN(soortObjectID) || !IsBSN(nummer) {
		return "", false
	}
	return nummer[1:], true
}

func isSoortBSN(s string) bool {
	return len(s) == 3 && s[0]|0x20 == 'b' && s[1]|0x20 == 's' && s[2]|0x20 == 'n'
}

// IsBSN tells whether a text is a burgerservicenummer: nine digits whose weighted sum is divisible by eleven (elfproef; Logisch ontwerp BRP,
// element 01.20). It is the one place for all rooms; the SDK, which imports none of them, has its own.
func IsBSN(s string) bool {
	if len(s) != 9 || s == "000000000" {
		return false
	}
	som := 0
	for k := range len(s) {
		if s[k] < '0' || s[k] > '9' {
			return false
		}
		gewicht := 9 - k
		if k == 8 {
			gewicht = -1
		}
		som += gewicht * int(s[k]-'0')
	}
	return som%11 == 0
}
