package persistent

import (
	"os"
	"testing"

	"go.uber.org/goleak"
)

func TestMain(m *testing.M) {
	if os.Getenv(fullVar) != "" {
		os.Exit(full())
	}
	goleak.VerifyTestMain(m)
}
