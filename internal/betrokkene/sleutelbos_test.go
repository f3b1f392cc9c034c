package betrokkene_test

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/verantwoord/verantwoord/internal/betrokkene"
	"github.com/verantwoord/verantwoord/internal/fout"
)

const (
	oinA = "00000099000000001000"
	oinB = "00000099000000002000"
)

// prints keeps fingerprints as a store does.
type prints struct {
	mu     sync.Mutex
	kept   map[string]map[string]string
	broken error // of saving
}

func (p *prints) Vingerafdrukken(_ context.Context, oin string) (map[string]string, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	return maps.Clone(p.kept[oin]), nil
}

func (p *prints) BewaarVingerafdrukken(_ context.Context, oin string, added map[string]string) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.broken != nil {
		return p.broken
	}
	if p.kept == nil {
		p.kept = map[string]map[string]string{}
	}
	if p.kept[oin] == nil {
		p.kept[oin] = map[string]string{}
	}
	for name, value := range added {
		if _, ok := p.kept[oin][name]; !ok {
			p.kept[oin][name] = value
		}
	}
	return nil
}

func open(t testing.TB, dir string, p *prints, organisaties ...string) *betrokkene.Sleutelbos {
	t.Helper()
	b, err := betrokkene.Open(context.Background(), dir, organisaties, p)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func keyring(t testing.TB, b *betrokkene.Sleutelbos, oin string) *betrokkene.Sleutels {
	t.Helper()
	s, ok := b.Organisatie(oin)
	if !ok {
		t.Fatalf("no keys of organisation %s", oin)
	}
	return s
}

// files gives the names and contents of all files under dir.
func files(t testing.TB, dir string) map[string]string {
	t.Helper()
	out := map[string]string{}
	err := filepath.WalkDir(dir, func(path string, d os.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		text, err := os.ReadFile(path)
		rel, _ := filepath.Rel(dir, path)
		out[rel] = string(text)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func write(t testing.TB, path, text string, mode os.FileMode) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), mode); err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(path, mode); err != nil {
		t.Fatal(err)
	}
}

func keyText(digit string) string { return strings.Repeat(digit, 64) + "\n" }

func TestNewOrganisationGetsOneKeyOfEachKindThatOnlyItsOwnerReads(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "data", "sleutels")
	p := &prints{}
	open(t, dir, p, oinA, oinB)

	distinct := map[string]bool{}
	for _, oin := range []string{oinA, oinB} {
		for _, name := range []string{"handle-1", "zegel-1", "teken-1"} {
			path := filepath.Join(dir, oin, name+".key")
			info, err := os.Stat(path)
			if err != nil {
				t.Fatal(err)
			}
			if info.Mode().Perm() != 0o600 || info.Size() != 65 {
				t.Errorf("%s has mode %o and %d bytes", name, info.Mode().Perm(), info.Size())
			}
			if len(p.kept[oin][name]) != 64 {
				t.Errorf("the fingerprint of %s is not kept", name)
			}
		}
	}
	found := files(t, dir)
	for name, text := range found {
		distinct[text] = true
		for _, kept := range p.kept[oinA] {
			if strings.Contains(text, kept) {
				t.Errorf("the fingerprint tells the key in %s", name)
			}
		}
	}
	if len(found) != 6 || len(distinct) != 6 {
		t.Errorf("%d files with %d different keys, want 6 of each", len(found), len(distinct))
	}
	for _, d := range []string{dir, filepath.Dir(dir), filepath.Join(dir, oinA)} {
		if info, err := os.Stat(d); err != nil || info.Mode().Perm() != 0o700 {
			t.Errorf("directory %s has mode %o", filepath.Base(d), info.Mode().Perm())
		}
	}
}

