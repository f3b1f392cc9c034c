package autorisatiecomponent

import (
	"bytes"
	"errors"
	"slices"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"github.com/verantwoord/verantwoord/internal/autorisatie"
)

// applicatie is what is read of an application; the rest is for other registers.
type applicatie struct {
	ClientIDs    []string `json:"clientIds"`
	Autorisaties []struct {
		Component string   `json:"component"`
		Scopes    []string `json:"scopes"`
	} `json:"autorisaties"`
}

var (
	errVorm    = errors.New("read the answer of the component: it is no application, list or page")
	errDubbel  = errors.New("read the answer of the component: more than one application has this client id")
	errOnklaar = errors.New("read the answer of the component: it is no valid JSON of this form") // the cause may quote
)

// read takes the application of a client out of any of the three forms.
func (c *Client) read(body []byte, clientID string) ([]autorisatie.Autorisatie, error) {
	list, err := applicaties(body)
	if err != nil {
		return nil, err
	}
	list = slices.DeleteFunc(list, func(a applicatie) bool { return !slices.Contains(a.ClientIDs, clientID) })
	switch len(list) {
	case 0:
		return nil, nil
	case 1:
		return c.grants(list[0]), nil
	}
	return nil, errDubbel
}

func applicaties(body []byte) ([]applicatie, error) {
	var list []applicatie
	switch jsontext.Value(bytes.TrimLeft(body, " \t\r\n")).Kind() {
	case '[':
		if err := json.Unmarshal(body, &list); err != nil {
			return nil, errOnklaar
		}
		return list, nil
	case '{':
	default:
		return nil, errVorm
	}
	var een struct {
		applicatie `json:",inline"`
		Results    *[]applicatie `json:"results"`
	}
	if err := json.Unmarshal(body, &een); err != nil {
		return nil, errOnklaar
	}
	switch {
	case een.Results != nil && een.ClientIDs == nil:
		return *een.Results, nil
	case een.Results == nil && een.ClientIDs != nil:
		return []applicatie{een.applicatie}, nil
	}
	return nil, errVorm
}

// grants translates to the register's own words.
func (c *Client) grants(a applicatie) []autorisatie.Autorisatie {
	var uit []autorisatie.Autorisatie
	for _, in := range a.Autorisaties {
		var component string
		switch in.Component {
		case c.o.Bewerking:
			component = autorisatie.ComponentBewerking
		case c.o.Inzage:
			component = autorisatie.ComponentInzage
		case c.o.VAR:
			component = autorisatie.ComponentVAR
		case autorisatie.ComponentAC:
			component = autorisatie.ComponentAC
		default:
			continue
		}
		grant := autorisatie.Autorisatie{Component: component}
		for _, s := range in.Scopes {
			if scope, err := autorisatie.ParseScope(s); err == nil {
				grant.Scopes = append(grant.Scopes, scope)
			}
		}
		uit = append(uit, grant)
	}
	return uit
}
