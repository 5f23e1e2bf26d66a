package service

import (
	"io"
	"os"
	"strings"
	"time"
)

// maxWords limits how much of a log line is shown, in bytes.
const maxWords = 500

// saidBy marks the lines of a log that the supervisor wrote.
const saidBy = " supervisor: "

// LastLogLine returns the last line that a supervised program printed, in brackets after a space; "" if there is none.
func (s Spec) LastLogLine() string {
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
		// Lines of the supervisor only say that the agent has ended.
		if line = strings.TrimSpace(line); line != "" && !strings.Contains(line, saidBy) {
			words = " (" + line + ")"
		}
	}
	return words
}

// interrupt unblocks a read of a pipe.
func interrupt(pipe *os.File) { _ = pipe.SetReadDeadline(time.Now()) }
