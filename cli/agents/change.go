package agents

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net"

	"github.com/spf13/cobra"

	"sloth-runner/cli/command"
	"sloth-runner/cli/reach"
	"sloth-runner/operator"
	"sloth-runner/proto"
	"sloth-runner/registry/client"
	"sloth-runner/view/listing"
)

// The commands that change what is known of agents.

func newAgentAddCommand(s *command.Streams) *cobra.Command {
	var words []string
	cmd := &cobra.Command{
		Use:     "add NAME ADDRESS",
		Short:   "Let this machine know an agent that no master knows",
		Long:    `Let this machine know an agent that no master knows, or one of another address. NAME must be that of its certificate.`,
		Example: "  sloth-runner agent add web-1 10.0.0.7:50051 --tag role=web",
		Args:    command.Arguments([]string{"the name of an agent", "its address"}, 0),
		RunE:    func(_ *cobra.Command, args []string) error { return addAgent(s, args[0], args[1], words) },
	}
	cmd.Flags().StringArrayVar(&words, "tag", nil, "`NAME=VALUE` by which runs may choose it, as tag:NAME=VALUE (repeatable)")
	return cmd
}

func addAgent(s *command.Streams, name, address string, words []string) error {
	if host, port, err := net.SplitHostPort(address); err != nil || host == "" || port == "" {
		return fmt.Errorf("%q is no address: expected HOST:PORT", address)
	}
	tags, err := parseTags(words)
	if err != nil {
		return err
	}
	known, err := reach.OpenFleet(s)
	if err != nil {
		return err
	}
	if err := known.Add(&proto.RegisteredAgent{Name: name, Address: address, Tags: tags}); err != nil {
		return err
	}
	if known.Holder() == nil {
		fmt.Fprintln(s.Err, "warning: this machine has no certificate to show it: see `sloth-runner operator --help`")
	}
	_, err = fmt.Fprintf(s.Out, "agent %s is known at %s\n", name, address)
	return err
}

func newAgentRemoveCommand(s *command.Streams) *cobra.Command {
	return &cobra.Command{
		Use:     "remove NAME",
		Short:   "Forget a persistent agent, and end its certificates",
		Aliases: []string{"rm"},
		Args:    command.Arguments([]string{"the name of an agent"}, 0),
		RunE:    func(cmd *cobra.Command, args []string) error { return removeAgent(cmd.Context(), s, args[0]) },
	}
}

func removeAgent(ctx context.Context, s *command.Streams, name string) error {
	known, err := reach.OpenFleet(s)
	if err != nil {
		return err
	}
	// One that was added by hand stands before the master's of that name, which is another one.
	forgotten, err := known.Forget(name)
	if err != nil {
		return err
	}
	if !forgotten {
		if err := atMaster(s, func(master *client.Client) error { return master.Remove(ctx, name) }); err != nil {
			return err
		}
	}
	_, err = fmt.Fprintf(s.Out, "agent %s is forgotten\n", name)
	return err
}

func newAgentTagCommand(s *command.Streams) *cobra.Command {
	var remove []string
	cmd := &cobra.Command{
		Use:     "tag NAME [TAG=VALUE]...",
		Short:   "Give a persistent agent tags, by which runs may choose it",
		Example: "  sloth-runner agent tag web-1 role=web --remove canary",
		Args:    command.Arguments([]string{"the name of an agent"}, command.ManyArguments),
		RunE: func(cmd *cobra.Command, args []string) error {
			return tagAgent(cmd.Context(), s, args[0], args[1:], remove)
		},
	}
	cmd.Flags().StringArrayVar(&remove, "remove", nil, "take away this `TAG` (repeatable)")
	return cmd
}

func tagAgent(ctx context.Context, s *command.Streams, name string, words, remove []string) error {
	tags, err := parseTags(words)
	if err != nil {
		return err
	}
	known, err := reach.OpenFleet(s)
	if err != nil {
		return err
	}
	var changed *proto.RegisteredAgent
	if known.Known(name) != nil {
		changed, err = known.Tag(name, tags, remove)
	} else {
		err = atMaster(s, func(master *client.Client) (err error) {
			changed, err = master.Tag(ctx, name, tags, remove)
			return err
		})
	}
	if err != nil {
		return unknownHere(known, name, err)
	}
	_, err = fmt.Fprintf(s.Out, "agent %s has %s\n", name, cmp.Or(listing.Tags(changed.GetTags()), "no tags"))
	return err
}

// unknownHere says which agent is not known where there is no master to ask.
func unknownHere(known *operator.Fleet, name string, err error) error {
	if !errors.Is(err, reach.ErrNoMaster) || len(known.Added()) == 0 {
		return err
	}
	_, missing := agentNamed(known.Added(), name)
	return missing
}

// atMaster does something at the master.
func atMaster(s *command.Streams, do func(*client.Client) error) error {
	master, err := reach.MasterClient(s)
	if err != nil {
		return err
	}
	defer master.Close()
	return do(master)
}
