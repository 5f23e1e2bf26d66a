package exec

import (
	"fmt"
	"time"

	"sloth-runner/sloth/module"
)

// words are a command: a line for the shell, or a program and its arguments.
type words struct {
	shell string
	argv  []string
}

// Kind implements module.Option.
func (*words) Kind() string { return "a string or a list of strings" }

// Set implements module.Option.
func (w *words) Set(value any) error {
	switch value := value.(type) {
	case string:
		w.shell = value
		return nil
	case module.List:
		w.argv = make([]string, len(value))
		for i, item := range value {
			word, ok := item.(string)
			if !ok {
				return fmt.Errorf("word %d must be a string, not %s", i+1, module.KindName(item))
			}
			w.argv[i] = word
		}
		return nil
	}
	return module.ErrKind
}

// place is where and how commands of a call run.
type place struct {
	Cwd      string            `lua:"cwd" help:"the directory that it runs in, and that its relative paths are in"`
	Env      map[string]string `lua:"env" help:"variables of its environment, besides the others"`
	ClearEnv bool              `lua:"clear_env" help:"it has no other variables than those of env"`
	Timeout  time.Duration     `lua:"timeout" help:"after that time it is ended, with all that it started; it has failed then"`
	Umask    umask             `lua:"umask" help:"the umask that it has, such as \"027\""`
	User     string            `lua:"user" help:"the account that it runs as, which only tasks of root can choose; become_user is for others"`
}

// command returns the command of words in that place.
func (p place) command(w words) module.Command {
	return module.Command{
		Shell: w.shell, Argv: w.argv, Dir: p.Cwd, Env: p.Env, ClearEnv: p.ClearEnv, Timeout: p.Timeout, Umask: p.Umask.mode, User: p.User,
	}
}

// input is what a command reads, and what is made of what it writes and of how it ends.
type input struct {
	Stdin     text     `lua:"stdin" help:"its standard input"`
	MaxOutput size     `lua:"max_output" help:"how many bytes of stdout, and of stderr, are kept; default 8 MiB, at most 64 MiB"`
	OK        statuses `lua:"ok" help:"the exit statuses of success; default 0"`
}

// into adds them to a command.
func (i input) into(command *module.Command) {
	command.Stdin, command.MaxOutput, command.OK = i.Stdin.data, int(i.MaxOutput), i.OK
}
