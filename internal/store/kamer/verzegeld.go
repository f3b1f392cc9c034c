package kamer

import (
	"context"
	"fmt"
	"strings"
)

// Verzegeld describes a sealed column of a room: what has to be known to seal it anew with another key. The room that owns
// the table gives it, beside its statements.
type Verzegeld struct {
	Tabel   string   // has a column organisatie
	Sleutel []string // columns that name a row within an organisation, in the order in which rows are gone through
	Ook     []string // further columns that the associated data are made of
	Inhoud  string   // the sealed column, under betrokkene.KlasseNormaal
	// Binding gives the associated data of a row of an organisation, of the values of Sleutel and then Ook: string, int64 or
	// []byte each.
	Binding func(oin string, rij []any) ([]byte, error)
}

// Kolom names the column for an operator.
func (v *Verzegeld) Kolom() string { return v.Tabel + "." + v.Inhoud }

// Lees is the statement that reads rows in order: Sleutel, Ook and Inhoud. Parameters: organisation, how many, and the values of
// Sleutel of the row after which it begins when na.
func (v *Verzegeld) Lees(na bool) string {
	kolommen := append(append(append([]string{}, v.Sleutel...), v.Ook...), v.Inhoud)
	verder := ""
	if na {
		verder = fmt.Sprintf(" AND (%s) > (%s)", strings.Join(v.Sleutel, ", "), strings.Join(plaatsen(3, len(v.Sleutel)), ", "))
	}
	return fmt.Sprintf("SELECT %s FROM %s WHERE organisatie = $1%s ORDER BY %s LIMIT $2",
		strings.Join(kolommen, ", "), v.Tabel, verder, strings.Join(v.Sleutel, ", "))
}

// Vervang is the statement that replaces the content of a row, if it is still what it was. Parameters: organisation, new
// content, content that it was, values of Sleutel.
func (v *Verzegeld) Vervang() string {
	tekst := fmt.Sprintf("UPDATE %s SET %s = $2 WHERE organisatie = $1 AND %s = $3", v.Tabel, v.Inhoud, v.Inhoud)
	for i, p := range plaatsen(4, len(v.Sleutel)) {
		tekst += " AND " + v.Sleutel[i] + " = " + p
	}
	return tekst
}

// Tel is the statement that counts rows by the first bytes of their content. Parameters: organisation, how many bytes.
func (v *Verzegeld) Tel() string {
	return fmt.Sprintf("SELECT begin, count(*) FROM (SELECT substr(%s, 1, CAST($2 AS INTEGER)) AS begin FROM %s WHERE organisatie = $1) t GROUP BY begin", v.Inhoud, v.Tabel)
}

// plaatsen are n parameters from $van on.
func plaatsen(van, n int) (l []string) {
	for i := range n {
		l = append(l, fmt.Sprintf("$%d", van+i))
	}
	return l
}

// Wisser is an engine whose files would keep what is overwritten.
type Wisser interface {
	// Overwrite is Opslag.Write, and what is overwritten or deleted does not stay behind in a file.
	Overwrite(ctx context.Context, f func(*Tx) error) error
}

// Overwrite writes so that what is overwritten does not stay behind, as far as the engine has a say in it.
func Overwrite(ctx context.Context, o Opslag, f func(*Tx) error) error {
	if w, ok := o.(Wisser); ok {
		return w.Overwrite(ctx, f)
	}
	return o.Write(ctx, f)
}
