package sshclient

import (
	"bytes"
	"fmt"
	"strings"
	"sync"
)

// notifier passes a line about the connection to a host to the user at once. A nil one passes nothing.
type notifier func(text string)

// through returns a notifier for a jump host of the host.
func (n notifier) through(jump string) notifier {
	if n == nil {
		return nil
	}
	return func(text string) { n("jump host " + jump + ": " + text) }
}

// notices reports lines until it ends: what comes after the login is not about connecting. Safe for concurrent use.
type notices struct {
	mu     sync.Mutex
	report func(text string)
	ended  bool
}

func (t *notices) notify(text string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if !t.ended {
		t.report(text)
	}
}

func (t *notices) end() {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.ended = true
}

const (
	// maxNoticeLines limits the lines that are shown of one source, and maxNoticeLine the bytes of each line.
	maxNoticeLines = 20
	maxNoticeLine  = 1 << 10
)

// lineNotifier passes on the lines that are written to it.
type lineNotifier struct {
	notify notifier
	from   string
	line   []byte
	lines  int
}

// Write implements io.Writer. It never fails.
func (s *lineNotifier) Write(p []byte) (int, error) {
	for rest := p; len(rest) > 0 && s.notify != nil && s.lines < maxNoticeLines; {
		part, after, ended := bytes.Cut(rest, []byte("\n"))
		if !ended && len(s.line)+len(part) <= maxNoticeLine {
			s.line = append(s.line, part...)
			break
		}
		s.pass(string(append(s.line, part...)))
		s.line, rest = nil, after
	}
	return len(p), nil
}

func (s *lineNotifier) pass(line string) {
	line = strings.TrimSpace(strings.ToValidUTF8(line, "\uFFFD"))
	if line == "" {
		return
	}
	if len(line) > maxNoticeLine {
		line = strings.ToValidUTF8(line[:maxNoticeLine], "") + " […]"
	}
	s.lines++
	if s.lines == maxNoticeLines {
		line += " (what it says after that is not shown)"
	}
	s.notify(fmt.Sprintf("%s says: %s", s.from, line))
}
