package command

import (
	"context"
	"fmt"
	"os"
	"os/signal"
	"syscall"

	"sloth-runner/internal/exitstatus"
	"sloth-runner/internal/fault"
	"sloth-runner/view/layout"
)

// UntilInterrupt is a context that ends with the first Ctrl-C.
func UntilInterrupt(ctx context.Context) (context.Context, context.CancelFunc) {
	return signal.NotifyContext(ctx, os.Interrupt, syscall.SIGTERM, syscall.SIGHUP)
}

// Visited is the exit status when so many hosts could not be visited as was wanted.
func Visited(ctx context.Context, failed int) error {
	switch {
	case ctx.Err() != nil:
		return Exit(exitstatus.Interrupted)
	case failed > 0:
		return Exit(exitstatus.Unreachable)
	}
	return nil
}

// Trouble is why a host could not be visited, as JSON has it.
type Trouble struct {
	Stage  string `json:"stage"`
	Reason string `json:"reason"`
	Hint   string `json:"hint,omitempty"`
}

func TroubleOf(err error) *Trouble {
	if err == nil {
		return nil
	}
	return &Trouble{
		Stage:  fault.StageOf(err, fault.Bootstrap).String(),
		Reason: fault.Bound(fault.Reason(err), fault.MaxText),
		Hint:   fault.Bound(fault.Hint(err), fault.MaxText),
	}
}

// Hints are those of all troubles, each once, in their order.
func Hints(troubles []*Trouble) []string {
	var all []string
	seen := map[string]bool{"": true}
	for _, t := range troubles {
		if t != nil && !seen[t.Hint] {
			seen[t.Hint] = true
			all = append(all, t.Hint)
		}
	}
	return all
}

// Dash stands where there is nothing to say.
func Dash(text string) string {
	if text == "" {
		return "-"
	}
	return text
}

// Problem says in one line why a host could not be visited.
func Problem(t *Trouble) string {
	if t == nil {
		return ""
	}
	return t.Stage + ": " + t.Reason
}

// SayHints prints hints on standard error.
func SayHints(s *Streams, hints []string) {
	for _, hint := range hints {
		fmt.Fprintln(s.Err, "hint: "+layout.Escape(hint))
	}
}
