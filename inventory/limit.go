package inventory

import (
	"context"
	"fmt"
	"strings"

	"sloth-runner/inventory/naming"
	"sloth-runner/inventory/pattern"
)

// Limit is a pattern that narrows the hosts of words, as --limit does. It is not safe for concurrent use.
type Limit struct {
	inv     *Inventory
	words   []string
	r       *resolution
	pattern *pattern.Pattern
	// named are the hosts of all words so far. left is how many of them the limit covers.
	named []pattern.Choice
	left  int
}

// NewLimit parses the words of a limit. Without words it covers all hosts.
func (inv *Inventory) NewLimit(words []string) *Limit {
	l := &Limit{inv: inv, words: words, r: newResolution(inv, Defaults{})}
	if len(words) > 0 {
		l.pattern = l.r.chooser.Limit(words)
	}
	return l
}

// Resolve is like Inventory.Resolve, without the hosts that the limit does not cover; their names are out. All hosts may
// be out. Variables and DNS names of those hosts are not checked.
func (l *Limit) Resolve(ctx context.Context, words []string, d Defaults) (targets []Target, out []string, err error) {
	return l.inv.resolve(ctx, words, d, l)
}

// narrow returns the choices that the limit covers, and the names of the others.
func (l *Limit) narrow(choices []pattern.Choice) (left []pattern.Choice, out []string) {
	if l.pattern == nil {
		return choices, nil
	}
	l.named = append(l.named, choices...)
	for _, c := range choices {
		if l.pattern.Covers(c) {
			left = append(left, c)
		} else {
			out = append(out, c.Name)
		}
	}
	l.left += len(left)
	return left, out
}

// Check must be called after all words of a run were resolved. It returns an error for the terms of the limit that match
// no host, and if no host of the run is left.
func (l *Limit) Check() error {
	if l.pattern == nil {
		return nil
	}
	l.r.chooser.CheckLimit(l.pattern, l.named)
	if l.left == 0 && l.r.problems.Count() == 0 {
		l.r.problems.Add(fmt.Sprintf("%s leaves no host of this run", naming.ShowWord(strings.Join(l.words, ","))))
		l.r.problems.Hint(fmt.Sprintf("without a limit it is %s", pattern.Summary(l.named)))
	}
	l.r.problems.Prefix("--limit: ")
	return l.r.problems.Err()
}
