package operators

import (
	"context"
	"errors"
	"fmt"
	"os/user"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"sloth-runner/cli/command"
	"sloth-runner/cli/prompt"
	"sloth-runner/cli/reach"
	"sloth-runner/internal/exitstatus"
	"sloth-runner/internal/fault"
	"sloth-runner/operator"
	"sloth-runner/view/layout"
)

func New(s *command.Streams) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "operator",
		Short: "This machine as an operator's, to persistent agents",
		RunE:  command.SubcommandOnly,
	}
	command.EndHelpWith(cmd, exitstatus.Operator)
	cmd.AddCommand(newOperatorInitCommand(s), newOperatorJoinCommand(s), newOperatorShowCommand(s), newOperatorMastersCommand(s))
	return cmd
}

func newOperatorInitCommand(s *command.Streams) *cobra.Command {
	var name string
	cmd := &cobra.Command{
		Use:   "init",
		Short: "Make this machine an authority of its own, for agents without a master",
		Args:  command.NoArguments,
		RunE:  func(*cobra.Command, []string) error { return initOperator(s, name) },
	}
	cmd.Flags().StringVar(&name, "name", "", "`NAME` of the operator (default: that of the user)")
	return cmd
}

func initOperator(s *command.Streams, name string) error {
	known, err := reach.OpenFleet(s)
	if err != nil {
		return err
	}
	if name, err = operatorName(name); err != nil {
		return err
	}
	if err := known.Init(name, time.Now()); err != nil {
		return err
	}
	_, err = fmt.Fprintf(s.Out, "this machine is %s, and its own authority\n", known.Holder().Current().Identity)
	return err
}

func operatorName(name string) (string, error) {
	if name != "" {
		return name, nil
	}
	account, err := user.Current()
	if err != nil {
		return "", command.ErrNoName
	}
	return account.Username, nil
}

type operatorJoinOptions struct {
	name    string
	token   prompt.Token
	replace bool
}

func newOperatorJoinCommand(s *command.Streams) *cobra.Command {
	var o operatorJoinOptions
	cmd := &cobra.Command{
		Use:   "join MASTER...",
		Short: "Join a master, by a token that it has made for this operator",
		Long: `Join a master, by a token that it has made for this operator. From then on the master signs the certificates of agents.

Agents that were installed while this machine was its own authority are reached as before; "agent install" of their hosts
makes them the master's.`,
		Example: "  sloth-runner operator join master.example.com:50053 --name anna --token TOKEN",
		Args:    command.Arguments([]string{"the address of a master"}, command.ManyArguments),
		RunE:    func(cmd *cobra.Command, args []string) error { return joinOperator(cmd.Context(), s, &o, args) },
	}
	o.token.AddFlags(cmd.Flags())
	cmd.Flags().StringVar(&o.name, "name", "", "`NAME` that the token is for (default: that of the user)")
	cmd.Flags().BoolVar(&o.replace, "replace", false, "also leave a master of another authority, whose agents can't be reached from here then")
	return cmd
}

func joinOperator(ctx context.Context, s *command.Streams, o *operatorJoinOptions, addresses []string) error {
	token, given, err := o.token.Read(ctx, s)
	if err != nil {
		return err
	}
	if !given {
		return &fault.Error{
			Err:  errors.New("a token is needed: --token, --token-file or SLOTH_TOKEN"),
			Hint: "`sloth-runner master token --name NAME --role operator` on the master's machine prints one",
		}
	}
	name, err := operatorName(o.name)
	if err != nil {
		return err
	}
	known, err := reach.OpenFleet(s)
	if err != nil {
		return err
	}
	addresses, err = reach.WithPorts(addresses)
	if err != nil {
		return err
	}
	joined, err := known.Join(ctx, addresses, token, name, o.replace)
	if err != nil {
		return err
	}
	sayJoined(s, joined)
	current := known.Holder().Current()
	_, err = fmt.Fprintf(s.Out, "this machine is %s now, until %s and renewed before that\n", current.Identity, current.Cert.NotAfter.Local().Format(time.DateTime))
	return err
}

// sayJoined says what is another now with agents that were known before.
func sayJoined(s *command.Streams, joined operator.Joined) {
	if len(joined.Own) > 0 {
		fmt.Fprintf(s.Err, "note: installed before, and reached as before with this machine's own authority: %s\n", strings.Join(joined.Own, ", "))
		fmt.Fprintln(s.Err, "hint: `sloth-runner agent install` of their hosts makes them the master's")
	}
	if len(joined.Left) > 0 {
		fmt.Fprintf(s.Err, "warning: agents of the master at %s can't be reached from here any more\n", layout.Escape(strings.Join(joined.Left, ", ")))
	}
}

func newOperatorShowCommand(s *command.Streams) *cobra.Command {
	return &cobra.Command{
		Use:   "show",
		Short: "Say who this machine is to masters and agents",
		Args:  command.NoArguments,
		RunE:  func(*cobra.Command, []string) error { return showOperator(s) },
	}
}

func showOperator(s *command.Streams) error {
	known, err := reach.OpenFleet(s)
	if err != nil {
		return err
	}
	if known.Holder() == nil {
		return &fault.Error{
			Err:  errors.New("this machine has no certificate yet for masters and agents"),
			Hint: "`sloth-runner operator join` joins a master, `sloth-runner operator init` makes this machine its own authority",
		}
	}
	current := known.Holder().Current()
	fmt.Fprintf(s.Out, "%s\ncertificate until %s\n", current.Identity, current.Cert.NotAfter.Local().Format(time.DateTime))
	for _, address := range known.Masters() {
		fmt.Fprintf(s.Out, "master %s\n", address)
	}
	if known.Authority() != nil {
		fmt.Fprintln(s.Out, "its own authority")
	}
	if own := known.Own(); len(own) > 0 {
		fmt.Fprintf(s.Out, "its own authority for agents installed before: %s\n", strings.Join(own, ", "))
	}
	return nil
}
