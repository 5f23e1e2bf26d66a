package agents

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"net"
	"os"
	"os/signal"
	"strconv"
	"syscall"

	"github.com/spf13/cobra"

	"sloth-runner/agent/persistent"
	"sloth-runner/agent/role"
	"sloth-runner/cli/command"
	"sloth-runner/cli/prompt"
	"sloth-runner/cli/reach"
	"sloth-runner/internal/exitstatus"
	"sloth-runner/trust"
	"sloth-runner/view/layout"
)

type agentStartOptions struct {
	version, name string
	address       string
	port          int
	state         string
	insecure      bool
	token         prompt.Token
	tags          []string
	config        persistent.Config
	// Given tells if a flag was.
	given func(string) bool
}

func newAgentStartCommand(s *command.Streams, version string) *cobra.Command {
	o := agentStartOptions{version: version}
	cmd := &cobra.Command{
		Use:   "start NAME",
		Short: "Start a persistent agent, which serves until it is stopped",
		Long: `Start a persistent agent, which serves until it is stopped. Runs reach it as --delegate-to NAME, or HOST:PORT.

The first time it joins a master, with a token for its name; after that it needs none. It keeps its options: a later start uses
them again, except for those that are given anew. It serves operators of its master's authority only.

With --insecure it joins no master. It serves every user of this machine, as the user who starts it, and no other machine.

Asked to stop, it begins no more runs, and ends when those under way have ended, or after a minute.`,
		Example: `  sloth-runner agent start web-prod-1 --port 50051 --master master.example.com:50053 --token TOKEN
  sloth-runner agent start web-prod-1`,
		Args: command.Arguments([]string{"a name for the agent"}, 0),
		RunE: func(cmd *cobra.Command, args []string) error {
			o.name, o.given = args[0], cmd.Flags().Changed
			return startAgent(cmd.Context(), s, &o)
		},
	}
	f := cmd.Flags()
	f.IntVar(&o.port, "port", persistent.DefaultPort, "`PORT` to listen on; 0: any that is free")
	f.StringVar(&o.address, "address", "", "`ADDRESS` to listen on (default: all; with --insecure 127.0.0.1)")
	f.StringVar(&o.config.Advertise, "advertise", "", "`ADDRESS` where operators reach it, host:port (default: where the master sees it)")
	f.StringSliceVar(&o.config.Masters, "master", nil, "`ADDRESS` of a master, host:port (repeatable)")
	o.token.AddFlags(f)
	f.StringArrayVar(&o.tags, "tag", nil, "`NAME=VALUE` by which runs may choose it, as tag:NAME=VALUE (repeatable)")
	f.BoolVar(&o.config.DialOut, "dial-out", false, "listen on no port: operators come through the master")
	f.IntVar(&o.config.MaxRuns, "max-runs", persistent.DefaultMaxRuns, "serve at most `N` runs at once")
	f.StringVar(&o.config.Metrics, "metrics", "", "`ADDRESS` where Prometheus may ask, host:port (default: nowhere)")
	f.StringVar(&o.state, "state", "", "`DIR` for what it must not forget (default below /var/lib/sloth-runner, or ~/.local/state)")
	f.BoolVar(&o.insecure, "insecure", false, "serve all users of this machine without authentication")
	command.EndHelpWith(cmd, exitstatus.AgentStart)
	return cmd
}

func startAgent(ctx context.Context, s *command.Streams, o *agentStartOptions) error {
	ctx, stop := signal.NotifyContext(ctx, os.Interrupt, syscall.SIGTERM, syscall.SIGHUP)
	defer stop()
	// A second signal does not wait for the runs to end.
	context.AfterFunc(ctx, stop)
	tell := func(text string) { fmt.Fprintf(s.Err, "agent %s: %s\n", o.name, layout.Escape(text)) }
	var served *persistent.Agent
	var err error
	if o.insecure {
		if err := trust.CheckName(o.name); err != nil {
			return err
		}
		config := persistent.Config{Listen: o.listen("127.0.0.1"), MaxRuns: o.config.MaxRuns, DialOut: o.config.DialOut, Metrics: o.config.Metrics}
		if err := config.Check(); err != nil {
			return err
		}
		served = &persistent.Agent{Service: role.NewService(o.version), Config: config, Tell: tell}
	} else if served, err = o.enlisted(ctx, s, tell); err != nil {
		return err
	}
	return served.ListenAndServe(ctx, func(where string) { fmt.Fprintf(s.Out, "agent %s %s\n", o.name, where) })
}

// enlisted is the agent with its certificate.
func (o *agentStartOptions) enlisted(ctx context.Context, s *command.Streams, tell func(string)) (*persistent.Agent, error) {
	dir, err := persistent.FindState(o.name, s.Getenv)
	if err != nil {
		return nil, err
	}
	dir = cmp.Or(o.state, dir)
	config, err := o.configure(dir)
	if err != nil {
		return nil, err
	}
	token, given, err := o.token.Read(ctx, s)
	if err != nil {
		return nil, err
	}
	var usable *trust.Token
	if given {
		usable = &token
	}
	credentials, masters, err := persistent.Enlist(ctx, dir, o.name, config.Masters, usable)
	if err != nil {
		return nil, err
	}
	if credentials.Name != o.name {
		tell("it was renamed, and is agent " + credentials.Name)
	}
	config.Masters = masters
	if err := config.Check(); err != nil {
		return nil, err
	}
	if err := config.Save(dir); err != nil {
		return nil, err
	}
	return persistent.New(dir, role.NewService(o.version), config, credentials, tell)
}

// configure returns the configuration of earlier starts with the options of this one.
func (o *agentStartOptions) configure(dir string) (persistent.Config, error) {
	config, err := persistent.LoadConfig(dir)
	isNew := errors.Is(err, fs.ErrNotExist)
	if err != nil && !isNew {
		return config, err
	}
	if isNew || o.given("port") || o.given("address") {
		config.Listen = o.listen("")
	}
	if o.given("master") {
		if config.Named, err = reach.WithPorts(o.config.Masters); err != nil {
			return config, err
		}
		config.Masters = config.Named
	}
	if o.given("tag") {
		if config.Tags, err = parseTags(o.tags); err != nil {
			return config, err
		}
	}
	if o.given("advertise") {
		config.Advertise = o.config.Advertise
	}
	if o.given("dial-out") {
		config.DialOut = o.config.DialOut
	}
	if o.given("metrics") {
		config.Metrics = o.config.Metrics
	}
	if o.given("max-runs") {
		config.MaxRuns = o.config.MaxRuns
	}
	return config, nil
}

func (o *agentStartOptions) listen(host string) string {
	return net.JoinHostPort(cmp.Or(o.address, host), strconv.Itoa(o.port))
}
