package autorisatie

import (
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/verantwoord/verantwoord/internal/fout"
)

// lezer reads YAML nodes by hand and collects what is wrong. The decoder of the library would stop
// at the first kind of mistake, in English, and quote the value, which may be a secret.
type lezer struct {
	missers []misser
}

// misser is one mistake: the line, the path of keys and the Dutch reason, never the value.
type misser struct {
	regel         int
	plaats, reden string
}

// maxMissers keeps a report of a hopeless file readable.
const maxMissers = 50

func (l *lezer) mis(n *yaml.Node, plaats, reden string) {
	l.missers = append(l.missers, misser{n.Line, plaats, reden})
}

// rapport gives everything that is wrong as one error, in the order of the file.
func (l *lezer) rapport() error {
	if len(l.missers) == 0 {
		return nil
	}
	slices.SortStableFunc(l.missers, func(a, b misser) int { return a.regel - b.regel })
	var s strings.Builder
	s.WriteString("Het applicatiebestand klopt niet; herstel dit en start opnieuw:")
	for i, m := range l.missers {
		if i == maxMissers {
			fmt.Fprintf(&s, "\n- en nog %d", len(l.missers)-maxMissers)
			break
		}
		fmt.Fprintf(&s, "\n- regel %d, %s: %s", m.regel, m.plaats, m.reden)
	}
	return fout.New(fout.CodeOngeldig, s.String())
}

var yamlRegel = regexp.MustCompile(`line (\d+)`)

// syntaxFout tells where the YAML itself goes wrong. The library's text is left out: it may quote.
func syntaxFout(err error) error {
	waar := ""
	var typeFout *yaml.TypeError
	if m := yamlRegel.FindStringSubmatch(err.Error()); m != nil && !errors.As(err, &typeFout) {
		waar = " rond regel " + m[1]
	}
	return fout.New(fout.CodeOngeldig, "Het applicatiebestand is geen geldige YAML"+waar+
		"; let op inspringen, aanhalingstekens en haakjes.")
}

// leeg reports a missing value: `key:`, null or ~.
func leeg(n *yaml.Node) bool {
	return n == nil || n.Kind == yaml.ScalarNode && n.ShortTag() == "!!null"
}

// mapping gives the values by key, those that are there and not empty. Unknown and double keys are
// mistakes. It is nil when n is no mapping.
func (l *lezer) mapping(n *yaml.Node, plaats string, sleutels ...string) map[string]*yaml.Node {
	if n.Kind != yaml.MappingNode {
		l.mis(n, plaats, "hier horen sleutels met een waarde: "+strings.Join(sleutels, ", "))
		return nil
	}
	m, gezien := map[string]*yaml.Node{}, map[string]bool{}
	for i := 0; i+1 < len(n.Content); i += 2 {
		k, v := n.Content[i], n.Content[i+1]
		switch {
		case k.Kind != yaml.ScalarNode || !slices.Contains(sleutels, k.Value):
			l.mis(k, plaats, "onbekende sleutel"+leesbareSleutel(k)+"; bekend zijn "+strings.Join(sleutels, ", "))
		case gezien[k.Value]:
			l.mis(k, plaats, k.Value+" staat er twee keer")
		default:
			gezien[k.Value] = true
			if !leeg(v) {
				m[k.Value] = v
			}
		}
	}
	return m
}

var sleutelVorm = regexp.MustCompile(`^[A-Za-z_]{1,24}$`)

// leesbareSleutel quotes a key that looks like a slip of the pen; something longer could be a secret.
func leesbareSleutel(k *yaml.Node) string {
	if k.Kind == yaml.ScalarNode && sleutelVorm.MatchString(k.Value) {
		return " " + k.Value
	}
	return ""
}

// lijst gives the items of a list; none when it is absent.
func (l *lezer) lijst(n *yaml.Node, plaats string) []*yaml.Node {
	if leeg(n) {
		return nil
	}
	if n.Kind != yaml.SequenceNode {
		l.mis(n, plaats, "hier hoort een lijst")
		return nil
	}
	return n.Content
}

// tekst gives the text of a scalar as it is written. Aliases are refused: they would let a small
// file describe an immense one.
func (l *lezer) tekst(n *yaml.Node, plaats string) (string, bool) {
	if n.Kind != yaml.ScalarNode || leeg(n) || n.ShortTag() == "!!binary" {
		l.mis(n, plaats, "hier hoort tekst")
		return "", false
	}
	return n.Value, true
}

// jaNee reads true or false.
func (l *lezer) jaNee(n *yaml.Node, plaats string) bool {
	if n.Kind == yaml.ScalarNode && n.ShortTag() == "!!bool" {
		return strings.EqualFold(n.Value, "true")
	}
	l.mis(n, plaats, "hier hoort true of false")
	return false
}

func componentNamen() string {
	var namen []string
	for _, c := range componenten {
		namen = append(namen, c.naam)
	}
	return strings.Join(namen, ", ")
}

func scopeNamen(component int) string {
	var namen []string
	for _, s := range componenten[component].scopes {
		namen = append(namen, string(s))
	}
	return strings.Join(namen, ", ")
}
