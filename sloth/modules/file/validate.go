package file

import (
	"errors"
	"fmt"
	"strings"

	"sloth-runner/internal/shell"
	"sloth-runner/sloth/module"
	"sloth-runner/sloth/quote"
)

// validator looks at a file before it is used. The zero value accepts all.
type validator struct {
	command  string
	function module.Callback
}

var _ module.Option = (*validator)(nil)

// Kind implements module.Option.
func (v *validator) Kind() string {
	return "a string, which is a command with %s for the new file, or a function of its path"
}

// Set implements module.Option.
func (v *validator) Set(value any) error {
	switch value := value.(type) {
	case string:
		if !strings.Contains(strings.ReplaceAll(value, "%%", ""), "%s") {
			return errors.New("the command has no %s: that is where the name of the new file goes")
		}
		v.command = value
		return nil
	case module.Callback:
		v.function = value
		return nil
	}
	return module.ErrKind
}

// accept returns the error of a file that is not to be used. staged is where it is, path where it is to be.
func (v *validator) accept(ctx module.Context, staged, path string) error {
	switch {
	case v.command != "" && ctx.DryRun:
		return nil // the new file is not on the disk, where a program could look at it
	case v.command != "":
		return v.run(ctx, staged, path)
	case v.function != nil:
		return v.call(staged, path)
	}
	return nil
}

func (v *validator) run(ctx module.Context, staged, path string) error {
	line := strings.NewReplacer("%%", "%", "%s", shell.Quote(staged)).Replace(v.command)
	ran, err := module.RunShell(ctx, ctx.Host, line)
	if err != nil {
		return fmt.Errorf("validate the new %s: %w", quote.Path(path), err)
	}
	if ran.ExitCode == 0 && ran.Signal == "" {
		return nil
	}
	said := strings.TrimSpace(string(ran.StderrTail))
	if said == "" {
		said = strings.TrimSpace(string(ran.Stdout))
	}
	// The name of the temporary file says nothing to the reader.
	said = strings.ReplaceAll(said, staged, path)
	return refused(path, fmt.Sprintf("%s has exit status %d", quote.Text(v.command), ran.ExitCode), said)
}

// call has a function look at the file. false, or nil with a reason, is a no; a function that returns nothing raises its errors.
func (v *validator) call(staged, path string) error {
	said, err := v.function(staged)
	if err != nil {
		return err
	}
	if len(said) == 0 || said[0] != false && said[0] != nil {
		return nil
	}
	why := ""
	if len(said) > 1 {
		if text, ok := said[1].(string); ok {
			why = strings.ReplaceAll(text, staged, path)
		}
	}
	return refused(path, "its function returned false", why)
}

// refused is the error of a new file that is not used. The reason comes first: messages are cut behind it where there is no room.
func refused(path, how, why string) error {
	if why != "" {
		how = why + "; " + how
	}
	return &explained{text: fmt.Sprintf("validate refuses the new file: %s, and %s is not changed", how, quote.Path(path))}
}
