package layout

import (
	"io"
	"strings"
)

// Column is a column of a List.
type Column struct {
	Title string
	// Min is the least width of its contents, in cells.
	Min int
}

// List writes rows under underlined titles, as the specification's `agent list` does: three blanks between columns,
// aligned by display width. With a width above 0 the widest columns are cut until a row fits. Cells are escaped.
func List(w io.Writer, width int, columns []Column, rows [][]string) error {
	const gap = "   "
	titles, underlines := make([]string, len(columns)), make([]string, len(columns))
	for i, column := range columns {
		titles[i] = column.Title
		underlines[i] = strings.Repeat("-", Width(column.Title))
	}
	all := safeRows(titles, append([][]string{underlines}, rows...))
	widths := columnWidths(len(columns), all)
	for i, column := range columns {
		widths[i] = max(widths[i], column.Min)
	}
	shrink(widths, width-len(gap)*(len(columns)-1))
	lines := make([]string, len(all))
	for i, row := range all {
		lines[i] = strings.TrimRight(joinRow(row, widths, gap), " ")
	}
	return WriteLines(w, lines)
}
