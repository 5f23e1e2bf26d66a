package bootstraps

import (
	"io"

	"github.com/spf13/cobra"

	"sloth-runner/bootstrap"
	"sloth-runner/cli/command"
)

func newBootstrapExplainCommand(s *command.Streams) *cobra.Command {
	return &cobra.Command{
		Use:   "explain",
		Short: "Say how the agent comes to a host, and where it is kept",
		Args:  command.NoArguments,
		RunE: func(*cobra.Command, []string) error {
			_, err := io.WriteString(s.Out, bootstrap.Explain())
			return err
		},
	}
}
