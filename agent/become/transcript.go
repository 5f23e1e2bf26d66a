package become

import (
	"bufio"
	"bytes"
	"io"
	"strings"
	"sync"
)

// source is where a program says something.
type source int

const (
	onStdout source = iota
	onStderr
	onTerminal
	sources
)

// maxHeard bounds what is kept of each source: the end counts.
const maxHeard = 8 << 10

// transcript is what a program has said so far. Safe for concurrent use.
type transcript struct {
	mu    sync.Mutex
	texts [sources]string
	ready bool
	// changed has room for one: there is something new.
	changed chan struct{}
}

func newTranscript() *transcript { return &transcript{changed: make(chan struct{}, 1)} }

func (o *transcript) hear(from source, text []byte) {
	o.mu.Lock()
	defer o.mu.Unlock()
	all := o.texts[from] + string(text)
	if over := len(all) - maxHeard; over > 0 {
		all = all[over:]
	}
	o.texts[from] = all
	o.wake()
}

// wake is called with the lock held.
func (o *transcript) wake() {
	select {
	case o.changed <- struct{}{}:
	default:
	}
}

// listen hears all that r has. A terminal whose other side is gone fails; a pipe ends.
func (o *transcript) listen(r io.Reader, from source) {
	buffer := make([]byte, 4<<10)
	for {
		n, err := r.Read(buffer)
		o.hear(from, buffer[:n])
		if err != nil {
			return
		}
	}
}

// awaitLine hears what comes before a line that ends with want. What follows it stays in r.
func (o *transcript) awaitLine(r *bufio.Reader, want string) {
	var line []byte
	for {
		b, err := r.ReadByte()
		if err != nil {
			o.hear(onStdout, line)
			return
		}
		line = append(line, b)
		switch {
		case bytes.HasSuffix(line, []byte(want+"\n")):
			o.mu.Lock()
			defer o.mu.Unlock()
			o.ready = true
			o.wake()
			return
		case b == '\n' || len(line) >= maxHeard:
			o.hear(onStdout, line)
			line = nil
		case r.Buffered() == 0 && !strings.HasPrefix(want, string(line)):
			// Perhaps a question, whose line does not end.
			o.hear(onStdout, line)
			line = nil
		}
	}
}

// isReady reports whether the line that was waited for has come.
func (o *transcript) isReady() bool {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.ready
}

// question returns where the program asks for a password now.
func (o *transcript) question(asks func(text string) bool) (source, bool) {
	o.mu.Lock()
	defer o.mu.Unlock()
	for from, text := range o.texts {
		if asks(text) {
			return source(from), true
		}
	}
	return 0, false
}

// forget drops what was said: the next question is a new one.
func (o *transcript) forget() {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.texts = [sources]string{}
}

// all is what was said, a line each.
func (o *transcript) all() string {
	o.mu.Lock()
	defer o.mu.Unlock()
	return strings.Join(o.texts[:], "\n")
}

// words are the lines that say something, without the prompt: no newline need follow it.
func (o *transcript) words(prompt string) []string {
	var words []string
	for line := range strings.Lines(strings.ReplaceAll(o.all(), prompt, "")) {
		line = strings.TrimSpace(strings.ToValidUTF8(line, "\uFFFD"))
		// So sudo goes on after it has said why.
		if line != "" && !strings.HasPrefix(line, "This incident") {
			words = append(words, line)
		}
	}
	return words
}

// drainTimeout are the last of these, or "".
func (o *transcript) lastWords(prompt string) string {
	words := o.words(prompt)
	if len(words) == 0 {
		return ""
	}
	return words[len(words)-1]
}
