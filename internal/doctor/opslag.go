package doctor

import (
	"context"
	"errors"
	"fmt"

	"github.com/verantwoord/verantwoord/internal/autorisatie"
	"github.com/verantwoord/verantwoord/internal/betrokkene"
	"github.com/verantwoord/verantwoord/internal/fout"
	"github.com/verantwoord/verantwoord/internal/hersleuteling"
	kast "github.com/verantwoord/verantwoord/internal/store/applicatie"
	"github.com/verantwoord/verantwoord/internal/store/kamer"
	"github.com/verantwoord/verantwoord/internal/store/sqlite"
)

// Versions not in the index: from the first on a question is worth asking, from the second on the
// store soon refuses records.
const (
	achterstandVeel   = 100_000
	achterstandTeVeel = 300_000
)

// store looks at the store, or asks the register that has it open.
func (o *onderzoek) store() {
	dir, ok := o.Config.SQLiteMap()
	if !ok {
		o.storePostgres()
		return
	}
	in, err := sqlite.Inspect(o.ctx, dir, o.Controle, o.kamers)
	switch {
	case err != nil:
		o.meld(Fout, "opslag", "De opslag in "+dir+" is niet te lezen: "+err.Error()+".", "Het register kan zo niet starten.",
			"Controleer map en rechten; is het bestand beschadigd, zet dan een reservekopie terug.")
		return
	case !in.Bestaat:
		o.opslag = &opslag{}
		o.goed("opslag", "Er is nog geen opslag in %s; serve maakt haar bij de eerste start.", dir)
		return
	case in.InGebruik:
		o.inGebruik(in)
		return
	}
	o.opslag = &opslag{in.Vingerafdrukken, in.Laatste}
	switch {
	case in.Oordeel != "":
		o.meld(Fout, "opslag", "De opslag in "+dir+" is beschadigd: "+in.Oordeel+".", "Logregels kunnen verloren of onleesbaar zijn.",
			"Start niet; bewaar een kopie van de map en zet een reservekopie terug.")
	case in.Onvoltooid:
		o.meld(Waarschuwing, "opslag", fmt.Sprintf("De opslag in %s (%s) is te groot om binnen %v helemaal te controleren.", dir, omvang(uint64(in.Omvang)), o.Controle),
			"Schade in het niet bekeken deel blijft dan onopgemerkt.", "Geef meer tijd met --controle, bijvoorbeeld --controle 30m.")
	default:
		o.goed("opslag", "De opslag in %s is heel: %d versies, %s.", dir, in.Versies, omvang(uint64(in.Omvang)))
	}
	o.achterstand(in.Achterstand, "De volgende start duurt langer, want die werkt de index eerst bij.", "Start het register en wacht tot het klaar is.")
}

// kamers keeps what the other examinations need of the rooms.
func (o *onderzoek) kamers(k kamer.Opslag) (err error) {
	if o.rijen, _, err = kast.New(k).LoadApplicaties(o.ctx); err != nil {
		return err
	}
	o.laden = leesLaden(o.ctx, k, o.oins)
	o.punten = leesBewaard(o.ctx, k, o.oins)
	o.tijdvakken = leesTijdvakken(o.ctx, k, o.oins)
	o.nagekeken = leesNakijkingen(o.ctx, k, o.oins)
	return nil
}

// inGebruik asks the register that has the store open.
func (o *onderzoek) inGebruik(in *sqlite.Inspectie) {
	switch {
	case o.dienst == nil:
		o.meld(Fout, "opslag", "De opslag is in gebruik, en er antwoordt geen register op "+o.Config.URL+" of "+o.Config.Listen+".",
			"Een register dat hangt legt niets vast; een ander proces hoort niet bij de opslag te kunnen.",
			"Zoek het proces dat de opslag open heeft, en bekijk het logboek van de dienst.")
	case !o.dienst.gereed:
		o.nietGereed()
	default:
		o.goed("opslag", "De opslag (%s) is in gebruik door een register dat gereed is.", omvang(uint64(in.Omvang)))
		if o.dienst.achterstand >= 0 {
			o.achterstand(o.dienst.achterstand, "Vragen kosten meer geheugen, en bij 400 000 weigert het register nieuwe records.",
				"Kijk naar vrije schijfruimte en het logboek van de dienst.")
		}
	}
}

func (o *onderzoek) nietGereed() {
	o.meld(Fout, "opslag", "Het register draait en is niet gereed: "+o.dienst.woord+".", "Het neemt nu niets aan.", "Zoek de oorzaak in het logboek van de dienst.")
}

