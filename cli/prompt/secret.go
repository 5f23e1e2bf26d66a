package prompt

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os/exec"

	"github.com/spf13/pflag"

	"sloth-runner/cli/command"
	"sloth-runner/internal/secret"
)

// maxSecret is the length in bytes of the longest password that is read.
const maxSecret = 4 << 10

// Options are the ways to give one password for all hosts of a run.
type Options struct {
	// what is it for, as a person is asked for it.
	what    string
	ask     bool
	file    string
	command string
}

// AddFlags adds --ask-WORDpass, --WORDpassword-file and --WORDpassword-command, where word is "" or ends with "-".
func (o *Options) AddFlags(f *pflag.FlagSet, word, what string) {
	o.what = what
	short := ""
	if word == "become-" {
		short = "K" // as Ansible has it
	}
	f.BoolVarP(&o.ask, "ask-"+word+"pass", short, false, "ask once for the "+what)
	f.StringVar(&o.file, word+"password-file", "", "read the "+what+" from the first line of `FILE`")
	f.StringVar(&o.command, word+"password-command", "", "read the "+what+" from the output of the shell `COMMAND`")
}

// Read returns the password, or none where none of the options was given.
func (o *Options) Read(ctx context.Context, s *command.Streams) (secret.Text, error) {
	given := 0
	for _, is := range []bool{o.ask, o.file != "", o.command != ""} {
		if is {
			given++
		}
	}
	if given > 1 {
		return secret.Text{}, fmt.Errorf("give the %s in one way only", o.what)
	}
	var text string
	var err error
	switch {
	case o.ask:
		text, err = Secret(ctx, o.what)
	case o.file != "":
		text, err = FirstLineOf(ctx, o.file)
	case o.command != "":
		text, err = outputOf(ctx, s, o.command)
	default:
		return secret.Text{}, nil
	}
	if err == nil && text == "" {
		err = errors.New("it is empty")
	}
	if err != nil {
		return secret.Text{}, fmt.Errorf("read the %s: %w", o.what, err)
	}
	return secret.New(text), nil
}

func outputOf(ctx context.Context, s *command.Streams, line string) (string, error) {
	cmd := exec.CommandContext(ctx, "sh", "-c", line)
	cmd.Stderr = s.Err
	if command.IsTerminal(s.In) {
		cmd.Stdin = s.In // it may ask there; anything else is not meant for it
	}
	out, err := cmd.Output()
	if err != nil {
		return "", fmt.Errorf("the command failed: %w", err)
	}
	return firstLine(out)
}

func firstLine(text []byte) (string, error) {
	// Editors on Windows begin a file with a byte order mark.
	line, _, _ := bytes.Cut(bytes.TrimPrefix(text, []byte("\ufeff")), []byte("\n"))
	line = bytes.TrimSuffix(line, []byte("\r"))
	if len(line) > maxSecret {
		return "", fmt.Errorf("it is longer than %d bytes", maxSecret)
	}
	return string(line), nil
}
