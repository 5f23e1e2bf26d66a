package cli

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"os/user"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"sloth-runner/internal/fault"
	"sloth-runner/operator"
	"sloth-runner/trust"
	"sloth-runner/view/layout"
)

func newOperatorCommand(s *Streams) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "operator",
		Short: "This machine as an operator's, to persistent agents",
		RunE:  subcommandOnly,
	}
	endHelpWith(cmd, operatorExitCodes)
	cmd.AddCommand(newOperatorInitCommand(s), newOperatorJoinCommand(s), newOperatorShowCommand(s), newOperatorMastersCommand(s))
	return cmd
}

func newOperatorInitCommand(s *Streams) *cobra.Command {
	var name string
	cmd := &cobra.Command{
		Use:   "init",
		Short: "Make this machine an authority of its own, for agents without a master",
		Args:  noArguments,
		RunE:  func(*cobra.Command, []string) error { return initOperator(s, name) },
	}
	cmd.Flags().StringVar(&name, "name", "", "`NAME` of the operator (default: that of the user)")
	return cmd
}

func initOperator(s *Streams, name string) error {
	known, err := openFleet(s)
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
		return "", errNoName
	}
	return account.Username, nil
}

// tokenOptions are the ways to give a token.
type tokenOptions struct{ token, file string }

func (o *tokenOptions) addFlags(f *pflag.FlagSet) {
	f.StringVar(&o.token, "token", "", "`TOKEN` to join with, which can be used once")
	f.StringVar(&o.file, "token-file", "", "`FILE` whose first line is the token")
}

// read returns the token; tokenVariable has it where no flag does.
func (o *tokenOptions) read(ctx context.Context, s *Streams) (token trust.Token, given bool, err error) {
	text := cmp.Or(o.token, s.Getenv(tokenVariable))
	if o.file != "" {
		if text, err = firstLineOf(ctx, o.file); err != nil {
			return trust.Token{}, true, fmt.Errorf("read the token: %w", err)
		}
	}
	if text == "" {
		return trust.Token{}, false, nil
	}
	token, err = trust.ParseToken(text)
	return token, true, err
}

type operatorJoinOptions struct {
	name    string
	token   tokenOptions
	replace bool
}

func newOperatorJoinCommand(s *Streams) *cobra.Command {
	var o operatorJoinOptions
	cmd := &cobra.Command{
		Use:   "join MASTER...",
		Short: "Join a master, by a token that it has made for this operator",
		Long: `Join a master, by a token that it has made for this operator. From then on the master signs the certificates of agents.

Agents that were installed while this machine was its own authority are reached as before; "agent install" of their hosts
makes them the master's.`,
		Example: "  sloth-runner operator join master.example.com:50053 --name anna --token TOKEN",
		Args:    arguments([]string{"the address of a master"}, manyArguments),
		RunE:    func(cmd *cobra.Command, args []string) error { return joinOperator(cmd.Context(), s, &o, args) },
	}
	o.token.addFlags(cmd.Flags())
	cmd.Flags().StringVar(&o.name, "name", "", "`NAME` that the token is for (default: that of the user)")
	cmd.Flags().BoolVar(&o.replace, "replace", false, "also leave a master of another authority, whose agents can't be reached from here then")
	return cmd
}

func joinOperator(ctx context.Context, s *Streams, o *operatorJoinOptions, addresses []string) error {
	token, given, err := o.token.read(ctx, s)
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
	known, err := openFleet(s)
	if err != nil {
		return err
	}
	addresses, err = withPorts(addresses)
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
func sayJoined(s *Streams, joined operator.Joined) {
	if len(joined.Own) > 0 {
		fmt.Fprintf(s.Err, "note: installed before, and reached as before with this machine's own authority: %s\n", strings.Join(joined.Own, ", "))
		fmt.Fprintln(s.Err, "hint: `sloth-runner agent install` of their hosts makes them the master's")
	}
	if len(joined.Left) > 0 {
		fmt.Fprintf(s.Err, "warning: agents of the master at %s can't be reached from here any more\n", layout.Escape(strings.Join(joined.Left, ", ")))
	}
}

func newOperatorShowCommand(s *Streams) *cobra.Command {
	return &cobra.Command{
		Use:   "show",
		Short: "Say who this machine is to masters and agents",
		Args:  noArguments,
		RunE:  func(*cobra.Command, []string) error { return showOperator(s) },
	}
}

func showOperator(s *Streams) error {
	known, err := openFleet(s)
	if err != nil {
		return err
	}
	if known.Holder() == nil {
		return &fault.Error{
			Err:  errors.New("this machine is nobody yet to masters and agents"),
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
