package inventory

import (
	"encoding/json"
	"maps"
	"slices"
)

// Unread stands, in a Target's Vars, for a value that is not known on the operator's machine. Why says for a person what
// and where it is.
type Unread struct{ Why string }

// UnreadKey is how MarshalJSON marks an Unread: an object with this key alone.
const UnreadKey = "__unread"

// MarshalJSON implements json.Marshaler.
func (u Unread) MarshalJSON() ([]byte, error) {
	return json.Marshal(map[string]string{UnreadKey: u.Why})
}

// forTasks are the variables that tasks may see. Passwords stay on the operator's machine; what is encrypted or a template
// becomes an Unread.
func (v vars) forTasks() map[string]any {
	seen := make(map[string]any, len(v))
	for _, name := range slices.Sorted(maps.Keys(v)) {
		if !isSecret(name) {
			seen[name] = forTask(v[name].data, v[name].at)
		}
	}
	return seen
}

func forTask(data any, at position) any {
	if why := whyUnreadable(data); why != "" {
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
		if text, ok := unsafeText(data); ok {
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
