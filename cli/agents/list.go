package agents

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"sloth-runner/cli/command"
	"sloth-runner/cli/reach"
	"sloth-runner/operator"
	"sloth-runner/proto"
	"sloth-runner/view"
	"sloth-runner/view/layout"
)

type agentListOptions struct {
	output string
	watch  bool
}

func newAgentListCommand(s *command.Streams) *cobra.Command {
	var o agentListOptions
	cmd := &cobra.Command{
		Use:   "list",
		Short: "List the persistent agents",
		Long: `List the persistent agents: those of the master, and those that were added by hand. STATUS is
  Active   it reports to the master
  Stale    a report is overdue
  Gone     it has stopped, or has been silent for long
  Unknown  neither a master nor the agent tells
-o wide also shows what version an agent runs, as which user, and its tags. Where no master tells, because none answers or it does not know the agent, the agent itself is asked, for a few seconds:
it is Active when it answers, and Gone when it can't be reached.`,
		Aliases: []string{"ls"},
		Args:    command.NoArguments,
		RunE:    func(cmd *cobra.Command, _ []string) error { return listAgents(cmd.Context(), s, &o) },
	}
	cmd.Flags().StringVarP(&o.output, "output", "o", "table", "`FORMAT` of the output: table, wide or json")
	cmd.Flags().BoolVarP(&o.watch, "watch", "w", false, "print the list again whenever it changes, until interrupted")
	return cmd
}

func listAgents(ctx context.Context, s *command.Streams, o *agentListOptions) error {
	if err := command.CheckFormat(o.output, "table", "wide", "json"); err != nil {
		return err
	}
	if o.watch {
		return watchAgents(ctx, s, o)
	}
	list, problems, err := agentsKnown(ctx, s)
	if err != nil {
		return err
	}
	return printAgents(s, o.output, list.Agents, problems)
}

// agentsKnown are the agents that this machine knows, on the master's what the master says, and by name what is wrong with
// one that no master told of.
func agentsKnown(ctx context.Context, s *command.Streams) (operator.List, map[string]error, error) {
	var known reach.Agents
	if err := known.Find(ctx, s); err != nil {
		return operator.List{}, nil, err
	}
	defer known.Close()
	if known.Masters == nil {
		if err := findLocal(ctx, s, &known); err != nil {
			return operator.List{}, nil, err
		}
	}
	problems := askUnknown(ctx, &known)
	return known.List, problems, nil
}

// findLocal adds the agents of a master on this machine, where there is one.
func findLocal(ctx context.Context, s *command.Streams, p *reach.Agents) error {
	local, err := reach.LocalMaster(s, "")
	if err != nil { // none: what was added by hand is all
		return nil
	}
	defer local.Close()
	answer, err := local.List(ctx, 0)
	if err != nil {
		return err
	}
	p.List.Agents = append(p.List.Agents, answer.GetAgents()...)
	return nil
}

func watchAgents(ctx context.Context, s *command.Streams, o *agentListOptions) error {
	ctx, stop := command.UntilInterrupt(ctx)
	defer stop()
	master, err := reach.MasterClient(s)
	if err != nil {
		return err
	}
	defer master.Close()
	err = master.Watch(ctx, func(answer *proto.ListResponse) error {
		if o.output != "json" {
			fmt.Fprintln(s.Out, time.Now().Format(time.DateTime))
		}
		return printAgents(s, o.output, answer.GetAgents(), nil)
	})
	if ctx.Err() != nil {
		return nil
	}
	return err
}

// listedAgent is the shape of the JSON.
type listedAgent struct {
	Name    string            `json:"name"`
	Address string            `json:"address"`
	Status  string            `json:"status"`
	Tags    map[string]string `json:"tags,omitempty"`
	Version string            `json:"version,omitempty"`
	OS      string            `json:"os,omitempty"`
	Arch    string            `json:"arch,omitempty"`
	Account string            `json:"account,omitempty"`
	Runs    uint32            `json:"runs"`
	// AbandonedCalls are calls into the system that have not come back, as for a file system that does not answer.
	AbandonedCalls uint32 `json:"abandonedCalls,omitempty"`

	Through  bool       `json:"throughMaster,omitempty"`
	Joined   *time.Time `json:"joined,omitempty"`
	LastSeen *time.Time `json:"lastSeen,omitempty"`
	Expires  *time.Time `json:"certificateExpires,omitempty"`
	Problem  string     `json:"problem,omitempty"`
}

func listed(a *proto.RegisteredAgent, problem error) listedAgent {
	return listedAgent{
		Name: a.GetName(), Address: a.GetAddress(), Status: agentStatus(a.GetState()), Tags: a.GetTags(), Version: a.GetVersion(),
		OS: a.GetOs(), Arch: a.GetArch(), Account: a.GetAccount(), Runs: a.GetRuns(), AbandonedCalls: a.GetAbandonedCalls(),
		Through: a.GetDialOut(),
		Joined:  timeOf(a.GetJoined()), LastSeen: timeOf(a.GetLastSeen()), Expires: timeOf(a.GetExpires()), Problem: textOf(problem),
	}
}

func textOf(err error) string {
	if err == nil {
		return ""
	}
	return err.Error()
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

func printAgents(s *command.Streams, format string, agents []*proto.RegisteredAgent, problems map[string]error) error {
	if format == "json" {
		all := []listedAgent{} // [] and not null
		for _, one := range agents {
			all = append(all, listed(one, problems[one.GetName()]))
		}
		return view.JSON(s.Out, all)
	}
	var rows [][]string
	columns := []layout.Column{{Title: "AGENT NAME", Min: 12}, {Title: "ADDRESS", Min: 18}, {Title: "STATUS"}}
	if format == "wide" {
		columns = append(columns, layout.Column{Title: "VERSION"}, layout.Column{Title: "ACCOUNT"}, layout.Column{Title: "TAGS"})
	}
	for _, one := range agents {
		row := []string{one.GetName(), shownAddress(one), agentStatus(one.GetState())}
		if format == "wide" {
			row = append(row, one.GetVersion(), one.GetAccount(), shownTags(one.GetTags()))
		}
		rows = append(rows, row)
	}
	return layout.List(s.Out, 0, columns, rows)
}

// throughMaster stands where others have an address.
const throughMaster = "through its master"

func shownAddress(a *proto.RegisteredAgent) string {
	if a.GetDialOut() {
		return throughMaster
	}
	return a.GetAddress()
}
