package view

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"

	"sloth-runner/view/layout"
)

// JSON writes value as indented JSON that is as harmless on a terminal as what JSONLines writes.
func JSON(w io.Writer, value any) error {
	data, err := json.MarshalIndent(value, "", "  ")
	if err != nil {
		return fmt.Errorf("encode: %w", err)
	}
	var safe bytes.Buffer
	for line := range bytes.Lines(append(data, '\n')) {
		safe.Write(layout.EscapeJSON(line))
	}
	_, err = w.Write(safe.Bytes())
	return err
}
