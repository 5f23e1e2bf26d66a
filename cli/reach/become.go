package reach

import (
	"context"
	"fmt"
	"slices"

	"github.com/spf13/pflag"

	"sloth-runner/cli/command"
	"sloth-runner/cli/prompt"
	"sloth-runner/proto"
	"sloth-runner/runner"
)

// Become are as whom tasks run on the hosts.
type Become struct {
	On           bool
	User, method string
	password     prompt.Options
}

func (o *Become) AddFlags(f *pflag.FlagSet) {
	f.BoolVarP(&o.On, "become", "b", false, "run tasks as root, or as --become-user, where nothing else is said")
	f.StringVar(&o.User, "become-user", "", "run tasks as this `USER` where nothing else is said; implies --become")
	f.StringVar(&o.method, "become-method", "", "become another user with `METHOD`: sudo, doas or su (default sudo, or doas where there is none)")
	o.password.AddFlags(f, "become-", "password for becoming another user")
}

func (o *Become) Check() error {
	if problem := proto.UserProblem(o.User); o.User != "" && problem != "" {
		return fmt.Errorf("--become-user %q %s", o.User, problem)
	}
	if o.method != "" && !slices.Contains(proto.BecomeMethods[:], o.method) {
		return fmt.Errorf("--become-method is sudo, doas or su, not %q", o.method)
	}
	return nil
}

// Read reads the password, if there is one to read.
func (o *Become) Read(ctx context.Context, s *command.Streams) (runner.Become, error) {
	password, err := o.password.Read(ctx, s)
	if err != nil {
		return runner.Become{}, err
	}
	return runner.Become{On: o.On || o.User != "", User: o.User, Method: o.method, Password: password}, nil
}
