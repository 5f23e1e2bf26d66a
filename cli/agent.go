package cli

import (
	"fmt"
	"net"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"sloth-runner/registry"
)

func newAgentCommand(s *Streams, version string) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "agent",
		Short: "Persistent agents: start them, and see and change which there are",
		RunE:  subcommandOnly,
	}
	endHelpWith(cmd, agentExitCodes)
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

// withPorts adds the master's usual port to addresses without one.
func withPorts(addresses []string) ([]string, error) {
	var all []string
	for _, address := range addresses {
		if _, _, err := net.SplitHostPort(address); err != nil {
			address = net.JoinHostPort(strings.Trim(address, "[]"), strconv.Itoa(registry.DefaultPort))
		}
		if _, _, err := net.SplitHostPort(address); err != nil {
			return nil, fmt.Errorf("%q is no address: expected HOST:PORT", address)
		}
		all = append(all, address)
	}
	return all, nil
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