func TestStartingAgainKeepsTheKeys(t *testing.T) {
	t.Parallel()
	dir, p := t.TempDir(), &prints{}
	first := keyring(t, open(t, dir, p, oinA), oinA)
	before := files(t, dir)
	second := keyring(t, open(t, dir, p, oinA, oinA), oinA)
	if diff := cmp.Diff(before, files(t, dir)); diff != "" {
		t.Error("the files have changed")
	}
	if first.Handle("persoon", "BSN", "2308572") != second.Handle("persoon", "BSN", "2308572") {
		t.Error("the handle is another one")
	}
	plain, err := second.Open(nil, betrokkene.KlasseNormaal, nil, first.Seal(nil, betrokkene.KlasseNormaal, nil, []byte("x")))
	if err != nil || string(plain) != "x" {
		t.Errorf("what was sealed before can't be opened: %v", err)
	}
	if _, ok := open(t, dir, p, oinA).Organisatie(oinB); ok {
		t.Error("there are keys of an organisation that was not opened")
	}
}

func TestInterruptedFirstStartGoesOnWithTheFilesThatAreThere(t *testing.T) {
	t.Parallel()
	dir, p := t.TempDir(), &prints{}
	write(t, filepath.Join(dir, oinA, "handle-1.key"), keyText("a"), 0o600)
	write(t, filepath.Join(dir, oinA, ".zegel-1.key.TEMP"), "half", 0o600)
	write(t, filepath.Join(dir, oinA, "README"), "not a key", 0o644)
	p.broken = errors.New("store is gone")
	if _, err := betrokkene.Open(context.Background(), dir, []string{oinA}, p); !errors.Is(err, p.broken) {
		t.Fatalf("when fingerprints can't be saved: %v", err)
	}
	made := files(t, dir)
	p.broken = nil
	open(t, dir, p, oinA)
	if diff := cmp.Diff(made, files(t, dir)); diff != "" {
		t.Error("the second start changed the files of the first")
	}
	if made[oinA+"/handle-1.key"] != keyText("a") || len(p.kept[oinA]) != 3 {
		t.Errorf("%d fingerprints are kept, or the first file was replaced", len(p.kept[oinA]))
	}
}

func TestRotationWritesWithTheNewKeyAndReadsWithBoth(t *testing.T) {
	t.Parallel()
	dir, p := t.TempDir(), &prints{}
	old := keyring(t, open(t, dir, p, oinA), oinA)
	sealed := old.Seal(nil, betrokkene.KlasseVertrouwelijk, []byte("aad"), []byte("content"))
	cursor := old.SealCursor(nil, []byte("page 2"))

	write(t, filepath.Join(dir, oinA, "handle-2.key"), keyText("b"), 0o600)
	write(t, filepath.Join(dir, oinA, "zegel-10.key"), keyText("c"), 0o600)
	rotated := keyring(t, open(t, dir, p, oinA), oinA)
	if p.kept[oinA]["handle-2"] == "" || p.kept[oinA]["zegel-10"] == "" || len(p.kept[oinA]) != 5 {
		t.Error("the fingerprints of the new keys are not kept")
	}

	handles := rotated.Handles("persoon", "BSN", "2308572")
	want := []betrokkene.Handle{rotated.Handle("persoon", "BSN", "2308572"), old.Handle("persoon", "BSN", "2308572")}
	if diff := cmp.Diff(want, handles); diff != "" || want[0] == want[1] {
		t.Errorf("handles are not the new one and the old one: %s", diff)
	}
	if plain, err := rotated.Open(nil, betrokkene.KlasseVertrouwelijk, []byte("aad"), sealed); err != nil || string(plain) != "content" {
		t.Errorf("what was sealed before can't be opened: %v", err)
	}
	if plain, err := rotated.OpenCursor(nil, cursor); err != nil || string(plain) != "page 2" {
		t.Errorf("a cursor of before can't be opened: %v", err)
	}
	newer := rotated.Seal(nil, betrokkene.KlasseNormaal, nil, nil)
	if rotated.Nieuwste(sealed) || !rotated.Nieuwste(newer) || old.Nieuwste(newer) || !old.Nieuwste(sealed) {
		t.Error("which key sealed is not told")
	}
	// The other process meets bytes of a key that it does not know, and finds the file.
	if _, err := old.Open(nil, betrokkene.KlasseNormaal, nil, newer); err != nil || !old.Nieuwste(newer) {
		t.Errorf("what is sealed after rotation does not open with the files that are there: %v", err)
	}
	if rotated.Pseudoniem("u42") != old.Pseudoniem("u42") {
		t.Error("the pseudonym changes with rotation")
	}
}

