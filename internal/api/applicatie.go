package api

import (
	"strconv"

	"github.com/verantwoord/verantwoord/internal/autorisatie"
	"github.com/verantwoord/verantwoord/internal/fout"
)

// applicatie writes an application; its secret is never part of that.
func (q *verzoek) applicatie(b *schrijver, r *autorisatie.Registratie) {
	b.open().key("url").link(q.applicatieURL(), r.ID)
	b.key("clientIds").teksten(r.ClientIDs)
	b.key("label").tekst(r.Label)
	b.key("heeftAlleAutorisaties").jaNee(r.HeeftAlleAutorisaties)
	b.key("autorisaties").openList()
	for _, a := range r.Autorisaties {
		b.next().open().key("component").tekst(a.Component)
		b.key("componentWeergave").tekst(autorisatie.ComponentWeergave(a.Component))
		b.key("scopes").openList()
		for _, s := range a.Scopes {
			b.next().tekst(string(s))
		}
		b.closeList().close()
	}
	b.closeList()
	b.key("oins").teksten(r.OINs)
	b.key("heeftGeheim").jaNee(len(r.Geheim) > 0)
	b.key("alleenLezen").jaNee(r.UitBestand())
	b.close()
}

func (s *schrijver) teksten(list []string) *schrijver {
	s.openList()
	for _, v := range list {
		s.next().tekst(v)
	}
	return s.closeList()
}

// decodeApplicatie reads the body of a POST, PUT or PATCH. What the published contract calls read-only
// is skipped, so that what was read can be sent back.
func (q *verzoek) decodeApplicatie(volledig bool) (*autorisatie.Invoer, error) {
	in := new(autorisatie.Invoer)
	params, err := decode(q.lichaam, q.MaxDiepte, func(l *lezer) error {
		return l.object(func(name []byte) (err error) {
			switch string(name) {
			case "clientIds":
				in.ClientIDs, err = l.teksten("clientIds")
			case "label":
				in.Label, err = l.tekst("label")
			case "geheim":
				in.Geheim, err = l.tekst("geheim")
			case "oins":
				in.OINs, err = l.teksten("oins")
			case "heeftAlleAutorisaties":
				in.HeeftAlleAutorisaties, err = l.jaNee("heeftAlleAutorisaties")
			case "autorisaties":
				in.Autorisaties, err = l.autorisaties("autorisaties")
			default:
				err = l.dec.SkipValue()
			}
			return err
		})
	})
	if err != nil {
		return nil, err
	}
	if params != nil {
		return nil, fout.Ongeldig(merge(params, in.Validate(volledig))...)
	}
	return in, nil
}

// tekst reads a string; null is not given.
func (l *lezer) tekst(name string) (*string, error) {
	if l.dec.PeekKind() == 'n' {
		return nil, l.dec.SkipValue()
	}
	s, err := l.text(name)
	return &s, err
}

// teksten reads a list of strings; null is not given.
func (l *lezer) teksten(name string) (*[]string, error) {
	list := []string{}
	ok, err := l.list(name, func(k int) error {
		s, err := l.text(name + "." + strconv.Itoa(k))
		list = append(list, s)
		return err
	})
	if !ok {
		return nil, err
	}
	return &list, err
}

// jaNee reads true or false; null is not given.
func (l *lezer) jaNee(name string) (*bool, error) {
	kind := l.dec.PeekKind()
	if kind != 't' && kind != 'f' {
		if kind != 'n' && kind != 0 {
			l.add(name, "invalid", "Geef hier true of false.")
		}
		return nil, l.dec.SkipValue()
	}
	v := kind == 't'
	return &v, l.dec.SkipValue()
}

func (l *lezer) autorisaties(name string) (*[]autorisatie.InvoerAutorisatie, error) {
	list := []autorisatie.InvoerAutorisatie{}
	ok, err := l.list(name, func(k int) error {
		at := name + "." + strconv.Itoa(k)
		if l.dec.PeekKind() != '{' {
			l.add(at, "invalid", "Geef hier een object met component en scopes.")
			list = append(list, autorisatie.InvoerAutorisatie{Component: autorisatie.ComponentAC, Scopes: []string{}}) // keeps the count
			return l.dec.SkipValue()
		}
		var a autorisatie.InvoerAutorisatie
		err := l.object(func(name []byte) (err error) {
			switch string(name) {
			case "component":
				a.Component, err = l.text(at + ".component")
			case "scopes":
				var scopes *[]string
				if scopes, err = l.teksten(at + ".scopes"); scopes != nil {
					a.Scopes = *scopes
				}
			default:
				err = l.dec.SkipValue()
			}
			return err
		})
		list = append(list, a)
		return err
	})
	if !ok {
		return nil, err
	}
	return &list, err
}
