package cli

import (
	"context"
	"fmt"
	"slices"

	"github.com/spf13/pflag"

	"sloth-runner/proto"
	"sloth-runner/runner"
)

// becomeOptions are as whom tasks run on the hosts.
type becomeOptions struct {
	on           bool
	user, method string
	password     secretOptions
}

func (o *becomeOptions) addFlags(f *pflag.FlagSet) {
	f.BoolVarP(&o.on, "become", "b", false, "run tasks as root, or as --become-user, where nothing else is said")
	f.StringVar(&o.user, "become-user", "", "run tasks as this `USER` where nothing else is said; implies --become")
	f.StringVar(&o.method, "become-method", "", "become another user with `METHOD`: sudo, doas or su (default sudo, or doas where there is none)")
	o.password.addFlags(f, "become-", "password for becoming another user")
}

func (o *becomeOptions) check() error {
	if problem := proto.UserProblem(o.user); o.user != "" && problem != "" {
		return fmt.Errorf("--become-user %q %s", o.user, problem)
	}
	if o.method != "" && !slices.Contains(proto.BecomeMethods[:], o.method) {
		return fmt.Errorf("--become-method is sudo, doas or su, not %q", o.method)
	}
	return nil
}

// become reads the password, if there is one to read.
func (o *becomeOptions) become(ctx context.Context, s *Streams) (runner.Become, error) {
	password, err := o.password.read(ctx, s)
	if err != nil {
		return runner.Become{}, err
	}
	return runner.Become{On: o.on || o.user != "", User: o.user, Method: o.method, Password: password}, nil
}
