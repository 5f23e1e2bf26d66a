package printed

import (
	"bytes"
	"strings"

	"sloth-runner/internal/chars"
	"sloth-runner/view/layout"
)

// openLine is a line whose end has not come yet.
type openLine struct {
	// kept is the text after the last carriage return, without what the sink has got.
	kept []byte
	// begun says that pieces of the line were given to the sink; cut that there was more than is kept.
	begun, cut bool
	// returned says that a carriage return came last: what follows, if anything, begins the line anew.
	returned bool
}

// add takes the next part of the line.
func (o *openLine) add(part string, to Sink) {
	state := strings.TrimRight(part, "\r")
	if len(state) == 0 {
		o.returned = o.returned || len(part) > 0
		return
	}
	last := strings.LastIndexByte(state, '\r')
	if o.returned || last >= 0 {
		o.restart(to)
		state = state[last+1:]
	}
	o.returned = len(strings.TrimRight(part, "\r")) < len(part)
	if to.Cut {
		o.keep(state)
	} else {
		o.pass(state, to)
	}
}

// restart drops the line so far. A piece that the sink has got ends there.
func (o *openLine) restart(to Sink) {
	if o.begun {
		to.Emit(Piece{Last: true})
	}
	*o = openLine{kept: o.kept[:0]}
}

// keep keeps as much of the line as is shown.
func (o *openLine) keep(state string) {
	room := LongestLine - len(o.kept)
	o.cut = o.cut || len(state) > room
	o.kept = append(o.kept, state[:min(room, len(state))]...)
}

// pass gives the line to the sink when it is too long to keep.
func (o *openLine) pass(state string, to Sink) {
	o.kept = append(o.kept, state...)
	if len(o.kept) <= LongestLine {
		return
	}
	n := wholeSigns(o.kept)
	to.Emit(Piece{Text: string(o.kept[:n]), First: !o.begun})
	o.begun = true
	o.kept = append(o.kept[:0], o.kept[n:]...)
}

// end gives the rest of the line to the sink.
func (o *openLine) end(to Sink) {
	if o.cut {
		o.kept = o.kept[:chars.Whole(o.kept)]
	}
	to.Emit(Piece{Text: string(o.kept), First: !o.begun, Last: true, Cut: o.cut})
}

// longestCSI is the longest control sequence that is kept together, in bytes; those of colours have up to 20.
const longestCSI = 64

// wholeSigns returns how much of a line that goes on can be shown without a character, or a control sequence, in two.
func wholeSigns(line []byte) int {
	n := chars.Whole(line)
	from := max(0, n-longestCSI)
	at := bytes.LastIndexByte(line[from:n], '\x1b')
	if at < 0 {
		return n
	}
	at += from
	if sequence := string(line[at:n]); sequence == "\x1b" || sequence[1] == '[' && layout.ControlSequence(sequence) == 0 && layout.ControlSequence(sequence+"m") > 0 {
		return at
	}
	return n
}
