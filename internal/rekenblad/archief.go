package rekenblad

import (
	"archive/zip"
	"encoding/xml"
	"errors"
	"io"
	"path"
	"strings"
)

// archief is the ZIP that an XLSX is. Only the parts that are needed are unpacked, each once.
type archief struct {
	l         Limieten
	delen     map[string]*zip.File // by name in lower case: names of parts do not differ in case alone
	uitgepakt int64                // bytes unpacked so far
	over      int                  // elements that may still be read

	tabel  *Tabel // that is being filled, and
	totaal int64  // bytes that will be unpacked in all, as the directory claims: for whoever asks how far it is
}

// vanaf is where the ratio of a part begins to count: a small one of spaces hurts nobody.
const vanaf = 1 << 20

// openArchief judges the directory of the ZIP before anything is unpacked. What it says of sizes may be a lie; then lees stops
// where the truth passes it.
func openArchief(r io.ReaderAt, n int64, l Limieten) (*archief, error) {
	z, err := zip.NewReader(r, n)
	if err != nil {
		return nil, onleesbaar(nietHeel, err)
	}
	if len(z.File) > l.Delen {
		return nil, teGroot("Dit rekenblad bestaat uit meer dan " + getalNL(l.Delen) + " delen; sla alleen het blad met uw gegevens op in een nieuw bestand.")
	}
	a := &archief{l: l, delen: make(map[string]*zip.File, len(z.File)), over: maxElementen}
	var som uint64
	for _, f := range z.File {
		if strings.HasSuffix(f.Name, "/") {
			continue
		}
		if f.Flags&1 != 0 {
			return nil, mediatype("Dit bestand is met een wachtwoord beveiligd; haal het wachtwoord eraf en sla het opnieuw op.")
		}
		naam := deel(f.Name)
		if a.delen[naam] != nil { // two of a name: each program takes another
			return nil, errNietHeel
		}
		a.delen[naam] = f
		if f.UncompressedSize64 > uint64(l.Uitgepakt) || som+f.UncompressedSize64 > uint64(l.Uitgepakt) ||
			f.UncompressedSize64 > vanaf && f.UncompressedSize64/uint64(l.Verhouding) > f.CompressedSize64 {
			return nil, errTeVeel
		}
		if f.CompressedSize64 > uint64(n) {
			return nil, errNietHeel
		}
		som += f.UncompressedSize64
	}
	return a, nil
}

// deel is the name of a part as it is looked up.
func deel(naam string) string {
	return strings.ToLower(strings.TrimPrefix(path.Clean("/"+strings.ReplaceAll(naam, `\`, "/")), "/"))
}

func (a *archief) heeft(naam string) bool { return a.delen[deel(naam)] != nil }

// grootte is what the directory claims of a part.
func (a *archief) grootte(naam string) int64 {
	if p := a.delen[deel(naam)]; p != nil {
		return int64(min(p.UncompressedSize64, uint64(a.l.Uitgepakt)))
	}
	return 0
}

// lees unpacks a part as XML and has f read it; what f leaves is read too, so that a part that is not whole is found.
func (a *archief) lees(naam string, f func(e *elementen) error) error {
	part := a.delen[deel(naam)]
	if part == nil {
		return errNietHeel
	}
	r, err := part.Open()
	if err != nil {
		return onleesbaar(nietHeel, err)
	}
	defer r.Close() // only reads
	e := nieuweElementen(&uitpakker{r: r, a: a, ingepakt: int64(part.CompressedSize64)}, &a.over)
	if err := f(e); err != nil {
		return err
	}
	for {
		if _, err := e.next(); errors.Is(err, io.EOF) {
			return nil
		} else if err != nil {
			return err
		}
	}
}

// uitpakker counts what comes out of a part.
type uitpakker struct {
	r        io.Reader
	a        *archief
	ingepakt int64
	n        int64
}

func (u *uitpakker) Read(p []byte) (int, error) {
	n, err := u.r.Read(p)
	u.n += int64(n)
	u.a.uitgepakt += int64(n)
	if u.a.uitgepakt > u.a.l.Uitgepakt || u.n > vanaf && u.n/u.a.l.Verhouding > u.ingepakt {
		return 0, errTeVeel
	}
	if u.a.totaal > 0 && u.a.l.Voortgang != nil {
		if err := u.a.l.Voortgang(len(u.a.tabel.Rijen), int(min(u.a.uitgepakt*100/u.a.totaal, 100))); err != nil {
			return 0, err
		}
	}
	if err != nil && err != io.EOF {
		err = onleesbaar(nietHeel, err) // a wrong checksum or size, or broken compression
	}
	return n, err
}

// verwijzing is a line of a part of relations: which other part plays which role.
type verwijzing struct {
	soort string // last element of the type
	deel  string
}

// verwijzingen of a part, by id. What lies outside the file is left out: it is never fetched.
func (a *archief) verwijzingen(van string) (map[string]verwijzing, error) {
	dir, base := path.Split(van)
	uit := map[string]verwijzing{}
	naam := dir + "_rels/" + base + ".rels"
	if !a.heeft(naam) {
		return uit, nil
	}
	err := a.lees(naam, func(e *elementen) error {
		for {
			tok, err := e.next()
			if err == io.EOF {
				return nil
			}
			if err != nil {
				return err
			}
			t, ok := tok.(xml.StartElement)
			if !ok || !e.in("Relationships", "Relationship") || strings.EqualFold(attr(t, "TargetMode"), "External") {
				continue
			}
			if len(uit) == maxBladen*4 {
				return errTeVeel
			}
			naar := strings.ReplaceAll(attr(t, "Target"), `\`, "/")
			if !strings.HasPrefix(naar, "/") {
				naar = dir + naar
			}
			uit[attr(t, "Id")] = verwijzing{soort: path.Base(attr(t, "Type")), deel: deel(naar)}
		}
	})
	return uit, err
}
