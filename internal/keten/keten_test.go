package keten

import (
	"fmt"
	"math/rand/v2"
	"testing"
)

// start runs a landscape for a test. The system gives no port below 32768 to who asks for any, so that a register that was away finds its own free.
func start(t *testing.T, dir string) *Keten {
	t.Helper()
	k, err := Start(t.Context(), Opties{Map: dir, Listen: fmt.Sprintf("127.0.0.1:%d", 10_000+rand.N(22_000)), Versie: "test"})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := k.Close(); err != nil {
			t.Error(err)
		}
	})
	return k
}

// proef is a test on a landscape that others use too, one after another: to start one takes seconds.
type proef struct {
	naam string
	f    func(*testing.T, *Keten)
}

func draai(t *testing.T, proeven []proef) {
	t.Helper()
	k := start(t, t.TempDir())
	for _, p := range proeven {
		t.Run(p.naam, func(t *testing.T) { p.f(t, k) })
	}
}

func TestTheChain(t *testing.T) {
	t.Parallel()
	draai(t, []proef{
		{"both log before the data move", bothLogBeforeTheDataMove},
		{"a search is logged on both sides before it is shown", aSearchIsLoggedOnBothSidesBeforeItIsShown},
		{"only confidential records ask the Autorisatiecomponent", onlyConfidentialRecordsAskTheAutorisatiecomponent},
		{"the headers of the third party arrive in the record of the municipality", theHeadersOfTheThirdPartyArriveInTheRecordOfTheMunicipality},
		{"without headers the municipality knows who and not why", withoutHeadersTheMunicipalityKnowsWhoAndNotWhy},
		{"a caller without a levering reads nothing", aCallerWithoutALeveringReadsNothing},
		{"a function without an activity goes nowhere", aFunctionWithoutAnActivityGoesNowhere},
		{"the recorder keeps nobody", theRecorderKeepsNobody},
		{"with the log of the third party down nothing is asked", withTheLogOfTheThirdPartyDownNothingIsAsked},
		{"with the log of the municipality down nothing is delivered", withTheLogOfTheMunicipalityDownNothingIsDelivered},
		{"lifting travels along the chain", liftingTravelsAlongTheChain},
		{"a term travels along the chain", aTermTravelsAlongTheChain},
		{"without headers a change stops at the third party", withoutHeadersAChangeStopsAtTheThirdParty},
		{"a change that fails at one side can be done again", aChangeThatFailsAtOneSideCanBeDoneAgain},
		{"the third party reaches nothing else at the municipality", theThirdPartyReachesNothingElseAtTheMunicipality},
	})
}

func TestThePages(t *testing.T) {
	t.Parallel()
	draai(t, []proef{
		{"a visitor walks through it without script", aVisitorWalksThroughItWithoutScript},
		{"a page tells what we see and shows data once", aPageTellsWhatWeSeeAndShowsDataOnce},
		{"the old application leaves empty fields", theOldApplicationLeavesEmptyFields},
		{"what is filled in wrong is told", whatIsFilledInWrongIsTold},
		{"another site can ask nothing", anotherSiteCanAskNothing},
		{"a page tells why there is nothing", aPageTellsWhyThereIsNothing},
	})
}
