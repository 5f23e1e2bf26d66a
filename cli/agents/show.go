package agents

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"sloth-runner/cli/command"
	"sloth-runner/internal/closest"
	"sloth-runner/internal/fault"
	"sloth-runner/proto"
	"sloth-runner/view"
	"sloth-runner/view/layout"
)

func newAgentShowCommand(s *command.Streams) *cobra.Command {
	var output string
	cmd := &cobra.Command{
		Use:   "show NAME",
		Short: "Say all that is known of a persistent agent",
		Args:  command.Arguments([]string{"the name of an agent"}, 0),
		RunE:  func(cmd *cobra.Command, args []string) error { return showAgent(cmd.Context(), s, args[0], output) },
	}
	cmd.Flags().StringVarP(&output, "output", "o", "text", "`FORMAT` of the output: text or json")
	return cmd
}

func showAgent(ctx context.Context, s *command.Streams, name, output string) error {
	if err := command.CheckFormat(output, "text", "json"); err != nil {
		return err
	}
	list, problems, err := agentsKnown(ctx, s)
	if err != nil {
		return err
	}
	agent, err := agentNamed(list.Agents, name)
	if err != nil {
		return err
	}
	if output == "json" {
		return view.JSON(s.Out, listed(agent, problems[name]))
	}
	rows := [][2]string{
		{"name", agent.GetName()}, {"address", shownAddress(agent)}, {"status", agentStatus(agent.GetState())},
		{"tags", shownTags(agent.GetTags())}, {"version", agent.GetVersion()},
		{"platform", strings.Trim(agent.GetOs()+"/"+agent.GetArch(), "/")}, {"account", agent.GetAccount()},
		{"runs", fmt.Sprint(agent.GetRuns())},
		{"abandoned calls", shownCount(agent.GetAbandonedCalls())},
		{"joined", shownTime(timeOf(agent.GetJoined()))}, {"last seen", shownTime(timeOf(agent.GetLastSeen()))},
		{"certificate until", shownTime(timeOf(agent.GetExpires()))}, {"problem", textOf(problems[name])},
	}
	for _, row := range rows {
		if row[1] == "" {
			continue
		}
		if _, err := fmt.Fprintf(s.Out, "%-18s %s\n", row[0], layout.Escape(row[1])); err != nil {
			return err
		}
	}
	return nil
}

// agentNamed finds an agent, or says in the words of the specification that there is none.
func agentNamed(agents []*proto.RegisteredAgent, name string) (*proto.RegisteredAgent, error) {
	var names []string
	for _, agent := range agents {
		if agent.GetName() == name {
			return agent, nil
		}
		names = append(names, agent.GetName())
	}
	hint := "`sloth-runner agent list` shows which there are"
	if near := closest.Match(name, names); near != "" {
		hint = fmt.Sprintf("did you mean '%s'?", near)
	}
	//lint:ignore ST1005 users know it with its capital
	return nil, &fault.Error{Stage: fault.Resolve, Err: fmt.Errorf("Failed to resolve agent '%s': agent not found", name), Hint: hint}
}

// shownCount is a number that is shown only where it is not 0.
func shownCount(n uint32) string {
	if n == 0 {
		return ""
	}
	return fmt.Sprint(n)
}

func shownTags(tags map[string]string) string {
	var words []string
	for _, name := range slices.Sorted(maps.Keys(tags)) {
		words = append(words, strings.TrimSuffix(name+"="+tags[name], "="))
	}
	return strings.Join(words, " ")
}

func shownTime(t *time.Time) string {
	if t == nil {
		return ""
	}
	return t.Local().Format(time.DateTime)
}
