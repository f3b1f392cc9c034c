package postgres

import (
	"context"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/jackc/pgx/v5"

	"github.com/verantwoord/verantwoord/internal/store/postgrestest"
)

// vulling is a log of two organisations, with a thousand groups of twenty versions each.
const vulling = `
	INSERT INTO organisatie(nr, oin, grootte, laatste, rand) SELECT o, o, 20000, 0, '' FROM generate_series(101, 102) o;
	INSERT INTO groep(organisatie, van, nr, registratie, aantal, hashes)
		SELECT o, i * 20, i, i * 20, 20, '' FROM generate_series(0, 999) i, generate_series(101, 102) o;
	INSERT INTO versie(organisatie, groep, plaats, actie, nummer, tijdstip, kenmerk, verwerking, afnemer, persoon, object, inhoud)
		SELECT o, i / 20, i % 20, gen_random_uuid(), 1, 0, 257, gen_random_uuid(), gen_random_uuid(),
			md5((i % 500)::text)::uuid, gen_random_uuid(), '' FROM generate_series(0, 19999) i, generate_series(101, 102) o;
	INSERT INTO ingang(organisatie, soort, sleutel, groep, plaats) SELECT organisatie, 1, gen_random_uuid(), groep, plaats FROM versie;
	INSERT INTO idempotentie(organisatie, dag, sleutel, lichaam, registratie, blad)
		SELECT o, 20000 + i % 3, gen_random_uuid(), gen_random_uuid(), 0, i FROM generate_series(0, 9999) i, generate_series(101, 102) o;
	INSERT INTO sleutel(organisatie, naam, vingerafdruk) SELECT o, i, '' FROM generate_series(0, 99) i, generate_series(101, 102) o`

// vraag is a statement that looks something up, and how it must: the index and the columns by which it is
// entered, for each table.
type vraag struct {
	tekst, waarden string
	toegang        []string
}

const (
	doorGroep  = "groep_organisatie_nr_key organisatie nr"
	doorVersie = "versie_pkey organisatie groep plaats"
)

var vragen = map[string]vraag{
	"size":                {sqlGrootte, "101", []string{"organisatie_pkey nr"}},
	"versions":            {sqlVersies, "101, gen_random_uuid()", []string{"versie_actie organisatie actie", doorGroep}},
	"the newest version":  {sqlNieuwste, "101, gen_random_uuid()", []string{"versie_actie organisatie actie", doorGroep}},
	"leaves":              {sqlRijen, "101, '{1,5000,19999}'", []string{"groep_pkey organisatie van", doorVersie}},
	"nodes":               {sqlKnopen, "101, '{1,9999,30000}', '{1,5000,19999}'", []string{"groep_pkey organisatie van"}},
	"by verwerking":       zoekvraag(2, "verwerking"),
	"by afnemer":          zoekvraag(3, "afnemer"),
	"by person":           zoekvraag(1, "persoon"),
	"by object":           zoekvraag(4, "object"),
	"fingerprints":        {sqlSleutelLees, "101", []string{"sleutel_pkey organisatie"}},
	"head rows":           {sqlKop, "'{101,102}'", []string{"organisatie_pkey nr"}},
	"head rows to lock":   {sqlKopSlot, "'{101,102}'", []string{"organisatie_pkey nr"}},
	"a head row to touch": {sqlKopAanraken, "101", []string{"organisatie_pkey nr"}},
	"a head row to move":  {sqlKopVerzetten, "101, 5", []string{"organisatie_pkey nr", doorGroep}},
	"a head row to write": {voorbereid["kop"], "101, 1, 1, '', 5, 0, 2, 2, ''", []string{"organisatie_pkey nr", "versie_pkey organisatie groep plaats"}},
	"a group":             {sqlGroepIsEr, "101, 5", []string{doorGroep}},
	"newest numbers":      {sqlVersieKop, "'{101}', array[gen_random_uuid()], 7", []string{"versie_actie organisatie actie"}},
	"idempotency keys": {sqlIdemLees, "'{101}', array[gen_random_uuid()], 1728000000000000",
		[]string{"organisatie_pkey nr", "idempotentie_pkey organisatie dag sleutel"}},
	"old idempotency keys": {sqlIdemWis, "101, 20001", []string{"idempotentie_pkey organisatie dag"}},
}

func zoekvraag(soort int, naam string) vraag {
	return vraag{sqlZoek[soort], "101, array[md5('1')::uuid, md5('2')::uuid], 1::smallint",
		[]string{"versie_" + naam + " organisatie " + naam, doorGroep, "ingang_pkey organisatie soort sleutel", doorVersie}}
}

// A young table has no statistics, and a prepared statement keeps the plan that was made then.
func TestEveryQuestionEntersByAnIndexWhateverThePlannerKnows(t *testing.T) {
	t.Parallel()
	s := open(t, postgrestest.Database(t), opties(t))
	err := with(bg, s.lees, func(c *pgx.Conn) error {
		for _, kennis := range []string{vulling, "ANALYZE"} {
			if _, err := c.Exec(bg, kennis); err != nil {
				return err
			}
			for _, plan := range []string{"generic", "custom"} {
				if _, err := c.Exec(bg, "SET plan_cache_mode = force_"+plan+"_plan"); err != nil {
					return err
				}
				for naam, v := range vragen {
					regels, err := explain(bg, c, v)
					if err != nil {
						return err
					}
					want := slices.Compact(slices.Sorted(slices.Values(v.toegang)))
					if d := cmp.Diff(want, toegang(regels)); d != "" {
						t.Errorf("%s, %s plan, after %.9q (-want +got):\n%s\n%s", naam, plan, kennis, d, strings.Join(regels, "\n"))
					}
				}
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

func explain(ctx context.Context, c *pgx.Conn, v vraag) ([]string, error) {
	if _, err := c.Exec(ctx, "PREPARE vraag AS "+v.tekst); err != nil {
		return nil, err
	}
	defer c.Exec(ctx, "DEALLOCATE vraag")
	rows, err := c.Query(ctx, "EXPLAIN (COSTS OFF) EXECUTE vraag("+v.waarden+")", pgx.QueryExecModeSimpleProtocol)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, pgx.RowTo[string])
}

var (
	scan      = regexp.MustCompile(`(?:Index Scan|Index Only Scan)(?: Backward)? using (\w+) on|Bitmap Index Scan on (\w+)`)
	voorwaard = regexp.MustCompile(`\((\w+) [=<>]`)
)

// toegang tells by which indexes and columns a plan enters. What it should not do is among it.
func toegang(regels []string) []string {
	var l []string
	index := ""
	for _, r := range regels {
		if m := scan.FindStringSubmatch(r); m != nil {
			index = m[1] + m[2]
		}
		switch naam, rest, _ := strings.Cut(strings.TrimSpace(r), ": "); {
		case naam == "Index Cond":
			for _, m := range voorwaard.FindAllStringSubmatch(rest, -1) {
				index += " " + m[1]
			}
			l = append(l, index)
		case strings.Contains(r, "Seq Scan"), strings.Contains(r, "Hash Join"), strings.Contains(r, "Merge Join"):
			l = append(l, strings.TrimSpace(r))
		}
	}
	slices.Sort(l)
	return slices.Compact(l)
}
