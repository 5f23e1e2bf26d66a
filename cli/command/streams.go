package command

import (
	"io"
	"os"

	"sloth-runner/view"
)

// Streams are what a command reads and prints, and the environment that it sees.
type Streams struct {
	In       io.Reader
	Out, Err io.Writer
	Getenv   func(string) string
	// Args are the words of the command line behind the program.
	Args []string
}

// ViewConfig says what the streams are to a view. Streams that are not files get plain text.
func ViewConfig(s *Streams, verbosity int) view.Config {
	config := view.Config{Out: s.Out, Err: s.Err}
	out, outIsFile := s.Out.(*os.File)
	err, errIsFile := s.Err.(*os.File)
	if outIsFile && errIsFile {
		config = view.FromFiles(out, err, s.Getenv)
	}
	config.Verbosity = verbosity
	return config
}
