package bootstraps

import (
	"context"
	"fmt"
	"time"

	"github.com/spf13/cobra"

	"sloth-runner/bootstrap"
	"sloth-runner/cli/command"
	"sloth-runner/internal/fault"
	"sloth-runner/inventory"
	"sloth-runner/proto"
	"sloth-runner/view"
	"sloth-runner/view/layout"
)

type bootstrapCheckOptions struct {
	visitOptions
	install bool
}

func newBootstrapCheckCommand(s *command.Streams) *cobra.Command {
	var o bootstrapCheckOptions
	cmd := &cobra.Command{
		Use:   "check HOST...",
		Short: "Say what a run would find on hosts: platform, place of the agent, sudo, and how long each stage takes",
		Long: `Say what a run would find on hosts: platform, place of the agent, sudo, and how long each stage takes.

Nothing is left on a host, unless with --install, which copies the agent there so that the next run finds it. AGENT is
  ready      it is there
  installed  it was copied just now
  to copy    a run would copy it, of the size named`,
		Example: "  sloth-runner bootstrap check -i hosts.ini web",
		Args:    command.Arguments([]string{"a host or group"}, command.ManyArguments),
		RunE: func(cmd *cobra.Command, args []string) error {
			if err := o.check(cmd); err != nil {
				return err
			}
			return checkBootstrap(cmd.Context(), s, &o, args)
		},
	}
	o.addFlags(cmd.Flags())
	cmd.Flags().BoolVar(&o.install, "install", false, "copy the agent to hosts that lack it")
	return cmd
}

// checked is what a check tells of a host. It is the shape of the JSON.
type checked struct {
	Host     string             `json:"host"`
	Address  string             `json:"address"`
	Agent    string             `json:"agent"` // "ready", "installed", "to copy" or ""
	Platform string             `json:"platform,omitempty"`
	Uname    string             `json:"uname,omitempty"`
	Place    string             `json:"place,omitempty"`
	Upload   int64              `json:"uploadBytes,omitempty"`
	Become   string             `json:"become,omitempty"`
	Seconds  map[string]float64 `json:"seconds,omitempty"`
	Error    *command.Trouble   `json:"error,omitempty"`
}

func checkBootstrap(ctx context.Context, s *command.Streams, o *bootstrapCheckOptions, words []string) error {
	ctx, stop := command.UntilInterrupt(ctx)
	defer stop()
	all, err := visitAll(ctx, s, &o.visitOptions, words, func(ctx context.Context, ssh *bootstrap.Connector, target inventory.Target) checked {
		return checkHost(ctx, ssh, target, o.install)
	})
	if err != nil {
		return err
	}
	troubles := make([]*command.Trouble, len(all))
	failed := 0
	for i, one := range all {
		if troubles[i] = one.Error; one.Error != nil {
			failed++
		}
	}
	if o.output == "json" {
		err = view.JSON(s.Out, all)
	} else {
		err = printChecked(s, all, command.Hints(troubles))
	}
	if err != nil {
		return err
	}
	return command.Visited(ctx, failed)
}

func checkHost(ctx context.Context, ssh *bootstrap.Connector, target inventory.Target, install bool) checked {
	told := checked{Host: target.Name, Address: target.Address}
	if target.Kind != inventory.SSH {
		told.Error = command.TroubleOf(errNotSSH)
		return told
	}
	state, err := ssh.Check(ctx, target, install, func(*proto.Event) {})
	told.Platform, told.Uname, told.Place, told.Upload, told.Become = state.Platform, state.Uname, state.Place, state.Upload, state.Become
	switch {
	case state.Installed:
		told.Agent = "installed"
	case state.Cached:
		told.Agent = "ready"
	case err == nil:
		told.Agent = "to copy"
	}
	told.Error = command.TroubleOf(err)
	told.Seconds = map[string]float64{}
	for stage, took := range state.Times {
		told.Seconds[stage.String()] = took.Round(10 * time.Microsecond).Seconds()
	}
	return told
}

// stages are the columns of times.
var stages = [...]fault.Stage{fault.Connect, fault.Handshake, fault.Authenticate, fault.Bootstrap, fault.Answer}

func printChecked(s *command.Streams, all []checked, hints []string) error {
	header := []string{"Host", "Platform", "Agent", "Place", "Become"}
	for _, stage := range stages {
		header = append(header, stage.String())
	}
	header = append(header, "Problem")
	var rows [][]string
	for _, one := range all {
		agent := one.Agent
		if one.Agent == "to copy" {
			agent += fmt.Sprintf(" (%.1f MB)", float64(one.Upload)/1e6)
		}
		row := []string{one.Host, command.Dash(one.Platform), command.Dash(agent), command.Dash(one.Place), command.Dash(one.Become)}
		for _, stage := range stages {
			row = append(row, milliseconds(one.Seconds, stage.String()))
		}
		rows = append(rows, append(row, command.Problem(one.Error)))
	}
	if err := layout.Table(s.Out, 0, header, rows); err != nil {
		return err
	}
	command.SayHints(s, hints)
	return nil
}

func milliseconds(seconds map[string]float64, stage string) string {
	took, known := seconds[stage]
	if !known {
		return "-"
	}
	return fmt.Sprintf("%.0f ms", took*1000)
}
