package masters

import (
	"errors"
	"fmt"
	"io/fs"

	"github.com/spf13/cobra"

	"sloth-runner/cli/command"
	"sloth-runner/internal/fault"
	"sloth-runner/registry"
)

type masterSetOptions struct {
	masterDir
	config registry.Config
	// given tells if a flag was.
	given func(string) bool
}

func newMasterSetCommand(s *command.Streams) *cobra.Command {
	var o masterSetOptions
	cmd := &cobra.Command{
		Use:   "set",
		Short: "Change the settings of the master on this machine",
		Long: `Change the settings that the master on this machine got when it was made, such as the addresses that agents and operators
learn. What is not given stays. The change takes effect at the next start of the master. "master migrate" moves its registry.`,
		Example: `  sloth-runner master set --masters master.example.com:50053,10.0.0.5:50053
  sloth-runner master set --listen :50054`,
		Args: command.NoArguments,
		RunE: func(cmd *cobra.Command, _ []string) error {
			o.given = cmd.Flags().Changed
			return setMaster(s, &o)
		},
	}
	o.masterDir.addFlags(cmd.Flags())
	addMasterConfig(cmd.Flags(), &o.config)
	return cmd
}

func setMaster(s *command.Streams, o *masterSetOptions) error {
	dir, err := o.path(s)
	if err != nil {
		return err
	}
	config, err := registry.LoadConfig(dir)
	if errors.Is(err, fs.ErrNotExist) {
		return &fault.Error{Err: fmt.Errorf("there is no master in %s", dir), Hint: "`sloth-runner master init` makes one"}
	}
	if err != nil {
		return err
	}
	if !o.change(&config) {
		return errors.New("nothing was given to set: see `sloth-runner master set --help`")
	}
	if err := config.Check(); err != nil {
		return err
	}
	if err := config.Save(dir); err != nil {
		return err
	}
	_, err = fmt.Fprintf(s.Out, "the master in %s holds to that from its next start on: restart it\n", dir)
	return err
}

// change sets what was given, and reports whether anything was.
func (o *masterSetOptions) change(config *registry.Config) bool {
	changed := false
	for flag, set := range map[string]func(){
		"address":  func() { config.Address = o.config.Address },
		"listen":   func() { config.Listen = o.config.Listen },
		"masters":  func() { config.Masters = o.config.Masters },
		"life":     func() { config.Life = o.config.Life },
		"interval": func() { config.Interval = o.config.Interval },
		"metrics":  func() { config.Metrics = o.config.Metrics },
	} {
		if o.given(flag) {
			changed = true
			set()
		}
	}
	return changed
}
