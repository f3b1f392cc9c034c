package storetest_test

import (
	"testing"

	"github.com/verantwoord/verantwoord/internal/store/storetest"
	"github.com/verantwoord/verantwoord/internal/verwerkingenlog"
)

// The model must pass the suite itself, or it would be no measure for an engine.
func TestModel(t *testing.T) {
	t.Parallel()
	storetest.Run(t, func(t testing.TB) verwerkingenlog.Store {
		return storetest.NieuwModel(storetest.Nu(t), storetest.A, storetest.B)
	})
}
