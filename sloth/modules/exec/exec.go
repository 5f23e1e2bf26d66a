// Package exec is the module of the commands of the host.
package exec

import (
	"strings"

	"sloth-runner/sloth/module"
)

// Module declares it.
func Module() module.Module {
	return module.Module{
		Name:       "exec",
		Doc:        "Commands of the host.",
		OnlyInTask: "commands run only inside a task",
		Functions: []module.Function{{
			Name: "run",
			Doc: "Runs a string in the shell and waits for it. A command that fails raises no error: look at success. " +
				"The result has the first 8 MiB of stdout and of stderr; if there was more, truncated is true and the log has a warning. " +
				"A command has at most 131,071 bytes, which is Linux's limit for one argument.",
			Example: `local result = exec.run("uname -s")
if not result.success then
    return false, result.stderr
end
return true, result.output`,
			IgnoresMore: true,
			Run:         module.Run(run),
		}},
	}
}

type options struct {
	Command string `lua:"command,arg" help:"for /bin/sh -c"`
}

type result struct {
	Success   bool    `lua:"success" help:"the exit code is 0"`
	Output    string  `lua:"output" help:"stdout without the newlines at its end"`
	Stdout    string  `lua:"stdout" help:"as it was"`
	Stderr    string  `lua:"stderr" help:"as it was"`
	ExitCode  int     `lua:"exit_code" help:"128 + the signal's number where a signal ended it"`
	Duration  float64 `lua:"duration" help:"in seconds"`
	Truncated bool    `lua:"truncated" help:"stdout and stderr are only the first 8 MiB of each"`
	Signal    string  `lua:"signal,optional" help:"the signal that ended it, such as SIGKILL, or nil"`
}

func run(ctx module.Context, o options) (result, error) {
	ran, err := module.RunShell(ctx, ctx.Host, o.Command)
	if err != nil {
		return result{}, err
	}
	if ran.Truncated {
		ctx.Warn("the command wrote more than %d MiB: stdout and stderr of the result have the first %d MiB of each, "+
			"and truncated is true; let the command write to a file, or less", module.MaxOutput>>20, module.MaxOutput>>20)
	}
	stdout := string(ran.Stdout)
	return result{
		Success:   ran.ExitCode == 0 && ran.Signal == "",
		Output:    strings.TrimRight(stdout, "\n"),
		Stdout:    stdout,
		Stderr:    string(ran.Stderr),
		ExitCode:  ran.ExitCode,
		Duration:  ran.Duration.Seconds(),
		Truncated: ran.Truncated,
		Signal:    ran.Signal,
	}, nil
}
