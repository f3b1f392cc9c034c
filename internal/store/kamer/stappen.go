package kamer

import (
	"context"
	"errors"
	"fmt"

	"github.com/verantwoord/verantwoord/internal/fout"
)

// Applicaties is the first step: applications made through the API, sealed; client ids stand plain to be
// unique. SQLite had these tables before the rooms counted their own steps, hence IF NOT EXISTS.
const Applicaties = `
	CREATE TABLE IF NOT EXISTS applicatie(id TEXT PRIMARY KEY, organisatie BIGINT NOT NULL, versie BIGINT NOT NULL, inhoud BYTEA NOT NULL);

	CREATE TABLE IF NOT EXISTS applicatieclient(client_id TEXT PRIMARY KEY, applicatie TEXT NOT NULL);
	CREATE INDEX IF NOT EXISTS applicatieclient_applicatie ON applicatieclient(applicatie);

	-- The number of the last change is the generation by which other processes see that there was one.
	CREATE TABLE IF NOT EXISTS applicatiewijziging(nr BIGINT PRIMARY KEY, organisatie BIGINT NOT NULL, applicatie TEXT NOT NULL,
		versie BIGINT NOT NULL, moment BIGINT NOT NULL, inhoud BYTEA NOT NULL);
	CREATE INDEX IF NOT EXISTS applicatiewijziging_organisatie ON applicatiewijziging(organisatie, nr);`

// beheerlog: the edge of a tree of an organisation beside that of its log, and the events that are its leaves with the hashes that
// each brings, in the order of tlog. What an event says is sealed.
const beheerlog = `
	CREATE TABLE IF NOT EXISTS boom(organisatie BIGINT NOT NULL, boom TEXT NOT NULL, grootte BIGINT NOT NULL, laatste BIGINT NOT NULL,
		rand BYTEA, PRIMARY KEY(organisatie, boom));

	CREATE TABLE IF NOT EXISTS beheerregel(organisatie BIGINT NOT NULL, nr BIGINT NOT NULL, id TEXT NOT NULL, moment BIGINT NOT NULL,
		soort TEXT NOT NULL, hashes BYTEA NOT NULL, inhoud BYTEA NOT NULL, PRIMARY KEY(organisatie, nr));
	CREATE INDEX IF NOT EXISTS beheerregel_soort ON beheerregel(organisatie, soort, nr);`

// gebruikers: people, groups and proposals, sealed. ingang is a keyed handle of what is unique in its kind. The generation
// counts the changes of an organisation: each is decided on all that holds, and another node sees by it that there was one.
const gebruikers = `
	CREATE TABLE IF NOT EXISTS gebruikersstand(organisatie BIGINT PRIMARY KEY, generatie BIGINT NOT NULL);

	CREATE TABLE IF NOT EXISTS gebruikersrij(organisatie BIGINT NOT NULL, soort TEXT NOT NULL, id TEXT NOT NULL, versie BIGINT NOT NULL,
		ingang BYTEA, inhoud BYTEA NOT NULL, PRIMARY KEY(organisatie, soort, id));
	CREATE UNIQUE INDEX IF NOT EXISTS gebruikersrij_ingang ON gebruikersrij(organisatie, soort, ingang);`

