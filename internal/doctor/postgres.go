package doctor

import (
	"context"
	"net"
	"net/url"
	"strings"
	"time"

	"github.com/verantwoord/verantwoord/internal/store/postgres"
)

// geduldPostgres bounds how long the server may take to answer.
const geduldPostgres = 15 * time.Second

// storePostgres looks at a store in PostgreSQL, which registers may be using.
func (o *onderzoek) storePostgres() {
	ctx, cancel := context.WithTimeout(o.ctx, geduldPostgres)
	defer cancel()
	in, err := postgres.Inspect(ctx, o.Config.Store, o.kamers)
	if err != nil {
		wat, uitweg := postgres.Uitleg(err)
		if wat == "" {
			wat, uitweg = err.Error(), "kijk in het logboek van PostgreSQL"
		}
		o.meld(Fout, "opslag", "De opslag in PostgreSQL is niet te gebruiken: "+wat+".", "Het register kan zo niet starten, en neemt niets aan.", hoofdletter(uitweg)+".")
		return
	}
	o.opslag = &opslag{in.Vingerafdrukken, in.Laatste}
	o.postgresInstellingen(in)
	switch {
	case in.Kopie:
		o.meld(Fout, "opslag", "store wijst naar een kopie (standby), waarin niet geschreven kan worden.", "Het register kan zo niets vastleggen.", "Laat store naar de hoofdserver wijzen.")
	case in.Schema > in.Nieuwste:
		o.meld(Fout, "opslag", "De opslag is gemaakt door een nieuwere versie van Verantwoord.", "serve weigert te starten.", "Installeer die versie of een latere.")
	case o.dienst != nil && !o.dienst.gereed:
		o.nietGereed()
	case in.Schema == 0:
		o.goed("opslag", "In de database (PostgreSQL %s) staat nog geen opslag; serve maakt haar bij de eerste start.", in.Server)
	case in.Schema < in.Nieuwste:
		o.goed("opslag", "De opslag (PostgreSQL %s) heeft versie %d; serve werkt haar bij naar %d.", in.Server, in.Schema, in.Nieuwste)
	default:
		o.goed("opslag", "De opslag (PostgreSQL %s, versie %d) bevat %d versies van %d organisaties.", in.Server, in.Schema, in.Versies, len(in.Vingerafdrukken))
	}
}

// postgresInstellingen judges what a crash of the server leaves, and who reads along on the way.
func (o *onderzoek) postgresInstellingen(in *postgres.Inspectie) {
	voor := len(o.bevindingen)
	if in.Instellingen[postgres.InstellingFsync] != "on" {
		o.meld(Fout, "duurzaamheid", "fsync staat uit in PostgreSQL.", "Wat het register heeft bevestigd kan na een storing weg zijn, en de database beschadigd.", "Zet fsync = on.")
	}
	if in.Instellingen[postgres.InstellingHeel] != "on" {
		o.meld(Waarschuwing, "duurzaamheid", "full_page_writes staat uit in PostgreSQL.", "Valt de stroom weg terwijl er wordt geschreven, dan kan een pagina half oud en half nieuw zijn.",
			"Zet full_page_writes = on, tenzij het bestandssysteem een pagina altijd heel schrijft.")
	}
	switch s := in.Instellingen[postgres.InstellingCommit]; s {
	case "on", "remote_apply":
	default:
		o.meld(Waarschuwing, "duurzaamheid", "synchronous_commit staat op "+s+" in PostgreSQL.", "Het register zet dit voor zijn eigen verbindingen op on, maar andere programma's niet.", "Zet synchronous_commit = on.")
	}
	if len(o.bevindingen) == voor {
		o.goed("duurzaamheid", "PostgreSQL bevestigt pas wat op schijf staat (fsync, full_page_writes, synchronous_commit %s).", in.Instellingen[postgres.InstellingCommit])
	}
	if !in.Versleuteld && !opMachine(o.Config.Store) {
		o.meld(Waarschuwing, "versleuteling", "De verbinding met PostgreSQL is niet versleuteld.", "Client-id's, tijdstippen en het wachtwoord zijn onderweg te lezen; wie meeleest kan ook iets veranderen.",
			"Zet sslmode=verify-full achter het adres in store.")
	}
}

// opMachine tells whether a database is on this machine: by a socket, or on loopback.
func opMachine(adres string) bool {
	u, err := url.Parse(adres)
	if err != nil {
		return false
	}
	host := u.Hostname()
	if host == "" {
		host = u.Query().Get("host")
	}
	ip := net.ParseIP(host)
	return strings.HasPrefix(host, "/") || host == "localhost" || ip != nil && ip.IsLoopback()
}

func hoofdletter(s string) string { return strings.ToUpper(s[:1]) + s[1:] }
