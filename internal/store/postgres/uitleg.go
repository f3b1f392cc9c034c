package postgres

import (
	"crypto/tls"
	"errors"
	"net"
	"strings"

	"github.com/jackc/pgx/v5/pgconn"
)

// Uitleg says, for an operator, why a store can't be opened and what the way out is; both are empty when
// the reason is not the server or the way to it. It repeats nothing of the address, which may hold a
// password.
func Uitleg(err error) (wat, uitweg string) {
	var (
		adres      *pgconn.ParseConfigError
		server     *pgconn.PgError
		verbinden  *pgconn.ConnectError
		naam       *net.DNSError
		vertrouwen *tls.CertificateVerificationError
	)
	switch {
	case errors.As(err, &adres):
		return "het adres in store is niet te begrijpen", "schrijf postgres://gebruiker:wachtwoord@server:5432/database, met % en twee cijfers voor een bijzonder teken in het wachtwoord"
	case errors.As(err, &server):
		return uitlegServer(server)
	case errors.As(err, &vertrouwen):
		return "het certificaat van de server wordt niet vertrouwd", "noem de server in store zoals in zijn certificaat, en geef de uitgever met sslrootcert=BESTAND achter het adres"
	case errors.As(err, &naam):
		return "de naam van de server is niet bekend", "controleer het adres in store"
	case errors.As(err, &verbinden) && strings.Contains(err.Error(), "server refused TLS connection"):
		return "de server kan geen versleutelde verbinding maken", "zet ssl aan op de server, of verlaag sslmode achter het adres als het netwerk te vertrouwen is"
	case errors.As(err, &verbinden):
		wat = "de server antwoordt niet"
		var poging *net.OpError
		if errors.As(err, &poging) {
			wat += " (" + poging.Error() + ")"
		}
		return wat, "kijk of PostgreSQL draait en of dit adres vanaf deze machine te bereiken is"
	}
	return "", ""
}

func uitlegServer(err *pgconn.PgError) (wat, uitweg string) {
	switch err.Code {
	case "28P01", "28000":
		return "de server weigert de aanmelding", "controleer gebruiker en wachtwoord in store, en pg_hba.conf op de server"
	case "3D000":
		return "de database bestaat niet", "maak haar aan met createdb, of verbeter de naam in store"
	case "42501":
		return "de gebruiker mist een recht", "maak hem eigenaar van de database, of geef hem rechten op het schema en de tabellen"
	case codeAlleenLezen, "0A000":
		return "de server is een kopie waarin niet geschreven kan worden", "laat store naar de hoofdserver wijzen"
	case "53300":
		return "de server heeft geen verbinding meer vrij", "verhoog max_connections, of laat minder processen verbinding maken"
	case "57P03":
		return "de server start of stopt", "wacht even en probeer het opnieuw"
	}
	return "de server geeft een fout: " + err.Message, "kijk in het logboek van PostgreSQL"
}