// aanmelden: what is between a first step and a session, attempts by five minutes, what a person signs in with, sessions, browsers
// that passed the second step (vertrouwd: until when the code is not asked again; verloopt: until when the browser is recognised), and
// which events of the beheerlog concern the sign-ins of whom. Tokens are kept as hashes, addresses as handles, all else sealed.
const aanmelden = `
	CREATE TABLE IF NOT EXISTS aanmelding(id TEXT PRIMARY KEY, organisatie BIGINT NOT NULL, account BYTEA NOT NULL, inhoud BYTEA NOT NULL,
		code BYTEA NOT NULL, browser BYTEA NOT NULL, pogingen BIGINT NOT NULL, verzonden BIGINT NOT NULL, gestuurd BIGINT NOT NULL,
		verloopt BIGINT NOT NULL, gebruikt BIGINT NOT NULL);
	CREATE INDEX IF NOT EXISTS aanmelding_verloopt ON aanmelding(verloopt);

	CREATE TABLE IF NOT EXISTS aanmeldteller(organisatie BIGINT NOT NULL, account BYTEA NOT NULL, soort TEXT NOT NULL, venster BIGINT NOT NULL,
		aantal BIGINT NOT NULL, PRIMARY KEY(organisatie, account, soort, venster));
	CREATE INDEX IF NOT EXISTS aanmeldteller_venster ON aanmeldteller(venster);

	CREATE TABLE IF NOT EXISTS middel(organisatie BIGINT NOT NULL, gebruiker TEXT NOT NULL, soort TEXT NOT NULL, id TEXT NOT NULL,
		versie BIGINT NOT NULL, inhoud BYTEA NOT NULL, PRIMARY KEY(organisatie, gebruiker, soort, id));

	CREATE TABLE IF NOT EXISTS sessie(id BYTEA PRIMARY KEY, organisatie BIGINT NOT NULL, gebruiker TEXT NOT NULL, begonnen BIGINT NOT NULL,
		gezien BIGINT NOT NULL, verloopt BIGINT NOT NULL, bevestigd BIGINT NOT NULL, inhoud BYTEA NOT NULL);
	CREATE INDEX IF NOT EXISTS sessie_gebruiker ON sessie(organisatie, gebruiker);
	CREATE INDEX IF NOT EXISTS sessie_verloopt ON sessie(verloopt);

	CREATE TABLE IF NOT EXISTS apparaat(id BYTEA PRIMARY KEY, organisatie BIGINT NOT NULL, gebruiker TEXT NOT NULL, vertrouwd BIGINT NOT NULL,
		verloopt BIGINT NOT NULL);
	CREATE INDEX IF NOT EXISTS apparaat_gebruiker ON apparaat(organisatie, gebruiker);
	CREATE INDEX IF NOT EXISTS apparaat_verloopt ON apparaat(verloopt);

	CREATE TABLE IF NOT EXISTS aanmeldhistorie(organisatie BIGINT NOT NULL, gebruiker TEXT NOT NULL, nr BIGINT NOT NULL,
		PRIMARY KEY(organisatie, gebruiker, nr));`

// post: mail that waits, was delivered or could not be; sealed.
const post = `
	CREATE TABLE IF NOT EXISTS post(id TEXT PRIMARY KEY, organisatie BIGINT NOT NULL, stand TEXT NOT NULL, pogingen BIGINT NOT NULL,
		volgende BIGINT NOT NULL, gemaakt BIGINT NOT NULL, inhoud BYTEA NOT NULL);
	CREATE INDEX IF NOT EXISTS post_volgende ON post(stand, volgende);`

// activiteiten: processing activities, what couples them to the landscape, and the ground of the log; sealed. As of gebruikers.
const activiteiten = `
	CREATE TABLE IF NOT EXISTS activiteitenstand(organisatie BIGINT PRIMARY KEY, generatie BIGINT NOT NULL);

	CREATE TABLE IF NOT EXISTS activiteitenrij(organisatie BIGINT NOT NULL, soort TEXT NOT NULL, id TEXT NOT NULL, versie BIGINT NOT NULL,
		ingang BYTEA, inhoud BYTEA NOT NULL, PRIMARY KEY(organisatie, soort, id));
	CREATE UNIQUE INDEX IF NOT EXISTS activiteitenrij_ingang ON activiteitenrij(organisatie, soort, ingang);`

