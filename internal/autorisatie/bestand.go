package autorisatie

import (
	"bytes"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"unicode"
	"unicode/utf8"

	"go.yaml.in/yaml/v3"

	"github.com/verantwoord/verantwoord/internal/fout"
)

const (
	maxBestand  = 8 << 20
	minGeheim   = 32   // bytes: the output of the hash (RFC 7518 3.2)
	maxGeheim   = 4096 // bytes
	maxClientID = 255  // characters
	maxLabel    = 100  // characters, as in the ZGW Autorisaties API
	maxNaam     = 255  // characters
)

// Load reads the applications file. What the file says wrong comes back as one *fout.Fout with
// CodeOngeldig (or CodeTeGroot) that lists all of it in Dutch; not being able to read it is another error.
func Load(path string) (*Bestand, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("open applications file: %w", err)
	}
	defer func() { _ = f.Close() }()
	return Parse(f, filepath.Dir(path))
}

// Parse reads an applications file. A relative geheimBestand is looked for in dir; without dir the
// key is refused, so that nothing but r is read. Errors as of Load; none holds a secret.
func Parse(r io.Reader, dir string) (*Bestand, error) {
	data, err := io.ReadAll(io.LimitReader(r, maxBestand+1))
	if err != nil {
		return nil, fmt.Errorf("read applications file: %w", err)
	}
	if len(data) > maxBestand {
		return nil, fout.New(fout.CodeTeGroot, "Het applicatiebestand is groter dan 8 MiB; maak het kleiner.")
	}
	var doc, tweede yaml.Node
	decoder := yaml.NewDecoder(bytes.NewReader(data))
	switch err := decoder.Decode(&doc); {
	case errors.Is(err, io.EOF):
		return nil, fout.New(fout.CodeOngeldig, "Het applicatiebestand is leeg; noem er organisaties en applicaties in.")
	case err != nil:
		return nil, syntaxFout(err)
	}
	switch err := decoder.Decode(&tweede); {
	case err == nil:
		return nil, fout.New(fout.CodeOngeldig, "Het applicatiebestand bestaat uit meer dan een YAML-document; voeg ze samen.")
	case !errors.Is(err, io.EOF):
		return nil, syntaxFout(err)
	}

	l := &bestandLezer{
		dir:      dir,
		bekend:   map[string]string{},
		clients:  map[string]string{},
		geheimen: map[[sha256.Size]byte]string{},
	}
	b := l.bestand(doc.Content[0])
	if err := l.rapport(); err != nil {
		return nil, err
	}
	return b, nil
}

// bestandLezer walks the nodes of an applications file. It keeps where things were seen, to point
// there when they come up again.
type bestandLezer struct {
	lezer
	dir            string
	bekend         map[string]string // OIN of an organisation -> its place
	clients        map[string]string // client id -> the place of its application
	geheimen       map[[sha256.Size]byte]string
	waarschuwingen []string
}

func (l *bestandLezer) bestand(n *yaml.Node) *Bestand {
	b := &Bestand{}
	m := l.mapping(n, "bestand", "organisaties", "applicaties")
	if m == nil {
		return b
	}
	if m["organisaties"] == nil {
		l.mis(n, "bestand", "noem minstens een organisatie onder organisaties")
	}
	for i, item := range l.lijst(m["organisaties"], "organisaties") {
		b.Organisaties = append(b.Organisaties, l.organisatie(item, fmt.Sprintf("organisaties.%d", i)))
	}
	for i, item := range l.lijst(m["applicaties"], "applicaties") {
		b.Applicaties = append(b.Applicaties, l.applicatie(item, fmt.Sprintf("applicaties.%d", i)))
	}
	if m["organisaties"] != nil && len(b.Organisaties) == 0 {
		l.mis(m["organisaties"], "organisaties", "noem minstens een organisatie")
	}
	b.Waarschuwingen = l.waarschuwingen
	return b
}

func (l *bestandLezer) organisatie(n *yaml.Node, plaats string) (o Organisatie) {
	m := l.mapping(n, plaats, "oin", "naam")
	if m == nil {
		return o
	}
	if naam := m["naam"]; naam != nil {
		o.Naam = l.regel(naam, plaats+".naam", maxNaam)
	}
	if m["oin"] == nil {
		l.mis(n, plaats, "oin ontbreekt")
		return o
	}
	o.OIN = l.oin(m["oin"], plaats+".oin")
	if eerder, ok := l.bekend[o.OIN]; ok && o.OIN != "" {
		l.mis(m["oin"], plaats+".oin", "deze organisatie staat ook bij "+eerder)
	}
	l.bekend[o.OIN] = plaats
	return o
}

