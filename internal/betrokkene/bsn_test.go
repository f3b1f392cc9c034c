package betrokkene

import "testing"

func TestANumberIsABSNOrNone(t *testing.T) {
	t.Parallel()
	const bsn = "999990019"
	for s, want := range map[string]bool{
		bsn: true, "999993653": true, "000000012": true, "999900043": true,
		"": false, "999990018": false, "999912345": false, "000000000": false, "99999001": false, "9999900190": false, "99999001x": false, " 99990019": false,
	} {
		if got := IsBSN(s); got != want {
			t.Errorf("%q: %v", s, got)
		}
	}
	// Of each number that differs in one digit none passes.
	for i := range bsn {
		for c := byte('0'); c <= '9'; c++ {
			x := bsn[:i] + string(c) + bsn[i+1:]
			if x != bsn && IsBSN(x) {
				t.Errorf("one digit is another, and it passes")
			}
		}
	}
}
