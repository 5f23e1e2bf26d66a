package sloth

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"sloth-runner/sloth/lua/bounds"
	"sloth-runner/sloth/module"
	"sloth-runner/sloth/modules/all"
)

// Call calls one of the functions that stand in no file (package all), with arguments as JSON: a list. It returns the text that the function
// returns.
func Call(ctx context.Context, host Host, function string, arguments []byte) (string, error) {
	f, ok := action(function)
	if !ok {
		return "", fmt.Errorf("this agent has no function %q", function)
	}
	var given []any
	if err := json.Unmarshal(arguments, &given); err != nil {
		return "", fmt.Errorf("the arguments of %s: %w", function, err)
	}
	m := &Machine{host: host}
	ctx, m.endTask = context.WithCancelCause(ctx)
	defer m.endTask(nil)
	m.acting = newActingHost(m)
	result, err := f.Call(module.Context{
		Context: module.InCall(ctx, function), Host: m.acting, Offered: host.Offered(), DryRun: host.DryRun(), Log: host.Log, Function: function,
		Changes: func(change module.Change) { host.Change(function, change) },
	}, plainArguments(given))
	if cause := context.Cause(ctx); cause != nil && !errors.Is(err, cause) {
		err = errors.Join(cause, err)
	}
	text, _ := result.Value.(string)
	return bounds.Text(text, maxMessage), err
}

func action(name string) (module.Function, bool) {
	for _, f := range all.Actions() {
		if f.Name == name {
			return f, true
		}
	}
	return module.Function{}, false
}

// plainArguments are arguments that no Lua code made.
type plainArguments []any

var _ module.Arguments = plainArguments{}

// Len implements module.Arguments.
func (a plainArguments) Len() int { return len(a) }

// Value implements module.Arguments.
func (a plainArguments) Value(n int) any {
	if n >= len(a) {
		return nil
	}
	return plainValue(a[n])
}

// Printed implements module.Arguments.
func (a plainArguments) Printed(int) string { return "" }

func plainValue(value any) any {
	switch value := value.(type) {
	case []any:
		list := make(module.List, len(value))
		for i, item := range value {
			list[i] = plainValue(item)
		}
		return list
	case map[string]any:
		table := module.Table{}
		for name, item := range value {
			table[name] = plainValue(item)
		}
		return table
	}
	return value
}
