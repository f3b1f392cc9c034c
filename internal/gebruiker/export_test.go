package gebruiker

import "time"

// Waarschuwingen are those of a group with these rights, without people.
func Waarschuwingen(rechten []Recht, nu time.Time) []Waarschuwing {
	return waarschuwingen("Mensen in deze groep kunnen", []verleend{{rechten: rechten}}, nil, nu)
}

// Risicos gives the codes of all rules about rights.
func Risicos() (codes []string) {
	for _, r := range risicos {
		codes = append(codes, r.code)
	}
	return codes
}
