package masters

import (
	"cmp"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"sloth-runner/cli/command"
	"sloth-runner/registry"
	"sloth-runner/trust"
)

type masterInitOptions struct {
	masterDir
	etcdOptions
	name      string
	authority string
	config    registry.Config
}

func newMasterInitCommand(s *command.Streams) *cobra.Command {
	var o masterInitOptions
	cmd := &cobra.Command{
		Use:   "init",
		Short: "Make a master: its authority, its certificate, and an empty registry",
		Long: `Make a master: its authority, its certificate, and an empty registry. Keys are readable by this user alone.

A person who gets the directory can use all agents of the authority: protect it like the keys of your hosts.

Several masters share a registry in an etcd, each on its own machine, and each with a copy of the first one's authority.
Any of them serves all agents and operators; when one is lost, these go on with another.`,
		Example: `  sloth-runner master init --masters master.example.com:50053
  sloth-runner master init --etcd https://etcd-1:2379,https://etcd-2:2379,https://etcd-3:2379 --etcd-ca ca.pem
  sloth-runner master init --etcd https://etcd-1:2379 --etcd-ca ca.pem --authority ./authority  # the next one`,
		Args: command.NoArguments,
		RunE: func(cmd *cobra.Command, _ []string) error { return initMaster(cmd.Context(), s, &o) },
	}
	f := cmd.Flags()
	o.masterDir.addFlags(f)
	f.StringVar(&o.name, "name", "", "`NAME` of the master (default: that of this machine)")
	o.etcdOptions.addFlags(f)
	f.StringVar(&o.authority, "authority", "", "`DIR` with the authority of another master, copied from its directory (default: a new authority)")
	addMasterConfig(f, &o.config)
	return cmd
}

// addMasterConfig adds the flags that say what a master does.
func addMasterConfig(f *pflag.FlagSet, c *registry.Config) {
	f.StringVar(&c.Address, "address", "", "`ADDRESS` where other masters reach it, host:port (default: where it listens, with this machine's name)")
	f.StringVar(&c.Listen, "listen", fmt.Sprintf(":%d", registry.DefaultPort), "`ADDRESS` to serve, host:port; without a host, all")
	f.StringSliceVar(&c.Masters, "masters", nil, "`ADDRESSES` under which others reach it, host:port (default: where they found it)")
	command.AddDuration(f, &c.Life, "life", trust.DefaultLife, "how long certificates hold; they are renewed after a third of it")
	command.AddDuration(f, &c.Interval, "interval", registry.DefaultInterval, "how often agents report")
	f.StringVar(&c.Metrics, "metrics", "", "`ADDRESS` where Prometheus may ask, host:port (default: nowhere)")
}

func initMaster(ctx context.Context, s *command.Streams, o *masterInitOptions) error {
	dir, err := o.path(s)
	if err != nil {
		return err
	}
	hostname, err := os.Hostname()
	if err != nil && o.name == "" {
		return command.ErrNoName
	}
	name := cmp.Or(o.name, hostname)
	if o.config.Etcd, err = o.etcd(); err != nil {
		return err
	}
	if err := registry.Init(ctx, dir, name, o.config, o.authority); err != nil {
		return err
	}
	_, err = fmt.Fprintf(s.Out, `master %s is ready in %s; next:
  sloth-runner master start                                    # or, as a service: sloth-runner master install
  sloth-runner master token --name web-1                       # for an agent
  sloth-runner master token --name %s --role operator   # for a person who runs tasks
`, name, dir, "anna")
	if err == nil && o.config.Etcd != nil && o.authority == "" {
		_, err = fmt.Fprintf(s.Out, `another master, on another machine, with a copy of %s:
  sloth-runner master init --authority ./authority --etcd %s
`, filepath.Join(dir, "authority"), strings.Join(o.config.Etcd.Endpoints, ","))
	}
	return err
}