func TestStartIsRefusedWithTheFileAndTheWayOut(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		change func(t *testing.T, own string, p *prints)
		want   []string
	}{
		"when a key is missing": {
			func(t *testing.T, own string, _ *prints) { remove(t, own+"/zegel-1.key") },
			[]string{"zegel-1.key", "ontbreekt", "reservekopie"}},
		"when the whole directory is missing": {
			func(t *testing.T, own string, _ *prints) { remove(t, own) },
			[]string{".key", "ontbreekt", "reservekopie"}},
		"when a key is another one": {
			func(t *testing.T, own string, _ *prints) { write(t, own+"/handle-1.key", keyText("d"), 0o600) },
			[]string{"handle-1.key", "andere sleutel", "reservekopie"}},
		"when the group can read a key": {
			func(t *testing.T, own string, _ *prints) { chmod(t, own+"/teken-1.key", 0o640) },
			[]string{"teken-1.key", "0640", "chmod 600"}},
		"when everybody can write a key": {
			func(t *testing.T, own string, _ *prints) { chmod(t, own+"/teken-1.key", 0o602) },
			[]string{"teken-1.key", "0602", "chmod 600"}},
		"when others can add keys": {
			func(t *testing.T, own string, _ *prints) { chmod(t, own, 0o770) },
			[]string{oinA, "0770", "chmod 700"}},
		"when a key is cut off": {
			func(t *testing.T, own string, _ *prints) { write(t, own+"/zegel-1.key", keyText("d")[:63], 0o600) },
			[]string{"zegel-1.key", "beschadigd", "reservekopie"}},
		"when a key is not hexadecimal": {
			func(t *testing.T, own string, _ *prints) { write(t, own+"/zegel-1.key", keyText("x"), 0o600) },
			[]string{"zegel-1.key", "beschadigd", "reservekopie"}},
		"when a new number holds an old key": {
			func(t *testing.T, own string, _ *prints) {
				write(t, own+"/zegel-2.key", files(t, own)["zegel-1.key"], 0o600)
			},
			[]string{"zegel-1.key", "zegel-2.key", "dezelfde sleutel", "eigen sleutel"}},
		"when an unknown key has a lower number": {
			func(t *testing.T, own string, p *prints) {
				write(t, own+"/zegel-3.key", keyText("d"), 0o600)
				open(t, filepath.Dir(own), p, oinA)
				write(t, own+"/zegel-2.key", keyText("e"), 0o600)
			},
			[]string{"zegel-2.key", "lager nummer", "hoger nummer"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dir, p := t.TempDir(), &prints{}
			open(t, dir, p, oinA)
			c.change(t, filepath.Join(dir, oinA), p)
			before := files(t, dir)
			bekend, err := p.Vingerafdrukken(context.Background(), oinA)
			if err != nil {
				t.Fatal(err)
			}

			_, err = betrokkene.Open(context.Background(), dir, []string{oinA}, p)
			var shown *fout.Fout
			if !errors.As(err, &shown) {
				t.Fatalf("got %v", err)
			}
			for _, part := range append(c.want, "start opnieuw") {
				if !strings.Contains(shown.Detail, part) {
					t.Errorf("%q does not say %q", shown.Detail, part)
				}
			}
			for file, text := range before {
				if strings.HasSuffix(file, ".key") && strings.Contains(err.Error(), strings.TrimSpace(text)) {
					t.Error("the error tells a key")
				}
			}
			if diff := cmp.Diff(before, files(t, dir)); diff != "" {
				t.Error("a refused start changed the files")
			}
			// Otherwise the store would ask for a key that nobody can give.
			if nu, _ := p.Vingerafdrukken(context.Background(), oinA); !maps.Equal(bekend, nu) {
				t.Errorf("a refused start told the store of keys: %v, before %v", nu, bekend)
			}
		})
	}
}

