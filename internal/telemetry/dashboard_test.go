package telemetry

import (
	"encoding/json"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// nietOpDashboard are the metrics the dashboard leaves out, and why.
var nietOpDashboard = map[string]string{}

// paneel is what this test reads of a panel of Grafana.
type paneel struct {
	ID          int
	Type, Title string
	Description string
	GridPos     struct{ X, Y, W, H int }
	Targets     []struct{ RefID, Expr, LegendFormat string }
	FieldConfig struct{ Defaults struct{ Unit string } }
}

type dashboard struct {
	Title, UID    string
	SchemaVersion int
	Panels        []paneel
	Templating    struct {
		List []struct{ Name, Type, Query string }
	}
}

func leesDashboard(t *testing.T) dashboard {
	t.Helper()
	b, err := os.ReadFile("../../deploy/grafana/verantwoord.json")
	if err != nil {
		t.Fatal(err)
	}
	var d dashboard
	if err := json.Unmarshal(b, &d); err != nil {
		t.Fatal(err)
	}
	return d
}

// soorten gives each metric of ours with its labels; a histogram by the three names it is asked by.
func soorten(t *testing.T) map[string][]string {
	t.Helper()
	m := NewMetrics("1")
	roep(m, "POST")
	families, err := m.registry.Gather()
	if err != nil {
		t.Fatal(err)
	}
	out := map[string][]string{}
	for _, f := range families {
		var labels []string
		for _, l := range f.GetMetric()[0].GetLabel() {
			labels = append(labels, l.GetName())
		}
		switch {
		case !strings.HasPrefix(f.GetName(), "verantwoord_"):
		case f.GetType().String() == "HISTOGRAM":
			out[f.GetName()+"_bucket"] = append(labels, "le")
			out[f.GetName()+"_sum"], out[f.GetName()+"_count"] = labels, labels
		default:
			out[f.GetName()] = labels
		}
	}
	return out
}

var (
	reMetriek = regexp.MustCompile(`verantwoord_\w+`)
	reBy      = regexp.MustCompile(`by \(([^)]*)\)`)
	reLegenda = regexp.MustCompile(`\{\{(\w+)\}\}`)
	reKeuze   = regexp.MustCompile(`(\w+)=~?"`)
)

func TestTheDashboardAsksForWhatExists(t *testing.T) {
	t.Parallel()
	d := leesDashboard(t)
	known := soorten(t)
	shown := map[string]bool{}
	for _, p := range d.Panels {
		if p.Type == "row" {
			continue
		}
		if p.Title == "" || p.Description == "" || p.FieldConfig.Defaults.Unit == "" || len(p.Targets) == 0 {
			t.Errorf("panel %d (%s) has no title, description, unit or question", p.ID, p.Title)
		}
		for _, q := range p.Targets {
			names := reMetriek.FindAllString(q.Expr, -1)
			if len(names) == 0 {
				t.Errorf("%s: %s asks for nothing of ours", p.Title, q.Expr)
			}
			labels := []string{"job", "instance"} // Prometheus adds these
			for _, n := range names {
				if _, ok := known[n]; !ok {
					t.Errorf("%s: %s does not exist", p.Title, n)
				}
				labels = append(labels, known[n]...)
				shown[strings.TrimSuffix(strings.TrimSuffix(strings.TrimSuffix(n, "_bucket"), "_sum"), "_count")] = true
			}
			var used []string
			for _, m := range reBy.FindAllStringSubmatch(q.Expr, -1) {
				used = append(used, strings.Split(strings.ReplaceAll(m[1], " ", ""), ",")...)
			}
			for _, re := range []*regexp.Regexp{reLegenda, reKeuze} {
				for _, m := range re.FindAllStringSubmatch(q.Expr+" "+q.LegendFormat, -1) {
					used = append(used, m[1])
				}
			}
			for _, l := range used {
				if !slices.Contains(labels, l) {
					t.Errorf("%s: no metric in %s has the label %s", p.Title, q.Expr, l)
				}
			}
			for _, pair := range []string{"()", "{}", "[]"} {
				if strings.Count(q.Expr, pair[:1]) != strings.Count(q.Expr, pair[1:]) {
					t.Errorf("%s: unbalanced %s in %s", p.Title, pair, q.Expr)
				}
			}
		}
	}
	for n := range known {
		base := strings.TrimSuffix(strings.TrimSuffix(strings.TrimSuffix(n, "_bucket"), "_sum"), "_count")
		if shown[base] == (nietOpDashboard[base] != "") {
			t.Errorf("%s: on the dashboard %v, left out because %q", base, shown[base], nietOpDashboard[base])
		}
	}
	for n := range nietOpDashboard {
		_, plain := known[n]
		if _, histogram := known[n+"_count"]; !plain && !histogram {
			t.Errorf("%s is left out and does not exist", n)
		}
	}
}

func TestTheDashboardCanBeRead(t *testing.T) {
	t.Parallel()
	d := leesDashboard(t)
	if d.Title == "" || d.UID == "" || d.SchemaVersion < 30 {
		t.Errorf("%q, %q, schema %d", d.Title, d.UID, d.SchemaVersion)
	}
	var variables []string
	for _, v := range d.Templating.List {
		variables = append(variables, v.Name)
		if v.Type == "query" && !reMetriek.MatchString(v.Query) {
			t.Errorf("variable %s asks for %s", v.Name, v.Query)
		}
	}
	slices.Sort(variables)
	if want := []string{"bron", "instance", "job"}; !slices.Equal(variables, want) {
		t.Errorf("variables %v, want %v", variables, want)
	}
	seen := map[int]bool{}
	taken := map[[2]int]string{}
	for _, p := range d.Panels {
		if seen[p.ID] {
			t.Errorf("two panels are %d", p.ID)
		}
		seen[p.ID] = true
		g := p.GridPos
		if g.W <= 0 || g.H <= 0 || g.X < 0 || g.X+g.W > 24 {
			t.Errorf("%s lies outside the page", p.Title)
		}
		for x := g.X; x < g.X+g.W; x++ {
			for y := g.Y; y < g.Y+g.H; y++ {
				if other := taken[[2]int{x, y}]; other != "" {
					t.Fatalf("%s lies over %s", p.Title, other)
				}
				taken[[2]int{x, y}] = p.Title
			}
		}
	}
}
