package agents

import (
	"context"
	"errors"
	"fmt"
	"net"
	"strconv"

	"github.com/spf13/cobra"

	"sloth-runner/agent/persistent"
	"sloth-runner/cli/command"
	"sloth-runner/internal/distinct"
	"sloth-runner/internal/exitstatus"
	"sloth-runner/internal/fault"
	"sloth-runner/inventory"
	"sloth-runner/proto"
	"sloth-runner/provision"
	"sloth-runner/registry/client"
	"sloth-runner/view/layout"
)

type agentInstallOptions struct {
	promoteOptions
	port    int
	dialOut bool
	replace bool
	keep    bool
	tags    []string
	maxRuns int
}

func newAgentInstallCommand(s *command.Streams, version string) *cobra.Command {
	o := agentInstallOptions{promoteOptions: promoteOptions{version: version}}
	cmd := &cobra.Command{
		Use:   "install HOST...",
		Short: "Make persistent agents of SSH hosts",
		Long: `Make persistent agents of SSH hosts: each makes a key, which never leaves it, gets a certificate through the SSH connection,
and runs this program as a service (systemd, OpenRC or launchd, and otherwise a process that is started again when it ends).
Then it is called, as a run would. An agent that was not there before and does not answer is removed again, unless --keep is given.

The certificate is the master's, where this machine has joined one, and else that of its own authority
("sloth-runner operator init"). As root, or with --become, the agent is the system's; else it is the user's own.`,
		Example: `  sloth-runner agent install -i hosts.ini web --become --tag role=web`,
		Args:    command.Arguments([]string{"a host or group"}, command.ManyArguments),
		RunE: func(cmd *cobra.Command, args []string) error {
			if err := o.check(cmd); err != nil {
				return err
			}
			return installAgents(cmd.Context(), s, &o, args)
		},
	}
	f := cmd.Flags()
	o.addFlags(f)
	f.IntVar(&o.port, "agent-port", persistent.DefaultPort, "`PORT` that the agents listen on")
	f.BoolVar(&o.dialOut, "dial-out", false, "listen on no port: operators come through the master")
	f.StringArrayVar(&o.tags, "tag", nil, "`NAME=VALUE` by which runs may choose them, as tag:NAME=VALUE (repeatable)")
	f.IntVar(&o.maxRuns, "max-runs", persistent.DefaultMaxRuns, "each serves at most `N` runs at once")
	f.BoolVar(&o.replace, "replace", false, "take a name also from an agent that is there under it")
	f.BoolVar(&o.keep, "keep", false, "keep an agent that runs on its host and does not answer from here")
	command.EndHelpWith(cmd, exitstatus.Bootstrap)
	return cmd
}

func installAgents(ctx context.Context, s *command.Streams, o *agentInstallOptions, words []string) error {
	tags, err := parseTags(o.tags)
	if err != nil {
		return err
	}
	return o.promote(ctx, s, words, func(ctx context.Context, p *promotion) ([]provision.Result, error) {
		issue, err := p.issuer(o.replace)
		if err != nil {
			return nil, err
		}
		p.config.Issue, p.config.Keep, p.issues = issue, o.keep, true
		for i := range p.config.Hosts {
			if err := o.configure(&p.config.Hosts[i], p, tags); err != nil {
				return nil, err
			}
		}
		p.through = o.dialOut
		results, err := provision.Install(ctx, p.config)
		p.forgetFailed(ctx, s, results)
		if err != nil {
			return results, err
		}
		return results, p.remember(results, tags)
	})
}

// configure says what the agent of a host is to do.
func (o *agentInstallOptions) configure(host *provision.Host, p *promotion, tags map[string]string) error {
	host.Config = persistent.Config{DialOut: o.dialOut, Tags: tags, MaxRuns: o.maxRuns, Masters: p.known.Fleet.Masters()}
	if !o.dialOut {
		host.Address = agentAddress(host.Target, o.port)
		host.Config.Listen, host.Config.Advertise = net.JoinHostPort("", strconv.Itoa(o.port)), host.Address
	}
	return host.Config.Check()
}

// agentAddress is where an agent is reached on a host that SSH reaches.
func agentAddress(target inventory.Target, port int) string {
	host, _, err := net.SplitHostPort(target.Address)
	if err != nil {
		host = target.Address
	}
	return net.JoinHostPort(host, strconv.Itoa(port))
}

// issuer signs the agents' certificates: the master that the operator has joined, or else the machine's own authority.
func (p *promotion) issuer(replace bool) (func(context.Context, string, []byte) (provision.Issued, error), error) {
	known := p.known.Fleet
	switch {
	case known.Authority() != nil:
		return func(_ context.Context, name string, request []byte) (provision.Issued, error) {
			cert, err := known.Sign(name, request)
			if err != nil {
				return provision.Issued{}, err
			}
			return provision.Issued{Certificate: cert, Authority: known.Authority().Certificate().Raw}, nil
		}, nil
	case p.known.Masters == nil:
		return nil, &fault.Error{
			Err: errors.New("there is no authority that signs the agents' certificates"),
			Hint: "join a master with `sloth-runner operator join`, or make this machine an authority of its own with " +
				"`sloth-runner operator init`",
		}
	}
	master := client.New(known.Holder(), known.Masters())
	p.closers = append(p.closers, master.Close)
	return func(ctx context.Context, name string, request []byte) (provision.Issued, error) {
		answer, err := master.Issue(ctx, name, request, replace)
		if err != nil {
			return provision.Issued{}, err
		}
		return provision.Issued{
			Certificate: answer.GetCertificate(), Authority: answer.GetAuthority(),
			Revocations: answer.GetRevocations(), Masters: distinct.Of(answer.GetMasters(), known.Masters()),
		}, nil
	}, nil
}

// remember adds the agents that no master knows. Those that a master knows from now on are forgotten as what they were
// before: an agent of this machine's own authority.
func (p *promotion) remember(results []provision.Result, tags map[string]string) error {
	for _, r := range results {
		switch {
		case r.Phase != provision.Proving || r.Removed:
			continue
		case p.known.Fleet.Authority() == nil:
			if _, err := p.known.Fleet.Forget(r.Name); err != nil {
				return fmt.Errorf("forget what agent %s was before: %w", r.Name, err)
			}
		default:
			if err := p.known.Fleet.Add(&proto.RegisteredAgent{Name: r.Name, Address: r.Address, Tags: tags}); err != nil {
				return fmt.Errorf("remember agent %s: %w", r.Name, err)
			}
		}
	}
	return nil
}

// forgetFailed removes from the registry the agents that were to be new and are not on their hosts now. It reports those that it can't remove.
func (p *promotion) forgetFailed(ctx context.Context, s *command.Streams, results []provision.Result) {
	if p.known.Masters == nil {
		return
	}
	for _, r := range results {
		if !r.Removed || p.isRegistered(r.Name) {
			continue
		}
		if err := atMaster(s, func(master *client.Client) error { return master.Remove(ctx, r.Name) }); err != nil {
			fmt.Fprintf(s.Err, "warning: agent %s is still registered: %s\n", r.Name, layout.Escape(err.Error()))
		}
	}
}
