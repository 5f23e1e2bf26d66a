package main

import (
	"cmp"
	"context"
	"fmt"
	"os/exec"
	"regexp"
	"slices"
	"strconv"
	"time"
)

// initLine matches what the runtime prints for each package with GODEBUG=inittrace=1; see package runtime.
var initLine = regexp.MustCompile(`(?m)^init (\S+) @\S+ ms, (\S+) ms clock, (\d+) bytes, (\d+) allocs$`)

// initCost is the initialization of one package. It is part of each start of an agent.
type initCost struct {
	name  string
	took  time.Duration
	bytes int
}

// printInits prints the initialization of all packages together, and of the slowest ones. For each package it uses the
// shortest time of several starts.
func (l *lab) printInits(ctx context.Context) error {
	best := map[string]initCost{}
	for range 2 * l.rounds {
		cmd := exec.CommandContext(ctx, l.agent, "agent", "digest")
		cmd.Env = append(l.environment(), "GODEBUG=inittrace=1")
		text, err := cmd.CombinedOutput()
		if err != nil {
			return fmt.Errorf("trace the initialization: %w", err)
		}
		for _, cost := range parseInits(string(text)) {
			if known, found := best[cost.name]; !found || cost.took < known.took {
				best[cost.name] = cost
			}
		}
	}
	var all []initCost
	sum := initCost{name: fmt.Sprintf("all %d packages", len(best))}
	for _, cost := range best {
		all = append(all, cost)
		sum.took += cost.took
		sum.bytes += cost.bytes
	}
	slices.SortFunc(all, func(a, b initCost) int { return cmp.Or(cmp.Compare(b.took, a.took), cmp.Compare(a.name, b.name)) })
	fmt.Fprintln(l.out, "\nInitialization of packages, at every start of an agent:")
	for _, cost := range append([]initCost{sum}, all[:min(5, len(all))]...) {
		fmt.Fprintf(l.out, "  %8s %8d bytes  %s\n", inMillis(cost.took), cost.bytes, cost.name)
	}
	return nil
}

func parseInits(text string) []initCost {
	var costs []initCost
	for _, match := range initLine.FindAllStringSubmatch(text, -1) {
		took, err := strconv.ParseFloat(match[2], 64)
		if err != nil {
			continue
		}
		bytes, err := strconv.Atoi(match[3])
		if err != nil {
			continue
		}
		costs = append(costs, initCost{match[1], time.Duration(took * float64(time.Millisecond)), bytes})
	}
	return costs
}
