package become

import (
	"bufio"
	"bytes"
	"io"
	"strings"
	"sync"
)

// source is where a program writes output.
type source int

const (
	onStdout source = iota
	onStderr
	onTerminal
	sources
)

// maxHeard limits what is kept of each source, in bytes: its end.
const maxHeard = 8 << 10

// transcript is the output of a program so far. It is safe for concurrent use.
type transcript struct {
	mu    sync.Mutex
	texts [sources]string
	ready bool
	// changed has a buffer of one: there is new output.
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

// wake signals new output. The caller holds the lock.
func (o *transcript) wake() {
	select {
	case o.changed <- struct{}{}:
	default:
	}
}

// readFrom reads r to its end. A terminal whose other side is closed returns an error; a pipe ends.
func (o *transcript) readFrom(r io.Reader, from source) {
	buffer := make([]byte, 4<<10)
	for {
		n, err := r.Read(buffer)
		o.hear(from, buffer[:n])
		if err != nil {
			return
		}
	}
}

// awaitLine reads output up to and including a line that ends with want. What follows stays in r.
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
			// It may be a question, whose line does not end.
			o.hear(onStdout, line)
			line = nil
		}
	}
}

// isReady reports whether awaitLine has found its line.
func (o *transcript) isReady() bool {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.ready
}

// question returns the source on which the program asks for a password now.
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

// forget drops the output so far, so that the next question is a new one.
func (o *transcript) forget() {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.texts = [sources]string{}
}

// all returns the output of all sources.
func (o *transcript) all() string {
	o.mu.Lock()
	defer o.mu.Unlock()
	return strings.Join(o.texts[:], "\n")
}

// words returns the lines that are not empty, without the prompt, which need not be followed by a newline.
func (o *transcript) words(prompt string) []string {
	var words []string
	for line := range strings.Lines(strings.ReplaceAll(o.all(), prompt, "")) {
		line = strings.TrimSpace(strings.ToValidUTF8(line, "\uFFFD"))
		// sudo writes this line after the one with the reason.
		if line != "" && !strings.HasPrefix(line, "This incident") {
			words = append(words, line)
		}
	}
	return words
}

// lastLine returns the last of these lines, or "".
func (o *transcript) lastLine(prompt string) string {
	words := o.words(prompt)
	if len(words) == 0 {
		return ""
	}
	return words[len(words)-1]
}
