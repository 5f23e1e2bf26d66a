package exec

import (
	"strings"

	"sloth-runner/sloth/module"
)

// result is what exec.run and exec.must return.
type result struct {
	Success   bool    `lua:"success" help:"it ended with an exit status of success, or was skipped"`
	Output    string  `lua:"output" help:"stdout without the newlines at its end"`
	Stdout    string  `lua:"stdout" help:"as it was"`
	Stderr    string  `lua:"stderr" help:"as it was"`
	ExitCode  int     `lua:"exit_code" help:"128 + the signal's number where a signal ended it"`
	Duration  float64 `lua:"duration" help:"in seconds"`
	Truncated bool    `lua:"truncated" help:"stdout and stderr are only the first 8 MiB of each, or the first max_output bytes"`
	Signal    string  `lua:"signal,optional" help:"the signal that ended it, such as SIGKILL, or nil"`
	Changed   bool    `lua:"changed" help:"it was run, succeeded, and does not only look"`
	Skipped   bool    `lua:"skipped" help:"it was not run: because of creates, removes, unless or onlyif, or in a dry run"`
	TimedOut  bool    `lua:"timed_out" help:"it was ended because of its timeout"`
	// NotDone is what a dry run did not do; "": nothing.
	NotDone string `lua:"-"`
}

// Withheld implements module.Withheld: how a command would end, and what it would write, is not known before it is run.
func (r result) Withheld() ([]string, module.NotDone) {
	if r.NotDone == "" {
		return nil, module.NotDone{}
	}
	return []string{"output", "stdout", "stderr", "exit_code", "signal"}, module.NotDone{Would: r.NotDone}
}

func resultOf(command module.Command, ran module.CommandResult) result {
	stdout := string(ran.Stdout)
	return result{
		Success:   command.Succeeded(ran),
		Output:    strings.TrimRight(stdout, "\n"),
		Stdout:    stdout,
		Stderr:    string(ran.Stderr),
		ExitCode:  ran.ExitCode,
		Duration:  ran.Duration.Seconds(),
		Truncated: ran.Truncated,
		Signal:    ran.Signal,
		TimedOut:  ran.TimedOut,
	}
}
