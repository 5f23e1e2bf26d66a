package view

import (
	"fmt"
	"io"
	"strings"

	"github.com/schollz/progressbar/v3"

	"sloth-runner/runner/state"
	"sloth-runner/view/layout"
	"sloth-runner/view/phrase"
)

const (
	// usualWidth is the width, in cells, of a terminal whose width is unknown.
	usualWidth = 80
	// leastBar and mostBar are the cells between the ends of the bar.
	leastBar, mostBar = 8, 40
	// narrow is a width up to which there is room for the facts only.
	narrow = 48
	// aroundBar are the cells of percentage, ends and blanks.
	aroundBar = len(" 100% [] ")
)

// barText returns the bar of a running run, narrower than width. done and total count tasks on hosts.
func barText(r *state.Run, done, total, width int) string {
	if width <= 0 {
		width = usualWidth
	}
	room := max(1, width-1-behindBar)
	if width < narrow {
		return barFacts(r, room)
	}
	text := barFacts(r, room-aroundBar-leastBar)
	return drawBar(done, total, min(mostBar, room-aroundBar-layout.Width(text)), text)
}

// barFacts returns the facts beside the bar, as many as fit.
func barFacts(r *state.Run, room int) string {
	parts := barParts(r)
	text := parts[0]
	for _, part := range parts[1:] {
		if layout.Width(text)+len(", ")+layout.Width(part) <= room {
			text += ", " + part
		}
	}
	return layout.Cut(text, room)
}

// barParts returns all facts for the bar, the most important first.
func barParts(r *state.Run) []string {
	open := r.Count(state.Pending, state.Connecting, state.Running)
	parts := []string{fmt.Sprintf("%d/%s", len(r.Hosts)-open, phrase.Count(len(r.Hosts), "host"))}
	for _, state := range []state.State{state.Failed, state.Unreachable, state.Lost} {
		if n := r.Count(state); n > 0 {
			parts = append(parts, fmt.Sprintf("%d %s", n, state))
		}
	}
	if sent, total := uploads(r); total > 0 {
		parts = append(parts, fmt.Sprintf("copying %.1f/%.1f MB", megabytes(sent), megabytes(total)))
	}
	if moved, size := moving(r); size > 0 {
		parts = append(parts, fmt.Sprintf("moving %.1f/%.1f MB", megabytes(moved), megabytes(size)))
	}
	if n := r.Count(state.Connecting); n > 0 {
		parts = append(parts, fmt.Sprintf("%d connecting", n))
	}
	return parts
}

// uploads returns the sum of the current uploads of the agent.
func uploads(r *state.Run) (sent, total int64) {
	for _, host := range r.Hosts {
		if host.State == state.Connecting {
			sent, total = sent+host.Sent, total+host.Total
		}
	}
	return sent, total
}

// moving sums up the files that are on their way to running hosts, or from there.
func moving(r *state.Run) (moved, size int64) {
	for _, host := range r.Hosts {
		if host.State == state.Running {
			m, n := host.Moving()
			moved, size = moved+m, size+n
		}
	}
	return moved, size
}

func megabytes(n int64) float64 { return float64(n) / 1e6 }

// drawBar returns the line that the library draws. The screen writes it.
func drawBar(done, total, size int, text string) string {
	bar := progressbar.NewOptions(max(total, 1),
		progressbar.OptionSetWriter(io.Discard),
		progressbar.OptionSetWidth(size),
		progressbar.OptionSetPredictTime(false),
		progressbar.OptionSetDescription(text),
		progressbar.OptionShowDescriptionAtLineEnd(),
		progressbar.OptionSetTheme(progressbar.Theme{
			Saucer: "=", SaucerHead: ">", SaucerPadding: " ", BarStart: "[", BarEnd: "]",
		}))
	// Neither can fail: the writer takes everything, and done is at most total.
	_ = bar.RenderBlank()
	_ = bar.Set(min(done, max(total, 1)))
	return strings.TrimSpace(bar.String())
}