// tellingen: how many records the log holds of each activity on each day, and how many leaves were counted. Derived.
const tellingen = `
	CREATE TABLE IF NOT EXISTS telstand(organisatie BIGINT PRIMARY KEY, geteld BIGINT NOT NULL);

	CREATE TABLE IF NOT EXISTS telling(organisatie BIGINT NOT NULL, activiteit TEXT NOT NULL, dag TEXT NOT NULL, aantal BIGINT NOT NULL,
		PRIMARY KEY(organisatie, activiteit, dag));`

// inwoners: sessions of citizens, attempts by five minutes, states that were used, and which events of the beheerlog concern whom. As of
// aanmelden; persoon is the handle that the log has of the same person.
const inwoners = `
	CREATE TABLE IF NOT EXISTS inwonersessie(id BYTEA PRIMARY KEY, organisatie BIGINT NOT NULL, persoon BYTEA NOT NULL, begonnen BIGINT NOT NULL,
		gezien BIGINT NOT NULL, verloopt BIGINT NOT NULL, inhoud BYTEA NOT NULL);
	CREATE INDEX IF NOT EXISTS inwonersessie_persoon ON inwonersessie(organisatie, persoon);
	CREATE INDEX IF NOT EXISTS inwonersessie_verloopt ON inwonersessie(verloopt);
	CREATE INDEX IF NOT EXISTS inwonersessie_gezien ON inwonersessie(gezien);

	CREATE TABLE IF NOT EXISTS inwonerteller(organisatie BIGINT NOT NULL, wie BYTEA NOT NULL, soort TEXT NOT NULL, venster BIGINT NOT NULL,
		aantal BIGINT NOT NULL, PRIMARY KEY(organisatie, wie, soort, venster));
	CREATE INDEX IF NOT EXISTS inwonerteller_venster ON inwonerteller(venster);

	CREATE TABLE IF NOT EXISTS inwonerstaat(id BYTEA PRIMARY KEY, organisatie BIGINT NOT NULL, verloopt BIGINT NOT NULL);
	CREATE INDEX IF NOT EXISTS inwonerstaat_verloopt ON inwonerstaat(verloopt);

	CREATE TABLE IF NOT EXISTS inwonerhistorie(organisatie BIGINT NOT NULL, persoon BYTEA NOT NULL, nr BIGINT NOT NULL, moment BIGINT NOT NULL,
		PRIMARY KEY(organisatie, persoon, nr));
	CREATE INDEX IF NOT EXISTS inwonerhistorie_moment ON inwonerhistorie(moment);`

// checkpoints: what was signed of the trees of an organisation, and since when a key signs. gehouden: a receipt used it.
const checkpoints = `
	CREATE TABLE IF NOT EXISTS checkpoint(organisatie BIGINT NOT NULL, boom TEXT NOT NULL, nr BIGINT NOT NULL, grootte BIGINT NOT NULL,
		wortel BYTEA NOT NULL, moment BIGINT NOT NULL, openbaar BIGINT NOT NULL, gehouden BIGINT NOT NULL, tekst BYTEA NOT NULL,
		PRIMARY KEY(organisatie, boom, nr));
	CREATE INDEX IF NOT EXISTS checkpoint_openbaar ON checkpoint(organisatie, boom, openbaar, nr);
	CREATE INDEX IF NOT EXISTS checkpoint_grootte ON checkpoint(organisatie, boom, grootte);

	CREATE TABLE IF NOT EXISTS checkpointsleutel(organisatie BIGINT NOT NULL, boom TEXT NOT NULL, sleutel TEXT NOT NULL, sinds BIGINT NOT NULL,
		PRIMARY KEY(organisatie, boom, sleutel));`

// beschermingen: citizens of whom something holds, and proposals to end it; sealed. As of gebruikers.
const beschermingen = `
	CREATE TABLE IF NOT EXISTS beschermingsstand(organisatie BIGINT PRIMARY KEY, generatie BIGINT NOT NULL);

	CREATE TABLE IF NOT EXISTS beschermingsrij(organisatie BIGINT NOT NULL, soort TEXT NOT NULL, id TEXT NOT NULL, versie BIGINT NOT NULL,
		ingang BYTEA, inhoud BYTEA NOT NULL, PRIMARY KEY(organisatie, soort, id));
	CREATE UNIQUE INDEX IF NOT EXISTS beschermingsrij_ingang ON beschermingsrij(organisatie, soort, ingang);`

