package reach

import (
	"fmt"

	"github.com/spf13/pflag"

	"sloth-runner/cli/command"
	"sloth-runner/inventory"
	"sloth-runner/inventory/sshargs"
	"sloth-runner/sshconfig"
)

// sshConfigOptions are what ssh has on its command line for the same.
type sshConfigOptions struct {
	args sshargs.Args
}

func (o *sshConfigOptions) addFlags(f *pflag.FlagSet) {
	f.StringVarP(&o.args.ConfigFile, "ssh-config", "F", "", "ssh_config `FILE` instead of ~/.ssh/config and the system's; none reads neither")
	f.StringVarP(&o.args.Jump, "jump", "J", "", "reach hosts through `DEST`, [USER@]HOST[:PORT] or several with commas, whatever the inventory and ssh_config say")
	f.StringArrayVar(&o.args.Options, "ssh-option", nil, "`NAME=VALUE` as in ssh_config; wins over it and over the inventory (repeatable)")
}

// Apply makes hosts be reached as ssh_config says.
func (o *sshConfigOptions) apply(d *inventory.Defaults) {
	d.SSHArgs = o.args
	d.SSHConfig = sshconfig.NewReader()
}

// SayNotes says what of ssh_config has no effect: what concerns security always, the rest with -v.
func SayNotes(s *command.Streams, reader *sshconfig.Reader, verbosity int) {
	for _, note := range reader.Notes() {
		switch {
		case note.Warning:
			fmt.Fprintf(s.Err, "warning: %s\n", note.Text)
		case verbosity > 0:
			fmt.Fprintf(s.Err, "note: %s\n", note.Text)
		}
	}
}
