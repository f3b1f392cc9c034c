package sqlite

import (
	"errors"
	"io/fs"
	"syscall"

	sqlite3 "modernc.org/sqlite/lib"
)

// Uitleg says in Dutch why a store can't be used because of the disk it stands on, and the way out; "" for any other error.
func Uitleg(err error) (wat, uitweg string) {
	switch {
	case code(err) == sqlite3.SQLITE_FULL, errors.Is(err, syscall.ENOSPC), errors.Is(err, syscall.EDQUOT):
		return "de schijf van de opslag is vol", "maak ruimte vrij en probeer het opnieuw"
	case code(err) == sqlite3.SQLITE_READONLY, errors.Is(err, syscall.EROFS):
		return "op de schijf van de opslag is alleen te lezen", "zorg dat er geschreven mag worden, of gebruik een kopie op een schijf waar dat mag"
	case errors.Is(err, fs.ErrPermission):
		return "deze gebruiker mag niet bij de opslag", "gebruik de gebruiker van het register, of herstel de rechten van de map"
	}
	return "", ""
}
