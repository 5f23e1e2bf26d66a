package provision

import (
	"context"
	"errors"

	"sloth-runner/proto"
)

// errStopped is the error of hosts that were not upgraded because an earlier batch failed.
var errStopped = errors.New("not begun: an upgrade before it failed")

// Upgrade replaces the program of the hosts' agents with the one that the hosts are reached with, a batch at a time. An
// agent that does not answer afterwards is restored, and no further batch is begun. Results and error are those of
// Install.
func Upgrade(ctx context.Context, c Config) ([]Result, error) {
	w, err := newWork(&c)
	if err != nil {
		return nil, err
	}
	size := c.Batch
	if size == 0 {
		size = len(c.Hosts)
	}
	for left := w.all(); len(left) > 0; {
		batch := left[:min(size, len(left))]
		left = left[len(batch):]
		if err := w.simple(ctx, Upgrading, "upgrade agents", batch, &proto.Setup{Step: &proto.Setup_Upgrade{Upgrade: &proto.Upgrade{}}}); err != nil {
			return w.results, err
		}
		w.prove(ctx, w.well(batch))
		if len(w.well(batch)) < len(batch) {
			for _, i := range left {
				w.results[i].Err = errStopped
			}
			break
		}
	}
	return w.results, nil
}

// Uninstall stops the agents and removes all of their files. A host without an agent is not a failure. Results and
// error are those of Install.
func Uninstall(ctx context.Context, c Config) ([]Result, error) {
	return once(ctx, c, Uninstalling, "uninstall agents", &proto.Setup{Step: &proto.Setup_Uninstall{Uninstall: &proto.Uninstall{}}})
}

// Query reports what is installed. Results and error are those of Install.
func Query(ctx context.Context, c Config) ([]Result, error) {
	return once(ctx, c, Querying, "look at agents", &proto.Setup{Step: &proto.Setup_Query{Query: &proto.Query{}}})
}

func once(ctx context.Context, c Config, phase Phase, title string, step *proto.Setup) ([]Result, error) {
	w, err := newWork(&c)
	if err != nil {
		return nil, err
	}
	return w.results, w.simple(ctx, phase, title, w.all(), step)
}

// simple runs the same step on some hosts.
func (w *work) simple(ctx context.Context, phase Phase, title string, some []int, step *proto.Setup) error {
	_, err := w.run(ctx, phase, title, some, func(i int) *proto.Setup {
		return &proto.Setup{Name: w.results[i].Name, Step: step.GetStep()}
	})
	return err
}
