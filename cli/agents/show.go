package agents

import (
	"context"
	"fmt"

	"github.com/spf13/cobra"

	"sloth-runner/cli/command"
	"sloth-runner/internal/closest"
	"sloth-runner/internal/fault"
	"sloth-runner/proto"
	"sloth-runner/view/listing"
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
	if err := command.CheckFormat(output, "text", listing.JSON); err != nil {
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
	return command.Listing(s, output).Agent(agent, problems[name])
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
