package view

import (
	"io"
	"strings"

	"sloth-runner/view/layout"
	"sloth-runner/view/printed"
)

// mostQueued is the size of the queue, in bytes.
const mostQueued = 64 << 10

// keptBlocks is how many written blocks are kept for reuse.
const keptBlocks = 4

// behindBar are the cells that are wiped behind the bar, and kept free there: a terminal puts ^C where the cursor is.
const behindBar = 2

// screen writes lines to two streams, in their order, and below them on the terminal of err at most one line that changes, the
// bar. Lines are queued until flush: many of them cost one write and one drawing of the bar. Not safe for concurrent use.
type screen struct {
	out, err io.Writer
	// together says that both streams end up in one place: what goes to one may stand in a line of the other.
	together bool
	queue    []block
	queued   int
	// bar is what stands in the last line, without colours or other codes; "" nothing.
	bar string
	// failed is the first error of a write.
	failed error
	// unended are the lines of out and of err that have begun and not ended.
	unended [2]unended
}

// unended is a line that has begun; the zero value is none.
type unended struct {
	begun bool
	from  printed.Source
}

// block is adjacent text for one stream.
type block struct {
	to   io.Writer
	text []byte
}

// print queues lines for s.out or s.err; when too much waits, it is written at once.
func (s *screen) print(to io.Writer, lines ...string) {
	for _, line := range lines {
		s.endLines(to)
		s.add(to, line, "\n")
	}
}

// line queues a line with its prefix.
func (s *screen) line(to io.Writer, prefix, text string) {
	s.endLines(to)
	s.add(to, prefix, text, "\n")
}

// part queues a part of a line. It stands behind the part before it, unless something else came in between: then it begins
// a line that says so.
func (s *screen) part(to io.Writer, from printed.Source, p printed.Piece, prefix prefixes) {
	line, text := &s.unended[s.index(to)], p.Shown()
	if *line != (unended{true, from}) {
		if text == "" && !p.First {
			return // its end was written when the other line came
		}
		s.endLines(to)
		if p.First {
			text = prefix.output(from) + text
		} else {
			text = prefix.goesOn(from, text)
		}
	}
	if *line = (unended{true, from}); p.Last {
		*line, text = unended{}, text+"\n"
	}
	s.add(to, text)
}

// endLines ends the unended lines to which the next text of a stream would be added.
func (s *screen) endLines(to io.Writer) {
	for i, stream := range [...]io.Writer{s.out, s.err} {
		if s.unended[i].begun && (s.together || i == s.index(to)) {
			s.unended[i] = unended{}
			s.add(stream, "\n")
		}
	}
}

func (s *screen) index(to io.Writer) int {
	if to == s.out {
		return 0
	}
	return 1
}

// add queues text.
func (s *screen) add(to io.Writer, texts ...string) {
	for _, text := range texts {
		if n := len(s.queue); n == 0 || s.queue[n-1].to != to {
			s.begin(to)
		}
		last := &s.queue[len(s.queue)-1]
		last.text = append(last.text, text...)
		s.queued += len(text)
	}
	if s.queued >= mostQueued {
		s.flush()
	}
}

// begin begins a block. It reuses the memory of one that was written.
func (s *screen) begin(to io.Writer) {
	n := len(s.queue)
	if n == cap(s.queue) {
		s.queue = append(s.queue, block{to: to})
		return
	}
	s.queue = s.queue[:n+1]
	s.queue[n].to, s.queue[n].text = to, s.queue[n].text[:0]
}

// flush writes the queue. It removes the bar first, because lines go to its place.
func (s *screen) flush() {
	if len(s.queue) == 0 {
		return
	}
	s.draw("")
	for i := range s.queue {
		block := &s.queue[i]
		s.write(block.to, block.text)
		if i >= keptBlocks || cap(block.text) > 2*mostQueued {
			block.text = nil
		}
	}
	s.queue, s.queued = s.queue[:0], 0
}

// draw makes bar the last line of the terminal, in the place of the old bar. It uses a carriage return and blanks only, which
// work on every terminal, also without escape codes.
func (s *screen) draw(bar string) {
	if bar == s.bar {
		return
	}
	var text strings.Builder
	if s.bar != "" {
		text.WriteString("\r" + strings.Repeat(" ", layout.Width(s.bar)+behindBar) + "\r")
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