// sleutels: since when a key that came after the first of its kind is known (µs), and how far rewriting with the newest keys is.
const sleutels = `
	CREATE TABLE IF NOT EXISTS sleutelmoment(organisatie BIGINT NOT NULL, naam TEXT NOT NULL, bekend BIGINT NOT NULL,
		PRIMARY KEY(organisatie, naam));

	CREATE TABLE IF NOT EXISTS hersleuteling(organisatie BIGINT PRIMARY KEY, doel TEXT NOT NULL, volgende BIGINT NOT NULL,
		totaal BIGINT NOT NULL, gewijzigd BIGINT NOT NULL, gelaten BIGINT NOT NULL, begonnen BIGINT NOT NULL, klaar BIGINT NOT NULL);`

// nakijkingen: what the daily checks of an organisation came to; gebreken is JSON, and names places and nobody.
const nakijkingen = `
	CREATE TABLE IF NOT EXISTS nakijking(organisatie BIGINT NOT NULL, nr BIGINT NOT NULL, begonnen BIGINT NOT NULL, duur BIGINT NOT NULL,
		oordeel BIGINT NOT NULL, versies BIGINT NOT NULL, beheerlog BIGINT NOT NULL, checkpoints BIGINT NOT NULL, aantal BIGINT NOT NULL,
		gebreken BYTEA NOT NULL, PRIMARY KEY(organisatie, nr));`

// getuigen: what witnesses cosigned of public checkpoints, by the public key of the witness.
const getuigen = `
	CREATE TABLE IF NOT EXISTS medeondertekening(organisatie BIGINT NOT NULL, boom TEXT NOT NULL, nr BIGINT NOT NULL, sleutel TEXT NOT NULL,
		moment BIGINT NOT NULL, regel BYTEA NOT NULL, PRIMARY KEY(organisatie, boom, nr, sleutel));
	CREATE INDEX IF NOT EXISTS medeondertekening_sleutel ON medeondertekening(organisatie, boom, sleutel, nr);`

// domeinen: what who acts for a citizen may see, and proposals about it; sealed. As of gebruikers.
const domeinen = `
	CREATE TABLE IF NOT EXISTS domeinstand(organisatie BIGINT PRIMARY KEY, generatie BIGINT NOT NULL);

	CREATE TABLE IF NOT EXISTS domeinrij(organisatie BIGINT NOT NULL, soort TEXT NOT NULL, id TEXT NOT NULL, versie BIGINT NOT NULL,
		ingang BYTEA, inhoud BYTEA NOT NULL, PRIMARY KEY(organisatie, soort, id));
	CREATE UNIQUE INDEX IF NOT EXISTS domeinrij_ingang ON domeinrij(organisatie, soort, ingang);`

// sleutelkamers: how far sealing the rooms anew is, after the log. doel says with which keys; another one than that of
// hersleuteling is of before.
const sleutelkamers = `
	CREATE TABLE IF NOT EXISTS hersleutelkamer(organisatie BIGINT PRIMARY KEY, doel TEXT NOT NULL, plek TEXT NOT NULL,
		bekeken BIGINT NOT NULL, gewijzigd BIGINT NOT NULL, gelaten BIGINT NOT NULL, klaar BIGINT NOT NULL);`

// tijdvakken: the epochs of a tree after the first, with the bytes of the leaf that begins each (docs/bewijs.md). They stand on
// the engine of their tree, in the transaction of the leaf: the tree can't be made anew without them.
const tijdvakken = `
	CREATE TABLE IF NOT EXISTS tijdvak(organisatie BIGINT NOT NULL, boom TEXT NOT NULL, nummer BIGINT NOT NULL, blad BIGINT NOT NULL,
		inhoud BYTEA NOT NULL, PRIMARY KEY(organisatie, boom, nummer));`

