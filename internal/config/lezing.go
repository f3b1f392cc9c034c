package config

import (
	"errors"
	"fmt"
	"io"
	"os"
	"regexp"
	"slices"
	"strings"
	"unicode"

	"go.yaml.in/yaml/v3"
)

const (
	omgevingVoorvoegsel = "VERANTWOORD_"
	bestandAchtervoeg   = "_BESTAND"
	organisatieVoor     = "organisaties."
	dienstVoor          = "aanmelddiensten."
	inwonerVoor         = "inwonerdiensten."

	maxBestand = 1 << 20
	maxGeheim  = 64 << 10
)

// Where a value comes from, as printed.
const (
	uitStandaard = "standaard"
	uitBestand   = "bestand"
	uitOmgeving  = "omgeving"
)

// gegeven is a text that was given for a key, and where.
type gegeven struct {
	tekst    string
	herkomst string // uitBestand or uitOmgeving
	plek     string // for a person: "regel 3 van het bestand", or the variable
	lijst    bool   // came as a YAML list
}

// lezing collects what is given and everything that is wrong with it.
type lezing struct {
	gegeven      map[string]gegeven
	organisaties map[string]bool // OINs seen, also without a setting
	diensten     map[string]bool // names of sign-in services, likewise
	inwoners     map[string]bool // names of those of citizens, likewise
	fouten       []error
}

func (l *lezing) fout(sleutel, plek, zin string) {
	l.fouten = append(l.fouten, fmt.Errorf("%s (%s): %s", sleutel, plek, zin))
}

// bestand reads the YAML file.
func (l *lezing) bestand(path string) {
	inhoud, err := leesHooguit(path, maxBestand)
	if err != nil {
		l.fout("configuratie", path, err.Error())
		return
	}
	l.yaml(inhoud)
}

func (l *lezing) yaml(inhoud []byte) {
	d := yaml.NewDecoder(strings.NewReader(string(inhoud)))
	var doc yaml.Node
	if err := d.Decode(&doc); errors.Is(err, io.EOF) {
		return
	} else if err != nil {
		l.fouten = append(l.fouten, errors.New("het configuratiebestand is geen geldige YAML"+regelUit(err)+"; controleer het inspringen en de aanhalingstekens"))
		return
	}
	if err := d.Decode(new(yaml.Node)); !errors.Is(err, io.EOF) {
		l.fouten = append(l.fouten, errors.New("het configuratiebestand heeft meer dan één YAML-document; laat er één staan"))
		return
	}
	if len(doc.Content) == 1 {
		l.knoop("", doc.Content[0])
	}
}

var reRegel = regexp.MustCompile(`line \d+`)

// regelUit takes only the line from an error of the parser, which may quote a value.
func regelUit(err error) string {
	if r := reRegel.FindString(err.Error()); r != "" {
		return " (regel " + strings.TrimPrefix(r, "line ") + ")"
	}
	return ""
}

// knoop walks a YAML node down to its values. Nothing is expanded: aliases are refused, so a small
// file can't become a big one.
func (l *lezing) knoop(sleutel string, n *yaml.Node) {
	plek := fmt.Sprintf("regel %d van het bestand", n.Line)
	l.zag(sleutel + ".")
	switch n.Kind {
	case yaml.MappingNode:
		for i := 0; i+1 < len(n.Content); i += 2 {
			naam := n.Content[i]
			if naam.Kind != yaml.ScalarNode || naam.Value == "" || len(naam.Value) > 100 || strings.ContainsFunc(naam.Value, unicode.IsControl) || strings.Count(sleutel, ".") > 8 {
				l.fout("configuratie", fmt.Sprintf("regel %d van het bestand", naam.Line), "hier hoort de naam van een instelling")
				continue
			}
			onder := naam.Value
			if sleutel != "" {
				onder = sleutel + "." + naam.Value
			}
			l.knoop(onder, n.Content[i+1])
		}
	case yaml.ScalarNode:
		if n.Tag == "!!null" {
			n.Value = ""
		}
		l.neem(sleutel, gegeven{tekst: n.Value, herkomst: uitBestand, plek: plek})
	case yaml.SequenceNode:
		var delen []string
		for _, deel := range n.Content {
			if regel, ok := getuigeRegel(sleutel, deel); ok {
				delen = append(delen, regel)
				continue
			}
			if deel.Kind != yaml.ScalarNode {
				l.fout(sleutel, plek, "hier hoort een lijst van losse waarden")
				return
			}
			delen = append(delen, deel.Value)
		}
		l.neem(sleutel, gegeven{tekst: strings.Join(delen, ","), herkomst: uitBestand, plek: plek, lijst: true})
	default:
		l.fout(sleutel, plek, "verwijzingen met * worden niet gelezen; schrijf de waarde uit")
	}
}

