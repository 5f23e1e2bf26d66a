package exec

import (
	"errors"
	"fmt"
	"io/fs"
	"path"
	"syscall"

	"sloth-runner/sloth/module"
)

// conditions are when a command is not run because it is not needed.
type conditions struct {
	Creates []string `lua:"creates" help:"paths: it is skipped when all of them are there"`
	Removes []string `lua:"removes" help:"paths: it is skipped when none of them is there"`
	Unless  probe    `lua:"unless" help:"a command, in the same place: it is skipped when that one succeeds"`
	OnlyIf  probe    `lua:"onlyif" help:"a command, in the same place: it is skipped when that one fails"`
}

// probe is a command whose exit status is an answer.
type probe struct{ *words }

// Set implements module.Option.
func (p *probe) Set(value any) error {
	p.words = new(words)
	return p.words.Set(value)
}

// Kind implements module.Option.
func (*probe) Kind() string { return (*words)(nil).Kind() }

// given reports whether there is a condition.
func (c conditions) given() bool {
	return c.Creates != nil || c.Removes != nil || c.Unless.words != nil || c.OnlyIf.words != nil
}

// unmet says why a command need not be run; "": it has to be.
func (c conditions) unmet(ctx module.Context, at place) (why string, err error) {
	if c.Creates != nil {
		if missing, err := at.missing(ctx, c.Creates); err != nil || len(missing) == 0 {
			return c.Creates[0] + " is there", err
		}
	}
	if c.Removes != nil {
		if missing, err := at.missing(ctx, c.Removes); err != nil || len(missing) == len(c.Removes) {
			return c.Removes[0] + " is not there", err
		}
	}
	for _, p := range []struct {
		name string
		probe
		skips bool
	}{{"onlyif", c.OnlyIf, false}, {"unless", c.Unless, true}} {
		if p.words == nil {
			continue
		}
		succeeded, err := at.try(ctx, *p.words)
		switch {
		case err != nil:
			return "", fmt.Errorf("%s: %w", p.name, err)
		case succeeded == p.skips:
			return map[bool]string{true: "the command of " + p.name + " succeeds", false: "the command of " + p.name + " fails"}[succeeded], nil
		}
	}
	return "", nil
}

// missing returns the paths that don't exist. A link counts by itself, wherever it leads.
func (p place) missing(ctx module.Context, paths []string) ([]string, error) {
	var missing []string
	for _, name := range paths {
		if !path.IsAbs(name) && p.Cwd != "" {
			name = path.Join(p.Cwd, name)
		}
		switch _, err := ctx.Host.Lstat(ctx, name); {
		case errors.Is(err, fs.ErrNotExist) || errors.Is(err, syscall.ENOTDIR):
			missing = append(missing, name)
		case err != nil:
			return nil, err
		}
	}
	return missing, nil
}

// try runs a probe and reports whether it succeeds. Nothing of it is shown.
func (p place) try(ctx module.Context, w words) (bool, error) {
	command := p.command(w)
	command.Quiet, command.ReadOnly, command.Probe, command.MaxOutput = true, true, true, 1
	ran, err := module.RunCommand(ctx, ctx.Host, command)
	if err == nil && ran.TimedOut {
		err = fmt.Errorf("%s: timed out after %v", short(command), p.Timeout)
	}
	return command.Succeeded(ran), err
}
