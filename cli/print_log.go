package cli

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"io"
	"os"
	"strings"
	"unicode/utf8"
)

// maxPrefix is the most that prefixes are padded to, in characters.
const maxPrefix = 24

// logPiece is how much of a line is handled at a time; a line may be of any length.
const logPiece = 64 << 10

// printLog copies what a host printed, with a prefix in front of each line. Without one, and without safe, every byte
// is as it was. safe shows what a terminal would obey.
func printLog(ctx context.Context, w io.Writer, log io.Reader, prefix string, safe bool) error {
	in := bufio.NewReaderSize(log, logPiece)
	out := bufio.NewWriterSize(w, logPiece)
	lineStart := true
	var held []byte // the beginning of a character that the last piece cut
	for {
		piece, readErr := in.ReadSlice('\n')
		if readErr != nil && !errors.Is(readErr, bufio.ErrBufferFull) && !errors.Is(readErr, io.EOF) {
			return errors.Join(readErr, out.Flush())
		}
		if err := ctx.Err(); err != nil {
			return err
		}
		end := errors.Is(readErr, io.EOF)
		if safe {
			piece = append(held, piece...)
			held = nil
			if !end {
				piece, held = splitCharacter(piece)
			}
		}
		if len(piece) > 0 && lineStart {
			out.WriteString(prefix) // a bufio.Writer keeps its error for Flush
		}
		if len(piece) > 0 {
			lineStart = writePiece(out, piece, safe)
		}
		if end {
			break
		}
		if out.Available() == 0 && out.Flush() != nil {
			break
		}
	}
	if !lineStart && prefix != "" {
		out.WriteByte('\n') // the next host begins a line
	}
	return out.Flush()
}

// writePiece writes a line, or a part of one, and reports whether that was the end of the line.
func writePiece(out *bufio.Writer, piece []byte, safe bool) (lineEnd bool) {
	line, lineEnd := bytes.CutSuffix(piece, []byte("\n"))
	if !safe {
		out.Write(piece)
		return lineEnd
	}
	if lineEnd {
		line = bytes.TrimSuffix(line, []byte("\r"))
	}
	out.WriteString(escape(string(line)))
	if lineEnd {
		out.WriteByte('\n')
	}
	return lineEnd
}

// splitCharacter splits off the beginning of a character at the end of a piece.
func splitCharacter(piece []byte) (whole, rest []byte) {
	for i := len(piece) - 1; i >= 0 && i >= len(piece)-utf8.UTFMax; i-- {
		if utf8.RuneStart(piece[i]) {
			if !utf8.FullRune(piece[i:]) {
				return piece[:i], bytes.Clone(piece[i:])
			}
			break
		}
	}
	return piece, nil
}

func prefixWidth(hosts []string) int {
	width := 0
	for _, host := range hosts {
		width = max(width, min(maxPrefix, utf8.RuneCountInString(escape(host))))
	}
	return width
}

// prefix is "web-1 | ", as a run prints it.
func prefix(host string, width int) string {
	name := escape(host)
	return name + strings.Repeat(" ", max(0, width-utf8.RuneCountInString(name))) + " | "
}

// isTerminal takes every character device for a terminal: of the others only /dev/null is ever written to.
func isTerminal(w io.Writer) bool {
	file, ok := w.(interface{ Stat() (os.FileInfo, error) })
	if !ok {
		return false
	}
	info, err := file.Stat()
	return err == nil && info.Mode()&os.ModeCharDevice != 0
}
