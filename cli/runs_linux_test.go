package cli

import (
	"bytes"
	"fmt"
	"io"
	"os"
	"strings"
	"testing"

	"golang.org/x/sys/unix"

	"sloth-runner/cli/command"
)

// On a terminal no control sequence of a host is obeyed.
func TestRunsLogsOnTerminal(t *testing.T) {
	getenv := recordRuns(t)
	for _, args := range [][]string{{"runs", "logs", oldRun}, {"runs", "logs", oldRun, "web-1"}} {
		shown := onTerminal(t, func(terminal *os.File) error {
			return executeTo(t.Context(), &command.Streams{Out: terminal, Err: terminal, Getenv: getenv}, args...)
		})
		checkHarmless(t, strings.ReplaceAll(shown, "\r\n", "\n"))
		if !strings.Contains(shown, `title\x07`) {
			t.Errorf("%v: output is missing: %q", args, shown)
		}
	}
}

// onTerminal calls print with a pseudo-terminal and returns what it shows.
func onTerminal(t *testing.T, print func(*os.File) error) string {
	t.Helper()
	master, err := os.OpenFile("/dev/ptmx", os.O_RDWR, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer master.Close()
	if err := unix.IoctlSetPointerInt(int(master.Fd()), unix.TIOCSPTLCK, 0); err != nil {
		t.Fatal(err)
	}
	number, err := unix.IoctlGetInt(int(master.Fd()), unix.TIOCGPTN)
	if err != nil {
		t.Fatal(err)
	}
	terminal, err := os.OpenFile(fmt.Sprintf("/dev/pts/%d", number), os.O_RDWR|unix.O_NOCTTY, 0)
	if err != nil {
		t.Fatal(err)
	}
	shown := make(chan string)
	go func() {
		var all bytes.Buffer
		_, _ = io.Copy(&all, master) // ends with EIO when the terminal is closed
		shown <- all.String()
	}()
	printed := print(terminal)
	if err := terminal.Close(); err != nil {
		t.Error(err)
	}
	text := <-shown
	if printed != nil {
		t.Error(printed)
	}
	return text
}
