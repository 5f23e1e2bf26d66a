package model

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"

	"sloth-runner/inventory/problems"
	"sloth-runner/inventory/values"
)

// Unread replaces a value that is not known on the operator's machine in the Vars of a Target. Why is a text for users
// that says which value it is and where it is set.
type Unread struct{ Why string }

// MarshalJSON implements json.Marshaler, in the form that proto.Start says.
func (u Unread) MarshalJSON() ([]byte, error) {
	return json.Marshal(map[string]string{"__unread": u.Why})
}

// maxVars limits the variables that are sent to one host, in bytes of JSON.
const maxVars = 1 << 20

// EncodeVars encodes variables for proto.Start. Without variables the result is empty.
func EncodeVars(h *Host, seen map[string]any, sealed []string) ([]byte, error) {
	if len(seen) == 0 && len(sealed) == 0 {
		return nil, nil
	}
	encoded, err := json.Marshal(struct {
		Vars   map[string]any `json:"vars"`
		Sealed []string       `json:"sealed,omitempty"`
	}{seen, sealed})
	switch {
	case err != nil:
		return nil, fmt.Errorf("the variables of host %s can't be written as JSON: %w", problems.Show(h.Name), err)
	case len(encoded) > maxVars:
		return nil, fmt.Errorf("the variables of host %s are larger than %d MiB", problems.Show(h.Name), maxVars>>20)
	}
	return encoded, nil
}

// Sealed returns the encrypted files of a host and its groups. Their variables are not known.
func (inv *Inventory) Sealed(h *Host) []string {
	var files []string
	for _, beside := range inv.beside {
		for _, g := range inv.groupsOf(h) {
			files = append(files, beside.SealedGroups[g.Name]...)
		}
		files = append(files, beside.SealedHosts[h.Name]...)
	}
	return files
}

// ForTasks returns the variables that tasks may see. Passwords and SSH arguments stay on the operator's machine.
// Encrypted values and templates become an Unread.
func (v Vars) ForTasks() map[string]any {
	seen := make(map[string]any, len(v))
	for _, name := range slices.Sorted(maps.Keys(v)) {
		if !staysHere(name) {
			seen[name] = forTask(v[name].Data, v[name].At)
		}
	}
	return seen
}

func forTask(data any, at problems.Position) any {
	if why := values.WhyUnreadable(data); why != "" {
		return Unread{at.String() + ": it " + why}
	}
	switch data := data.(type) {
	case []any:
		items := make([]any, len(data))
		for i, item := range data {
			items[i] = forTask(item, at)
		}
		return items
	case map[string]any:
		if text, ok := values.UnsafeText(data); ok {
			return text
		}
		pairs := make(map[string]any, len(data))
		for key, value := range data {
			pairs[key] = forTask(value, at)
		}
		return pairs
	}
	return data
}