func (l *bestandLezer) applicatie(n *yaml.Node, plaats string) (a Applicatie) {
	m := l.mapping(n, plaats, "clientIds", "geheim", "geheimBestand", "label", "organisatie", "organisaties",
		"oins", "heeftAlleAutorisaties", "autorisaties")
	if m == nil {
		return a
	}
	if m["label"] == nil {
		l.mis(n, plaats, "label ontbreekt")
	} else if a.Label = l.regel(m["label"], plaats+".label", maxLabel); a.Label != "" {
		plaats += " (" + a.Label + ")" // from here on the label helps to find the place
	}

	if m["clientIds"] == nil {
		l.mis(n, plaats, "clientIds ontbreekt; noem minstens een client_id")
	} else if a.ClientIDs = l.clientIDs(m["clientIds"], plaats); len(a.ClientIDs) == 0 {
		l.mis(m["clientIds"], plaats+".clientIds", "noem minstens een client_id")
	}
	a.Geheim = l.geheim(n, m, plaats)
	a.Organisaties = l.organisatiesVan(n, m, plaats)
	a.OINs = []string{}
	if m["oins"] != nil {
		a.OINs = l.oins(m["oins"], plaats+".oins")
	}
	if v := m["heeftAlleAutorisaties"]; v != nil {
		a.HeeftAlleAutorisaties = l.jaNee(v, plaats+".heeftAlleAutorisaties")
	}
	if a.HeeftAlleAutorisaties {
		l.waarschuwingen = append(l.waarschuwingen,
			plaats+": heeftAlleAutorisaties telt hier niet; noem de scopes onder autorisaties")
	}
	for i, item := range l.lijst(m["autorisaties"], plaats+".autorisaties") {
		a.Autorisaties = append(a.Autorisaties, l.autorisatie(item, fmt.Sprintf("%s.autorisaties.%d", plaats, i)))
	}
	return a
}

func (l *bestandLezer) clientIDs(n *yaml.Node, applicatie string) []string {
	var ids []string
	for i, item := range l.lijst(n, applicatie+".clientIds") {
		plaats := fmt.Sprintf("%s.clientIds.%d", applicatie, i)
		id := l.regel(item, plaats, maxClientID)
		if strings.ContainsRune(id, ',') { // as in the API; names with one are of the register itself
			l.mis(item, plaats, "een client_id heeft geen komma")
		}
		if eerder, ok := l.clients[id]; ok && id != "" {
			l.mis(item, plaats, "deze client_id staat ook bij "+eerder)
		}
		l.clients[id] = applicatie
		ids = append(ids, id)
	}
	return ids
}

// geheim takes the secret from the file itself or from the file it points to.
func (l *bestandLezer) geheim(n *yaml.Node, m map[string]*yaml.Node, plaats string) Geheim {
	inBestand, verwijzing := m["geheim"], m["geheimBestand"]
	var geheim Geheim
	switch {
	case inBestand != nil && verwijzing != nil:
		l.mis(verwijzing, plaats, "noem geheim of geheimBestand, niet allebei")
		return nil
	case inBestand != nil:
		n, plaats = inBestand, plaats+".geheim"
		tekst, ok := l.tekst(n, plaats)
		if !ok {
			return nil
		}
		geheim = Geheim(tekst)
	case verwijzing != nil:
		n, plaats = verwijzing, plaats+".geheimBestand"
		pad, ok := l.tekst(n, plaats)
		if !ok {
			return nil
		}
		var bezwaar string
		if geheim, bezwaar = l.leesGeheim(pad); bezwaar != "" {
			l.mis(n, plaats, bezwaar)
			return nil
		}
	default:
		l.mis(n, plaats, "geheim of geheimBestand ontbreekt")
		return nil
	}
	if len(geheim) < minGeheim {
		l.mis(n, plaats, fmt.Sprintf("het geheim is korter dan %d bytes", minGeheim))
	}
	if len(geheim) > maxGeheim {
		l.mis(n, plaats, fmt.Sprintf("het geheim is langer dan %d bytes", maxGeheim))
	}
	som := sha256.Sum256(geheim)
	if eerder, ok := l.geheimen[som]; ok {
		l.waarschuwingen = append(l.waarschuwingen,
			plaats+": hetzelfde geheim als "+eerder+"; zo kan de ene applicatie zich voor de andere uitgeven")
	}
	l.geheimen[som] = plaats
	return geheim
}

