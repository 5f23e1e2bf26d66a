package prompt

import (
	"cmp"
	"context"
	"fmt"

	"github.com/spf13/pflag"

	"sloth-runner/cli/command"
	"sloth-runner/trust"
)

// Token are the ways to give a token.
type Token struct{ token, file string }

func (o *Token) AddFlags(f *pflag.FlagSet) {
	f.StringVar(&o.token, "token", "", "`TOKEN` to join with, which can be used once")
	f.StringVar(&o.file, "token-file", "", "`FILE` whose first line is the token")
}

// Read returns the token; TokenVariable has it where no flag does.
func (o *Token) Read(ctx context.Context, s *command.Streams) (token trust.Token, given bool, err error) {
	text := cmp.Or(o.token, s.Getenv(command.TokenVariable))
	if o.file != "" {
		if text, err = FirstLineOf(ctx, o.file); err != nil {
			return trust.Token{}, true, fmt.Errorf("read the token: %w", err)
		}
	}
	if text == "" {
		return trust.Token{}, false, nil
	}
	token, err = trust.ParseToken(text)
	return token, true, err
}
