package cli

import (
	"io"

	"github.com/spf13/cobra"

	"sloth-runner/bootstrap"
)

func newBootstrapExplainCommand(s *Streams) *cobra.Command {
	return &cobra.Command{
		Use:   "explain",
		Short: "Say how the agent comes to a host, and where it is kept",
		Args:  noArguments,
		RunE: func(*cobra.Command, []string) error {
			_, err := io.WriteString(s.Out, bootstrap.Explain())
			return err
		},
	}
}
