package domein

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/google/uuid"

	"github.com/verantwoord/verantwoord/internal/activiteit"
	"github.com/verantwoord/verantwoord/internal/beheerlog"
	"github.com/verantwoord/verantwoord/internal/betrokkene"
	"github.com/verantwoord/verantwoord/internal/fout"
	"github.com/verantwoord/verantwoord/internal/inwoner"
	"github.com/verantwoord/verantwoord/internal/kast"
)

// Kastnaam is the name of the kast of domains, which is part of what is sealed; it never changes.
const Kastnaam = "verantwoord/domein/v1"

// Activiteiten is what is asked of the register of processing activities.
type Activiteiten interface {
	// Bekend gives the version that was valid at a moment, nil when none was; bekend is false for an unknown activity.
	Bekend(oin string, id uuid.UUID, op time.Time) (v *activiteit.Versie, bekend bool)
}

// Opties are what Domeinen need.
type Opties struct {
	Opslag       kast.Opslag
	Sleutels     func(oin string) (*betrokkene.Sleutels, bool)
	Organisaties []string // OINs
	Activiteiten Activiteiten
	// Eigen are the activities under which an organisation logs that people look in the log; they are never in a domein.
	Eigen func(oin string) []uuid.UUID
	Nu    func() time.Time
	Meld  func(error) // takes what is wrong in the background, for an operator
}

// Domeinen knows what is open. It may be used by many goroutines.
type Domeinen struct {
	kast         *kast.Kast[stand]
	activiteiten Activiteiten
	eigen        func(oin string) []uuid.UUID
	nu           func() time.Time
}

// Open reads the store and puts everything in force.
func Open(ctx context.Context, o Opties) (*Domeinen, error) {
	d := &Domeinen{activiteiten: o.Activiteiten, eigen: o.Eigen, nu: o.Nu}
	if d.nu == nil {
		d.nu = time.Now
	}
	if d.eigen == nil {
		d.eigen = func(string) []uuid.UUID { return nil }
	}
	var err error
	d.kast, err = kast.New(ctx, kast.Opties[stand]{
		Naam: Kastnaam, Wat: "domains of representatives", Vorm: vorm, Opslag: o.Opslag, Sleutels: o.Sleutels,
		Organisaties: o.Organisaties, Nu: d.nu, Meld: o.Meld, Grens: 128 << 10,
	})
	return d, err
}

// Follow looks for changes by other nodes until ctx ends.
func (d *Domeinen) Follow(ctx context.Context, elke time.Duration) { d.kast.Follow(ctx, elke) }

// Refresh puts in force what other nodes changed, if anything.
func (d *Domeinen) Refresh(ctx context.Context) error { return d.kast.Refresh(ctx) }

// OpenDomein is a domein that is open now.
type OpenDomein struct {
	ID           uuid.UUID
	Naam, Uitleg string
	activiteiten map[uuid.UUID]bool // true: a reason was given, so what was sensitive then is shown too
}

// Activiteiten are those of which something may be seen, at least one.
func (o *OpenDomein) Activiteiten() []uuid.UUID {
	uit := make([]uuid.UUID, 0, len(o.activiteiten))
	for id := range o.activiteiten {
		uit = append(uit, id)
	}
	slices.SortFunc(uit, func(a, b uuid.UUID) int { return slices.Compare(a[:], b[:]) })
	return uit
}

// Toont tells whether a line may be shown, by the version of its activity that was valid at its own moment: what was sensitive then and is not
// now, is not shown without a reason.
func (o *OpenDomein) Toont(id uuid.UUID, toen *activiteit.Versie) bool {
	reden, ok := o.activiteiten[id]
	if !ok {
		return false
	}
	g := Gevaren(toen)
	return len(g) == 0 || reden && !slices.Contains(g, Geheim)
}

// Open gives the domeinen that are open now for who acts for another in this way, by name; judged anew each time.
func (d *Domeinen) Open(oin string, soort inwoner.NamensSoort) (uit []OpenDomein) {
	for _, een := range d.kast.Stand(oin) {
		if !een.Open || !een.Inhoud.voor(soort) {
			continue
		}
		o := OpenDomein{ID: een.ID, Naam: een.Inhoud.Naam, Uitleg: een.Inhoud.Uitleg, activiteiten: map[uuid.UUID]bool{}}
		for _, a := range een.Inhoud.Activiteiten {
			if d.mag(oin, a) {
				o.activiteiten[a.ID] = a.Waarom != ""
			}
		}
		if len(o.activiteiten) > 0 {
			uit = append(uit, o)
		}
	}
	slices.SortFunc(uit, func(a, b OpenDomein) int {
		return cmp.Or(strings.Compare(a.Naam, b.Naam), slices.Compare(a.ID[:], b.ID[:]))
	})
	return uit
}