// neem keeps a value from the file, if its key exists and was not given before.
func (l *lezing) neem(sleutel string, g gegeven) {
	naam, ok := bekendeSleutel(sleutel)
	switch {
	case sleutel == "":
		l.fout("configuratie", g.plek, "het bestand hoort uit sleutel: waarde te bestaan")
	case !ok && g.tekst == "" && isGroep(sleutel):
		// "tls:" with nothing below it.
	case !ok:
		l.fout(sleutel, g.plek, onbekend(sleutel))
	case l.gegeven[naam].tekst != "":
		l.fout(sleutel, g.plek, "deze instelling staat er twee keer; laat er één staan")
	default:
		l.gegeven[naam] = g
		l.zag(naam) // also when the whole key stands on one line
	}
}

// zag keeps the organisation or the service that a key names.
func (l *lezing) zag(sleutel string) {
	r, naam, _, ok := splits(sleutel)
	if !ok {
		return
	}
	namen := &l.organisaties
	switch r.voor {
	case dienstVoor:
		namen = &l.diensten
	case inwonerVoor:
		namen = &l.inwoners
	}
	if *namen == nil {
		*namen = map[string]bool{}
	}
	(*namen)[naam] = true
}

// omgeving reads the variables, over what the file gave.
func (l *lezing) omgeving(getenv func(string) string, environ []string) {
	var namen []string
	for _, regel := range environ {
		naam, _, _ := strings.Cut(regel, "=")
		if strings.HasPrefix(naam, omgevingVoorvoegsel) && !strings.HasPrefix(naam, omgevingVoorvoegsel+"TEST_") {
			namen = append(namen, naam)
		}
	}
	slices.Sort(namen)
	gezien := map[string]string{}
	for _, naam := range slices.Compact(namen) {
		rest := strings.TrimPrefix(naam, omgevingVoorvoegsel)
		sleutel, ok := sleutelVan(rest)
		uitBestand := false
		if !ok {
			if kort, is := strings.CutSuffix(rest, bestandAchtervoeg); is {
				sleutel, ok = sleutelVan(kort)
				uitBestand = ok
			}
		}
		if !ok {
			l.fout(naam, uitOmgeving, onbekendeVariabele(rest))
			continue
		}
		waarde := getenv(naam)
		if waarde == "" {
			continue
		}
		if ander, dubbel := gezien[sleutel]; dubbel {
			l.fout(naam, uitOmgeving, "ook "+ander+" is gezet; laat er één staan")
			continue
		}
		gezien[sleutel] = naam
		if uitBestand {
			inhoud, err := leesHooguit(waarde, maxGeheim)
			if err != nil {
				l.fout(naam, uitOmgeving, err.Error())
				continue
			}
			waarde = strings.TrimRight(string(inhoud), "\r\n")
			if waarde == "" {
				l.fout(naam, uitOmgeving, "het bestand is leeg; zet er de waarde in")
				continue
			}
		}
		l.zag(sleutel)
		l.gegeven[sleutel] = gegeven{tekst: waarde, herkomst: uitOmgeving, plek: naam}
	}
}

// leesHooguit reads a file that may not be larger than max bytes. Its errors are Dutch sentences
// without the path: who gives a secret where a file is expected must not read it back in a log.
func leesHooguit(path string, max int64) ([]byte, error) {
	f, err := os.Open(path)
	switch {
	case errors.Is(err, os.ErrNotExist):
		return nil, errors.New("dit bestand bestaat niet; controleer het pad")
	case errors.Is(err, os.ErrPermission):
		return nil, errors.New("dit bestand mag niet gelezen worden; controleer de rechten")
	case err != nil:
		return nil, errors.New("dit bestand is niet te openen; controleer het pad")
	}
	defer f.Close()
	inhoud, err := io.ReadAll(io.LimitReader(f, max+1))
	if err != nil {
		return nil, errors.New("dit is niet als bestand te lezen; controleer het pad")
	}
	if int64(len(inhoud)) > max {
		return nil, fmt.Errorf("dit bestand is groter dan %d bytes", max)
	}
	return inhoud, nil
}
