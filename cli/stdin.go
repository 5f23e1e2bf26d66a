package cli

import (
	"os"

	"sloth-runner/cli/command"
	"sloth-runner/internal/sharedinput"
)

// inputToPassOn returns the standard input for commands on hosts; nil when it is a terminal, which is for the person at it, or
// has nothing to read.
func inputToPassOn(s *command.Streams) *sharedinput.Input {
	file, ok := s.In.(*os.File)
	if !ok {
		return nil
	}
	return sharedinput.Of(file)
}
