package oshost

import (
	"context"
	"os"

	"sloth-runner/internal/abandon"
	"sloth-runner/sloth/module"
)

// Host has the files, accounts and environment of this process.
type Host struct {
	// Caller counts the calls that don't come back; nil: they are not counted.
	Caller *abandon.Caller
	// Swept has the directories that were searched for what killed processes have left; nil: they are searched each time.
	Swept *Swept
}

var (
	_ module.Files    = Host{}
	_ module.Accounts = Host{}
)

// Getenv returns a variable of this process.
func (h Host) Getenv(name string) (string, bool) { return os.LookupEnv(name) }

// do makes a call about a path. name is what it is called where the context has no other.
func do[T any](ctx context.Context, h Host, name, path string, call func() (T, error)) (T, error) {
	return abandon.Do(ctx, h.Caller, abandon.Work[T]{
		Call: abandon.Call{Name: module.CallName(ctx, name), Path: path},
		Do:   call,
	})
}

// doOnly is do for calls without a result.
func doOnly(ctx context.Context, h Host, name, path string, call func() error) error {
	_, err := do(ctx, h, name, path, func() (struct{}, error) { return struct{}{}, call() })
	return err
}
