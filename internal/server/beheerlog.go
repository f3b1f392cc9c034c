package server

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"github.com/verantwoord/verantwoord/internal/autorisatie"
	"github.com/verantwoord/verantwoord/internal/beheerlog"
	"github.com/verantwoord/verantwoord/internal/betrokkene"
	logboek "github.com/verantwoord/verantwoord/internal/store/beheerlog"
)

// openBeheerlog opens the beheerlog, and tells in it what an operator changed outside the register since a node
// last started: settings, applications of the file, keys. Only differences are told, so nodes that start one after
// another tell them once.
func (s *Server) openBeheerlog(ctx context.Context, b *autorisatie.Bestand, sleutels *betrokkene.Sleutelbos) error {
	s.beheerlog = beheerlog.NewLog(logboek.New(s.store), sleutels.Organisatie, s.nu)
	for _, o := range b.Organisaties {
		vingers, err := s.sleutelstand(ctx, o.OIN)
		if err != nil {
			return fmt.Errorf("sleutels lezen: %w", err)
		}
		for _, n := range []struct {
			soort beheerlog.Soort
			wat   string
			nu    map[string]string
		}{
			{beheerlog.Sleutel, sleutelsGewijzigd, vingers},
			{beheerlog.Instelling, "Instellingen gewijzigd", s.gekozen(b, o.OIN)},
		} {
			if err := s.note(ctx, o.OIN, n.soort, n.wat, n.nu); err != nil {
				return fmt.Errorf("beheerlog van organisatie %s bijwerken: %w", o.OIN, err)
			}
		}
	}
	return nil
}

// vanKnoop are settings in which nodes of one register may differ.
var vanKnoop = []string{"listen", "schrijvers", "uitloop", "telemetrie.", "audit.bestand", "tls.certificaat", "tls.sleutel", "sleutels", "applicaties", "store"}

// gekozen is what was chosen for an organisation, in settings and in the file of applications. Secrets are masked or
// left out.
func (s *Server) gekozen(b *autorisatie.Bestand, oin string) map[string]string {
	nu := map[string]string{}
	for _, w := range s.config.Waarden(oin) {
		if w.Gekozen() && !slices.ContainsFunc(vanKnoop, func(k string) bool { return strings.HasPrefix(w.Sleutel, k) }) {
			nu[w.Sleutel] = w.Tekst
		}
	}
	for _, a := range b.Applicaties {
		if !slices.Contains(a.Organisaties, oin) {
			continue
		}
		var rechten []string
		for _, r := range a.Autorisaties {
			for _, scope := range r.Scopes {
				rechten = append(rechten, r.Component+":"+string(scope))
			}
		}
		slices.Sort(rechten)
		nu["applicatie "+strings.Join(a.ClientIDs, ", ")] = strings.Join(rechten, ", ")
	}
	juridischGekozen(s.juridisch, nu)
	return nu
}

// note adds an event when nu differs from what the last one of its kind says.
func (s *Server) note(ctx context.Context, oin string, soort beheerlog.Soort, wat string, nu map[string]string) error {
	laatste, err := s.beheerlog.Van(ctx, oin, soort, beheerlog.Vanaf, 1)
	if err != nil {
		return err
	}
	toen := map[string]string{}
	if len(laatste) > 0 {
		na, _ := laatste[0].Na.(jsontext.Value)
		if json.Unmarshal(na, &toen) != nil {
			return fmt.Errorf("event %d can't be read", laatste[0].Nummer)
		}
	}
	if maps.Equal(nu, toen) {
		return nil
	}
	var anders []string
	for k := range union(nu, toen) {
		if v, ok := toen[k]; nu[k] != v || !ok {
			if k == herschrijven {
				k += " " + nu[k]
			}
			anders = append(anders, k)
		}
	}
	slices.Sort(anders)
	return s.beheerlog.Add(ctx, oin, beheerlog.Regel{
		Soort: soort, Door: beheerlog.Opdrachtregel, Voor: toen, Na: nu, Wat: wat + ": " + strings.Join(anders, ", ") + ".",
	})
}

func union(a, b map[string]string) map[string]string {
	u := maps.Clone(a)
	maps.Copy(u, b)
	return u
}
