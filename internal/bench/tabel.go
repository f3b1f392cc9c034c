package bench

import (
	"fmt"
	"io"
	"strings"
	"text/tabwriter"
)

// Print writes the result for a person: figures, then ratios beside their targets.
func (u *Uitslag) Print(w io.Writer) error {
	fmt.Fprintf(w, "Opslag: %s. Machine: %s. %d rondes, medianen; %d records vooraf, %d versies na afloop.\n\n", u.Store, u.Machine, u.Rondes, u.Records, u.OpslagRecords)
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprintln(t, "METING\tKLANTEN\tPER SECONDE\tP50 (ms)\tP99 (ms)\tSERVER-CPU (µs)\tOPSLAG-CPU (µs)\tFOUTEN")
	for _, m := range u.Metingen {
		fmt.Fprintf(t, "%s\t%d\t%s\t%s\t%s\t%s\t%s\t%d\n", m.Naam, m.Klanten, figure(m.PerS, 0), figure(m.P50, 2), figure(m.P99, 2), figure(m.CPU, 1), figure(m.CPUStore, 1), m.Fouten)
	}
	fmt.Fprintln(t)
	if err := t.Flush(); err != nil {
		return err
	}
	return PrintVerhoudingen(w, u.Verhoudingen)
}

// PrintVerhoudingen writes ratios beside their targets.
func PrintVerhoudingen(w io.Writer, list []Verhouding) error {
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprintln(t, "VERHOUDING\tWAARDE\tDOEL NU\tDOEL STRAKS")
	for _, v := range list {
		fmt.Fprintf(t, "%s\t%s\t%s\t%s\n", v.Naam, figure(v.Waarde, 2), v.Eerst, v.Dan)
	}
	return t.Flush()
}

// figure writes a number the Dutch way, "-" for none.
func figure(v float64, digits int) string {
	if v == 0 {
		return "-"
	}
	return strings.Replace(fmt.Sprintf("%.*f", digits, v), ".", ",", 1)
}
