package masters

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"google.golang.org/protobuf/types/known/durationpb"
	"google.golang.org/protobuf/types/known/timestamppb"

	"sloth-runner/cli/command"
	"sloth-runner/internal/exitstatus"
	"sloth-runner/proto"
	"sloth-runner/trust"
)

type masterRevokeOptions struct {
	masterDir
	name, role, issuedBefore string
	everybody                bool
	wait                     time.Duration
}

func newMasterRevokeCommand(s *command.Streams) *cobra.Command {
	var o masterRevokeOptions
	cmd := &cobra.Command{
		Use:   "revoke {NAME | --everybody}",
		Short: "End the certificates of an agent, an operator or a reader, everywhere",
		Long: `End the certificates of an agent, an operator or a reader, everywhere. What a revoked operator runs just then is ended
too. The revoked may join again with a new token.

The command waits until all agents that are attached have confirmed that they refuse the certificates, and says how many
have. An agent that is not attached learns of it when it is again.

--issued-before revokes what was issued before a time, also certificates of which the registry has no record, as after a
backup was put back. With --everybody it revokes all operators, readers and agents, who then have to join again.`,
		Example: `  sloth-runner master revoke anna --role operator
  sloth-runner master revoke anna --role operator --issued-before now
  sloth-runner master revoke --everybody --issued-before 2026-11-27T08:00:00Z`,
		Args: func(cmd *cobra.Command, args []string) error { return o.checkName(cmd, args) },
		RunE: func(cmd *cobra.Command, args []string) error { return revoke(cmd.Context(), s, &o) },
	}
	o.addFlags(cmd.Flags())
	cmd.Flags().StringVar(&o.role, "role", string(trust.Agent), "`ROLE` of NAME: agent, operator or reader")
	cmd.Flags().StringVar(&o.issuedBefore, "issued-before", "", "`TIME` before which the certificates were issued: now, or 2026-11-27T08:00:00Z")
	cmd.Flags().BoolVar(&o.everybody, "everybody", false, "revoke all operators, readers and agents; needs --issued-before")
	command.AddDuration(cmd.Flags(), &o.wait, "wait", 10*time.Second, "how long to wait for the confirmation of all agents")
	command.EndHelpWith(cmd, exitstatus.Revoke)
	return cmd
}

func (o *masterRevokeOptions) checkName(cmd *cobra.Command, args []string) error {
	if !o.everybody {
		if err := command.Arguments([]string{"a name"}, 0)(cmd, args); err != nil {
			return err
		}
		o.name = args[0]
		return nil
	}
	switch {
	case len(args) > 0:
		return command.UsageError(cmd, "--everybody takes no name")
	case o.issuedBefore == "":
		return command.UsageError(cmd, "--everybody needs --issued-before")
	}
	return nil
}

// request is what the master is asked for.
func (o *masterRevokeOptions) request() (*proto.RevokeRequest, error) {
	r := &proto.RevokeRequest{Everybody: o.everybody, Wait: durationpb.New(o.wait)}
	if !o.everybody {
		role, err := trust.ParseRole(o.role)
		if err != nil {
			return nil, fmt.Errorf("--role: %w", err)
		}
		r.Role, r.Name = string(role), o.name
	}
	switch o.issuedBefore {
	case "":
	case "now":
		r.IssuedBefore = timestamppb.Now()
	default:
		before, err := time.Parse(time.RFC3339, o.issuedBefore)
		if err != nil {
			return nil, fmt.Errorf("--issued-before: %.40q is no time: expected now, or one like 2026-11-27T08:00:00Z", o.issuedBefore)
		}
		r.IssuedBefore = timestamppb.New(before)
	}
	return r, nil
}

func revoke(ctx context.Context, s *command.Streams, o *masterRevokeOptions) error {
	request, err := o.request()
	if err != nil {
		return err
	}
	client, err := o.client(s)
	if err != nil {
		return err
	}
	defer client.Close()
	answer, err := client.RevokeAndWait(ctx, request)
	if err != nil {
		return err
	}
	whose := request.GetRole() + " " + request.GetName() + " is"
	if o.everybody {
		whose = "all operators, readers and agents are"
	}
	fmt.Fprintf(s.Out, "%s revoked (%d certificates)\n", whose, answer.GetCertificates())
	fmt.Fprintf(s.Out, "%d of %d attached agents have confirmed\n", answer.GetConfirmed(), answer.GetAgents())
	if n := answer.GetAbsent(); n > 0 {
		fmt.Fprintf(s.Err, "warning: not attached, and informed when they are again: %s\n", namesOf(answer.GetAbsentNames(), n))
	}
	if n := answer.GetAgents() - answer.GetConfirmed(); n > 0 {
		fmt.Fprintf(s.Err, "not confirmed within %s: %s\n", o.wait, namesOf(answer.GetUnconfirmed(), n))
		return command.Exit(exitstatus.Unreachable)
	}
	return nil
}

// namesOf are some names of all.
func namesOf(names []string, all uint32) string {
	text := strings.Join(names, ", ")
	if more := int(all) - len(names); more > 0 {
		text += fmt.Sprintf(" and %d more", more)
	}
	return text
}