// mag tells whether an activity may be in a domein now.
func (d *Domeinen) mag(oin string, a Activiteit) bool {
	g := d.Gevaren(oin, a.ID)
	return !slices.Contains(g, Geheim) && !slices.Contains(g, Eigen) && (len(g) == 0 || a.Waarom != "")
}

// Gevaren tells why an activity of an organisation is sensitive now; with Geheim or Eigen it can't be in a domein.
func (d *Domeinen) Gevaren(oin string, id uuid.UUID) []Gevaar {
	if slices.Contains(d.eigen(oin), id) {
		return []Gevaar{Eigen}
	}
	v, _ := d.activiteiten.Bekend(oin, id, d.nu())
	return Gevaren(v)
}

// Handelingen of the module domeinen.
const (
	MagZien    = "zien"
	MagBeheren = "beheren"    // propose, and close
	MagOpenen  = "goedkeuren" // decide on the proposal of another
)

const (
	maxDomeinen     = 50
	maxActiviteiten = 100
	maxNaam         = 80
	maxTekst        = 500
	minReden        = 15
)

// Sentences for people.
var (
	errMag       = fout.New(fout.CodeGeenToestemming, "U mag dit niet: veilige domeinen instellen. Vraag een beheerder van Verantwoord om het recht ervoor.")
	errOnbekend  = fout.New(fout.CodeNietGevonden, "Dit domein is er niet, of niet meer.")
	errVol       = fout.New(fout.CodeGeenToestemming, "Er zijn al 50 domeinen. Voeg ze samen, of vraag of er een weg kan.")
	errEigen     = fout.New(fout.CodeGeenToestemming, "U stelde dit zelf voor. Vraag een andere medewerker om erover te beslissen.")
	errNietEigen = fout.New(fout.CodeGeenToestemming, "Alleen wie het voorstel deed trekt het in. Een andere medewerker kan het weigeren.")
	errGeen      = fout.New(fout.CodeGeenToestemming, "Er is geen voorstel, of het is vervallen: na veertien dagen vervalt het. Stel het zo nodig opnieuw voor.")
	errDicht     = fout.New(fout.CodeGeenToestemming, "Dit domein is al gesloten.")
	errGewijzigd = fout.New(fout.CodeGeenToestemming, "Een activiteit uit dit voorstel is intussen gevoelig geworden, of geldt niet meer. Weiger het, of vraag om een nieuw voorstel.")
)

// Alle gives all domeinen by name. Errors: CodeGeenToestemming.
func (d *Domeinen) Alle(m inwoner.Medewerker) (uit []*Domein, err error) {
	if err := eis(m, MagZien); err != nil {
		return nil, err
	}
	for _, een := range d.kast.Stand(m.OIN) {
		uit = append(uit, een)
	}
	slices.SortFunc(uit, func(a, b *Domein) int {
		return cmp.Or(strings.Compare(a.Naam(), b.Naam()), slices.Compare(a.ID[:], b.ID[:]))
	})
	return uit, nil
}

// Een gives one. Errors: CodeGeenToestemming, CodeNietGevonden.
func (d *Domeinen) Een(m inwoner.Medewerker, id uuid.UUID) (*Domein, error) {
	if err := eis(m, MagZien); err != nil {
		return nil, err
	}
	een, ok := d.kast.Stand(m.OIN)[id]
	if !ok {
		return nil, errOnbekend
	}
	return een, nil
}

func eis(m inwoner.Medewerker, handelingen ...string) error {
	if m.Mag == nil || !slices.ContainsFunc(handelingen, m.Mag) {
		return errMag
	}
	return nil
}

func is(m inwoner.Medewerker, w beheerlog.Wie) bool {
	return m.Wie.Soort == w.Soort && m.Wie.ID == w.ID
}

// StelVoor proposes what a domein is to be; uuid.Nil proposes a new one. A proposal that waited makes way for it.
//
// Errors: CodeOngeldig (naam, uitleg, voor, activiteiten, and waarom.<id> of a sensitive activity), CodeGeenToestemming with the way out,
// CodeNietGevonden, fout.Gelijktijdig.
func (d *Domeinen) StelVoor(ctx context.Context, m inwoner.Medewerker, id uuid.UUID, versie int64, in Inhoud) (uuid.UUID, error) {
	nieuw := id == uuid.Nil
	if nieuw {
		id = uuid.New()
	}
	return id, d.wijzig(ctx, m, []string{MagBeheren}, func(o *kast.Ontwerp[stand]) error {
		na := &Domein{ID: id, Versie: 1}
		switch voor := o.Voor[id]; {
		case nieuw && len(o.Voor) >= maxDomeinen:
			return errVol
		case nieuw:
		case voor == nil:
			return errOnbekend
		case voor.Versie != versie:
			return kast.Gewijzigd
		default:
			na = voor.volgende()
		}
		in, err := d.keur(m.OIN, o.Voor, id, in)
		if err != nil {
			return err
		}
		na.Voorstel = &Voorstel{Inhoud: in, Door: m.Wie, Gemaakt: o.Nu}
		o.Zet(na)
		o.Meld(beheerlog.Regel{Soort: beheerlog.Domein, Door: m.Wie, Betreft: na.wieIs(), Wat: "Voorgesteld aan een tweede medewerker: " + in.zin() + ".", Na: in})
		return nil
	})
}

