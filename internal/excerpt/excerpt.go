// Package excerpt keeps what an error quotes of a long output.
package excerpt

import (
	"fmt"
	"strings"
	"sync"
)

// Buffer keeps the head and the tail of what is written to it: the cause may be in either. Safe for concurrent use.
type Buffer struct {
	mu         sync.Mutex
	head, tail []byte
	cut        bool
}

// maxPart bounds the head and the tail, and maxLines what an error quotes of both.
const (
	maxPart  = 2 << 10
	maxLines = 6
)

func (e *Buffer) Write(p []byte) (int, error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	room := min(maxPart-len(e.head), len(p))
	e.head = append(e.head, p[:room]...)
	rest := p[room:]
	if over := len(rest) - maxPart; over > 0 {
		rest, e.tail, e.cut = rest[over:], e.tail[:0], true
	}
	e.tail = append(e.tail, rest...)
	// It may grow to twice its size: with many small writes it must not be moved each time.
	if len(e.tail) > 2*maxPart {
		e.trim()
	}
	return len(p), nil
}

// trim leaves only the end of the tail.
func (e *Buffer) trim() {
	if over := len(e.tail) - maxPart; over > 0 {
		e.tail, e.cut = append(e.tail[:0], e.tail[over:]...), true
	}
}

// Lines are some of the first and the last lines, without empty ones.
func (e *Buffer) Lines() []string {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.trim()
	text := string(e.head)
	if e.cut {
		text += " […] "
	}
	text = strings.ToValidUTF8(text+string(e.tail), "\uFFFD")
	var lines []string
	for line := range strings.FieldsFuncSeq(text, func(r rune) bool { return r == '\n' || r == '\r' }) {
		if line = strings.TrimSpace(line); line != "" {
			lines = append(lines, line)
		}
	}
	if len(lines) > maxLines {
		lines = append(append(lines[:maxLines/2:maxLines/2], "[…]"), lines[len(lines)-maxLines/2:]...)
	}
	return lines
}

// Quoted is the excerpt as an error ends with it, or "".
func (e *Buffer) Quoted(name string) string {
	lines := e.Lines()
	if len(lines) == 0 {
		return ""
	}
	return fmt.Sprintf("; %s: %s", name, strings.Join(lines, " | "))
}
