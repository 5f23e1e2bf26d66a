package reach

import (
	"context"
	"strings"

	"sloth-runner/inventory"
)

// Resolver resolves each list of words once, and gathers what it can't.
type Resolver struct {
	Hosts    *inventory.Limit
	Defaults inventory.Defaults
	known    map[string]Hosts
	Errs     []error
}

// Hosts are the hosts that words name: targets within the limit, and the names of those that it leaves out.
type Hosts struct {
	Targets []inventory.Target
	Out     []string
}

func (r *Resolver) Resolve(ctx context.Context, words []string) []inventory.Target {
	return r.Narrow(ctx, words).Targets
}

func (r *Resolver) Narrow(ctx context.Context, words []string) Hosts {
	key := strings.Join(words, "\x00")
	if hosts, known := r.known[key]; known {
		return hosts
	}
	targets, out, err := r.Hosts.Resolve(ctx, words, r.Defaults)
	if err != nil {
		r.Errs = append(r.Errs, err)
	}
	r.known[key] = Hosts{targets, out}
	return r.known[key]
}
