package view

import (
	"fmt"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/sys/unix"

	"sloth-runner/proto"
	"sloth-runner/view/layout"
)

// terminal is a pseudo-terminal and what was written to it.
type terminal struct {
	file    *os.File
	mu      sync.Mutex
	written strings.Builder
	reader  sync.WaitGroup
	master  *os.File
}

// openTerminal makes a terminal of that many columns; see pts(4).
func openTerminal(t *testing.T, columns uint16) *terminal {
	t.Helper()
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatalf("open a pseudo-terminal: %v", err)
		}
	}
	master, err := os.OpenFile("/dev/ptmx", os.O_RDWR, 0)
	must(err)
	fd := int(master.Fd())
	must(unix.IoctlSetPointerInt(fd, unix.TIOCSPTLCK, 0))
	number, err := unix.IoctlGetInt(fd, unix.TIOCGPTN)
	must(err)
	must(unix.IoctlSetWinsize(fd, unix.TIOCSWINSZ, &unix.Winsize{Row: 24, Col: columns}))
	file, err := os.OpenFile(fmt.Sprintf("/dev/pts/%d", number), os.O_RDWR|unix.O_NOCTTY, 0)
	must(err)
	term := &terminal{file: file, master: master}
	term.reader.Go(func() {
		var buffer [4096]byte
		for {
			// Reading ends with an error when the last one has closed the other side.
			n, err := master.Read(buffer[:])
			term.mu.Lock()
			term.written.Write(buffer[:n])
			term.mu.Unlock()
			if err != nil {
				return
			}
		}
	})
	return term
}

// close returns all that was written.
func (term *terminal) close() string {
	term.file.Close()
	term.reader.Wait()
	term.master.Close()
	return term.written.String()
}

// has waits until text was written.
func (term *terminal) has(t *testing.T, text string) {
	t.Helper()
	for deadline := time.Now().Add(2 * time.Minute); time.Now().Before(deadline); time.Sleep(5 * time.Millisecond) {
		term.mu.Lock()
		found := strings.Contains(term.written.String(), text)
		term.mu.Unlock()
		if found {
			return
		}
	}
	t.Fatalf("%q did not come to the terminal in two minutes", text)
}

// played is what a screen of that many columns shows after text, which has no escape codes: each row without the
// blanks at its end.
func played(t *testing.T, text string, columns int) string {
	t.Helper()
	rows, row, column := [][]string{nil}, 0, 0
	for _, r := range text {
		width := layout.Width(string(r))
		switch {
		case r == '\r':
			column = 0
			continue
		case r == '\n', column+width > columns:
			row++
			rows = append(rows, nil)
			if r == '\n' {
				continue
			}
			column = 0
		case r < ' ':
			t.Fatalf("control character %q", r)
		}
		for len(rows[row]) < column+width {
			rows[row] = append(rows[row], " ")
		}
		rows[row][column] = string(r)
		for i := 1; i < width; i++ {
			rows[row][column+i] = ""
		}
		column += width
	}
	var shown []string
	for _, row := range rows {
		shown = append(shown, strings.TrimRight(strings.Join(row, ""), " "))
	}
	return strings.Join(shown, "\n")
}

func environment(pairs ...string) func(string) string {
	return func(name string) string {
		for i := 0; i < len(pairs); i += 2 {
			if pairs[i] == name {
				return pairs[i+1]
			}
		}
		return ""
	}
}

// On a real terminal the bar is drawn between lines, and what remains in the end is the text without it.
func TestTerminalShowsTheBarAndKeepsOnlyTheText(t *testing.T) {
	for _, columns := range []int{120, 80, 40, 20} {
		t.Run(fmt.Sprint(columns), func(t *testing.T) {
			term := openTerminal(t, uint16(columns))
			c := FromFiles(term.file, term.file, environment("TERM", "xterm", "NO_COLOR", "1"))
			if !c.Terminal || c.Color || c.Cells() != columns || c.ErrCells() != columns {
				t.Errorf("Terminal %v, Color %v, %d and %d columns", c.Terminal, c.Color, c.Cells(), c.ErrCells())
			}
			text := NewText(c)
			hosts := numbered(5)
			run := begin("id", []string{"t"}, hosts...).connecting(hosts...)
			run.into(text)
			term.has(t, "0/5 hosts")
			begun := len(run.events)
			run.output("web-1", proto.Output_STDOUT, "one\ntwo\n").succeeds("t", hosts[:4]...)
			for _, e := range run.events[begun:] {
				text.Event(e)
			}
			term.has(t, "4/5 hosts")
			// What a person types lands behind the bar.
			if _, err := term.master.Write([]byte{'C' - '@'}); err != nil {
				t.Error(err)
			}
			term.has(t, "^C")
			begun = len(run.events)
			run.fails("t", 1, "", "", hosts[4]).end(1, false)
			for _, e := range run.events[begun:] {
				text.Event(e)
			}
			if err := text.Close(); err != nil {
				t.Error(err)
			}
			written := term.close()
			wide := func() int { return columns }
			want := run.text(func(c *Config) { c.Width, c.ErrWidth = wide, wide }).both.String()
			want = strings.ReplaceAll(want, "\n", "\r\n")
			if diff := cmp.Diff(played(t, want, columns), played(t, written, columns)); diff != "" {
				t.Errorf("screen (-want +got):\n%s", diff)
			}
		})
	}
}

func TestFromFilesFindsOutWhatIsThere(t *testing.T) {
	pipe, far, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	defer pipe.Close()
	defer far.Close()
	term := openTerminal(t, 33)
	defer term.close()
	for _, test := range []struct {
		name            string
		out, err        *os.File
		env             func(string) string
		terminal, color bool
		width, errWidth int
	}{
		{"terminal", term.file, term.file, environment("TERM", "xterm"), true, true, 33, 33},
		{"NO_COLOR", term.file, term.file, environment("TERM", "xterm", "NO_COLOR", "1"), true, false, 33, 33},
		{"NO_COLOR is empty", term.file, term.file, environment("TERM", "xterm", "NO_COLOR", ""), true, true, 33, 33},
		{"dumb", term.file, term.file, environment("TERM", "dumb"), false, false, 33, 33},
		{"no TERM", term.file, term.file, environment(), false, false, 33, 33},
		{"stdout to a pipe", far, term.file, environment("TERM", "xterm"), true, false, 0, 33},
		{"stderr to a pipe", term.file, far, environment("TERM", "xterm"), false, true, 33, 0},
		{"pipes", far, far, environment("TERM", "xterm"), false, false, 0, 0},
	} {
		c := FromFiles(test.out, test.err, test.env)
		if c.Terminal != test.terminal || c.Color != test.color || c.Cells() != test.width || c.ErrCells() != test.errWidth {
			t.Errorf("%s: Terminal %v, Color %v, widths %d and %d", test.name, c.Terminal, c.Color, c.Cells(), c.ErrCells())
		}
	}
}