// zin tells what it opens.
func (i *Inhoud) zin() string {
	voor := make([]string, len(i.Voor))
	for n, s := range i.Voor {
		voor[n] = map[inwoner.NamensSoort]string{inwoner.Ouder: "ouders", inwoner.Curator: "curatoren", inwoner.Gemachtigde: "gemachtigden"}[s]
	}
	taken := "1 taak"
	if n := len(i.Activiteiten); n != 1 {
		taken = fmt.Sprintf("%d taken", n)
	}
	return "het domein " + i.Naam + " open voor " + strings.Join(voor, ", ") + ", met " + taken
}

// keur gives what is kept of a proposal.
func (d *Domeinen) keur(oin string, s stand, id uuid.UUID, in Inhoud) (uit Inhoud, err error) {
	var mis []fout.Param
	zeg := func(veld, code, reden string) {
		mis = append(mis, fout.Param{Name: veld, Code: code, Reason: reden})
	}
	tekst := func(veld, t string, max int) string {
		t = strings.Join(strings.Fields(t), " ")
		if n := utf8.RuneCountInString(t); n == 0 || n > max || !utf8.ValidString(t) {
			zeg(veld, "required", fmt.Sprintf("Vul dit in, in hooguit %d tekens.", max))
		}
		return t
	}
	uit.Naam, uit.Uitleg = tekst("naam", in.Naam, maxNaam), tekst("uitleg", in.Uitleg, maxTekst)
	for _, ander := range s {
		if ander.ID != id && strings.EqualFold(ander.Naam(), uit.Naam) && uit.Naam != "" {
			zeg("naam", "unique", "Deze naam heeft al een ander domein. Kies een andere naam.")
			break
		}
	}
	for _, soort := range Soorten { // in this order, each once
		if in.voor(soort) {
			uit.Voor = append(uit.Voor, soort)
		}
	}
	if len(uit.Voor) == 0 {
		zeg("voor", "required", "Kies voor wie het domein open is.")
	}
	for _, a := range in.Activiteiten {
		if slices.ContainsFunc(uit.Activiteiten, func(b Activiteit) bool { return b.ID == a.ID }) {
			continue
		}
		a.Waarom = strings.Join(strings.Fields(a.Waarom), " ")
		switch g := d.Gevaren(oin, a.ID); {
		case slices.Contains(g, Geheim), slices.Contains(g, Eigen):
			zeg("activiteiten", "invalid_choice", "Een van deze activiteiten kan niet in een domein: zij geldt nu niet, is vertrouwelijk, of gaat over kijken in de log. Haal haar weg.")
		case len(g) == 0:
			a.Waarom = ""
		default:
			if n := utf8.RuneCountInString(a.Waarom); n < minReden || n > maxTekst || !utf8.ValidString(a.Waarom) {
				zeg("waarom."+a.ID.String(), "required", "Deze activiteit is gevoelig. Schrijf in 15 tot 500 tekens waarom zij toch veilig is, of haal haar weg.")
			}
		}
		uit.Activiteiten = append(uit.Activiteiten, a)
	}
	switch n := len(uit.Activiteiten); {
	case n == 0:
		zeg("activiteiten", "required", "Kies minstens één verwerkingsactiviteit.")
	case n > maxActiviteiten:
		zeg("activiteiten", "too_long", "Kies hooguit 100 verwerkingsactiviteiten.")
	}
	if mis != nil {
		return uit, fout.Ongeldig(mis...)
	}
	return uit, nil
}

