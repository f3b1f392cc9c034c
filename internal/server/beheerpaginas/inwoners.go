package beheerpaginas

import (
	"context"
	"encoding/base64"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/google/uuid"

	"github.com/verantwoord/verantwoord/internal/beheerlog"
	"github.com/verantwoord/verantwoord/internal/betrokkene"
	"github.com/verantwoord/verantwoord/internal/fout"
	"github.com/verantwoord/verantwoord/internal/gebruiker"
	"github.com/verantwoord/verantwoord/internal/inwoner"
	"github.com/verantwoord/verantwoord/internal/web/beheer"
	"github.com/verantwoord/verantwoord/internal/web/pagina"
)

// Inwoners are the rooms about citizens, as far as officers reach them.
type Inwoners struct {
	*inwoner.Beschermingen
	// Log logs that an officer looks at a person, before anything of them is shown.
	Log func(ctx context.Context, oin string, p inwoner.Persoon, gebruiker string) error
	// Beeindig ends the sessions of a person.
	Beeindig func(ctx context.Context, oin string, p inwoner.Persoon, door beheerlog.Wie) error
}

// inwoners implements beheer.Inwoners.
type inwoners struct{ *Koppeling }

func (i inwoners) medewerker(b *pagina.Bezoeker) inwoner.Medewerker {
	return inwoner.Medewerker{OIN: b.OIN, Wie: wie(b), Mag: func(handeling string) bool {
		return i.Beheer.Register().Rechten(b.OIN, b.ID, i.Nu()).MagGewoon(gebruiker.ModuleInwoners, gebruiker.Handeling(handeling))
	}}
}

// gezocht is what the forms of a page carry instead of a number.
type gezocht struct {
	Persoon inwoner.Persoon `json:"persoon"`
	Tot     time.Time       `json:"tot"`
}

// gezochtGeldig is how long a person that was looked up can be worked on.
const gezochtGeldig = 15 * time.Minute

// binding lets nobody but who looked use it.
func (i inwoners) binding(b *pagina.Bezoeker) []byte {
	return append(append([]byte("verantwoord/inwonergezocht/v1\x00"), b.OIN...), b.ID[:]...)
}

func (i inwoners) seal(b *pagina.Bezoeker, p inwoner.Persoon) (string, error) {
	s, ok := i.Sleutels(b.OIN)
	if !ok {
		return "", fout.GeenToestemming
	}
	plain, err := json.Marshal(gezocht{p, i.Nu().Add(gezochtGeldig)})
	if err != nil {
		return "", err
	}
	return base64.RawURLEncoding.EncodeToString(s.Seal(nil, betrokkene.KlasseNormaal, i.binding(b), plain)), nil
}

var errGezocht = fout.New(fout.CodeNietGevonden, "Dit is te lang geleden opgezocht. Zoek de inwoner opnieuw op.")

func (i inwoners) open(b *pagina.Bezoeker, sleutel string) (p inwoner.Persoon, err error) {
	s, ok := i.Sleutels(b.OIN)
	verzegeld, err := base64.RawURLEncoding.DecodeString(sleutel)
	if !ok || err != nil {
		return p, errGezocht
	}
	plain, err := s.Open(nil, betrokkene.KlasseNormaal, i.binding(b), verzegeld)
	var g gezocht
	if err != nil || json.Unmarshal(plain, &g) != nil || !i.Nu().Before(g.Tot) {
		return p, errGezocht
	}
	return g.Persoon, nil
}

func (i inwoners) Zoek(ctx context.Context, b *pagina.Bezoeker, bsn string) (*beheer.InwonerBlad, error) {
	m := i.medewerker(b)
	if !m.Mag(inwoner.MagZien) {
		return nil, fout.GeenToestemming
	}
	p, ok := inwoner.LeesBSN(bsn)
	if !ok {
		return nil, fout.Ongeldig(fout.Param{Name: "bsn", Code: "invalid", Reason: "Dit is geen burgerservicenummer. Vul de negen cijfers in."})
	}
	if err := i.Inwoners.Log(ctx, b.OIN, p, b.ID.String()); err != nil {
		return nil, err
	}
	return i.blad(b, p)
}

func (i inwoners) Gezocht(_ context.Context, b *pagina.Bezoeker, sleutel string) (*beheer.InwonerBlad, error) {
	p, err := i.open(b, sleutel)
	if err != nil {
		return nil, err
	}
	return i.blad(b, p)
}

