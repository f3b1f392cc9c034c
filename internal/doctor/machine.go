package doctor

import (
	"fmt"
	"os"
	"path/filepath"
	"syscall"
	"time"
)

// Free space below which an operator must know; below the last the register is about to stop.
const (
	vrijDeel   = 10      // percent
	vrijWeinig = 5 << 30 // bytes
	vrijTeKrap = 1 << 30
)

// ruimte judges the free space where the store is, or will be.
func (o *onderzoek) ruimte() {
	dir, ok := o.Config.SQLiteMap()
	if !ok {
		return
	}
	dir = bestaand(dir)
	vrij, totaal, err := o.Schijf(dir)
	if err != nil || totaal == 0 {
		o.meld(Waarschuwing, "schijf", "De vrije ruimte bij "+dir+" is niet vast te stellen.", "Een volle schijf legt het register stil.", "Bewaak de vrije ruimte zelf.")
		return
	}
	wat := fmt.Sprintf("Bij %s is %s vrij van %s (%d %%).", dir, omvang(vrij), omvang(totaal), vrij*100/totaal)
	const waarom = "Is de schijf vol, dan weigert het register alles, en horen applicaties hun verwerking af te breken."
	const uitweg = "Maak ruimte of geef de opslag een grotere schijf."
	switch {
	case vrij < vrijTeKrap:
		o.meld(Fout, "schijf", wat, waarom, uitweg)
	case vrij < vrijWeinig || vrij*100/totaal < vrijDeel:
		o.meld(Waarschuwing, "schijf", wat, waarom, uitweg)
	default:
		o.goed("schijf", "%s", wat)
	}
}

// bestaand gives the nearest directory that exists.
func bestaand(dir string) string {
	if abs, err := filepath.Abs(dir); err == nil {
		dir = abs
	}
	for {
		if _, err := os.Stat(dir); err == nil || dir == filepath.Dir(dir) {
			return dir
		}
		dir = filepath.Dir(dir)
	}
}

func schijf(dir string) (vrij, totaal uint64, err error) {
	var s syscall.Statfs_t
	if err := syscall.Statfs(dir, &s); err != nil {
		return 0, 0, err
	}
	return s.Bavail * uint64(s.Bsize), s.Blocks * uint64(s.Bsize), nil
}

// klok compares this machine's clock with the newest registration, and with the register's own clock.
func (o *onderzoek) klok() {
	const waarom = "Tijdstippen in de log zijn bewijs, en een token geldt maar kort: met een verkeerde klok klopt het een niet en faalt het ander."
	const uitweg = "Zet de klok gelijk en laat haar door NTP bijhouden."
	speling := o.Config.Token.Speling
	fouten := 0
	if o.opslag != nil && !o.opslag.laatste.IsZero() {
		if voor := o.opslag.laatste.Sub(o.Nu()); voor > speling {
			fouten++
			o.meld(Fout, "klok", fmt.Sprintf("De nieuwste versie in de opslag is %v later geregistreerd dan het nu is.", voor.Round(time.Second)), waarom, uitweg)
		}
	}
	if o.dienst != nil && !o.dienst.datum.IsZero() {
		if d := o.dienst.afstand.Abs(); d > speling+time.Second {
			fouten++
			o.meld(Fout, "klok", fmt.Sprintf("De klok van %s wijkt %v af van die van deze machine.", o.dienst.adres, d.Round(time.Second)), waarom, uitweg)
		} else if d > speling/2+time.Second {
			fouten++
			o.meld(Waarschuwing, "klok", fmt.Sprintf("De klok van %s wijkt %v af van die van deze machine.", o.dienst.adres, d.Round(time.Second)), waarom, uitweg)
		}
	}
	if fouten > 0 {
		return
	}
	if o.dienst == nil && (o.opslag == nil || o.opslag.laatste.IsZero()) {
		o.goed("klok", "Er is niets om de klok mee te vergelijken: het register draait niet en de opslag is leeg.")
		return
	}
	o.goed("klok", "De klok past bij de opslag en bij de dienst.")
}

// Open files below which the register refuses connections before its own limits do. Each connection
// is one, beside those of the store.
const (
	filesAltijd = 256
	filesMin    = 1024
)

// systeem judges the limits of the operating system. Those of the service may be others: it says so.
func (o *onderzoek) systeem() {
	var r syscall.Rlimit
	if err := syscall.Getrlimit(syscall.RLIMIT_NOFILE, &r); err != nil {
		return
	}
	nodig := uint64(o.Config.Limieten.Verbindingen + filesAltijd)
	wat := fmt.Sprintf("Een proces mag hier %d bestanden open hebben; limieten.verbindingen vraagt er %d.", r.Cur, nodig)
	const waarom = "Elke verbinding telt als bestand; boven de grens worden afnemers geweigerd en kan ook de opslag stilvallen."
	const uitweg = "Verhoog de grens (LimitNOFILE in systemd, ulimit -n), of verlaag limieten.verbindingen; kijk ook naar de grens van de dienst zelf."
	switch {
	case r.Cur < filesMin:
		o.meld(Fout, "systeem", wat, waarom, uitweg)
	case r.Cur < nodig:
		o.meld(Waarschuwing, "systeem", wat, waarom, uitweg)
	default:
		o.goed("systeem", "%s", wat)
	}
}
