package e2e

import (
	"net/http"
	"os"
	"path/filepath"
	"testing"
	"time"
)

const herstelPagina = "../docs/beheer/herstel.md"

func TestThePageAboutAStoreThatWasPutBackShowsWhatItsCommandsAnswer(t *testing.T) {
	t.Parallel()
	p := nieuwePagina(t)
	p.klok.Set(time.Date(2026, 4, 2, 9, 10, 0, 0, time.UTC))
	p.open()
	p.uur(time.Date(2026, 4, 2, 9, 10, 0, 0, time.UTC), 12)
	p.dicht()
	p.must(os.CopyFS(filepath.Join(p.store, "oud"), os.DirFS(filepath.Join(p.store, "store"))))
	p.open()
	p.uur(time.Date(2026, 4, 2, 14, 10, 0, 0, time.UTC), 5)
	for naam, pad := range map[string]string{"gezien.txt": "/checkpoint", "sleutel.txt": "/sleutel"} {
		status, b := p.vraag("auditor", "GET", "/bewijs/"+voorbeeldstad+pad, nil)
		if status != http.StatusOK {
			t.Fatalf("%s: status %d", pad, status)
		}
		p.must(os.WriteFile(filepath.Join(p.auditor, naam), b, 0o600))
	}
	apps := filepath.Join(p.store, "applicaties.yaml")
	p.must(os.WriteFile(apps, []byte(applicatiesPagina), 0o600))
	p.must(os.WriteFile(filepath.Join(p.store, "verantwoord.yaml"), []byte("url: "+logURL+"\nlisten: 127.0.0.1:0\nstore: sqlite:"+filepath.Join(p.store, "store")+
		"\nsleutels: "+filepath.Join(p.store, "sleutels")+"\napplicaties: "+apps+"\n"), 0o600))
	if stuks := p.loop(herstelPagina); stuks < 6 {
		t.Errorf("the page has %d commands", stuks)
	}
}
