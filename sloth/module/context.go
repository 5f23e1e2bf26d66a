package module

import (
	"context"
	"fmt"

	"sloth-runner/proto"
)

// Context is what a call of a function has: the context that ends when the task has to, the host that it acts on, and where
// it says what it did.
type Context struct {
	context.Context
	Host Host
	// Offered are the files that the run offers. It is nil outside of tasks.
	Offered Offered
	// DryRun says that nothing is to be changed. The Host of a dry run changes nothing by itself; functions look at DryRun only
	// where they have something else to say then.
	DryRun bool
	// Log passes on a message to the operator: any text.
	Log func(level proto.Log_Level, message string)
	// Changes takes what the call changed, or would have changed in a dry run. It may be nil.
	Changes func(Change)
	// Place returns where the call stands in the file, as "deploy.sloth:12: "; it may be nil.
	Place func() string
	// Function is the called function, as "file.write".
	Function string
}

// Warn logs a warning with the place and name of the call in front.
func (c Context) Warn(format string, arguments ...any) {
	place := ""
	if c.Place != nil {
		place = c.Place()
	}
	c.Log(proto.Log_WARN, place+c.Function+": "+fmt.Sprintf(format, arguments...))
}

// Target is the host as the operator's inventory has it.
type Target struct {
	// Name is "" where no host was set.
	Name string
	// Vars are its variables: a Table or Open.
	Vars any
}

// callKey is of the name that a context has for calls into the system.
type callKey struct{}

// InCall has calls into the system under the context be reported under a name, such as io.open, when they don't come back.
func InCall(ctx context.Context, name string) context.Context {
	return context.WithValue(ctx, callKey{}, name)
}

// CallName returns the name that InCall gave; otherwise where there is none.
func CallName(ctx context.Context, otherwise string) string {
	if name, ok := ctx.Value(callKey{}).(string); ok {
		return name
	}
	return otherwise
}
