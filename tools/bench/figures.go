package main

import (
	"context"
	"fmt"
	"strings"
	"time"
)

// The commands that are measured.
const (
	command = "hostname"
	oneTask = `TaskDefinitions = { bench = { tasks = { {
	name = "hostname", command = function() return exec.run("hostname").success end } } } }`
	twentyTasks = `local tasks = {}
for i = 1, 20 do
	tasks[i] = { name = "hostname_" .. i, command = function() return exec.run("hostname").success end }
end
TaskDefinitions = { bench = { tasks = tasks } }`
)

// The targets.
const (
	oneTaskRatio     = 1.4
	twentyTasksRatio = 2.5
	moreRoundTrips   = 3
	cpuPerHost       = 4 * time.Millisecond
	clientMemory     = 60_000_000
	// clientMemoryHosts is the number of hosts for clientMemory; crowdMemory is for up to 1,000.
	clientMemoryHosts = 50
	crowdMemory       = 300_000_000
	agentMemory       = 25_000_000
	coldBytes         = 5_500_000
)

// measure fills the table.
func (l *lab) measure(ctx context.Context) error {
	fmt.Fprintln(l.log, "bench: copying the agent to all hosts")
	// This is not measured. All hosts share this machine, so unpacking on all of them at once must end within its time
	// limits.
	cold, err := l.runOn(l.hosts, oneTask, "--forks", "8")
	if err != nil {
		return err
	}
	if _, err := cold.run(ctx); err != nil {
		return err
	}
	if l.only == "" {
		if err := l.warmAll(ctx); err != nil {
			return err
		}
	}
	for _, step := range []struct {
		what string
		do   func(context.Context) error
	}{
		{"hosts behind a jump host", l.behindJump}, {"one host with a long delay", l.far},
		{"a large file to one host", l.largeFile}, {"a large file with a long delay", l.farFile},
		{"small files to many hosts", l.smallFiles}, {"a large file to many hosts", l.largeFileToMany},
		{"memory of the operator's program", l.clientMemory},
		{"memory of the agent", l.agentMemory}, {"persistent agents", l.persistent}, {"a master", l.reporting}, {"bytes to a cold host", l.coldBytes}, {"size", l.size},
	} {
		if !strings.Contains(step.what, l.only) {
			continue
		}
		fmt.Fprintln(l.log, "bench:", step.what)
		if err := step.do(ctx); err != nil {
			return fmt.Errorf("%s: %w", step.what, err)
		}
	}
	return nil
}

// warmAll measures hosts that have the agent, in each of the sizes.
func (l *lab) warmAll(ctx context.Context) error {
	last := 0
	for _, n := range l.sizes {
		hosts := l.some(n)
		if len(hosts) == last {
			continue
		}
		last = len(hosts)
		fmt.Fprintf(l.log, "bench: %s, warm\n", count(len(hosts)))
		if err := l.warm(ctx, hosts); err != nil {
			return err
		}
	}
	return nil
}

// warm compares one task and twenty tasks with the floor program.
func (l *lab) warm(ctx context.Context, hosts []host) error {
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
	floor, n := results[0], len(hosts)
	l.compare("warm, one task, "+count(n), floor, results[1], oneTaskRatio)
	l.compare("warm, 20 tasks, "+count(n), floor, results[2], twentyTasksRatio)
	each := func(t turns) time.Duration { return t.median(cpu) / time.Duration(n) }
	l.table = append(l.table, row{
		what:  "operator's CPU a host, one task, " + count(n),
		floor: inMillis(each(floor)), measured: inMillis(each(results[1])),
		ratio: times(each(results[1]), each(floor)), target: "≤ " + inMillis(cpuPerHost), reached: each(results[1]) <= cpuPerHost,
	})
	return nil
}

func (l *lab) compare(what string, floor, measured turns, target float64) {
	ratio := float64(measured.best(wall)) / float64(floor.best(wall))
	l.table = append(l.table, row{
		what: what, floor: floor.seconds(), measured: measured.seconds(),
		ratio:  times(measured.best(wall), floor.best(wall)) + " (" + times(measured.median(wall), floor.median(wall)) + ")",
		target: fmt.Sprintf("≤ %.1f ×", target), reached: ratio <= target,
	})
}

// times returns b in multiples of a; "" when b is too short to be measured.
func times(a, b time.Duration) string {
	if b <= 0 {
		return ""
	}
	return fmt.Sprintf("%.2f ×", float64(a)/float64(b))
}

func count(hosts int) string {
	if hosts == 1 {
		return "1 host"
	}
	return fmt.Sprintf("%d hosts", hosts)
}
