package agents

import (
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"sloth-runner/cli/command"
	"sloth-runner/internal/exitstatus"
)

func New(s *command.Streams, version string) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "agent",
		Short: "Persistent agents: start them, and see and change which there are",
		RunE:  command.SubcommandOnly,
	}
	command.EndHelpWith(cmd, exitstatus.Agent)
	cmd.AddCommand(
		newAgentStartCommand(s, version),
		newAgentListCommand(s),
		newAgentShowCommand(s),
		newAgentStopCommand(s),
		newAgentAddCommand(s),
		newAgentInstallCommand(s, version),
		newAgentUpgradeCommand(s, version),
		newAgentUninstallCommand(s, version),
		newAgentRemoveCommand(s),
		newAgentRenameCommand(s),
		newAgentTagCommand(s),
	)
	return cmd
}

// parseTags reads NAME=VALUE, or NAME alone.
func parseTags(words []string) (map[string]string, error) {
	tags := map[string]string{}
	for _, word := range words {
		name, value, _ := strings.Cut(word, "=")
		if name == "" || strings.ContainsAny(word, ":,&!@*?[] ") {
			return nil, fmt.Errorf("%.80q is no tag: expected NAME=VALUE without blanks and without what patterns are made of", word)
		}
		tags[name] = value
	}
	return tags, nil
}
