package agents

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"sloth-runner/bootstrap"
	"sloth-runner/cli/command"
	"sloth-runner/cli/reach"
	"sloth-runner/internal/fault"
	"sloth-runner/inventory"
	"sloth-runner/inventory/naming"
	"sloth-runner/plan"
	"sloth-runner/provision"
	"sloth-runner/runner"
	"sloth-runner/runner/state"
	"sloth-runner/view/listing"
)

// promoteOptions are for commands that install, change or remove persistent agents over SSH.
type promoteOptions struct {
	reach.Options
	version string
	become  reach.Become
	forks   int
	output  string
}

func (o *promoteOptions) addFlags(f *pflag.FlagSet) {
	f.SortFlags = false
	o.Options.AddFlags(f)
	o.become.AddFlags(f)
	f.IntVar(&o.forks, "forks", 0, "work on at most `N` hosts at once; 0: all")
	f.StringVarP(&o.output, "output", "o", "table", "`FORMAT` of the output: table or json")
}

func (o *promoteOptions) check(cmd *cobra.Command) error {
	if err := command.CheckFormat(o.output, "table", listing.JSON); err != nil {
		return err
	}
	if o.forks < 0 {
		return command.UsageError(cmd, "--forks can't be negative")
	}
	if err := o.become.Check(); err != nil {
		return err
	}
	return o.SSH.Check()
}

// promotion is what is needed for it.
type promotion struct {
	config  provision.Config
	ssh     *bootstrap.Connector
	known   *reach.Agents
	through bool
	// issues says that the agents get certificates, which makes them those of the authority that this machine now has.
	issues bool
	// dialOut are the agents that are reached through their master, by name.
	dialOut map[string]bool
	closers []func()
}

// promote prepares, does it, and prints what became of each host.
func (o *promoteOptions) promote(ctx context.Context, s *command.Streams, words []string, do func(context.Context, *promotion) ([]provision.Result, error)) error {
	ctx, stop := command.UntilInterrupt(ctx)
	defer stop()
	r, err := o.Resolver(ctx, s)
	if err != nil {
		return err
	}
	if err := o.Agents.Ask(ctx, s); err != nil {
		return err
	}
	p := &promotion{known: &o.Agents, dialOut: map[string]bool{}}
	for _, target := range r.Resolve(ctx, words) {
		ssh, err := overSSH(target)
		if err != nil {
			r.Errs = append(r.Errs, err)
			continue
		}
		p.config.Hosts = append(p.config.Hosts, provision.Host{Target: ssh, Name: naming.Agent(target.Name)})
	}
	if err := errors.Join(append(r.Errs, r.Hosts.Check())...); err != nil {
		return err
	}
	reach.SayNotes(s, o.Defaults.SSHConfig, 0)
	end, err := o.prepare(ctx, s, p)
	if err != nil {
		return err
	}
	defer end()
	results, err := do(ctx, p)
	for _, closer := range p.closers {
		closer()
	}
	if err != nil {
		return err
	}
	for i, r := range results {
		if p.reachedThrough(r.Name) {
			results[i].Address = ""
		}
	}
	if err := command.Listing(s, o.output).Provisioned(results, p.reachedThrough); err != nil {
		return err
	}
	return command.Visited(ctx, len(provision.Failed(results)))
}

// overSSH is the target as SSH reaches it: what is to be installed comes that way.
func overSSH(target inventory.Target) (inventory.Target, error) {
	switch {
	case target.OverSSH != nil:
		return *target.OverSSH, nil
	case target.Kind == inventory.SSH:
		return target, nil
	}
	return target, &fault.Error{
		Stage: fault.Resolve, Err: fmt.Errorf("%s is no host that SSH reaches, as far as is known here", target.Name),
		Hint: "give an inventory with -i FILE, or a Host of ssh_config, that has its name",
	}
}

// prepare prepares the ways to the hosts and what runs a step there, with a record as every run has. It returns what ends
// them.
func (o *promoteOptions) prepare(ctx context.Context, s *command.Streams, p *promotion) (end func(), err error) {
	var job runner.Job
	for _, host := range p.config.Hosts {
		job.Targets = append(job.Targets, host.Target)
	}
	connector, end, err := reach.Connect(ctx, s, &o.Options, o.version, []runner.Job{job})
	if err != nil {
		return nil, err
	}
	become, err := o.become.Read(ctx, s)
	if err != nil {
		end()
		return nil, err
	}
	p.ssh, p.config.Prove = connector.SSH, o.prove(p)
	p.config.Run = func(ctx context.Context, plan *plan.Plan, jobs []runner.Job, watch runner.Sink) (*state.Run, error) {
		record, err := reach.NewRecord(s, reach.ConfiguredKeep(s), reach.KindAgent)
		if err != nil {
			return nil, err
		}
		result, err := runner.Run(ctx, runner.Config{
			ID: record.ID(), Version: o.version, Invocation: o.Invocation(s, reach.KindAgent, nil), Plan: plan, Jobs: jobs, Connector: connector,
			Sinks: []runner.Sink{record, watch}, Become: become, Forks: reach.AtOnce(o.forks), AnswerTimeout: o.SSH.ConnectTimeout,
		})
		return result, errors.Join(err, record.Close())
	}
	return end, nil
}

// reachedThrough reports whether the agent of that name is reached through its master.
func (p *promotion) reachedThrough(name string) bool { return p.through || p.dialOut[name] }

// provePatience is how long an agent may take from its start until it answers, and has found its master.
const provePatience = 20 * time.Second

// prove calls an agent as a run would.
func (o *promoteOptions) prove(p *promotion) func(context.Context, string, string) error {
	return func(ctx context.Context, name, address string) error {
		through := p.reachedThrough(name)
		if address == "" && !through {
			return nil // it is not known where it is
		}
		dialer := o.Agents.Dialer(o.SSH.ConnectTimeout, false)
		if p.issues {
			dialer.HolderFor = nil
		}
		target := inventory.Target{Name: name, Agent: name, Kind: inventory.Agent, Address: address, Through: through}
		ctx, cancel := context.WithTimeout(ctx, provePatience)
		defer cancel()
		return dialer.Await(ctx, target)
	}
}
