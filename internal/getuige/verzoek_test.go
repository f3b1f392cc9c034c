package getuige_test

import (
	"bytes"
	"strings"
	"testing"

	"github.com/verantwoord/verantwoord/internal/getuige"
)

// The request that C2SP tlog-witness shows.
const voorbeeldVerzoek = `old 20852014
PlRNCrwHpqhGrupue0L7gxbjbMiKA9temvuZZDDpkaw=
jrJZDmY8Y7SyJE0MWLpLozkIVMSMZcD5kvuKxPC3swk=
5+pKlUdi2LeF/BcMHBn+Ku6yhPGNCswZZD1X/6QgPd8=
/6WVhPs2CwSsb5rYBH5cjHV/wSmA79abXAwhXw3Kj/0=

example.com/behind-the-sofa
20852163
CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=

— example.com/behind-the-sofa Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeOoRDe4URYN7u5/Zhcyv2q1gGzGku9nTo+zyWE+xeMcTOAYQ8=
— example.com/behind-the-sofa opLqBQsREYCgu6xQkYQwJr9fo45a62DN9EdmHXnZdXNqlcVGlCum2Wks+49/V6267UEjw6QUXTS5Rovnzv++qbSzm9Q=
`

func TestThePublishedRequestIsRead(t *testing.T) {
	t.Parallel()
	v, err := getuige.ParseVerzoek([]byte(voorbeeldVerzoek))
	if err != nil || v.Oud != 20852014 || len(v.Pad) != 4 || !strings.HasPrefix(string(v.Checkpoint), voorbeeld+"\n— ") {
		t.Fatalf("%+v, %v", v, err)
	}
	if string(v.Tekst()) != voorbeeldVerzoek {
		t.Errorf("it is written otherwise:\n%s", v.Tekst())
	}
	leeg, err := getuige.ParseVerzoek([]byte("old 0\n\n" + voorbeeld))
	if err != nil || leeg.Oud != 0 || leeg.Pad != nil {
		t.Errorf("without a proof: %+v, %v", leeg, err)
	}
}

func TestRequestsOfAnotherFormAreRefused(t *testing.T) {
	t.Parallel()
	hash := "PlRNCrwHpqhGrupue0L7gxbjbMiKA9temvuZZDDpkaw=\n"
	for naam, kop := range map[string]string{
		"nothing": "", "no old": "20852014\n", "a leading zero": "old 07\n", "a sign": "old +7\n", "a negative one": "old -1\n", "a word": "old x\n", "two spaces": "old  7\n",
		"too large": "old 4611686018427387904\n", "a carriage return": "old 7\r\n", "a short hash": "old 7\nAAAA\n", "a hash in another base64": "old 7\n" + strings.Replace(hash, "=", "", 1),
		"a hash with bits too many": "old 7\n" + strings.Replace(hash, "kaw=", "kax=", 1), "64 hashes": "old 7\n" + strings.Repeat(hash, 64),
	} {
		if v, err := getuige.ParseVerzoek([]byte(kop + "\n" + voorbeeld)); err == nil {
			t.Errorf("%s: read as %+v", naam, v)
		}
	}
	if _, err := getuige.ParseVerzoek([]byte("old 7\n" + strings.Repeat(hash, 63) + "\n" + voorbeeld)); err != nil {
		t.Errorf("63 hashes: %v", err)
	}
	if _, err := getuige.ParseVerzoek(append([]byte("old 7\n\n"), make([]byte, getuige.MaxVerzoek)...)); err == nil {
		t.Error("a request may be longer than it may")
	}
}

func FuzzParseVerzoek(f *testing.F) {
	f.Add([]byte(voorbeeldVerzoek))
	f.Add([]byte("old 0\n\n"))
	f.Fuzz(func(t *testing.T, b []byte) {
		if v, err := getuige.ParseVerzoek(b); err == nil && !bytes.Equal(v.Tekst(), b) {
			t.Errorf("%q is written as %q", b, v.Tekst())
		}
	})
}
