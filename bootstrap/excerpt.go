package bootstrap

import (
	"fmt"
	"strings"
	"sync"
)

// excerpt keeps the head and the tail of what is written to it: the cause may be in either. Safe for concurrent use.
type excerpt struct {
	mu         sync.Mutex
	head, tail []byte
	cut        bool
}

// excerptSize bounds the head and the tail, and excerptLines what an error quotes of both.
const (
	excerptSize  = 2 << 10
	excerptLines = 6
)

func (e *excerpt) Write(p []byte) (int, error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	room := min(excerptSize-len(e.head), len(p))
	e.head = append(e.head, p[:room]...)
	rest := p[room:]
	if over := len(rest) - excerptSize; over > 0 {
		rest, e.tail, e.cut = rest[over:], e.tail[:0], true
	}
	e.tail = append(e.tail, rest...)
	// It may grow to twice its size: whoever writes a few bytes at a time must not have all of it moved each time.
	if len(e.tail) > 2*excerptSize {
		e.trim()
	}
	return len(p), nil
}

// trim leaves only the end of the tail.
func (e *excerpt) trim() {
	if over := len(e.tail) - excerptSize; over > 0 {
		e.tail, e.cut = append(e.tail[:0], e.tail[over:]...), true
	}
}

// lines are some of the first and the last lines, without empty ones.
func (e *excerpt) lines() []string {
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
	if len(lines) > excerptLines {
		lines = append(append(lines[:excerptLines/2:excerptLines/2], "[…]"), lines[len(lines)-excerptLines/2:]...)
	}
	return lines
}

// quoted is the excerpt as an error ends with it, or "".
func (e *excerpt) quoted(name string) string {
	lines := e.lines()
	if len(lines) == 0 {
		return ""
	}
	return fmt.Sprintf("; %s: %s", name, strings.Join(lines, " | "))
}
