package cli

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"sloth-runner/fleet"
	"sloth-runner/proto"
	"sloth-runner/view"
)

type agentListOptions struct {
	output string
	watch  bool
}

func newAgentListCommand(s *Streams) *cobra.Command {
	var o agentListOptions
	cmd := &cobra.Command{
		Use:   "list",
		Short: "List the persistent agents",
		Long: `List the persistent agents: those of the master, and those that were added by hand. STATUS is
  Active   it reports to the master
  Stale    a report is overdue
  Gone     it has stopped, or has been silent for long
  Unknown  no master answers, or nobody but this machine knows of it`,
		Aliases: []string{"ls"},
		Args:    noArguments,
		RunE:    func(cmd *cobra.Command, _ []string) error { return listAgents(cmd.Context(), s, &o) },
	}
	cmd.Flags().StringVarP(&o.output, "output", "o", "table", "`FORMAT` of the output: table or json")
	cmd.Flags().BoolVarP(&o.watch, "watch", "w", false, "print the list again whenever it changes, until interrupted")
	return cmd
}

func listAgents(ctx context.Context, s *Streams, o *agentListOptions) error {
	if err := checkFormat(o.output, "table", "json"); err != nil {
		return err
	}
	if o.watch {
		return watchAgents(ctx, s, o)
	}
	list, err := agentsKnown(ctx, s)
	if err != nil {
		return err
	}
	return printAgents(s, o.output, list.Agents)
}

// agentsKnown are the agents that this machine knows: on the master's, what the master says.
func agentsKnown(ctx context.Context, s *Streams) (fleet.List, error) {
	var known persistentAgents
	if err := known.find(ctx, s); err != nil {
		return fleet.List{}, err
	}
	defer known.close()
	if known.masters != nil {
		return known.list, nil
	}
	local, err := localMaster(s, "")
	if err != nil { // no master here either: what was added by hand is all
		return known.list, nil
	}
	defer local.Close()
	answer, err := local.List(ctx, 0)
	if err != nil {
		return fleet.List{}, err
	}
	known.list.Agents = append(known.list.Agents, answer.GetAgents()...)
	return known.list, nil
}

func watchAgents(ctx context.Context, s *Streams, o *agentListOptions) error {
	ctx, stop := untilInterrupt(ctx)
	defer stop()
	client, err := masterClient(s)
	if err != nil {
		return err
	}
	defer client.Close()
	err = client.Watch(ctx, func(answer *proto.ListResponse) error {
		if o.output == "table" {
			fmt.Fprintln(s.Out, time.Now().Format(time.DateTime))
		}
		return printAgents(s, o.output, answer.GetAgents())
	})
	if ctx.Err() != nil {
		return nil
	}
	return err
}

// listedAgent is the shape of the JSON.
type listedAgent struct {
	Name     string            `json:"name"`
	Address  string            `json:"address"`
	Status   string            `json:"status"`
	Tags     map[string]string `json:"tags,omitempty"`
	Version  string            `json:"version,omitempty"`
	OS       string            `json:"os,omitempty"`
	Arch     string            `json:"arch,omitempty"`
	Runs     uint32            `json:"runs"`
	Through  bool              `json:"through_master,omitempty"`
	Joined   *time.Time        `json:"joined,omitempty"`
	LastSeen *time.Time        `json:"last_seen,omitempty"`
	Expires  *time.Time        `json:"certificate_expires,omitempty"`
}

func listed(a *proto.RegisteredAgent) listedAgent {
	return listedAgent{
		Name: a.GetName(), Address: a.GetAddress(), Status: agentStatus(a.GetState()), Tags: a.GetTags(), Version: a.GetVersion(),
		OS: a.GetOs(), Arch: a.GetArch(), Runs: a.GetRuns(), Through: a.GetDialOut(),
		Joined: timeOf(a.GetJoined()), LastSeen: timeOf(a.GetLastSeen()), Expires: timeOf(a.GetExpires()),
	}
}

func timeOf(stamp interface {
	IsValid() bool
	AsTime() time.Time
}) *time.Time {
	if !stamp.IsValid() {
		return nil
	}
	t := stamp.AsTime()
	return &t
}

// agentStatus is the state as the specification writes it: Active.
func agentStatus(state proto.RegisteredAgent_State) string {
	text := state.String()
	return text[:1] + strings.ToLower(text[1:])
}

func printAgents(s *Streams, format string, agents []*proto.RegisteredAgent) error {
	if format == "json" {
		all := []listedAgent{} // [] and not null
		for _, one := range agents {
			all = append(all, listed(one))
		}
		return view.JSON(s.Out, all)
	}
	var rows [][]string
	for _, one := range agents {
		rows = append(rows, []string{one.GetName(), shownAddress(one), agentStatus(one.GetState())})
	}
	columns := []view.Column{{Title: "AGENT NAME", Min: 12}, {Title: "ADDRESS", Min: 18}, {Title: "STATUS"}}
	return view.List(s.Out, 0, columns, rows)
}

func shownAddress(a *proto.RegisteredAgent) string {
	if a.GetDialOut() {
		return "through its master"
	}
	return a.GetAddress()
}
