package agents

import (
	"context"
	"fmt"
	"time"

	"github.com/spf13/cobra"

	"sloth-runner/cli/command"
	"sloth-runner/cli/reach"
	"sloth-runner/registry/client"
)

func newAgentRenameCommand(s *command.Streams) *cobra.Command {
	return &cobra.Command{
		Use:   "rename NAME NEW-NAME",
		Short: "Give a persistent agent another name",
		Long: `Give a persistent agent another name. It gets a certificate with it: from its master, within seconds where it reports and else
when it does; and where this machine is its authority, from here and at once.

Its directory and its service on the host keep the name that they were made with. "agent start NEW-NAME" finds them.`,
		Args: command.Arguments([]string{"the name of an agent", "its new name"}, 0),
		RunE: func(cmd *cobra.Command, args []string) error { return renameAgent(cmd.Context(), s, args[0], args[1]) },
	}
}

func renameAgent(ctx context.Context, s *command.Streams, name, newName string) error {
	var known reach.Agents
	if err := known.Open(s); err != nil {
		return err
	}
	defer known.Close()
	isKnown := known.Fleet.Known(name) != nil
	if isKnown {
		if err := known.Fleet.CheckRename(name, newName); err != nil {
			return err
		}
	}
	if err := rename(ctx, s, &known, name, newName); err != nil {
		return unknownHere(known.Fleet, name, err)
	}
	if isKnown {
		if err := known.Fleet.Rename(name, newName); err != nil {
			return err
		}
	}
	_, err := fmt.Fprintf(s.Out, "agent %s is %s from now on\n", name, newName)
	return err
}

// rename has the authority of an agent give it a certificate with another name.
func rename(ctx context.Context, s *command.Streams, p *reach.Agents, name, newName string) error {
	agent := p.Fleet.Known(name)
	if agent == nil || !p.Fleet.Signs(name) {
		return atMaster(s, func(master *client.Client) error {
			_, err := master.Rename(ctx, name, newName)
			return err
		})
	}
	dialer, target := p.Dialer(10*time.Second, false), targetOf(agent)
	err := dialer.Certify(ctx, target, func(request []byte) ([]byte, error) { return p.Fleet.Sign(newName, request) })
	if err != nil {
		// A rename that was interrupted has left an agent with the new name.
		renamed := target
		renamed.Agent = newName
		dialer.Holder, dialer.HolderFor = dialer.HolderOf(target), nil
		if dialer.Serves(ctx, renamed) == nil {
			return nil
		}
	}
	return err
}
