package listing

import (
	"io"

	"sloth-runner/view"
	"sloth-runner/view/layout"
)

// JSON is the format that programs read. All others are for people.
const JSON = "json"

// Writer writes a listing in a format: JSON, or a table with its hints on Err.
type Writer struct {
	Out, Err io.Writer
	Format   string
}

// results writes what became of hosts: value as JSON, or the table and the hints of the troubles.
func (w Writer) results(value any, header []string, rows [][]string, troubles []*Trouble) error {
	if w.Format == JSON {
		return view.JSON(w.Out, value)
	}
	if err := layout.Table(w.Out, 0, header, rows); err != nil {
		return err
	}
	writeHints(w.Err, troubles)
	return nil
}
