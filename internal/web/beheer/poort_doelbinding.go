package beheer

import (
	"context"

	"github.com/google/uuid"

	"github.com/verantwoord/verantwoord/internal/web/pagina"
)

// Doelbinding is what the pages need of what couples activities to the landscape, of the ground of the log, and of who is
// responsible.
type Doelbinding interface {
	Koppelingen(ctx context.Context, b *pagina.Bezoeker) ([]Koppeling, error)
	// ZetKoppeling adds one when its id is zero. Fields: applicatie, functie, activiteit, toelichting.
	ZetKoppeling(ctx context.Context, b *pagina.Bezoeker, k Koppeling) error
	WisKoppeling(ctx context.Context, b *pagina.Bezoeker, id uuid.UUID, stand int64) error

	Leveringen(ctx context.Context, b *pagina.Bezoeker) ([]Levering, error)
	// ZetLevering adds one when its id is zero. Fields: afnemer, gegevensset, doel, activiteit, vertrouwelijk, toelichting, van, tot.
	ZetLevering(ctx context.Context, b *pagina.Bezoeker, l Levering) error
	WisLevering(ctx context.Context, b *pagina.Bezoeker, id uuid.UUID, stand int64) error

	Loggrond(ctx context.Context, b *pagina.Bezoeker) (*Loggrond, error)
	// ZetLoggrond fields: activiteit, plichten.0.plicht, .grondslag, .toelichting, vloer, maximum, selectielijst, besluit, besluitDatum.
	ZetLoggrond(ctx context.Context, b *pagina.Bezoeker, l Loggrond) error

	Verantwoordelijke(ctx context.Context, b *pagina.Bezoeker) (*Verantwoordelijke, error)
	// ZetVerantwoordelijke fields: naam, adres, contact.naam, contact.email, contact.telefoon, fg.naam, fg.email, fg.telefoon.
	ZetVerantwoordelijke(ctx context.Context, b *pagina.Bezoeker, v Verantwoordelijke) error
}

// Koppeling says which activity a function of an application belongs to.
type Koppeling struct {
	ID             uuid.UUID
	Stand          int64
	Applicatie     string `klasse:"gewoon"` // client id
	Functie        string `klasse:"gewoon"`
	Activiteit     uuid.UUID
	ActiviteitNaam string `klasse:"gewoon"` // empty: not known any more
	Geldig         bool   // the activity holds today
	Toelichting    string `klasse:"gewoon"`
}

// Levering says who may have which data for which purpose.
type Levering struct {
	ID             uuid.UUID
	Stand          int64
	Afnemer        string `klasse:"gewoon"` // OIN
	AfnemerNaam    string `klasse:"gewoon"` // when it is known here
	Gegevensset    string `klasse:"gewoon"`
	Doel           string `klasse:"gewoon"`
	Activiteit     uuid.UUID
	ActiviteitNaam string `klasse:"gewoon"`
	Geldig         bool   // it may be had today
	Vertrouwelijk  bool
	Toelichting    string `klasse:"gewoon"`
	Van, Tot       string `klasse:"gewoon"`
}

// Loggrond is why the log itself is allowed.
type Loggrond struct {
	Stand          int64
	Activiteit     uuid.UUID
	ActiviteitNaam string `klasse:"gewoon"`
	Plichten       []Plicht
	Vloer          string `klasse:"gewoon"` // duration
	Maximum        string `klasse:"gewoon"` // duration
	Selectielijst  string `klasse:"gewoon"`
	Besluit        string `klasse:"gewoon"`
	BesluitDatum   string `klasse:"gewoon"`
}

// Plicht is a duty that the log serves.
type Plicht struct {
	Plicht      string `klasse:"gewoon"`
	Grondslag   string `klasse:"gewoon"` // code
	Toelichting string `klasse:"gewoon"`
}

// Verantwoordelijke is who answers for all of it.
type Verantwoordelijke struct {
	Stand   int64
	Naam    string `klasse:"gewoon"`
	Adres   string `klasse:"gewoon"`
	Contact Contact
	FG      Contact
}

// Contact is where an organisation can be reached. It is published: of a function rather than of a person.
type Contact struct {
	Naam     string `klasse:"gewoon"`
	Email    string `klasse:"gewoon"`
	Telefoon string `klasse:"gewoon"`
}
