package journal

import (
	"bufio"
	"errors"
	"io"
)

var errLongLine = errors.New("line is too long")

// lineReader reads whole lines of bounded length.
type lineReader struct {
	in   *bufio.Reader
	line []byte
	// number is the line number of the last line, from 1.
	number int
}

func newLineReader(in io.Reader) *lineReader {
	return &lineReader{in: bufio.NewReaderSize(in, 256<<10)}
}

// next returns the next line without its newline, valid until the next call. For a line of more than maxLine bytes the
// error is errLongLine, and reading can go on. A last line without a newline was not written whole and is left out: the
// error is io.EOF.
func (l *lineReader) next() ([]byte, error) {
	l.line = l.line[:0]
	l.number++
	for long := false; ; {
		part, err := l.in.ReadSlice('\n')
		long = long || len(l.line)+len(part) > maxLine
		switch {
		case err == nil && long:
			return nil, errLongLine
		case err == nil && len(l.line) == 0:
			return part[:len(part)-1], nil
		case err == nil:
			l.line = append(l.line, part...)
			return l.line[:len(l.line)-1], nil
		case !errors.Is(err, bufio.ErrBufferFull):
			return nil, err
		case !long:
			l.line = append(l.line, part...)
		}
	}
}
