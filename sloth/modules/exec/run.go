package exec

import (
	"strings"

	"sloth-runner/proto"
	"sloth-runner/sloth/module"
)

// options are those of exec.run and exec.must.
type options struct {
	Command words `lua:"command,arg" help:"for /bin/sh -c, or a program and its arguments without a shell"`
	place
	input
	Quiet bool `lua:"quiet" help:"its output is not shown to the operator"`
	conditions
	Changes flag `lua:"changes" help:"false: it only looks, so that it is no change and a dry run runs it; true: it is counted as a change when it succeeds"`
}

// command returns what is to be run.
func (o options) command() module.Command {
	command := o.place.command(o.Command)
	o.input.into(&command)
	command.Quiet, command.ReadOnly = o.Quiet, o.looks()
	return command
}

// looks reports whether the author says that the command changes nothing.
func (o options) looks() bool { return o.Changes.given && !o.Changes.value }

// counts reports whether the command is a change in the summary of the run. Most commands only look, or may have changed nothing,
// and files of before say nothing of it: a command counts where the call says that it changes something, or on what condition.
func (o options) counts() bool {
	return !o.looks() && (o.Changes.given || o.conditions.given())
}

// run is exec.run.
func run(ctx module.Context, o options) (result, error) {
	ended, _, err := o.run(ctx)
	return ended, err
}

// run runs the command where its conditions hold, and returns the result of the call and that of the command.
func (o options) run(ctx module.Context) (result, module.CommandResult, error) {
	command := o.command()
	why, err := o.unmet(ctx, o.place)
	if err != nil {
		return result{}, module.CommandResult{}, err
	}
	switch {
	case why != "":
		ctx.Log(proto.Log_DEBUG, ctx.Function+": skipped "+short(command)+": "+why)
		return result{Success: true, Skipped: true}, module.CommandResult{}, nil
	case ctx.DryRun && !command.ReadOnly:
		o.report(ctx, command)
		would := "would run " + short(command)
		ctx.Log(proto.Log_INFO, would)
		return result{Success: true, Skipped: true, Changed: true, NotDone: would}, module.CommandResult{}, nil
	}
	ran, err := module.RunCommand(ctx, ctx.Host, command)
	if err != nil {
		return result{}, module.CommandResult{}, err
	}
	o.warnOfMore(ctx, ran)
	ended := resultOf(command, ran)
	ended.Changed = ended.Success && !o.looks()
	if ended.Success {
		o.report(ctx, command)
	}
	return ended, ran, nil
}

// report reports the command as a change, where it is one.
func (o options) report(ctx module.Context, command module.Command) {
	if o.counts() {
		ctx.Changed(module.Change{What: short(command), After: "run"})
	}
}

// warnOfMore warns of output that is not in the result, unless the author chose how much is.
func (o options) warnOfMore(ctx module.Context, ran module.CommandResult) {
	if ran.Truncated && o.MaxOutput == 0 {
		ctx.Warn("the command wrote more than %d MiB: stdout and stderr of the result have the first %d MiB of each, "+
			"and truncated is true; let the command write to a file, or less", module.MaxOutput>>20, module.MaxOutput>>20)
	}
}

// short is a command in one line of bounded length.
func short(command module.Command) string {
	const longest = 200
	line := strings.Join(strings.Fields(command.String()), " ")
	if runes := []rune(line); len(runes) > longest {
		line = string(runes[:longest]) + "..."
	}
	return strings.ToValidUTF8(line, "\uFFFD")
}
