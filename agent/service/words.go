package service

import (
	"io"
	"os"
	"strings"
	"time"
)

// maxWords bounds what is shown of a log, in bytes.
const maxWords = 500

// saidBy is in the lines of a log that are not the agent's.
const saidBy = " supervisor: "

// LastWords is the last line of what a service printed that a supervisor keeps running, in brackets behind a blank; ""
// where there is none.
func (s Spec) LastWords() string {
	file, err := os.Open(s.log())
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
	words := ""
	for line := range strings.Lines(strings.ToValidUTF8(string(text), "")) {
		// The supervisor says only that the agent has ended.
		if line = strings.TrimSpace(line); line != "" && !strings.Contains(line, saidBy) {
			words = " (" + line + ")"
		}
	}
	return words
}

// interrupt makes whoever reads a pipe stop.
func interrupt(pipe *os.File) { _ = pipe.SetReadDeadline(time.Now()) }
