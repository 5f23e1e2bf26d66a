package cli

import (
	"fmt"

	"github.com/spf13/cobra"

	"sloth-runner/cli/command"
	"sloth-runner/internal/shell"
)

// take separates hosts, command and script. Without the dashes this is not possible: a host may be called uptime.
func (o *execOptions) take(cmd *cobra.Command, args []string) error {
	dash := cmd.ArgsLenAtDash()
	o.hosts, o.words = args, nil
	if dash >= 0 {
		o.hosts, o.words = args[:dash], args[dash:]
	}
	if err := o.takeDash(); err != nil {
		return err
	}
	path := cmd.CommandPath()
	switch {
	case len(o.hosts) == 0:
		return command.Hinted("`"+path+" -i hosts.ini all -- uptime`, for one", "name the hosts before the command")
	case o.script != "" || len(o.words) > 0:
		return nil
	case len(o.hosts) > 1 && dash < 0:
		typed := command.Again(path, cmd.Flags(), "") + " " + shell.Type(o.hosts[0]) + " --"
		for _, word := range o.hosts[1:] {
			typed += " " + shell.Type(word)
		}
		return command.Hinted("did you mean `"+typed+"`?", "the command must stand behind --")
	default:
		return command.Hinted("`"+path+" "+shell.Type(o.hosts[0])+" -- uptime`, for one", "there is no command behind --")
	}
}

// takeDash takes - in the place of the command for a script on standard input.
func (o *execOptions) takeDash() error {
	last := len(o.hosts) - 1
	switch {
	case last >= 0 && o.hosts[last] == "-":
		o.hosts = o.hosts[:last]
	case o.script == "" && len(o.words) > 0 && o.words[0] == "-":
		o.words = o.words[1:]
	default:
		return nil
	}
	if o.script != "" && o.script != "-" {
		return fmt.Errorf("the script is either %s or - for standard input", o.script)
	}
	o.script = "-"
	return nil
}
