package config

import (
	"log/slog"
	"net/mail"
	"net/netip"
	"time"
)

// sleutel is one line of the table: all there is to know about a key of T.
type sleutel[T any] struct {
	naam      string
	standaard string // text, read by the same parser; empty: no default
	eenheid   string
	betekenis string
	zetter[T]
}

// zetter reads a text into its field of T.
type zetter[T any] struct {
	zet       func(*T, string) bool
	aanvaardt string              // Dutch: what is accepted, the end of the sentence in an error
	lijst     bool                // a YAML list is accepted as well
	masker    func(string) string // nil: nothing to hide
}

// naar couples a kind of value to a field.
func naar[T, V any](s soort[V], veld func(*T) *V) zetter[T] {
	return zetter[T]{
		aanvaardt: s.aanvaardt, lijst: s.lijst, masker: s.masker,
		zet: func(t *T, tekst string) bool {
			v, ok := s.lees(tekst)
			if ok {
				*veld(t) = v
			}
			return ok
		},
	}
}

var algemeen = append([]sleutel[Config]{
	{"listen", "127.0.0.1:8080", "host:poort", "adres waarop het register luistert", naar(luisteradres, func(c *Config) *string { return &c.Listen })},
	{"url", "http://127.0.0.1:8080", "url", "begin van alle links, en host van het bewijs", naar(basisURL, func(c *Config) *string { return &c.URL })},
	{"store", "sqlite:./data/store", "sqlite:MAP of postgres://…", "waar het register bewaart", naar(opslag, func(c *Config) *string { return &c.Store })},
	{"store_read", "", "postgres://…", "kopie om uit te lezen", naar(postgres, func(c *Config) *string { return &c.StoreRead })},
	{"schrijvers", "0", "aantal", "groepen die naast elkaar worden vastgelegd; 0: op PostgreSQL 2, in de ingebouwde opslag altijd 1", naar(getal(0, 16), func(c *Config) *int { return &c.Schrijvers })},
	{"sleutels", "./data/sleutels", "map", "sleutels per organisatie", naar(plaats, func(c *Config) *string { return &c.Sleutels })},
	{"applicaties", "", "bestand", "applicaties en hun rechten, gelezen bij de start", naar(plaats, func(c *Config) *string { return &c.Applicaties })},
	{"uitloop", "0s", "duur", "hoelang het register bij het stoppen nog alles beantwoordt, terwijl /healthz/ready al 503 geeft", naar(duur(0, 10*time.Minute), func(c *Config) *time.Duration { return &c.Uitloop })},
	{"thema", "", "bestand", "stylesheet van de gemeente (CSS), na die van het register", naar(plaats, func(c *Config) *string { return &c.Thema })},
	{"organisatienamen", "", "OIN=naam", "hoe inwoners organisaties lezen die gegevens kregen of gebruikten, en die hier geen log hebben", naar(oinNamen, func(c *Config) *map[string]string { return &c.Namen })},
	{"juridisch", "", "map", "juridische gegevens van de organisatie, naast en in plaats van de meegeleverde", naar(plaats, func(c *Config) *string { return &c.Juridisch })},
	{"nakijken.tijd", "03:00", "tijd of uit", "wanneer het register elke dag nakijkt of de log klopt, in Nederlandse tijd; er komt hooguit een uur bij, per register verschillend", naar(kloktijd, func(c *Config) *time.Duration { return &c.Nakijken })},
	{"tls.certificaat", "", "bestand", "eigen certificaat voor TLS", naar(plaats, func(c *Config) *string { return &c.TLS.Certificaat })},
	{"tls.sleutel", "", "bestand", "sleutel bij het certificaat", naar(plaats, func(c *Config) *string { return &c.TLS.Sleutel })},
	{"tls.client_ca", "", "bestand", "uitgevers van certificaten van afnemers", naar(plaats, func(c *Config) *string { return &c.TLS.ClientCA })},
	{"tls.client", ClientGevraagd, "keuze", "of afnemers een certificaat met hun OIN tonen", naar(keuze(ClientUit, ClientGevraagd, ClientVerplicht), func(c *Config) *string { return &c.TLS.Client })},
	{"onversleuteld", "false", "true of false", "gewone HTTP buiten deze machine, achter een proxy", naar(jaNee, func(c *Config) *bool { return &c.Onversleuteld })},
	{"proxy.header", "", "naam", "header met het certificaat van de afnemer", naar(headernaam, func(c *Config) *string { return &c.Proxy.Header })},
	{"proxy.adressen", "", "IP-adressen", "van welke proxy's die header geldt", naar(adressen, func(c *Config) *[]netip.Prefix { return &c.Proxy.Adressen })},
	{"limieten.body", "8 MiB", "bytes, KiB of MiB", "grootste bericht", naar(omvang, func(c *Config) *int64 { return &c.Limieten.Body })},
	{"limieten.diepte", "32", "niveaus", "diepste JSON", naar(getal(8, 1000), func(c *Config) *int { return &c.Limieten.Diepte })},
	{"limieten.objecten", "10000", "aantal", "meeste verwerkte objecten in één actie", naar(getal(1, 60_000), func(c *Config) *int { return &c.Limieten.Objecten })},
	{"limieten.patch", "10000", "aantal", "meeste acties in één PATCH", naar(getal(1, 1_000_000), func(c *Config) *int { return &c.Limieten.Patch })},
	{"limieten.pagina", "100", "aantal", "acties op een pagina, als de vraag niets zegt", naar(getal(1, 10_000), func(c *Config) *int { return &c.Limieten.Pagina })},
	{"limieten.pagina_max", "500", "aantal", "meeste acties op een pagina", naar(getal(1, 10_000), func(c *Config) *int { return &c.Limieten.PaginaMax })},
	{"limieten.wachtrij", "8192", "aantal", "records die op vastleggen wachten; daarna 503", naar(getal(1, 1_000_000), func(c *Config) *int { return &c.Limieten.Wachtrij })},
	{"limieten.regel", "1 MiB", "bytes, KiB of MiB", "grootste regel in een stroom", naar(omvang, func(c *Config) *int64 { return &c.Limieten.Regel })},
	{"limieten.per_seconde", "0", "aantal", "verzoeken of regels per applicatie, gemiddeld; 0 is onbeperkt", naar(getal(0, 1_000_000), func(c *Config) *int { return &c.Limieten.PerSeconde })},
	{"limieten.piek", "1000", "aantal", "verzoeken of regels per applicatie ineens, als er een gemiddelde is", naar(getal(1, 1_000_000), func(c *Config) *int { return &c.Limieten.Piek })},
	{"limieten.gelijktijdig", "1024", "aantal", "meeste verzoeken tegelijk van één applicatie", naar(getal(1, 1_000_000), func(c *Config) *int { return &c.Limieten.Gelijktijdig })},
	{"limieten.stromen", "8", "aantal", "meeste stromen tegelijk van één applicatie", naar(getal(1, 10_000), func(c *Config) *int { return &c.Limieten.Stromen })},
	{"limieten.stilte", "1m", "duur", "hoelang een stroom stil mag liggen; daarna eindigt hij", naar(duur(time.Second, time.Hour), func(c *Config) *time.Duration { return &c.Limieten.Stilte })},
	{"limieten.verbindingen", "10000", "aantal", "meeste verbindingen tegelijk", naar(getal(1, 1_000_000), func(c *Config) *int { return &c.Limieten.Verbindingen })},
	{"limieten.verbindingen_per_adres", "512", "aantal", "meeste verbindingen van één adres; proxy.adressen telt niet mee", naar(getal(1, 1_000_000), func(c *Config) *int { return &c.Limieten.VerbindingenPerAdres })},
	{"token.max_leeftijd", "1h", "duur", "oudste token dat nog geldt", naar(duur(time.Minute, 24*time.Hour), func(c *Config) *time.Duration { return &c.Token.MaxLeeftijd })},
	{"token.speling", "60s", "duur", "verschil dat klokken mogen hebben", naar(duur(0, 10*time.Minute), func(c *Config) *time.Duration { return &c.Token.Speling })},
	{"autorisaties.url", "", "url", "Autorisatiecomponent elders, dat de rechten van applicaties geeft", naar(basisURL, func(c *Config) *string { return &c.Autorisaties.URL })},
	{"autorisaties.client_id", "", "tekst", "waarmee het register zich daar aanmeldt", naar(tekst, func(c *Config) *string { return &c.Autorisaties.ClientID })},
	{"autorisaties.geheim", "", "geheim", "geheim daarbij", naar(geheim, func(c *Config) *string { return &c.Autorisaties.Geheim })},
	{"autorisaties.cache", CacheUit, "keuze", "rechten bij elk verzoek opvragen, of bewaren tot een notificatie", naar(keuze(CacheUit, CacheNotificaties), func(c *Config) *string { return &c.Autorisaties.Cache })},
	{"autorisaties.notificatie_geheim", "", "geheim", "header Authorization van de notificaties", naar(geheim, func(c *Config) *string { return &c.Autorisaties.NotificatieGeheim })},
	{"autorisaties.vangnet", "5m", "duur", "hoelang bewaarde rechten zonder notificatie gelden", naar(duur(time.Second, time.Hour), func(c *Config) *time.Duration { return &c.Autorisaties.Vangnet })},
	{"autorisaties.time_out", "2s", "duur", "hoelang op een antwoord gewacht wordt; daarna 503", naar(duur(100*time.Millisecond, 30*time.Second), func(c *Config) *time.Duration { return &c.Autorisaties.TimeOut })},
	{"autorisaties.component_bewerking", "verwerkingenlogging-bewerking", "tekst", "hoe Bewerking daar heet", naar(tekst, func(c *Config) *string { return &c.Autorisaties.ComponentBewerking })},
	{"autorisaties.component_inzage", "verwerkingenlogging-inzage", "tekst", "hoe Inzage daar heet", naar(tekst, func(c *Config) *string { return &c.Autorisaties.ComponentInzage })},
	{"autorisaties.component_var", "verwerkingsactiviteiten", "tekst", "hoe het register van verwerkingsactiviteiten daar heet", naar(tekst, func(c *Config) *string { return &c.Autorisaties.ComponentVAR })},
	{"log.niveau", "info", "niveau", "vanaf welk niveau gelogd wordt", naar(niveau, func(c *Config) *slog.Level { return &c.LogNiveau })},
	{"audit.bestand", "", "bestand", "waar geweigerde aanroepen komen te staan; leeg: bij het logboek", naar(plaats, func(c *Config) *string { return &c.Audit.Bestand })},
	{"telemetrie.otlp", "", "url", "collector voor traces en metrieken (OTLP over HTTP)", naar(basisURL, func(c *Config) *string { return &c.Telemetrie.OTLP })},
	{"telemetrie.otlp_headers_bestand", "", "bestand", "headers voor de collector, per regel Naam: waarde", naar(plaats, func(c *Config) *string { return &c.Telemetrie.HeadersBestand })},
	{"telemetrie.deel", "1", "0 tot en met 1", "deel van de verzoeken dat een trace krijgt", naar(deel, func(c *Config) *float64 { return &c.Telemetrie.Deel })},
}, postSleutels...)

