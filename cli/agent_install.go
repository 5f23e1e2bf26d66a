package cli

import (
	"context"
	"errors"
	"fmt"
	"net"
	"strconv"
	"time"

	"github.com/spf13/cobra"

	"sloth-runner/agent"
	"sloth-runner/internal/fault"
	"sloth-runner/inventory"
	"sloth-runner/promote"
	"sloth-runner/proto"
	"sloth-runner/registry"
	"sloth-runner/trust"
)

type agentInstallOptions struct {
	promoteOptions
	port    int
	dialOut bool
	replace bool
	tags    []string
	maxRuns int
}

func newAgentInstallCommand(s *Streams, version string) *cobra.Command {
	o := agentInstallOptions{promoteOptions: promoteOptions{version: version}}
	cmd := &cobra.Command{
		Use:   "install HOST...",
		Short: "Make persistent agents of SSH hosts",
		Long: `Make persistent agents of SSH hosts: each makes a key, which never leaves it, gets a certificate through the SSH connection,
and runs this program as a service (systemd, OpenRC or launchd, and otherwise a process that is started again when it ends).
Then it is called, as a run would.

The certificate is the master's, where this machine has joined one, and else that of its own authority
("sloth-runner operator init"). As root, or with --become, the agent is the system's; else it is the user's own.`,
		Example: `  sloth-runner agent install -i hosts.ini web --become --tag role=web`,
		Args:    arguments([]string{"a host or group"}, manyArguments),
		RunE: func(cmd *cobra.Command, args []string) error {
			if err := o.check(cmd); err != nil {
				return err
			}
			return installAgents(cmd.Context(), s, &o, args)
		},
	}
	f := cmd.Flags()
	o.addFlags(f)
	f.IntVar(&o.port, "agent-port", agent.DefaultPort, "`PORT` that the agents listen on")
	f.BoolVar(&o.dialOut, "dial-out", false, "listen on no port: operators come through the master")
	f.StringArrayVar(&o.tags, "tag", nil, "`NAME=VALUE` by which runs may choose them, as tag:NAME=VALUE (repeatable)")
	f.IntVar(&o.maxRuns, "max-runs", agent.DefaultMaxRuns, "each serves at most `N` runs at once")
	f.BoolVar(&o.replace, "replace", false, "take a name also from an agent that is there under it")
	endHelpWith(cmd, bootstrapExitCodes)
	return cmd
}

func installAgents(ctx context.Context, s *Streams, o *agentInstallOptions, words []string) error {
	tags, err := parseTags(o.tags)
	if err != nil {
		return err
	}
	return o.promote(ctx, s, words, func(ctx context.Context, p *promotion) ([]promote.Result, error) {
		issue, err := p.issuer(o.replace)
		if err != nil {
			return nil, err
		}
		p.config.Issue = issue
		for i := range p.config.Hosts {
			host := &p.config.Hosts[i]
			host.Address = agentAddress(host.Target, o.port)
			host.Config = agent.Config{
				Listen: net.JoinHostPort("", strconv.Itoa(o.port)), DialOut: o.dialOut, Tags: tags, MaxRuns: o.maxRuns,
			}
			if !o.dialOut {
				host.Config.Advertise = host.Address
			}
		}
		p.through = o.dialOut
		results, err := promote.Install(ctx, p.config)
		if err != nil || p.known.fleet.Authority() == nil {
			return results, err
		}
		return results, p.remember(results, tags)
	})
}

// agentAddress is where an agent is reached on a host that SSH reaches.
func agentAddress(target inventory.Target, port int) string {
	host, _, err := net.SplitHostPort(target.Address)
	if err != nil {
		host = target.Address
	}
	return net.JoinHostPort(host, strconv.Itoa(port))
}

// issuer signs the agents' certificates: the operator's own authority, or his master.
func (p *promotion) issuer(replace bool) (func(context.Context, string, []byte) (promote.Issued, error), error) {
	known := p.known.fleet
	switch {
	case known.Authority() != nil:
		return func(_ context.Context, name string, request []byte) (promote.Issued, error) {
			authority := known.Authority()
			cert, err := authority.Issue(request, trust.Identity{Role: trust.Agent, Name: name}, trust.MaxLife, time.Now())
			if err != nil {
				return promote.Issued{}, err
			}
			return promote.Issued{Certificate: cert.Raw, Authority: authority.Certificate().Raw}, nil
		}, nil
	case p.known.masters == nil:
		return nil, &fault.Error{
			Err: errors.New("there is nobody who signs the agents' certificates"),
			Hint: "join a master with `sloth-runner operator join`, or make this machine an authority of its own with " +
				"`sloth-runner operator init`",
		}
	}
	client := registry.NewClient(known.Holder(), known.Masters())
	p.closers = append(p.closers, client.Close)
	return func(ctx context.Context, name string, request []byte) (promote.Issued, error) {
		answer, err := client.Issue(ctx, name, request, replace)
		if err != nil {
			return promote.Issued{}, err
		}
		return promote.Issued{
			Certificate: answer.GetCertificate(), Authority: answer.GetAuthority(),
			Revocations: answer.GetRevocations(), Masters: answer.GetMasters(),
		}, nil
	}, nil
}

// remember adds the agents that no master knows.
func (p *promotion) remember(results []promote.Result, tags map[string]string) error {
	for _, r := range results {
		if r.Err != nil {
			continue
		}
		if err := p.known.fleet.Add(&proto.RegisteredAgent{Name: r.Name, Address: r.Address, Tags: tags}); err != nil {
			return fmt.Errorf("remember agent %s: %w", r.Name, err)
		}
	}
	return nil
}