func remove(t *testing.T, path string) {
	t.Helper()
	if err := os.RemoveAll(path); err != nil {
		t.Fatal(err)
	}
}

func chmod(t *testing.T, path string, mode os.FileMode) {
	t.Helper()
	if err := os.Chmod(path, mode); err != nil {
		t.Fatal(err)
	}
}

func TestStartIsRefusedWhenTheConfigurationOrTheStoreIsWrong(t *testing.T) {
	t.Parallel()
	refused := func(dir string, p *prints, want string, organisaties ...string) {
		t.Helper()
		if _, err := betrokkene.Open(context.Background(), dir, organisaties, p); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("got %v, want an error with %q", err, want)
		}
	}
	dir := t.TempDir()
	for _, oin := range []string{"", "..", "../../etc", "0000009900000000100", oinA + "0", "0000009900000000100x"} {
		refused(dir, &prints{}, "geen OIN van 20 cijfers", oin)
	}
	if left := files(t, dir); len(left) != 0 {
		t.Errorf("a refused start left %d files", len(left))
	}

	p := &prints{kept: map[string]map[string]string{oinA: {"onbekend-1": "00"}}}
	refused(dir, p, "nieuwere versie", oinA)

	shared := t.TempDir()
	for _, oin := range []string{oinA, oinB} {
		write(t, filepath.Join(shared, oin, "handle-1.key"), keyText("a"), 0o600)
	}
	refused(shared, &prints{}, "dezelfde sleutel", oinA, oinB)
}

func TestNodesThatStartTogetherOnOneDirectoryEndWithOneSetOfKeys(t *testing.T) {
	t.Parallel()
	for range 20 {
		dir, p := t.TempDir(), &prints{}
		const nodes = 4
		handles, errs := make([]betrokkene.Handle, nodes), make([]error, nodes)
		var wg sync.WaitGroup
		for i := range nodes {
			wg.Go(func() {
				b, err := betrokkene.Open(context.Background(), dir, []string{oinA}, p)
				if errs[i] = err; err == nil {
					s, _ := b.Organisatie(oinA)
					handles[i] = s.Handle("persoon", "BSN", "2308572")
				}
			})
		}
		wg.Wait()
		for i := range nodes {
			if errs[i] != nil || handles[i] != handles[0] {
				t.Fatalf("node %d has other keys than node 0, or an error: %v", i, errs[i])
			}
		}
		if found := files(t, dir); len(found) != 3 || len(p.kept[oinA]) != 3 {
			t.Fatalf("%d files and %d fingerprints, want 3 of each", len(found), len(p.kept[oinA]))
		}
	}
}

func TestNodesThatStartTogetherOnDifferentDirectoriesDoNotBothRun(t *testing.T) {
	t.Parallel()
	for range 20 {
		p := &prints{}
		errs := make([]error, 2)
		var wg sync.WaitGroup
		for i := range errs {
			dir := t.TempDir()
			wg.Go(func() { _, errs[i] = betrokkene.Open(context.Background(), dir, []string{oinA}, p) })
		}
		wg.Wait()
		if (errs[0] == nil) == (errs[1] == nil) {
			t.Fatalf("want one node to run and one to be refused, got %v and %v", errs[0], errs[1])
		}
	}
}

func TestPrintingAKeyringShowsNoKey(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	write(t, filepath.Join(dir, oinA, "handle-1.key"), keyText("a"), 0o600)
	s := keyring(t, open(t, dir, &prints{}, oinA), oinA)
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%x", "%d"} {
		if got := fmt.Sprintf(verb, s); got != "betrokkene.Sleutels(***)" {
			t.Errorf("%s prints %d bytes", verb, len(got))
		}
	}
}