// leesGeheim reads a secret from a file of its own, without the line end an editor leaves. The
// second result says in Dutch why it can't.
func (l *bestandLezer) leesGeheim(pad string) (Geheim, string) {
	if l.dir == "" {
		return nil, "een geheimBestand kan hier niet; noem het geheim zelf"
	}
	if !filepath.IsAbs(pad) {
		pad = filepath.Join(l.dir, pad)
	}
	info, err := os.Stat(pad)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil, "dit bestand bestaat niet"
	case err != nil:
		return nil, "dit bestand is niet te lezen"
	case !info.Mode().IsRegular(): // a pipe would wait for ever
		return nil, "dit is geen gewoon bestand"
	}
	f, err := os.Open(pad)
	if err != nil {
		return nil, "dit bestand is niet te lezen"
	}
	defer func() { _ = f.Close() }()
	data, err := io.ReadAll(io.LimitReader(f, maxGeheim+3))
	if err != nil {
		return nil, "dit bestand is niet te lezen"
	}
	data = bytes.TrimSuffix(data, []byte("\n"))
	return bytes.TrimSuffix(data, []byte("\r")), ""
}

// organisatiesVan reads organisatie or organisaties, exactly one of which must be there.
func (l *bestandLezer) organisatiesVan(n *yaml.Node, m map[string]*yaml.Node, plaats string) []string {
	een, meer := m["organisatie"], m["organisaties"]
	switch {
	case een != nil && meer != nil:
		l.mis(meer, plaats, "noem organisatie of organisaties, niet allebei")
		return nil
	case een != nil:
		oin := l.oin(een, plaats+".organisatie")
		l.kenOrganisatie(een, plaats+".organisatie", oin)
		return []string{oin}
	case meer != nil:
		oins := l.oins(meer, plaats+".organisaties")
		if len(oins) == 0 {
			l.mis(meer, plaats+".organisaties", "noem minstens een organisatie")
		}
		for i, oin := range oins {
			l.kenOrganisatie(meer, fmt.Sprintf("%s.organisaties.%d", plaats, i), oin)
		}
		return oins
	}
	l.mis(n, plaats, "organisatie of organisaties ontbreekt")
	return nil
}

func (l *bestandLezer) kenOrganisatie(n *yaml.Node, plaats, oin string) {
	if _, ok := l.bekend[oin]; !ok && oin != "" {
		l.mis(n, plaats, "deze organisatie staat niet onder organisaties; voeg haar daar toe")
	}
}

func (l *bestandLezer) autorisatie(n *yaml.Node, plaats string) (a Autorisatie) {
	m := l.mapping(n, plaats, "component", "scopes")
	if m == nil {
		return a
	}
	component := -1
	if m["component"] == nil {
		l.mis(n, plaats, "component ontbreekt")
	} else if tekst, ok := l.tekst(m["component"], plaats+".component"); ok {
		if component = componentIndex(tekst); component < 0 {
			l.mis(m["component"], plaats+".component", "onbekend component; bekend zijn "+componentNamen())
		}
		a.Component = tekst
	}
	if m["scopes"] == nil {
		l.mis(n, plaats, "scopes ontbreekt")
	}
	for i, item := range l.lijst(m["scopes"], plaats+".scopes") {
		hier := fmt.Sprintf("%s.scopes.%d", plaats, i)
		tekst, ok := l.tekst(item, hier)
		if !ok || component < 0 {
			continue
		}
		scope, err := ParseScope(tekst)
		if err != nil || !kent(component, scope) {
			l.mis(item, hier, "onbekende scope; dit component kent "+scopeNamen(component))
			continue
		}
		a.Scopes = append(a.Scopes, scope)
	}
	return a
}

// oins reads a list of OINs without doubles.
func (l *bestandLezer) oins(n *yaml.Node, plaats string) []string {
	oins, gezien := []string{}, map[string]bool{}
	for i, item := range l.lijst(n, plaats) {
		hier := fmt.Sprintf("%s.%d", plaats, i)
		oin := l.oin(item, hier)
		if oin != "" && gezien[oin] {
			l.mis(item, hier, "deze OIN staat er twee keer")
		}
		gezien[oin] = true
		oins = append(oins, oin)
	}
	return oins
}

// oin reads 20 digits; without quotes too, as the text is taken and not YAML's idea of a number.
func (l *bestandLezer) oin(n *yaml.Node, plaats string) string {
	tekst, ok := l.tekst(n, plaats)
	if !ok {
		return ""
	}
	if len(tekst) != 20 || strings.Trim(tekst, "0123456789") != "" {
		l.mis(n, plaats, "een OIN heeft precies 20 cijfers")
		return ""
	}
	return tekst
}

// regel reads one line of visible text of at most so many characters.
func (l *bestandLezer) regel(n *yaml.Node, plaats string, maximum int) string {
	tekst, ok := l.tekst(n, plaats)
	if !ok {
		return ""
	}
	switch {
	case strings.TrimSpace(tekst) == "":
		l.mis(n, plaats, "is leeg")
	case utf8.RuneCountInString(tekst) > maximum:
		l.mis(n, plaats, fmt.Sprintf("is langer dan %d tekens", maximum))
	case strings.ContainsFunc(tekst, unicode.IsControl):
		l.mis(n, plaats, "bevat een besturingsteken")
	default:
		return tekst
	}
	return ""
}
