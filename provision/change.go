package provision

import (
	"context"
	"errors"

	"sloth-runner/proto"
)

// errStopped is why the turn of a host did not come.
var errStopped = errors.New("not begun: an upgrade before it failed")

// Upgrade puts the program that hosts are reached with in the place of what their agents run, a batch at a time. An
// agent that does not answer then is what it was before, and no further batch is begun. Results and error are as Install's.
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

// Uninstall stops the agents and removes all that belongs to them. A host without one is no failure. Results and error
// are as Install's.
func Uninstall(ctx context.Context, c Config) ([]Result, error) {
	return once(ctx, c, Uninstalling, "uninstall agents", &proto.Setup{Step: &proto.Setup_Uninstall{Uninstall: &proto.Uninstall{}}})
}

// Query reports what is installed. Results and error are as Install's.
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

// simple has some hosts do the same step.
func (w *work) simple(ctx context.Context, phase Phase, title string, some []int, step *proto.Setup) error {
	_, err := w.run(ctx, phase, title, some, func(i int) *proto.Setup {
		return &proto.Setup{Name: w.results[i].Name, Step: step.GetStep()}
	})
	return err
}
