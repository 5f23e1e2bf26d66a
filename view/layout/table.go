package layout

import (
	"io"
	"strings"
)

// Table writes rows under a header as the specification does, `Host | Status`, aligned by display width. With a
// width above 0 the widest columns are cut until a row fits. Cells are escaped.
func Table(w io.Writer, width int, header []string, rows [][]string) error {
	return WriteLines(w, TableLines(width, header, rows))
}

// narrowest is what a column keeps of its width, if anything fits.
const narrowest = 6

func TableLines(width int, header []string, rows [][]string) []string {
	if len(header) == 0 {
		return nil
	}
	all := safeRows(header, rows)
	widths := columnWidths(len(header), all)
	// The line under the header is one cell longer than a row.
	shrink(widths, width-3*(len(header)-1)-1)
	lines := make([]string, 0, len(all)+1)
	for i, row := range all {
		lines = append(lines, strings.TrimRight(joinRow(row, widths, " | "), " "))
		if i == 0 {
			lines = append(lines, rule(widths))
		}
	}
	if width > 0 {
		for i := range lines {
			lines[i] = Cut(lines[i], width)
		}
	}
	return lines
}

// rule is the line under the header; it reaches one cell beyond each column, on both sides of a bar.
func rule(widths []int) string {
	parts := make([]string, len(widths))
	for i, width := range widths {
		parts[i] = strings.Repeat("-", width+2)
	}
	return strings.Join(parts, "|")[1:]
}

// safeRows returns header and rows, escaped, each row as long as the header.
func safeRows(header []string, rows [][]string) [][]string {
	all := make([][]string, 0, len(rows)+1)
	for _, row := range append([][]string{header}, rows...) {
		safe := make([]string, len(header))
		for i := range min(len(row), len(header)) {
			safe[i] = OneLine(row[i])
		}
		all = append(all, safe)
	}
	return all
}

func columnWidths(columns int, rows [][]string) []int {
	widths := make([]int, columns)
	for _, row := range rows {
		for i, cell := range row {
			widths[i] = max(widths[i], Width(cell))
		}
	}
	return widths
}

// shrink takes from the widest column until the sum is at most room. room <= 0: no limit was given, or nothing
// could fit.
func shrink(widths []int, room int) {
	if room <= 0 {
		return
	}
	sum := 0
	for _, width := range widths {
		sum += width
	}
	for ; sum > room; sum-- {
		widest := 0
		for i, width := range widths {
			if width > widths[widest] {
				widest = i
			}
		}
		if widths[widest] <= narrowest {
			return
		}
		widths[widest]--
	}
}

func joinRow(row []string, widths []int, between string) string {
	padded := make([]string, len(row))
	for i, cell := range row {
		padded[i] = Pad(Cut(cell, widths[i]), widths[i])
	}
	return strings.Join(padded, between)
}

// WriteLines writes all lines at once.
func WriteLines(w io.Writer, lines []string) error {
	if len(lines) == 0 {
		return nil
	}
	_, err := io.WriteString(w, strings.Join(lines, "\n")+"\n")
	return err
}