// stap is one migration. It only adds: processes of the version before go on while it runs. Its statements
// may be run again (IF NOT EXISTS): some distributed engines commit each table by itself, and a crash may come in between.
type stap struct{ naam, tekst string }

// stappen are the migrations, forward only: step i leads to version i+1. What has been released is never
// changed.
var stappen = []stap{
	{"applicaties", Applicaties},
	{"beheerlog", beheerlog},
	{"gebruikers", gebruikers},
	{"aanmelden", aanmelden},
	{"post", post},
	{"activiteiten", activiteiten},
	{"tellingen", tellingen},
	{"inwoners", inwoners},
	{"checkpoints", checkpoints},
	{"beschermingen", beschermingen},
	{"sleutels", sleutels},
	{"nakijkingen", nakijkingen},
	{"getuigen", getuigen},
	{"domeinen", domeinen},
	{"sleutelkamers", sleutelkamers},
	{"tijdvakken", tijdvakken},
}

const (
	sqlSchema      = `CREATE TABLE IF NOT EXISTS kamerschema(versie BIGINT PRIMARY KEY)`
	sqlSchemaLees  = `SELECT coalesce(max(versie), 0) FROM kamerschema`
	sqlSchemaNieuw = `INSERT INTO kamerschema(versie) VALUES($1)`
)

// Plan names the steps that Migrate would take.
func Plan(ctx context.Context, o Opslag) ([]string, error) {
	versie, err := stand(ctx, o, stappen)
	if err != nil {
		return nil, err
	}
	var namen []string
	for _, s := range stappen[versie:] {
		namen = append(namen, s.naam)
	}
	return namen, nil
}

// Stappen names every step there is: what Migrate takes on an empty store.
func Stappen() (namen []string) {
	for _, s := range stappen {
		namen = append(namen, s.naam)
	}
	return namen
}

// Migrate brings the tables of the rooms to the newest version; an engine does so when it is opened.
// Several processes may do it at once.
func Migrate(ctx context.Context, o Opslag) error { return migrate(ctx, o, stappen) }

func migrate(ctx context.Context, o Opslag, stappen []stap) error {
	versie, err := stand(ctx, o, stappen)
	if err != nil {
		return err
	}
	for ; versie < len(stappen); versie++ {
		err := o.Write(ctx, func(tx *Tx) error {
			if _, err := tx.Exec(sqlSchema); err != nil {
				return err
			}
			var er int
			if err := tx.QueryRow(sqlSchemaLees).Scan(&er); err != nil || er > versie {
				return err // or another process took the step
			}
			if _, err := tx.Exec(stappen[versie].tekst); err != nil {
				return err
			}
			// Last: an engine that commits each table by itself must not note what is not there yet.
			_, err := tx.Exec(sqlSchemaNieuw, versie+1)
			return err
		})
		if err != nil {
			return fmt.Errorf("migrate rooms to version %d (%s): %w", versie+1, stappen[versie].naam, err)
		}
	}
	return nil
}

// stand is the version that the tables have. It asks for no right to make tables, and changes nothing.
func stand(ctx context.Context, o Opslag, stappen []stap) (versie int, err error) {
	err = o.Read(ctx, func(tx *Tx) error { return tx.QueryRow(sqlSchemaLees).Scan(&versie) })
	switch {
	case errors.Is(err, fout.NietBeschikbaar) || ctx.Err() != nil:
		return 0, fmt.Errorf("read version of the rooms: %w", err)
	case err != nil:
		return 0, nil // there is no such table yet; whatever else it is, the first step meets it too
	case versie > len(stappen):
		return 0, fout.New(fout.CodeNietBeschikbaar,
			"De opslag is gemaakt door een nieuwere versie van Verantwoord; installeer die versie of een latere.")
	}
	return versie, nil
}
