package aanmelding_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/verantwoord/verantwoord/internal/aanmelding"
	"github.com/verantwoord/verantwoord/internal/store/kamer"
)

// The second step can't be turned off: nothing that is given to the service is a yes or no, or a number of anything but time.
func TestNoOptionReachesTheSecondStep(t *testing.T) {
	t.Parallel()
	// Koppel is asked after the code, and its answer makes no session by itself; Meting is told, and answers nothing.
	want := []string{"Opslag", "Mensen", "Sleutels", "Log", "Naam", "Koppel", "Adres", "Stil", "Duur", "Nu", "Meting"}
	var got []string
	for f := range reflect.TypeFor[aanmelding.Opties]().Fields() {
		got = append(got, f.Name)
	}
	if !slices.Equal(got, want) {
		t.Errorf("options %v; of a new one, say here that it does not turn off the code", got)
	}
	for _, typ := range []reflect.Type{reflect.TypeFor[aanmelding.Eerste](), reflect.TypeFor[aanmelding.Extern]()} {
		for f := range typ.Fields() {
			if k := f.Type.Kind(); k != reflect.String && k != reflect.Slice {
				t.Errorf("%s.%s is no text", typ, f.Name)
			}
		}
	}
}

// verdacht is what a key or flag would be called.
var verdacht = regexp.MustCompile(`(?i)(tweede|second_?(step|factor)|2fa|mfa|otp|e?mail_?code|code_?(uit|off|skip|verplicht|nodig)|bypass|overslaan)`)

func TestNoConfigurationKeyReachesTheSecondStep(t *testing.T) {
	t.Parallel()
	sleutel := regexp.MustCompile(`\{"([a-z_.<>]+)", `)
	aantal := 0
	for _, dir := range []string{"../config", "../../cmd/verantwoord"} {
		files, err := filepath.Glob(filepath.Join(dir, "*.go"))
		if err != nil {
			t.Fatal(err)
		}
		for _, file := range files {
			b, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			for _, m := range sleutel.FindAllStringSubmatch(string(b), -1) {
				aantal++
				if verdacht.MatchString(m[1]) {
					t.Errorf("%s: key %s", file, m[1])
				}
			}
		}
	}
	if aantal < 20 {
		t.Errorf("only %d keys were found", aantal)
	}
}

// TestOnlyOneFileProvesTheSecondStep reads the source of the room: the proof is made in tweede.go alone, and rond, which makes sessions, asks it.
func TestOnlyOneFileProvesTheSecondStep(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	fset := token.NewFileSet()
	var makers, sessies []string
	for _, file := range files {
		if strings.HasSuffix(file, "_test.go") {
			continue
		}
		f, err := parser.ParseFile(fset, file, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		for _, d := range f.Decls {
			fn, ok := d.(*ast.FuncDecl)
			if !ok {
				continue
			}
			ast.Inspect(fn, func(n ast.Node) bool {
				if c, ok := n.(*ast.CompositeLit); ok {
					if id, ok := c.Type.(*ast.Ident); ok && id.Name == "gepasseerd" {
						makers = append(makers, file+":"+fn.Name.Name)
					}
					if id, ok := c.Type.(*ast.Ident); ok && id.Name == "SessieRij" {
						sessies = append(sessies, file+":"+fn.Name.Name)
					}
				}
				if a, ok := n.(*ast.SelectorExpr); ok && a.Sel.Name == "os" || ok && a.Sel.Name == "Getenv" {
					t.Errorf("%s reads the environment", file)
				}
				return true
			})
		}
	}
	slices.Sort(makers)
	if want := []string{"tweede.go:apparaatGoed", "tweede.go:codeGoed", "tweede.go:eerderGoed", "tweede.go:noodcodeGoed"}; !slices.Equal(makers, want) {
		t.Errorf("the second step is proven in %v", makers)
	}
	if !slices.Equal(sessies, []string{"sessie.go:rond"}) {
		t.Errorf("sessions are made in %v", sessies)
	}
}

func TestWhoeverReadsTheStoreReadsNoAddressCodeOrToken(t *testing.T) {
	t.Parallel()
	p := newProef(t)
	s, geheim, codes := p.metApp(p.sem)
	a := p.vraag(p.sem, wachtwoord, "")
	code := p.code(p.sem)
	nood, err := p.d.NoodCode(bg, oin, p.sem.Email, [2]string{"Piet Jansen", "Els de Vries"}, "De mailserver is stuk.")
	if err != nil {
		t.Fatal(err)
	}
	geheimen := map[string]string{
		"address": p.sem.Email, "name": p.sem.Naam, "masked": a.Gemaskeerd, "token": s.Token, "cookie": a.Browser, "browser": s.Apparaat, "code": code,
		"console code": nood, "TOTP": geheim, "recovery code": codes[0], "recovery code as typed": strings.ReplaceAll(codes[0], "-", ""),
		"password": wachtwoord, "hash": "argon2id", "agent": "Firefox",
	}
	delete(geheimen, "browser") // empty on a session that was replaced
	rijen := 0
	err = p.store.Read(bg, func(tx *kamer.Tx) error {
		for _, q := range []string{
			`SELECT account || inhoud || code || browser FROM aanmelding`, `SELECT account || soort FROM aanmeldteller`, `SELECT soort || id || inhoud FROM middel`,
			`SELECT id || gebruiker || inhoud FROM sessie`, `SELECT id || gebruiker FROM apparaat`, `SELECT soort || inhoud FROM beheerregel`, `SELECT gebruiker FROM aanmeldhistorie`,
		} {
			n := 0
			for row, err := range tx.Query(q) {
				var b []byte
				if err == nil {
					err = row.Scan(&b)
				}
				if err != nil {
					return err
				}
				n++
				for wat, g := range geheimen {
					if g != "" && strings.Contains(string(b), g) {
						t.Errorf("%s stands readable in: %s", wat, q)
					}
				}
			}
			if n == 0 {
				t.Errorf("nothing to read in: %s", q)
			}
			rijen += n
		}
		return nil
	})
	if err != nil || rijen < 10 {
		t.Errorf("%d rows, %v", rijen, err)
	}
}

func TestARowMovedToAnotherPersonSignsNobodyIn(t *testing.T) {
	t.Parallel()
	p := newProef(t)
	p.gekozen(p.bea)
	p.gekozen(p.sem)
	s := p.aangemeld(p.bea)
	for wat, q := range map[string]string{
		"a session given to another":  `UPDATE sessie SET gebruiker = '` + p.sem.ID.String() + `'`,
		"a password given to another": `UPDATE middel SET inhoud = (SELECT inhoud FROM middel WHERE gebruiker = '` + p.bea.ID.String() + `') WHERE gebruiker = '` + p.sem.ID.String() + `'`,
	} {
		if err := p.store.Write(bg, func(tx *kamer.Tx) error { _, err := tx.Exec(q); return err }); err != nil {
			t.Fatal(wat, err)
		}
	}
	if _, err := p.d.ZoekVoorMiddelen(bg, s.Token); err == nil {
		t.Error("a session was taken over")
	}
	if _, err := p.d.Begin(bg, oin, aanmelding.Eerste{Email: p.sem.Email, Wachtwoord: wachtwoord}); err == nil {
		t.Error("a password was taken over")
	}
}
