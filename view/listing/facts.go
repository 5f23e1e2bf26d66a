package listing

import (
	"fmt"
	"io"

	"sloth-runner/view/layout"
)

// fact is one line about a host.
type fact struct{ name, value string }

// writeFacts writes one fact a line, the values below each other.
func writeFacts(w io.Writer, facts []fact) error {
	width := 0
	for _, fact := range facts {
		width = max(width, len(fact.name)+1)
	}
	for _, fact := range facts {
		if _, err := fmt.Fprintf(w, "%-*s  %s\n", width, fact.name+":", layout.Escape(fact.value)); err != nil {
			return err
		}
	}
	return nil
}
