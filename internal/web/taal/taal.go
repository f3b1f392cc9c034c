// Package taal is the catalogue of what the pages say: Dutch first, English by choice.
//
// The Dutch text is the key, so a page reads as it will be seen. What has no English stays Dutch, and a test keeps
// that from happening to the texts of our own pages.
package taal

import "fmt"

// Taal is a language, as in the attribute lang.
type Taal string

// The languages there are.
const (
	Nederlands Taal = "nl"
	Engels     Taal = "en"
)

// Kies gives the language of a word, Dutch for what is none.
func Kies(woord string) Taal {
	if Taal(woord) == Engels {
		return Engels
	}
	return Nederlands
}

// Tekst gives a text in the language, with its arguments filled in as fmt.Sprintf does.
func (t Taal) Tekst(nederlands string, argumenten ...any) string {
	vorm := nederlands
	if t == Engels {
		if en, ok := engels[nederlands]; ok {
			vorm = en
		}
	}
	if len(argumenten) == 0 {
		return vorm
	}
	return fmt.Sprintf(vorm, argumenten...)
}

// Kent tells whether a text needs no mark of another language: it is Dutch, or has English.
func (t Taal) Kent(nederlands string) bool {
	if t != Engels {
		return true
	}
	_, ok := engels[nederlands]
	return ok
}

// engels is the English of every Dutch text.
var engels = voegSamen(engelsRaamwerk, engelsAanmelden, engelsMensen, engelsGroepen, engelsBeheer, engelsActiviteiten, engelsToezicht, engelsNoodtoegang, engelsApplicaties, engelsInwoners, engelsDomeinen)

// voegSamen panics on a text that stands in two parts with another translation.
func voegSamen(delen ...map[string]string) map[string]string {
	alles := map[string]string{}
	for _, deel := range delen {
		for nl, en := range deel {
			if ander, ok := alles[nl]; ok && ander != en {
				panic("two translations of: " + nl)
			}
			alles[nl] = en
		}
	}
	return alles
}