func (o *onderzoek) achterstand(n int64, waarom, uitweg string) {
	switch wat := fmt.Sprintf("De index loopt %d versies achter.", n); {
	case n >= achterstandTeVeel:
		o.meld(Fout, "index", wat, waarom, uitweg)
	case n >= achterstandVeel:
		o.meld(Waarschuwing, "index", wat, waarom, uitweg)
	default:
		o.goed("index", "%s", wat)
	}
}

// sleutels compares the keys with what the store knows of them, and opens with them the applications
// that were made through the API.
func (o *onderzoek) sleutels() {
	bekend := map[string]map[string]string{}
	if o.opslag != nil {
		bekend = o.opslag.vingerafdrukken
	}
	oins := append([]string{}, o.oins...)
	for oin, afdrukken := range bekend {
		if len(afdrukken) > 0 {
			oins = append(oins, oin)
		}
	}
	bos, fouten := betrokkene.Controleer(o.Config.Sleutels, oins, bekend)
	o.bos = bos
	// Of an embedded store that is in use only the register itself knows which keys there must be; it wrote down what is wrong.
	for _, oin := range o.oins {
		if stand, err := hersleuteling.Lees(o.Config.Sleutels, oin); err == nil && stand != nil && stand.Gebrek != "" && o.dienst != nil && fouten[oin] == nil {
			fouten[oin] = fout.New(fout.CodeIntern, stand.Gebrek)
		}
	}
	for oin, err := range fouten {
		o.meld(Fout, "sleutels", "De sleutels van organisatie "+oin+" deugen niet. "+zin(err),
			"Zonder de juiste sleutels is de log onleesbaar; het register start niet, en als het draait neemt het niets aan.", "Zet het bestand terug uit de reservekopie van de sleutels, of herstel de rechten.")
	}
	switch {
	case len(fouten) > 0:
	case o.opslag != nil:
		o.goed("sleutels", "De sleutels in %s zijn die van de opslag, en alleen voor de eigenaar.", o.Config.Sleutels)
	case o.dienst != nil:
		o.goed("sleutels", "De sleutels in %s zijn alleen voor de eigenaar; het draaiende register heeft ze met de opslag vergeleken.", o.Config.Sleutels)
	}
	if len(o.rijen) == 0 {
		return
	}
	b, err := autorisatie.NewBeheer(o.ctx, autorisatie.BeheerOpties{
		Opslag: gelezen(o.rijen), Sleutels: bos.Organisatie,
		Meld: func(err error) {
			o.meld(Waarschuwing, "applicaties", "Een applicatie uit de opslag telt niet mee: "+err.Error()+".", "Zij kan zich niet aanmelden.", "Maak haar opnieuw aan.")
		},
	})
	if err != nil {
		o.meld(Waarschuwing, "applicaties", "De applicaties in de opslag zijn niet te lezen: "+zin(err), "Hun rechten zijn niet beoordeeld.", "Herstel eerst de sleutels.")
		return
	}
	gezien := map[string]bool{}
	for _, oin := range o.oins {
		for _, r := range b.List(oin, nil) {
			if !gezien[r.ID.String()] {
				gezien[r.ID.String()] = true
				o.applicaties = append(o.applicaties, r.Applicatie)
			}
		}
	}
}

// gelezen are the applications of a store that is not open; nothing can be changed.
type gelezen []autorisatie.Rij

var errDicht = errors.New("the store is not open")

// LoadApplicaties implements autorisatie.Opslag.
func (g gelezen) LoadApplicaties(context.Context) ([]autorisatie.Rij, int64, error) { return g, 0, nil }

// Generatie implements autorisatie.Opslag.
func (gelezen) Generatie(context.Context) (int64, error) { return 0, nil }

// PutApplicatie implements autorisatie.Opslag.
func (gelezen) PutApplicatie(context.Context, autorisatie.Rij, autorisatie.WijzigingRij) error {
	return errDicht
}

// DeleteApplicatie implements autorisatie.Opslag.
func (gelezen) DeleteApplicatie(context.Context, autorisatie.Rij, autorisatie.WijzigingRij) error {
	return errDicht
}

// LoadWijzigingen implements autorisatie.Opslag.
func (gelezen) LoadWijzigingen(context.Context, string) ([]autorisatie.WijzigingRij, error) {
	return nil, fout.Wrap(fout.CodeIntern, "", errDicht)
}

// omvang writes a number of bytes for a person.
func omvang(n uint64) string {
	for _, e := range []struct {
		per  uint64
		naam string
	}{{1 << 40, "TiB"}, {1 << 30, "GiB"}, {1 << 20, "MiB"}, {1 << 10, "KiB"}} {
		if n >= e.per {
			return fmt.Sprintf("%.1f %s", float64(n)/float64(e.per), e.naam)
		}
	}
	return fmt.Sprintf("%d bytes", n)
}
