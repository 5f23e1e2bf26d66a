package operator

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"sloth-runner/internal/fault"
	"sloth-runner/registry/client"
	"sloth-runner/trust"
)

// Joined says what joining a master has changed.
type Joined struct {
	// Own are the agents that still use this machine's own authority.
	Own []string
	// Left are the addresses of the masters of another authority. Their agents can't be reached any more.
	Left []string
}

// Join makes this machine an operator or a reader of the masters at the addresses, with a token for that name. Agents
// of the machine's own authority stay reachable. With replace it may leave masters of another authority.
func (f *Fleet) Join(ctx context.Context, addresses []string, token trust.Token, name string, replace bool) (Joined, error) {
	var joined Joined
	if f.holder != nil && !f.isOwn() && !token.IsFor(f.holder.Current().Authority) {
		joined.Left = f.known.Masters
		if !replace {
			return joined, f.wouldLeave()
		}
	}
	credentials, masters, err := client.Join(ctx, addresses, token, name)
	if err != nil {
		return joined, err
	}
	if f.isOwn() && !credentials.Authority.Equal(f.authority.Certificate()) {
		f.known.Own = nil
		for _, agent := range f.known.agents {
			f.known.Own = append(f.known.Own, agent.GetName())
		}
	}
	// The agents are saved first: after an interruption the machine is unchanged.
	f.known.Masters, f.known.Named = masters, slices.Clone(addresses)
	if err := f.saveKnown(); err != nil {
		return joined, err
	}
	if err := credentials.Save(f.dir); err != nil {
		return joined, err
	}
	f.holder, joined.Own = trust.NewHolder(credentials), slices.Clone(f.known.Own)
	return joined, f.openOwn(time.Now())
}

func (f *Fleet) wouldLeave() error {
	return &fault.Error{
		Err: fmt.Errorf("this machine is %s of another master (%s), whose agents could not be reached any more",
			f.holder.Current().Identity, strings.Join(f.known.Masters, ", ")),
		Hint: "--replace joins all the same",
	}
}
