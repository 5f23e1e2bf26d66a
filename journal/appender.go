package journal

import (
	"fmt"
	"os"
)

// appender is a file that grows by whole pieces. When a piece can't be written whole, its part is removed, so that the
// next piece can follow.
type appender struct {
	file *os.File // opened with O_APPEND
	size int64    // length of all whole pieces
	torn bool     // torn: the file may hold more than size bytes
}

// append writes one piece, or nothing.
func (a *appender) append(piece []byte) error {
	return a.whole(len(piece), func() (int, error) { return a.file.Write(piece) })
}

// appendText is append for a text.
func (a *appender) appendText(piece string) error {
	return a.whole(len(piece), func() (int, error) { return a.file.WriteString(piece) })
}

// whole lets write append size bytes, or takes back what it has written.
func (a *appender) whole(size int, write func() (int, error)) error {
	if a.torn {
		if err := a.mend(); err != nil {
			return err
		}
	}
	if _, err := write(); err != nil {
		a.torn = true
		_ = a.mend() // else before the next piece
		return err
	}
	a.size += int64(size)
	return nil
}

func (a *appender) mend() error {
	if err := a.file.Truncate(a.size); err != nil {
		return fmt.Errorf("take back half a write: %w", err)
	}
	a.torn = false
	return nil
}
