package view

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"io"

	"sloth-runner/internal/chars"
	"sloth-runner/view/layout"
)

// logPiece is how much of a line is handled at a time; a line may be of any length.
const logPiece = 64 << 10

// HostLog copies what a host printed, with a prefix in front of each line. Without one, and without safe, every byte
// is as it was. safe shows what a terminal would obey.
func HostLog(ctx context.Context, w io.Writer, log io.Reader, prefix string, safe bool) error {
	in := bufio.NewReaderSize(log, logPiece)
	p := logPrinter{out: bufio.NewWriterSize(w, logPiece), prefix: prefix, safe: safe}
	for {
		piece, err := in.ReadSlice('\n')
		if ctx.Err() != nil {
			return ctx.Err()
		}
		last := err != nil && !errors.Is(err, bufio.ErrBufferFull)
		p.print(piece, last)
		if last && !errors.Is(err, io.EOF) {
			return errors.Join(err, p.out.Flush())
		}
		if _, broken := p.out.Write(nil); last || broken != nil { // nothing, for the error of the writes before
			return p.out.Flush()
		}
	}
}

// logPrinter prints the pieces of a log. Errors of writing stay in out.
type logPrinter struct {
	out    *bufio.Writer
	prefix string
	safe   bool
	inLine bool
	held   []byte // the beginning of a character that the last piece cut
}

// print prints a line, or a piece of one, or with last what is left.
func (p *logPrinter) print(piece []byte, last bool) {
	if p.safe {
		piece = append(p.held, piece...)
		p.held = nil
		if !last {
			n := chars.Whole(piece)
			piece, p.held = piece[:n], bytes.Clone(piece[n:])
		}
	}
	if len(piece) > 0 {
		if !p.inLine {
			p.out.WriteString(p.prefix)
		}
		p.inLine = piece[len(piece)-1] != '\n'
		p.write(piece)
	}
	if last && p.inLine && p.prefix != "" {
		p.out.WriteByte('\n') // the next host begins a line
	}
}

func (p *logPrinter) write(piece []byte) {
	if !p.safe {
		p.out.Write(piece)
		return
	}
	line, ended := bytes.CutSuffix(piece, []byte("\n"))
	if ended {
		line = bytes.TrimSuffix(line, []byte("\r"))
	}
	p.out.WriteString(layout.Escape(line))
	if ended {
		p.out.WriteByte('\n')
	}
}
