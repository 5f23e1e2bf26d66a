package cli

import (
	"context"
	"fmt"
	"time"

	"github.com/spf13/cobra"

	"sloth-runner/registry/client"
)

func newAgentRenameCommand(s *Streams) *cobra.Command {
	return &cobra.Command{
		Use:   "rename NAME NEW-NAME",
		Short: "Give a persistent agent another name",
		Long: `Give a persistent agent another name. It gets a certificate with it: from its master, within seconds where it reports and else
when it does; and where this machine is its authority, from here and at once.

Its directory and its service on the host keep the name that they were made with. "agent start NEW-NAME" finds them.`,
		Args: arguments([]string{"the name of an agent", "its new name"}, 0),
		RunE: func(cmd *cobra.Command, args []string) error { return renameAgent(cmd.Context(), s, args[0], args[1]) },
	}
}

func renameAgent(ctx context.Context, s *Streams, name, newName string) error {
	var known persistentAgents
	if err := known.open(s); err != nil {
		return err
	}
	defer known.close()
	isKnown := known.fleet.Known(name) != nil
	if isKnown {
		if err := known.fleet.CheckRename(name, newName); err != nil {
			return err
		}
	}
	if err := known.rename(ctx, s, name, newName); err != nil {
		return unknownHere(known.fleet, name, err)
	}
	if isKnown {
		if err := known.fleet.Rename(name, newName); err != nil {
			return err
		}
	}
	_, err := fmt.Fprintf(s.Out, "agent %s is %s from now on\n", name, newName)
	return err
}

// rename has the authority of an agent give it a certificate with another name.
func (p *persistentAgents) rename(ctx context.Context, s *Streams, name, newName string) error {
	agent := p.fleet.Known(name)
	if agent == nil || !p.fleet.Signs(name) {
		return atMaster(s, func(master *client.Client) error {
			_, err := master.Rename(ctx, name, newName)
			return err
		})
	}
	dialer, target := p.dialer(10*time.Second, false), targetOf(agent)
	err := dialer.Certify(ctx, target, func(request []byte) ([]byte, error) { return p.fleet.Sign(newName, request) })
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
