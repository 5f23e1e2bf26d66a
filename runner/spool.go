package runner

import (
	"fmt"
	"os"
)

// spool keeps pieces of the standard input in a temporary file without a name, which the system removes when the process
// ends. get and close may be called on nil. Only one goroutine may call put; get is safe for concurrent use.
type spool struct {
	file *os.File
	size int64
}

// spooled is the position of a piece.
type spooled struct {
	file *os.File
	at   int64
	size int
}

func (s *spool) put(data []byte) (spooled, error) {
	if s.file == nil {
		file, err := os.CreateTemp("", "sloth-stdin-") // it is 0600
		if err == nil {
			err = os.Remove(file.Name())
		}
		if err != nil {
			return spooled{}, fmt.Errorf("keep the standard input for hosts that come later: %w", err)
		}
		s.file = file
	}
	if _, err := s.file.WriteAt(data, s.size); err != nil {
		return spooled{}, fmt.Errorf("keep the standard input for hosts that come later: %w", err)
	}
	at := spooled{s.file, s.size, len(data)}
	s.size += int64(len(data))
	return at, nil
}

func (s *spool) get(at spooled) ([]byte, error) {
	data := make([]byte, at.size)
	if _, err := at.file.ReadAt(data, at.at); err != nil {
		return nil, fmt.Errorf("read the standard input that was kept: %w", err)
	}
	return data, nil
}

func (s *spool) close() {
	if s != nil && s.file != nil {
		_ = s.file.Close() // nothing is left to read
	}
}
