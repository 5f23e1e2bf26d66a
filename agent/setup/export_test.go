package setup

import (
	"context"
	"os"
	"time"

	"sloth-runner/proto"
)

// RunWithin is Run with another limit for the answer of an agent; 0: the usual one.
func RunWithin(ctx context.Context, step *proto.Setup, version string, limit time.Duration) (*proto.SetupReport, error) {
	where, err := placesOf(step.GetName(), os.Getenv)
	if err != nil {
		return nil, err
	}
	return (&setup{name: step.GetName(), version: version, places: where, limit: limit}).run(ctx, step)
}
