package main

import (
	"context"
	"slices"
	"time"
)

// turns are the runs of one program.
type turns []turn

// contest runs the programs in turns, so that other load on the machine affects all of them, and returns the turns of
// each.
func contest(ctx context.Context, rounds int, programs ...program) ([]turns, error) {
	return contestAfter(ctx, rounds, func() error { return nil }, programs...)
}

// contestAfter is contest with what is done before each round, and not measured.
func contestAfter(ctx context.Context, rounds int, prepare func() error, programs ...program) ([]turns, error) {
	results := make([]turns, len(programs))
	for range rounds {
		if err := prepare(); err != nil {
			return nil, err
		}
		for i, p := range programs {
			t, err := p.run(ctx)
			if err != nil {
				return nil, err
			}
			results[i] = append(results[i], t)
		}
	}
	return results, nil
}

func wall(t turn) time.Duration { return t.wall }

func cpu(t turn) time.Duration { return t.cpu }

// sorted returns one figure of all turns, the best first.
func (t turns) sorted(figure func(turn) time.Duration) []time.Duration {
	var all []time.Duration
	for _, one := range t {
		all = append(all, figure(one))
	}
	slices.Sort(all)
	return all
}

func (t turns) best(figure func(turn) time.Duration) time.Duration { return t.sorted(figure)[0] }

func (t turns) median(figure func(turn) time.Duration) time.Duration {
	return t.sorted(figure)[(len(t)-1)/2]
}

// seconds formats the best turn and the median.
func (t turns) seconds() string {
	return inSeconds(t.best(wall)) + " (" + inSeconds(t.median(wall)) + ")"
}
