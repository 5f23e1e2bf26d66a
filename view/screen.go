package view

import (
	"io"
	"strings"
)

// mostQueued is the most that waits to be written, in bytes.
const mostQueued = 64 << 10

// behindBar are the cells that are wiped behind the bar, and kept free there: a terminal puts ^C where the cursor is.
const behindBar = 2

// screen is what two streams show together: lines, in their order, and below them on the terminal of err at most one
// line that changes, the bar. Lines wait until flush, so that many of them cost one write and one drawing of the bar.
// It is not safe for concurrent use.
type screen struct {
	out, err io.Writer
	queue    []block
	queued   int
	// bar is what stands in the last line, without colours or other codes; "" nothing.
	bar string
	// failed is the first error of a write.
	failed error
}

// block is adjacent text for one stream, in whole lines.
type block struct {
	to   io.Writer
	text []byte
}

// print queues lines for s.out or s.err; when too much waits, it is written at once.
func (s *screen) print(to io.Writer, lines ...string) {
	for _, line := range lines {
		if n := len(s.queue); n == 0 || s.queue[n-1].to != to {
			s.queue = append(s.queue, block{to: to})
		}
		last := &s.queue[len(s.queue)-1]
		last.text = append(append(last.text, line...), '\n')
		s.queued += len(line) + 1
		if s.queued >= mostQueued {
			s.flush()
		}
	}
}

// flush writes what waits. The bar is taken away first, as lines go where it stands.
func (s *screen) flush() {
	if len(s.queue) == 0 {
		return
	}
	s.draw("")
	for _, block := range s.queue {
		s.write(block.to, block.text)
	}
	s.queue, s.queued = s.queue[:0], 0
}

// draw makes bar the last line of the terminal, instead of what is there. Only a carriage return and blanks are used
// to take the old one away: every terminal has them, also one that must not get escape codes.
func (s *screen) draw(bar string) {
	if bar == s.bar {
		return
	}
	var text strings.Builder
	if s.bar != "" {
		text.WriteString("\r" + strings.Repeat(" ", cells(s.bar)+behindBar) + "\r")
	}
	text.WriteString(bar)
	s.bar = bar
	s.write(s.err, []byte(text.String()))
}

func (s *screen) write(to io.Writer, text []byte) {
	if _, err := to.Write(text); err != nil && s.failed == nil {
		s.failed = err
	}
}
