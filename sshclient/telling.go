package sshclient

import (
	"bytes"
	"fmt"
	"strings"
	"sync"
	"time"

	"sloth-runner/internal/excerpt"
)

// teller shows a person at once what is said on the way to a host. A nil one shows nothing.
type teller func(text string)

// of shows that what is said is said on the way, by another host.
func (t teller) of(jump string) teller {
	if t == nil {
		return nil
	}
	return func(text string) { t("jump host " + jump + ": " + text) }
}

// telling reports what is said until it ends: what comes later is no part of the connecting.
type telling struct {
	mu     sync.Mutex
	report func(text string)
	ended  bool
}

func (t *telling) tell(text string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if !t.ended {
		t.report(text)
	}
}

func (t *telling) end() {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.ended = true
}

const (
	// spokenLines bounds how many lines of one speaker are shown, and spokenLine the bytes of each.
	spokenLines = 20
	spokenLine  = 1 << 10
)

// spoken shows lines as they are written to it.
type spoken struct {
	tell  teller
	from  string
	line  []byte
	lines int
}

// Write implements io.Writer. It never fails.
func (s *spoken) Write(p []byte) (int, error) {
	for rest := p; len(rest) > 0 && s.tell != nil && s.lines < spokenLines; {
		part, after, ended := bytes.Cut(rest, []byte("\n"))
		if !ended && len(s.line)+len(part) <= spokenLine {
			s.line = append(s.line, part...)
			break
		}
		s.say(string(append(s.line, part...)))
		s.line, rest = nil, after
	}
	return len(p), nil
}

func (s *spoken) say(line string) {
	line = strings.TrimSpace(strings.ToValidUTF8(line, "\uFFFD"))
	if line == "" {
		return
	}
	if len(line) > spokenLine {
		line = strings.ToValidUTF8(line[:spokenLine], "") + " […]"
	}
	s.lines++
	if s.lines == spokenLines {
		line += " (what it says after that is not shown)"
	}
	s.tell(fmt.Sprintf("%s says: %s", s.from, line))
}

// bannerPause is how long a login may take before a person is shown the server's banner: it may be what the login waits
// for, as a page to open.
const bannerPause = 3 * time.Second

// banner is what a server says before it lets a client in.
type banner struct {
	said  excerpt.Buffer
	timer *time.Timer
}

// hear is an ssh.BannerCallback.
func (h *handshake) hear(message string) error {
	_, _ = h.banner.said.Write([]byte(message)) // that never fails
	if h.banner.timer == nil && h.tell != nil {
		h.banner.timer = time.AfterFunc(bannerPause, func() {
			if lines := h.banner.said.Lines(); len(lines) > 0 {
				h.tell("the server says: " + strings.Join(lines, " | "))
			}
		})
	}
	return nil
}

// end is called when the login has ended, however.
func (b *banner) end() {
	if b.timer != nil {
		b.timer.Stop()
	}
}

// heard is what was said on the way to the host, as an error ends with it.
func (h *handshake) heard() string {
	text := h.banner.said.Quoted("the server said")
	if h.way.heard != nil {
		text += h.way.heard()
	}
	return text
}
