package reach

import (
	"context"
	"errors"
	"fmt"
	"time"

	"sloth-runner/cli/command"
	"sloth-runner/connect"
	"sloth-runner/internal/fault"
	"sloth-runner/operator"
	"sloth-runner/registry/client"
	"sloth-runner/view/layout"
)

// Agents are those that this machine knows by name, and the way to the masters who know of them.
type Agents struct {
	Fleet   *operator.Fleet
	Masters *client.Masters // nil: there is none to ask
	List    operator.List
	// asked says that masters were asked for the list, and failed why that did not do.
	asked  bool
	failed error
}

// OpenFleet reads what this machine knows of persistent agents.
func OpenFleet(s *command.Streams) (*operator.Fleet, error) {
	dir, cache, err := operator.Dirs(s.Getenv)
	if err != nil {
		return nil, err
	}
	return operator.Open(dir, cache)
}

// Find gets the list of agents. It warns of masters that don't answer.
func (p *Agents) Find(ctx context.Context, s *command.Streams) error {
	if err := p.Open(s); err != nil {
		return err
	}
	return p.Ask(ctx, s)
}

// Open reads what this machine knows. No master is asked.
func (p *Agents) Open(s *command.Streams) (err error) {
	if p.Fleet, err = OpenFleet(s); err != nil {
		return err
	}
	p.Masters = p.Fleet.Connection()
	return nil
}

// Ask asks the masters for the list, once: what it returns then, it returns again.
func (p *Agents) Ask(ctx context.Context, s *command.Streams) error {
	if !p.asked {
		p.asked = true
		p.failed = p.askNow(ctx, s)
	}
	return p.failed
}

func (p *Agents) askNow(ctx context.Context, s *command.Streams) (err error) {
	if err := p.renew(ctx); err != nil {
		return err
	}
	if p.List, err = p.Fleet.Agents(ctx, p.Masters); err != nil {
		return err
	}
	if p.List.Silent != nil {
		fmt.Fprintf(s.Err, "warning: no master gives the list of agents, and the last one is used: %s\n", layout.Escape(p.List.Silent.Error()))
	}
	return nil
}

// renew renews the operator's certificate when it is time. It must be called before the certificate is used.
func (p *Agents) renew(ctx context.Context) error {
	return p.Fleet.Renew(ctx, p.Masters, time.Now())
}

// Dialer reaches the agents, in the operator's name.
func (p *Agents) Dialer(timeout time.Duration, insecure bool) connect.Dialer {
	d := connect.Dialer{Timeout: timeout, Insecure: insecure}
	if p.Fleet != nil {
		d.Holder, d.HolderFor = p.Fleet.Holder(), p.Fleet.HolderFor
	}
	if p.Masters != nil {
		d.Call = p.Masters.Call
	}
	return d
}

func (p *Agents) Close() {
	if p.Masters != nil {
		p.Masters.Close()
	}
}

var ErrNoMaster = errors.New("this machine knows no master")

// MasterClient speaks with the master: on its own machine as the administrator, elsewhere as this operator. It must be
// closed.
func MasterClient(s *command.Streams) (*client.Client, error) {
	if local, err := LocalMaster(s, ""); err == nil {
		return local, nil
	}
	known, err := OpenFleet(s)
	if err != nil {
		return nil, err
	}
	if known.Holder() == nil || len(known.Masters()) == 0 {
		return nil, &fault.Error{
			Err:  ErrNoMaster,
			Hint: "make one here with `sloth-runner master init`, or join one with `sloth-runner operator join`",
		}
	}
	return client.New(known.Holder(), known.Masters()), nil
}
