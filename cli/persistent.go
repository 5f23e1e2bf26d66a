package cli

import (
	"context"
	"errors"
	"fmt"
	"time"

	"sloth-runner/connect"
	"sloth-runner/internal/fault"
	"sloth-runner/operator"
	"sloth-runner/registry/client"
	"sloth-runner/view/layout"
)

// persistentAgents are those that this machine knows by name, and the way to the masters who know of them.
type persistentAgents struct {
	fleet   *operator.Fleet
	masters *client.Masters // nil: there is none to ask
	list    operator.List
	// asked says that masters were asked for the list, and failed why that did not do.
	asked  bool
	failed error
}

// openFleet reads what this machine knows of persistent agents.
func openFleet(s *Streams) (*operator.Fleet, error) {
	dir, cache, err := operator.Dirs(s.Getenv)
	if err != nil {
		return nil, err
	}
	return operator.Open(dir, cache)
}

// find gets the list of agents. Masters that don't answer are told of, and stop nobody.
func (p *persistentAgents) find(ctx context.Context, s *Streams) error {
	if err := p.open(s); err != nil {
		return err
	}
	return p.ask(ctx, s)
}

// open reads what this machine knows. No master is asked.
func (p *persistentAgents) open(s *Streams) (err error) {
	if p.fleet, err = openFleet(s); err != nil {
		return err
	}
	p.masters = p.fleet.Connection()
	return nil
}

// ask asks the masters for the list, once: what it returns then, it returns again.
func (p *persistentAgents) ask(ctx context.Context, s *Streams) error {
	if !p.asked {
		p.asked = true
		p.failed = p.askNow(ctx, s)
	}
	return p.failed
}

func (p *persistentAgents) askNow(ctx context.Context, s *Streams) (err error) {
	if err := p.renew(ctx); err != nil {
		return err
	}
	if p.list, err = p.fleet.Agents(ctx, p.masters); err != nil {
		return err
	}
	if p.list.Silent != nil {
		fmt.Fprintf(s.Err, "warning: no master gives the list of agents, and the last one is used: %s\n", layout.Escape(p.list.Silent.Error()))
	}
	return nil
}

// renew renews the operator's certificate when it is time. Whoever shows it calls that before.
func (p *persistentAgents) renew(ctx context.Context) error {
	return p.fleet.Renew(ctx, p.masters, time.Now())
}

// dialer reaches the agents, in the operator's name.
func (p *persistentAgents) dialer(timeout time.Duration, insecure bool) connect.Dialer {
	d := connect.Dialer{Timeout: timeout, Insecure: insecure}
	if p.fleet != nil {
		d.Holder, d.HolderFor = p.fleet.Holder(), p.fleet.HolderFor
	}
	if p.masters != nil {
		d.Call = p.masters.Call
	}
	return d
}

func (p *persistentAgents) close() {
	if p.masters != nil {
		p.masters.Close()
	}
}

var errNoMaster = errors.New("this machine knows no master")

// masterClient speaks with the master: on its own machine as the administrator, elsewhere as this operator. It must be
// closed.
func masterClient(s *Streams) (*client.Client, error) {
	if local, err := localMaster(s, ""); err == nil {
		return local, nil
	}
	known, err := openFleet(s)
	if err != nil {
		return nil, err
	}
	if known.Holder() == nil || len(known.Masters()) == 0 {
		return nil, &fault.Error{
			Err:  errNoMaster,
			Hint: "make one here with `sloth-runner master init`, or join one with `sloth-runner operator join`",
		}
	}
	return client.New(known.Holder(), known.Masters()), nil
}
