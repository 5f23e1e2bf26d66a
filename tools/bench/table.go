package main

import (
	"fmt"
	"io"
	"strings"
	"text/tabwriter"
	"time"
)

// row is a figure with its measurement and its target.
type row struct {
	what            string
	floor, measured string
	ratio           string
	target          string
	reached         bool
}

type table []row

// print prints the rows in columns.
func (t table) print(w io.Writer) {
	columns := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	heads := []string{"what", "floor", "measured", "ratio", "target", "reached"}
	fmt.Fprintln(columns, strings.Join(heads, "\t"))
	for i, head := range heads {
		heads[i] = strings.Repeat("-", len(head))
	}
	fmt.Fprintln(columns, strings.Join(heads, "\t"))
	for _, r := range t {
		reached := "NO"
		switch {
		case r.target == "":
			reached = ""
		case r.reached:
			reached = "yes"
		}
		fmt.Fprintln(columns, strings.Join([]string{r.what, r.floor, r.measured, r.ratio, r.target, reached}, "\t"))
	}
	// The writer below has the error. It is the terminal.
	_ = columns.Flush()
}

func inSeconds(d time.Duration) string { return fmt.Sprintf("%.3f s", d.Seconds()) }

func inMillis(d time.Duration) string {
	return fmt.Sprintf("%.2f ms", float64(d)/float64(time.Millisecond))
}

func inMegabytes(bytes int64) string { return fmt.Sprintf("%.1f MB", float64(bytes)/1e6) }
