package main

import (
	"context"
	"fmt"
	"time"

	"sloth-runner/tools/testhost"
)

// roundTrip is the round-trip time of the slow connection.
const roundTrip = 100 * time.Millisecond

// far counts the round trips of a run through a proxy with a delay.
func (l *lab) far(ctx context.Context) error {
	proxy, behind, err := l.through(ctx, l.hosts[0], roundTrip/2)
	if err != nil {
		return err
	}
	defer proxy.Close()
	hosts := []host{behind}
	one, err := l.runOn(hosts, oneTask)
	if err != nil {
		return err
	}
	twenty, err := l.runOn(hosts, twentyTasks)
	if err != nil {
		return err
	}
	results, err := contest(ctx, l.rounds, l.floorOn(hosts, command), one, twenty)
	if err != nil {
		return err
	}
	floor, single := results[0], results[1]
	l.roundTrips("100 ms round trip, one task, 1 host", floor, single, moreRoundTrips, "floor")
	l.roundTrips("100 ms round trip, 20 tasks, 1 host", single, results[2], 1, "one task")
	return nil
}

// roundTrips adds a row that shows times as round trips.
func (l *lab) roundTrips(what string, less, more turns, most float64, than string) {
	trips := func(t turns) float64 { return float64(t.best(wall)) / float64(roundTrip) }
	extra := trips(more) - trips(less)
	l.table = append(l.table, row{
		what:  what,
		floor: fmt.Sprintf("%.1f trips", trips(less)), measured: fmt.Sprintf("%.1f trips", trips(more)),
		ratio: fmt.Sprintf("%+.1f", extra), target: fmt.Sprintf("≤ %s + %.0f", than, most), reached: extra <= most,
	})
}

// through returns a host behind a new proxy. Both programs know its key for the proxy's address.
func (l *lab) through(ctx context.Context, h host, oneWay time.Duration) (*testhost.Proxy, host, error) {
	proxy, err := testhost.Delay(ctx, h.address, oneWay)
	if err != nil {
		return nil, host{}, err
	}
	h.address = proxy.Addr()
	learn, err := l.runOn([]host{h}, oneTask, "--host-key", "accept-new")
	if err == nil {
		_, err = learn.run(ctx)
	}
	if err != nil {
		proxy.Close()
		return nil, host{}, err
	}
	return proxy, h, nil
}
