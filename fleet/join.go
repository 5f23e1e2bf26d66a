package fleet

import (
	"context"

	"sloth-runner/trust"
	"sloth-runner/trust/member"
)

// Join makes this machine an operator's, or a reader's, of the masters at the addresses, by a token for that name. What it
// was before, it is no longer; agents that were added by hand stay.
func (f *Fleet) Join(ctx context.Context, addresses []string, token trust.Token, name string) error {
	credentials, masters, err := member.Join(ctx, addresses, token, name)
	if err != nil {
		return err
	}
	if err := credentials.Save(f.dir); err != nil {
		return err
	}
	f.holder, f.known.Masters = trust.NewHolder(credentials), masters
	return f.saveKnown()
}