// Beslis opens a domein as another officer proposed, or refuses that with a reason. One that never was open is gone when it is refused.
//
// Errors: CodeGeenToestemming for who may not, made the proposal, or when it lapsed or is not right any more; CodeOngeldig (reden);
// CodeNietGevonden, fout.Gelijktijdig.
func (d *Domeinen) Beslis(ctx context.Context, m inwoner.Medewerker, id uuid.UUID, versie int64, goed bool, reden string) error {
	return d.opVoorstel(ctx, m, []string{MagOpenen}, id, versie, func(o *kast.Ontwerp[stand], voor *Domein, v *Voorstel) error {
		if is(m, v.Door) {
			return errEigen
		}
		if !goed {
			reden, err := keurReden(reden)
			if err != nil {
				return err
			}
			d.zonder(o, voor)
			o.Meld(beheerlog.Regel{Soort: beheerlog.Domein, Door: m.Wie, Betreft: voor.wieIs(), Wat: "Geweigerd: " + v.Inhoud.zin() + ".", Reden: reden})
			return nil
		}
		if _, err := d.keur(m.OIN, o.Voor, id, v.Inhoud); err != nil {
			return errGewijzigd
		}
		na := voor.volgende()
		na.Inhoud, na.Open, na.Sinds, na.Door, na.Akkoord, na.Voorstel = v.Inhoud, true, o.Nu, v.Door, m.Wie, nil
		o.Zet(na)
		o.Meld(beheerlog.Regel{Soort: beheerlog.Domein, Door: m.Wie, Betreft: na.wieIs(), Wat: "Goedgekeurd: " + v.Inhoud.zin() + ", voorgesteld door " + v.Door.Naam + ".", Voor: voor.Inhoud, Na: na.Inhoud})
		return nil
	})
}

// TrekIn takes one's own proposal back. Errors as of Beslis.
func (d *Domeinen) TrekIn(ctx context.Context, m inwoner.Medewerker, id uuid.UUID, versie int64) error {
	return d.opVoorstel(ctx, m, []string{MagBeheren}, id, versie, func(o *kast.Ontwerp[stand], voor *Domein, v *Voorstel) error {
		if !is(m, v.Door) {
			return errNietEigen
		}
		d.zonder(o, voor)
		o.Meld(beheerlog.Regel{Soort: beheerlog.Domein, Door: m.Wie, Betreft: voor.wieIs(), Wat: "Ingetrokken: het voorstel voor " + v.Inhoud.zin() + "."})
		return nil
	})
}

// zonder takes the proposal away.
func (*Domeinen) zonder(o *kast.Ontwerp[stand], voor *Domein) {
	if voor.Inhoud.Naam == "" {
		o.HaalWeg(voor)
		return
	}
	na := voor.volgende()
	na.Voorstel = nil
	o.Zet(na)
}

func (d *Domeinen) opVoorstel(ctx context.Context, m inwoner.Medewerker, handelingen []string, id uuid.UUID, versie int64, f func(*kast.Ontwerp[stand], *Domein, *Voorstel) error) error {
	return d.wijzig(ctx, m, handelingen, func(o *kast.Ontwerp[stand]) error {
		voor := o.Voor[id]
		switch {
		case voor == nil:
			return errOnbekend
		case voor.Versie != versie:
			return kast.Gewijzigd
		case voor.Wacht(o.Nu) == nil:
			return errGeen
		}
		return f(o, voor, voor.Voorstel)
	})
}

// Sluit closes a domein at once, and lets a proposal about it lapse. One officer is enough: it only hides more. It needs no version: who
// closes, closes what there is.
//
// Errors: CodeOngeldig (reden), CodeGeenToestemming, CodeNietGevonden.
func (d *Domeinen) Sluit(ctx context.Context, m inwoner.Medewerker, id uuid.UUID, reden string) error {
	return d.wijzig(ctx, m, []string{MagBeheren, MagOpenen}, func(o *kast.Ontwerp[stand]) error {
		voor := o.Voor[id]
		switch {
		case voor == nil:
			return errOnbekend
		case !voor.Open:
			return errDicht
		}
		reden, err := keurReden(reden)
		if err != nil {
			return err
		}
		na := voor.volgende()
		na.Open, na.Sinds, na.Voorstel = false, o.Nu, nil
		o.Zet(na)
		o.Meld(beheerlog.Regel{Soort: beheerlog.Domein, Door: m.Wie, Betreft: na.wieIs(), Wat: "Gesloten: het domein " + na.Inhoud.Naam + ".", Reden: reden})
		return nil
	})
}

func keurReden(reden string) (string, error) {
	reden = strings.Join(strings.Fields(reden), " ")
	if n := utf8.RuneCountInString(reden); n < minReden || n > maxTekst || !utf8.ValidString(reden) {
		return "", fout.Ongeldig(fout.Param{Name: "reden", Code: "required", Reason: "Schrijf in een zin waarom, in minstens 15 en hooguit 500 tekens. De reden komt in het beheerlog."})
	}
	return reden, nil
}

// wijzig lets f decide on what holds now, for who may.
func (d *Domeinen) wijzig(ctx context.Context, m inwoner.Medewerker, handelingen []string, f func(*kast.Ontwerp[stand]) error) error {
	err := d.kast.Wijzig(ctx, m.OIN, func(o *kast.Ontwerp[stand]) error {
		if err := eis(m, handelingen...); err != nil {
			return err
		}
		return f(o)
	})
	if errors.Is(err, kast.ErrInGebruik) { // by a document that can't be opened here
		return fout.NietBeschikbaar
	}
	return err
}