func (i inwoners) blad(b *pagina.Bezoeker, p inwoner.Persoon) (*beheer.InwonerBlad, error) {
	l, err := i.Inwoners.Zoek(i.medewerker(b), p)
	if err != nil {
		return nil, err
	}
	uit := &beheer.InwonerBlad{Nummer: inwoner.Masker(p.ID)}
	for _, d := range l {
		uit.Beschermingen = append(uit.Beschermingen, i.bescherming(d))
	}
	if uit.Sleutel, err = i.seal(b, p); err != nil {
		return nil, err
	}
	gebruiker.Toon(i.Beheer.Register().Rechten(b.OIN, b.ID, i.Nu()), gebruiker.ModuleInwoners, gebruiker.BereikAlles, uit)
	return uit, nil
}

func (i inwoners) bescherming(d inwoner.BeschermingBeeld) beheer.BeschermingBlad {
	uit := beheer.BeschermingBlad{
		ID: d.ID, Versie: d.Versie, Nummer: d.Masker(), Wat: string(d.Wat), Aanleiding: string(d.Aanleiding), Opmerking: d.Opmerking, Door: persoon(d.Door),
		Sinds: d.Sinds, Tot: d.Tot, Voorbij: !d.Loopt(i.Nu()),
	}
	if v := d.Voorstel; v != nil {
		uit.Voorstel = &beheer.BeschermingVoorstel{Versie: v.Versie, Door: persoon(v.Door), Reden: v.Reden, Op: v.Gemaakt, Vervalt: v.Gemaakt.Add(inwoner.VoorstelGeldig), Eigen: d.Eigen}
	}
	return uit
}

func (i inwoners) Stel(ctx context.Context, b *pagina.Bezoeker, sleutel string, in beheer.BeschermingInvoer) (uuid.UUID, error) {
	p, err := i.open(b, sleutel)
	if err != nil {
		return uuid.Nil, err
	}
	wat := inwoner.BeschermingSoort(in.Wat)
	id, err := i.Inwoners.Stel(ctx, i.medewerker(b), p, inwoner.BeschermingInvoer{Wat: wat, Aanleiding: inwoner.Aanleiding(in.Aanleiding), Opmerking: in.Opmerking, Tot: in.Tot})
	if err == nil && wat == inwoner.Overleden {
		err = i.Inwoners.Beeindig(ctx, b.OIN, p, wie(b)) // what is left of them is refused already
	}
	return id, err
}

func (i inwoners) Een(ctx context.Context, b *pagina.Bezoeker, id uuid.UUID) (*beheer.BeschermingBlad, error) {
	d, err := i.Inwoners.Een(i.medewerker(b), id)
	if err != nil {
		return nil, err
	}
	if err := i.Inwoners.Log(ctx, b.OIN, d.Persoon, b.ID.String()); err != nil {
		return nil, err
	}
	uit := i.bescherming(d)
	gebruiker.Toon(i.Beheer.Register().Rechten(b.OIN, b.ID, i.Nu()), gebruiker.ModuleInwoners, gebruiker.BereikAlles, &uit)
	return &uit, nil
}

func (i inwoners) StelEindeVoor(ctx context.Context, b *pagina.Bezoeker, id uuid.UUID, versie int64, reden string) error {
	return i.Inwoners.StelEindeVoor(ctx, i.medewerker(b), id, versie, reden)
}

func (i inwoners) Beslis(ctx context.Context, b *pagina.Bezoeker, id uuid.UUID, versie int64, goed bool, reden string) error {
	if goed {
		return i.Inwoners.Beschermingen.Beeindig(ctx, i.medewerker(b), id, versie)
	}
	return i.Inwoners.Weiger(ctx, i.medewerker(b), id, versie, reden)
}

func (i inwoners) TrekIn(ctx context.Context, b *pagina.Bezoeker, id uuid.UUID, versie int64) error {
	return i.Inwoners.TrekIn(ctx, i.medewerker(b), id, versie)
}

func (i inwoners) Aandacht(_ context.Context, b *pagina.Bezoeker) (*beheer.InwonersAandacht, error) {
	aflopend, wacht, err := i.Inwoners.Aandacht(i.medewerker(b))
	if err != nil {
		return nil, err
	}
	uit := &beheer.InwonersAandacht{}
	for _, d := range aflopend {
		uit.Aflopend = append(uit.Aflopend, i.bescherming(d))
	}
	for _, d := range wacht {
		uit.Wacht = append(uit.Wacht, i.bescherming(d))
	}
	gebruiker.Toon(i.Beheer.Register().Rechten(b.OIN, b.ID, i.Nu()), gebruiker.ModuleInwoners, gebruiker.BereikAlles, uit)
	return uit, nil
}
