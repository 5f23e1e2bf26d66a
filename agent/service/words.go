package service

import (
	"io"
	"os"
	"path/filepath"
	"strings"
	"time"
)

// maxWords bounds what is shown of a log, in bytes.
const maxWords = 500

// LastWords is the last line of what an agent printed that a supervisor keeps running, in brackets behind a blank; ""
// where there is none.
func LastWords(dir string) string {
	file, err := os.Open(filepath.Join(dir, logFile))
	if err != nil {
		return ""
	}
	defer file.Close()
	info, err := file.Stat()
	if err != nil {
		return ""
	}
	text := make([]byte, min(info.Size(), maxWords))
	if _, err := file.ReadAt(text, info.Size()-int64(len(text))); err != nil && err != io.EOF {
		return ""
	}
	lines := strings.Split(strings.TrimSpace(strings.ToValidUTF8(string(text), "")), "\n")
	if last := strings.TrimSpace(lines[len(lines)-1]); last != "" {
		return " (" + last + ")"
	}
	return ""
}

// interrupt makes whoever reads a pipe stop.
func interrupt(pipe *os.File) { _ = pipe.SetReadDeadline(time.Now()) }
