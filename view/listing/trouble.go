package listing

import (
	"fmt"
	"io"

	"sloth-runner/internal/distinct"
	"sloth-runner/internal/fault"
	"sloth-runner/view/layout"
)

// Trouble is why a host could not be visited.
type Trouble struct {
	Stage  string `json:"stage"`
	Reason string `json:"reason"`
	Hint   string `json:"hint,omitempty"`
}

// troubleOf returns the Trouble for an error; nil for nil.
func troubleOf(err error) *Trouble {
	if err == nil {
		return nil
	}
	return &Trouble{
		Stage:  fault.StageOf(err, fault.Bootstrap).String(),
		Reason: fault.Bound(fault.Reason(err), fault.MaxText),
		Hint:   fault.Bound(fault.Hint(err), fault.MaxText),
	}
}

// line says it in one line; "" for nil.
func (t *Trouble) line() string {
	if t == nil {
		return ""
	}
	return t.Stage + ": " + t.Reason
}

// writeHints writes the hints of all troubles, each once.
func writeHints(w io.Writer, troubles []*Trouble) {
	var hints []string
	for _, t := range troubles {
		if t != nil && t.Hint != "" {
			hints = append(hints, t.Hint)
		}
	}
	for _, hint := range distinct.Of(hints) {
		fmt.Fprintln(w, "hint: "+layout.Escape(hint))
	}
}

// dash stands where there is nothing to say.
func dash(text string) string {
	if text == "" {
		return "-"
	}
	return text
}
