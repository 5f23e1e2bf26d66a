package inventory

import (
	"context"
	"fmt"
	"strings"

	"sloth-runner/inventory/naming"
	"sloth-runner/inventory/pattern"
)

// Limit is a pattern that narrows what words name, as --limit does. It is not safe for concurrent use.
type Limit struct {
	inv     *Inventory
	words   []string
	r       *resolution
	pattern *pattern.Pattern
	// Named are the hosts that were named, and left those of them that the limit lets through.
	named []pattern.Choice
	left  int
}

// NewLimit reads the words of a limit; with none, all hosts are let through.
func (inv *Inventory) NewLimit(words []string) *Limit {
	l := &Limit{inv: inv, words: words, r: newResolution(inv, Defaults{})}
	if len(words) > 0 {
		l.pattern = l.r.chooser.Limit(words)
	}
	return l
}

// Resolve is that of the Inventory, without the hosts that the limit keeps out: none may be left. Of those neither
// variables nor DNS are looked at; their names are out.
func (l *Limit) Resolve(ctx context.Context, words []string, d Defaults) (targets []Target, out []string, err error) {
	return l.inv.resolve(ctx, words, d, l)
}

// narrow parts the choices into those that the limit lets through, and the names of the others.
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

// Check is called when all words of a run are resolved. It tells what of the limit means no host at all, and whether no
// host of the run is left.
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
