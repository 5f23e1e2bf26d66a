package journal

import (
	"bytes"
	"errors"
	"io"
	"testing"
)

func TestLines(t *testing.T) {
	edge := bytes.Repeat([]byte("x"), 256<<10) // the length of the buffer
	text := bytes.Join([][]byte{[]byte("a"), nil, edge, edge[1:], append(edge, 'y'), []byte("not ended")}, []byte("\n"))
	lines := newLineReader(bytes.NewReader(text))
	for number, want := range [][]byte{[]byte("a"), nil, edge, edge[1:], append(edge, 'y')} {
		got, err := lines.next()
		if err != nil || !bytes.Equal(got, want) || lines.number != number+1 {
			t.Errorf("line %d: number %d, %d bytes, error %v; want %d bytes", number+1, lines.number, len(got), err, len(want))
		}
	}
	if got, err := lines.next(); !errors.Is(err, io.EOF) || got != nil {
		t.Errorf("after the last whole line: %q, error %v", got, err)
	}
}

// A line without end takes bounded memory, and the next one is read.
func TestLongLine(t *testing.T) {
	long := io.LimitReader(endlessX{}, 3*maxLine)
	lines := newLineReader(io.MultiReader(long, bytes.NewReader([]byte("\nnext\n"))))
	if _, err := lines.next(); !errors.Is(err, errLongLine) {
		t.Errorf("error = %v", err)
	}
	if cap(lines.line) > 2*maxLine {
		t.Errorf("it kept %d bytes", cap(lines.line))
	}
	if got, err := lines.next(); err != nil || string(got) != "next" {
		t.Errorf("next line: %q, error %v", got, err)
	}
}

// endlessX is a file of one letter.
type endlessX struct{}

func (endlessX) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = 'x'
	}
	return len(p), nil
}
