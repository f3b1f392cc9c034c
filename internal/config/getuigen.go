package config

import (
	"strings"

	"go.yaml.in/yaml/v3"
)

// Getuige is a witness that cosigns the public checkpoints of an organisation.
type Getuige struct {
	URL     string // without a slash at the end
	Sleutel string // its public key (C2SP signed-note)
	Naam    string // for people; empty: that of the key
}

// maxGetuigen bounds the cosignatures that stand under a checkpoint.
const maxGetuigen = 16

// getuigen are written as "url sleutel naam", with commas in between; in the file also as a list of groups.
var getuigen = soort[[]Getuige]{
	aanvaardt: "een lijst van hooguit 16 getuigen, elk met url (https://…, of op deze machine) en sleutel (de openbare sleutel), en zo gewenst een naam",
	lees:      leesGetuigen, lijst: true,
}

func leesGetuigen(s string) (uit []Getuige, ok bool) {
	gezien := map[string]bool{}
	for deel := range strings.SplitSeq(s, ",") {
		woorden := strings.Fields(deel)
		if len(woorden) < 2 {
			return nil, false
		}
		adres, ok := leesBasisURL(woorden[0])
		g := Getuige{adres, woorden[1], strings.Join(woorden[2:], " ")}
		if !ok || !veiligeURL(adres) || strings.Count(g.Sleutel, "+") < 2 || gezien[g.Sleutel] {
			return nil, false
		}
		gezien[g.Sleutel] = true
		uit = append(uit, g)
	}
	return uit, len(uit) <= maxGetuigen
}

// getuigeRegel writes a group {url, sleutel, naam} of the file as the one line that it is elsewhere.
func getuigeRegel(sleutel string, n *yaml.Node) (string, bool) {
	if !strings.HasPrefix(sleutel, organisatieVoor) || !strings.HasSuffix(sleutel, ".getuigen") || n.Kind != yaml.MappingNode {
		return "", false
	}
	per := map[string]string{}
	for i := 0; i+1 < len(n.Content); i += 2 {
		naam, waarde := n.Content[i].Value, n.Content[i+1]
		if waarde.Kind != yaml.ScalarNode || naam != "url" && naam != "sleutel" && naam != "naam" || per[naam] != "" || strings.Contains(waarde.Value, ",") ||
			naam != "naam" && strings.Contains(waarde.Value, " ") {
			return "", false
		}
		per[naam] = waarde.Value
	}
	if per["url"] == "" || per["sleutel"] == "" {
		return "", false
	}
	return strings.TrimSpace(per["url"] + " " + per["sleutel"] + " " + per["naam"]), true
}
