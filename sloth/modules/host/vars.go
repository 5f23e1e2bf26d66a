package host

import (
	"encoding/json"
	"strings"

	"sloth-runner/sloth/module"
)

// Target reads what a run says of a host. vars is JSON in the form that proto.Start says; empty: no variables.
func Target(name string, vars []byte) (module.Target, error) {
	var sent struct {
		Vars   map[string]any `json:"vars"`
		Sealed []string       `json:"sealed"`
	}
	if len(vars) > 0 {
		if err := json.Unmarshal(vars, &sent); err != nil {
			return module.Target{}, err
		}
	}
	table := object(sent.Vars)
	if len(sent.Sealed) == 0 {
		return module.Target{Name: name, Vars: table}, nil
	}
	why := "it may stand in " + strings.Join(sent.Sealed, ", ") + ", which is encrypted with Ansible Vault"
	return module.Target{Name: name, Vars: module.Open{Table: table, Why: why}}, nil
}

func object(pairs map[string]any) module.Table {
	table := make(module.Table, len(pairs))
	for key, data := range pairs {
		table[key] = value(data)
	}
	return table
}

// value is a value of JSON. An object with the name __unread alone stands for one that the operator does not know.
func value(data any) any {
	switch data := data.(type) {
	case []any:
		list := make(module.List, len(data))
		for i, item := range data {
			list[i] = value(item)
		}
		return list
	case map[string]any:
		if why, ok := data["__unread"].(string); ok && len(data) == 1 {
			return module.Unknown{Why: why}
		}
		return object(data)
	default:
		return data
	}
}
