// Package bounded reads files and streams up to a limit. What is larger is refused: it is never cut.
package bounded

import (
	"fmt"
	"io"
	"io/fs"
	"os"
)

// TooLarge is the error for content that is larger than Limit bytes.
type TooLarge struct{ Limit int }

// Error implements error.
func (e TooLarge) Error() string {
	for _, unit := range []struct {
		shift int
		name  string
	}{{20, "MiB"}, {10, "KiB"}} {
		if e.Limit >= 1<<unit.shift && e.Limit%(1<<unit.shift) == 0 {
			return fmt.Sprintf("larger than %d %s", e.Limit>>unit.shift, unit.name)
		}
	}
	return fmt.Sprintf("larger than %d bytes", e.Limit)
}

// ReadFile returns the content of a file. As with os.ReadFile, the error is a *fs.PathError; it wraps TooLarge for a file of
// more than limit bytes. The limit also holds for pipes and devices, which have no size.
func ReadFile(path string, limit int) ([]byte, error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	return ReadOpen(file, limit)
}

// ReadOpen is ReadFile for a file that is open. It reads from the file's offset on.
func ReadOpen(file *os.File, limit int) ([]byte, error) {
	data, err := io.ReadAll(NewReader(file, limit))
	if _, tooLarge := err.(TooLarge); tooLarge {
		err = &fs.PathError{Op: "read", Path: file.Name(), Err: err}
	}
	if err != nil {
		return nil, err
	}
	return data, nil
}

// NewReader returns a reader of r that ends with TooLarge when r has more than limit bytes.
func NewReader(r io.Reader, limit int) io.Reader {
	return &reader{io.LimitReader(r, int64(limit)+1), limit, limit}
}

// reader reads one byte more than the limit at most.
type reader struct {
	r           io.Reader
	limit, left int
}

// Read implements io.Reader.
func (r *reader) Read(p []byte) (int, error) {
	n, err := r.r.Read(p)
	if n > r.left {
		n, err = r.left, TooLarge{r.limit}
	}
	r.left -= n
	return n, err
}
