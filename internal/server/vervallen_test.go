package server

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/pquerna/otp/totp"

	"github.com/verantwoord/verantwoord/internal/betrokkene"
	"github.com/verantwoord/verantwoord/internal/config"
	"github.com/verantwoord/verantwoord/internal/hersleuteling"
	"github.com/verantwoord/verantwoord/internal/store/postgrestest"
)

// bestand is a key file of the organisation.
func (p *sleutelproef) bestand(naam string) string {
	return filepath.Join(p.sleutels, oinBewijs, naam+".key")
}

// verval asks to retire a key as the command does, has it answered, and gives what stands beside the keys then.
func (k *knoop) verval(soort string, nummer int) *hersleuteling.Stand {
	k.p.Helper()
	_, pad, err := betrokkene.VraagVerval(k.p.sleutels, oinBewijs, soort, nummer)
	if err != nil {
		k.p.Fatal(err)
	}
	k.sleutelwerk.verval(context.Background())
	if _, err := os.Stat(pad); !os.IsNotExist(err) {
		k.p.Errorf("the question is still there: %v", err)
	}
	stand, err := hersleuteling.Lees(k.p.sleutels, oinBewijs)
	if err != nil || stand == nil {
		k.p.Fatal(stand, err)
	}
	return stand
}

// meldtZichAan signs in a person whose means are known, by password, code and app.
func (k *knoop) meldtZichAan(email, geheim string, brief int) *browser {
	k.p.Helper()
	b := newBrowser(k.p.T, k.url)
	b.want(b.do("/beheer/aanmelden", "email", email, "wachtwoord", goedWachtwoord), "/beheer/aanmelden/code")
	b.want(b.do("/beheer/aanmelden/code", "code", k.p.mail.code(k.p.T, email, brief)), "/beheer/aanmelden/extra")
	k.p.later(time.Minute) // a code of the app works once
	app, err := totp.GenerateCode(geheim, k.p.nu())
	if err != nil {
		k.p.Fatal(err)
	}
	b.want(b.do("/beheer/aanmelden/extra", "soort", "totp", "totp", app), "/beheer/")
	return b
}

const beaHeer = "b.heer@voorbeeldstad.example"

