package become

import (
	"os"
	"testing"

	"go.uber.org/goleak"

	"sloth-runner/tools/testhost"
)

func TestMain(m *testing.M) {
	if os.Getenv(lookVar) != "" {
		os.Exit(look())
	}
	testhost.RunExchange()
	goleak.VerifyTestMain(m)
}