// perOrganisatie holds the keys below organisaties.<oin>.
var perOrganisatie = []sleutel[Organisatie]{
	{"store", "", "postgres://…", "waar de log van deze organisatie staat, als dat niet de gewone store is", naar(postgres, func(o *Organisatie) *string { return &o.Store })},
	{"bewaren.vloer", "", "ISO 8601-duur", "kortste bewaartermijn van logregels", naar(bewaarduur, func(o *Organisatie) *string { return &o.Bewaren.Vloer })},
	{"bewaren.maximum", "", "ISO 8601-duur", "bewaartermijn als geen andere geldt", naar(bewaarduur, func(o *Organisatie) *string { return &o.Bewaren.Maximum })},
	{"bewaren.selectielijst", "", "tekst", "waar vloer en maximum op rusten", naar(tekst, func(o *Organisatie) *string { return &o.Bewaren.Selectielijst })},
	{"gebruiker", GebruikerZoalsGegeven, "keuze", "hoe de gebruiker wordt bewaard", naar(keuze(GebruikerUit, GebruikerPseudoniem, GebruikerZoalsGegeven), func(o *Organisatie) *string { return &o.Gebruiker })},
	{"inzage_headers", HeadersStreng, "keuze", "of Inzage de verplichte headers eist", naar(keuze(HeadersStreng, HeadersTolerant), func(o *Organisatie) *string { return &o.InzageHeaders })},
	{"toelichting_verplicht", "false", "true of false", "of wijzigen en verwijderen een toelichting eist", naar(jaNee, func(o *Organisatie) *bool { return &o.ToelichtingVerplicht })},
	{"wijzig_via_afnemer", "true", "true of false", "of PATCH ook verwerkingIdAfnemer volgt", naar(jaNee, func(o *Organisatie) *bool { return &o.WijzigViaAfnemer })},
	{"activiteit.inzage", StandaardInzage, "uuid", "verwerkingsactiviteit van vragen aan Inzage", naar(id, func(o *Organisatie) *string { return &o.Activiteit.Inzage })},
	{"activiteit.inzage_url", "", "url", "waar die activiteit te lezen is", naar(link, func(o *Organisatie) *string { return &o.Activiteit.InzageURL })},
	{"activiteit.inzage_actie", "Inzien verwerkingenlog", "tekst", "actieNaam van vragen aan Inzage", naar(tekst, func(o *Organisatie) *string { return &o.Activiteit.InzageActie })},
	{"activiteit.bewerking", StandaardBewerking, "uuid", "verwerkingsactiviteit van vragen aan Bewerking", naar(id, func(o *Organisatie) *string { return &o.Activiteit.Bewerking })},
	{"activiteit.bewerking_url", "", "url", "waar die activiteit te lezen is", naar(link, func(o *Organisatie) *string { return &o.Activiteit.BewerkingURL })},
	{"activiteit.bewerking_actie", "Opvragen verwerkingsacties", "tekst", "actieNaam van vragen aan Bewerking", naar(tekst, func(o *Organisatie) *string { return &o.Activiteit.BewerkingActie })},
	{"activiteit.mijn", StandaardMijn, "uuid", "verwerkingsactiviteit van inwoners die hun eigen overzicht bekijken", naar(id, func(o *Organisatie) *string { return &o.Activiteit.Mijn })},
	{"activiteit.mijn_url", "", "url", "waar die activiteit te lezen is; leeg: bij de openbare pagina's van dit register", naar(link, func(o *Organisatie) *string { return &o.Activiteit.MijnURL })},
	{"activiteit.mijn_actie", "Tonen verwerkingen", "tekst", "actieNaam daarvan", naar(tekst, func(o *Organisatie) *string { return &o.Activiteit.MijnActie })},
	{"activiteit.bewaartermijn", "", "ISO 8601-duur", "bewaartermijn van vastgelegde vragen, als de vrager er geen noemt", naar(bewaarduur, func(o *Organisatie) *string { return &o.Activiteit.Bewaartermijn })},
	{"bewijs", BewijsBesloten, "keuze", "of tegels en bewijzen van de log zonder token te lezen zijn, tot aan het openbare checkpoint", naar(keuze(BewijsBesloten, BewijsOpenbaar), func(o *Organisatie) *string { return &o.Bewijs })},
	{"getuigen", "", "url en sleutel per getuige", "wie de openbare checkpoints medeondertekent", naar(getuigen, func(o *Organisatie) *[]Getuige { return &o.Getuigen })},
	{"automatisch", "", "namen", "systemen die zonder mens werken, zoals applicaties ze noemen: inwoners kunnen daarop kiezen", naar(namen, func(o *Organisatie) *[]string { return &o.Automatisch })},
	{"fg", "", "e-mailadres", "functionaris gegevensbescherming: krijgt bericht als iemand noodtoegang neemt", naar(afzender, func(o *Organisatie) *mail.Address { return &o.FG })},
	{"verantwoording.grondslag", "", "tekst", "grondslag (AVG art. 6) van het loggen zelf", naar(tekst, func(o *Organisatie) *string { return &o.Verantwoording.Grondslag })},
}

// standaardOrganisatie gives an organisation nothing is set for.
func standaardOrganisatie(oin string) Organisatie {
	return standaard(perOrganisatie, Organisatie{OIN: oin})
}

// standaard sets the defaults of a table.
func standaard[T any](tabel []sleutel[T], t T) T {
	for _, s := range tabel {
		if s.standaard != "" {
			s.zet(&t, s.standaard)
		}
	}
	return t
}