func TestAnOldSealingKeyIsRetiredAndItsFileTakenAway(t *testing.T) {
	t.Parallel()
	opElkeOpslag(t, func(t *testing.T, store string) {
		ctx := context.Background()
		p := newSleutelproef(t, store)
		k := p.knoop(p.sleutels)
		b, geheim := beheerder(t, k.Server, p.mail, k.url, "Bea Heer", beaHeer)
		b.want(b.do("/beheer/functiegroepen", "naam", "Burgerzaken"), "/beheer/functiegroepen", "Burgerzaken")
		b.do("/beheer/autorisatiegroepen/nieuw", "naam", "Balie", "omschrijving", "Kijkt mee.")
		groep := b.pad
		var ids []string
		for range 10 {
			ids = append(ids, k.leg("Eerst"))
		}
		k.kijk()
		if s := k.verval("zegel", 1); len(s.Vervallen) > 0 || !strings.Contains(s.Geweigerd["zegel-1"], "gebruikt zegel-1") {
			t.Errorf("the only key: %+v", s)
		}
		// A backup of before, with the keys; of files, so nobody may be writing them.
		var reserve string
		if dir, ok := config.SQLiteMap(store); ok {
			reserve = t.TempDir()
			k.close()
			if err := os.CopyFS(filepath.Join(reserve, "store"), os.DirFS(dir)); err != nil {
				t.Fatal(err)
			}
			k = p.knoop(p.sleutels)
		}
		eerste, err := os.ReadFile(p.bestand("zegel-1"))
		if err != nil {
			t.Fatal(err)
		}

		p.nieuw(betrokkene.SoortZegel)
		k.kijk()
		p.later(betrokkene.Wachttijd)
		k.kijk()
		if s := k.verval("zegel", 1); len(s.Vervallen) > 0 || !strings.Contains(s.Geweigerd["zegel-1"], "niet klaar") {
			t.Errorf("before rewriting: %+v", s)
		}
		if s := k.verval("handle", 1); !strings.Contains(s.Geweigerd["handle-1"], "gebruikt handle-1") {
			t.Errorf("a key of another kind: %+v", s.Geweigerd)
		}
		if s := k.verval("zegel", 7); !strings.Contains(s.Geweigerd["zegel-7"], "kent zegel-7 niet") {
			t.Errorf("a key that is not there: %+v", s.Geweigerd)
		}
		documenten, err := k.sleutelwerk.opslag.Tel(ctx, oinBewijs)
		if err != nil || documenten[1] < 10 {
			t.Fatalf("documents under each key: %v, %v", documenten, err)
		}
		_, _, bladen := k.onder()
		p.later(hersleuteling.Rust)
		// A page that was opened before it is saved after it, and meets nobody.
		b = k.meldtZichAan(beaHeer, geheim, 2)
		keuzes := []string{"versie", "1", "r.verwerkingenlog.zien.gewoon", "alles"}
		b.want(b.do(groep+"/rechten", keuzes...), groep+"/rechten", "Balie")
		k.kijk()
		b.want(b.do(groep+"/rechten/bewaren", append(keuzes, "reden", "De balie kijkt mee met vragen.")...), groep)
		stand, err := hersleuteling.Lees(p.sleutels, oinBewijs)
		if err != nil || !stand.Klaar() || stand.Voortgang.Kamers.Gewijzigd == 0 || stand.Voortgang.Gelaten+stand.Voortgang.Kamers.Gelaten != 0 {
			t.Fatalf("after rewriting: %+v, %v", stand, err)
		}
		k.sleutelwerk.verval(ctx) // counts
		k.kijk()
		if stand, err = hersleuteling.Lees(p.sleutels, oinBewijs); err != nil || !stand.Nodig["zegel-1"].Niets() || len(stand.Nodig) != 1 {
			t.Errorf("what is needed: %+v, %v", stand, err)
		}
		k.gebeurd("herschrijven klaar", 1)
		if s := k.verval("zegel", 1); s.Vervallen["zegel-1"].IsZero() || len(s.Geweigerd) > 0 {
			t.Fatalf("it is not retired: %+v", s)
		}
		k.gebeurd("zegel-1 vervallen", 1)
		k.verval("zegel", 1) // once more does no harm
		k.gebeurd("zegel-1 vervallen", 1)
		k.vindt(ids...)

		// The file goes while it runs, and nobody misses it.
		if err := os.Remove(p.bestand("zegel-1")); err != nil {
			t.Fatal(err)
		}
		k.kijk()
		k.gereed(200, "ok")
		ids = append(ids, k.leg("Zonder"))
		k.maker.Teken(ctx) // from now on more is remembered beside the keys than the backup has
		_, _, na := k.onder()
		if len(na) < len(bladen) || na[0] != bladen[0] {
			t.Error("leaves changed")
		}
		k.close()
		k = p.knoop(p.sleutels)
		k.kijk()
		k.schrijft(1, 2, 1)
		k.gereed(200, "ok")
		k.vindt(ids...)
		b = k.meldtZichAan(beaHeer, geheim, 3)
		b.want(b.do(groep), groep, "Balie", "verwerkingenlog")
		b.want(b.do("/beheer/functiegroepen"), "/beheer/functiegroepen", "Burgerzaken")
		b.want(b.do("/beheer/beheerlog"), "/beheer/beheerlog", "Bea Heer", "zegel-1 vervallen")
		if _, err := k.beheerlog.Controle(ctx, oinBewijs); err != nil {
			t.Error(err)
		}
		k.close()
		kijkOpslagNa(t, store, p.sleutels)

		// What comes back is harmless: the key itself, and whatever has its name.
		for naam, inhoud := range map[string]string{"the key": string(eerste), "another key": strings.Repeat("ab", 32) + "\n", "no key": "weg"} {
			if err := os.WriteFile(p.bestand("zegel-1"), []byte(inhoud), 0o600); err != nil {
				t.Fatal(err)
			}
			k = p.knoop(p.sleutels)
			k.kijk()
			k.schrijft(1, 2, 1)
			k.vindt(ids...)
			k.gereed(200, "ok")
			if s, _ := k.sleutels.Organisatie(oinBewijs); s.Doel() != "" {
				t.Errorf("%s: it rewrites with %s", naam, s.Doel())
			}
			k.close()
		}
		// Under a next number it is not taken.
		if err := os.Remove(p.bestand("zegel-1")); err != nil {
			t.Fatal(err)
		}
		k = p.knoop(p.sleutels)
		if err := os.WriteFile(p.bestand("zegel-3"), eerste, 0o600); err != nil {
			t.Fatal(err)
		}
		if err := k.sleutels.Ververs(ctx); err == nil || !strings.Contains(err.Error(), "vervallen") {
			t.Errorf("a retired key as a new one: %v", err)
		}
		k.gereed(200, "ok")
		k.close()
		if err := os.Remove(p.bestand("zegel-3")); err != nil {
			t.Fatal(err)
		}

		if reserve != "" { // who puts the backup back, puts the key back
			if err := os.WriteFile(p.bestand("zegel-1"), eerste, 0o600); err != nil {
				t.Fatal(err)
			}
			toen := newSleutelproef(t, "sqlite:"+filepath.Join(reserve, "store"))
			toen.sleutels = p.sleutels
			toen.later(time.Duration(p.vooruit.Load()))
			if _, err := OpenTijdvak(ctx, toen.config(p.sleutels), TijdvakOpties{OIN: oinBewijs, Reden: "Kopie van vóór het vervallen van een sleutel", Nu: toen.nu}); err != nil {
				t.Fatal(err)
			}
			k = toen.knoop(p.sleutels)
			k.vindt(ids[:10]...)
		}
	})
}

func TestTwoNodesRetireAKeyTogether(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	p := newSleutelproef(t, postgrestest.Database(t))
	een, ander := p.knoop(p.sleutels), p.knoop(p.sleutels)
	beheerder(t, een.Server, p.mail, een.url, "Bea Heer", beaHeer)
	ids := []string{een.leg("Een"), ander.leg("Ander")}
	p.nieuw(betrokkene.SoortZegel)
	een.kijk()
	ander.kijk()
	p.later(betrokkene.Wachttijd + hersleuteling.Rust)
	for _, k := range []*knoop{een, ander, een} {
		k.kijk()
	}
	if s := ander.verval("zegel", 1); s.Vervallen["zegel-1"].IsZero() {
		t.Fatalf("%+v", s)
	}
	if err := os.Remove(p.bestand("zegel-1")); err != nil {
		t.Fatal(err)
	}
	for _, k := range []*knoop{een, ander, een} {
		k.kijk()
		k.gereed(200, "ok")
		ids = append(ids, k.leg("Daarna"))
		k.vindt(ids...)
		k.gebeurd("zegel-1 vervallen", 1)
		if _, err := k.beheerlog.Controle(ctx, oinBewijs); err != nil {
			t.Error(err)
		}
	}
}
