package fakehost

import (
	"context"
	"fmt"
	"strings"

	"sloth-runner/proto"
	"sloth-runner/sloth/module"
)

// Call calls a function of a module as Lua code does, on a host. changes and log have what it reported.
func Call(ctx context.Context, m module.Module, function string, host module.Host, arguments ...any) (Outcome, error) {
	for _, f := range m.Functions {
		if f.Name != function {
			continue
		}
		var outcome Outcome
		result, err := f.Call(module.Context{
			Context:  ctx,
			Host:     host,
			Function: m.Name + "." + f.Name,
			Changes:  func(change module.Change) { outcome.Changes = append(outcome.Changes, change) },
			Log: func(level proto.Log_Level, message string) {
				outcome.Log = append(outcome.Log, strings.ToLower(level.String())+": "+message)
			},
		}, Arguments(arguments))
		outcome.Result = result
		return outcome, err
	}
	return Outcome{}, fmt.Errorf("%s has no function %s", m.Name, function)
}

// Outcome is what came of a call.
type Outcome struct {
	Result  module.Result
	Changes []module.Change
	Log     []string
}

// Arguments are the values of a call.
type Arguments []any

var _ module.Arguments = Arguments{}

// Len implements module.Arguments.
func (a Arguments) Len() int { return len(a) }

// Value implements module.Arguments.
func (a Arguments) Value(n int) any {
	if n < len(a) {
		return a[n]
	}
	return nil
}

// Printed implements module.Arguments.
func (a Arguments) Printed(n int) string {
	words := []string{}
	for _, value := range a[min(n, len(a)):] {
		words = append(words, fmt.Sprint(value))
	}
	return strings.Join(words, "\t")
}
