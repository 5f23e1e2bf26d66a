package exec

import (
	"errors"
	"fmt"
	"strings"

	"sloth-runner/sloth/module"
)

// must is exec.must.
func must(ctx module.Context, o options) (result, error) {
	ended, ran, err := o.run(ctx)
	if err != nil || ended.Success {
		return ended, err
	}
	return result{}, failure(ctx, o.command(), ran)
}

// reading are the options of exec.read.
type reading struct {
	Command words `lua:"command,arg" help:"for /bin/sh -c, or a program and its arguments without a shell"`
	place
	input
}

// read is exec.read.
func read(ctx module.Context, o reading) (string, error) {
	command := o.place.command(o.Command)
	o.input.into(&command)
	command.Quiet, command.ReadOnly = true, true
	ran, err := module.RunCommand(ctx, ctx.Host, command)
	switch {
	case err != nil:
		return "", err
	case !command.Succeeded(ran):
		return "", failure(ctx, command, ran)
	case ran.Truncated:
		return "", fmt.Errorf("%s: %s writes more than the %d bytes that are kept; set max_output, or let it write less",
			ctx.Function, short(command), keeps(command))
	}
	return strings.TrimRight(string(ran.Stdout), "\n"), nil
}

func keeps(command module.Command) int {
	if command.MaxOutput > 0 {
		return command.MaxOutput
	}
	return module.MaxOutput
}

// maxTail is how many lines of the end of stderr are in an error.
const maxTail = 10

// failure is the error of a command that failed: in its first line the command, how it ended, and the last line of its stderr.
func failure(ctx module.Context, command module.Command, ran module.CommandResult) error {
	how := fmt.Sprintf("exit status %d", ran.ExitCode)
	switch {
	case ran.TimedOut:
		how = fmt.Sprintf("timed out after %v", command.Timeout)
	case ran.Signal != "":
		how = "killed by " + ran.Signal
	}
	text := fmt.Sprintf("%s: %s: %s", ctx.Function, short(command), how)
	lines := strings.FieldsFunc(string(ran.StderrTail), func(r rune) bool { return r == '\n' || r == '\r' })
	lines = lines[max(0, len(lines)-maxTail):]
	if len(lines) > 0 {
		text += ": " + lines[len(lines)-1]
	}
	if len(lines) > 1 {
		text += "\nthe end of its stderr:\n" + strings.Join(lines, "\n")
	}
	return errors.New(text)
}
