package prompt

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strings"
	"syscall"
	"time"

	"golang.org/x/term"

	"sloth-runner/internal/fault"
	"sloth-runner/view/layout"
)

// terminalFile is the terminal of the process, and not one of the standard streams: those may be files.
const terminalFile = "/dev/tty"

// HasTerminal reports whether there is a terminal to ask questions on.
func HasTerminal() bool {
	terminal, err := os.OpenFile(terminalFile, os.O_RDWR, 0)
	if err != nil {
		return false
	}
	return terminal.Close() == nil
}

var errGivenUp = errors.New("no answer was given")

// Secret asks a person for a secret.
func Secret(ctx context.Context, what string) (string, error) {
	return askTerminal(ctx, strings.ToUpper(what[:1])+what[1:]+": ", false)
}

// askTerminal asks on the terminal, and shows what is typed if echo is set. Without an answer it returns soon after ctx
// ends, or when the person gives up with Ctrl-C, which interrupts the process as it does elsewhere.
func askTerminal(ctx context.Context, prompt string, echo bool) (string, error) {
	terminal, err := os.OpenFile(terminalFile, os.O_RDWR, 0)
	if err != nil {
		return "", &fault.Error{
			Err:  errors.New("there is no terminal to ask on"),
			Hint: "give it with a file or a command instead; see --help",
		}
	}
	defer terminal.Close()
	restore, err := makeRaw(terminal)
	if err != nil {
		return "", err
	}
	// A read that waits for a person ends with ctx.
	stop := context.AfterFunc(ctx, func() { _ = terminal.SetReadDeadline(time.Unix(1, 0)) })
	defer stop()
	fmt.Fprint(terminal, layout.Escape(prompt))
	text, err := readTyped(terminal, echo)
	fmt.Fprint(terminal, "\r\n")
	restore() // before a signal can end the process
	if ctx.Err() != nil {
		return "", context.Cause(ctx)
	}
	if errors.Is(err, errGivenUp) {
		if self, err := os.FindProcess(os.Getpid()); err == nil {
			_ = self.Signal(syscall.SIGINT)
		}
	}
	return text, err
}

// makeRaw lets the terminal pass on every key, without showing it. The file stays as it was opened, so that its reads
// have deadlines: File.Fd would end that.
func makeRaw(terminal *os.File) (restore func(), err error) {
	conn, err := terminal.SyscallConn()
	if err != nil {
		return nil, err
	}
	var state *term.State
	if controlErr := conn.Control(func(fd uintptr) { state, err = term.MakeRaw(int(fd)) }); controlErr != nil || err != nil {
		return nil, errors.Join(controlErr, err)
	}
	return func() {
		// A terminal that is gone needs nothing.
		_ = conn.Control(func(fd uintptr) { _ = term.Restore(int(fd), state) })
	}, nil
}

// readTyped reads a line key by key: in a raw terminal it has to handle backspace and Ctrl-C itself.
func readTyped(terminal *os.File, echo bool) (string, error) {
	const (
		interrupt = 'C' - '@' // Ctrl-C and so on
		end       = 'D' - '@'
		backspace = 'H' - '@'
		kill      = 'U' - '@'
		del       = 0x7f
	)
	var line []byte
	var key [1]byte
	for {
		if _, err := terminal.Read(key[:]); err != nil {
			return "", err
		}
		before := len(line)
		switch key[0] {
		case '\r', '\n':
			return string(line), nil
		case interrupt, end:
			return "", errGivenUp
		case backspace, del:
			line = line[:max(0, len(line)-1)]
		case kill:
			line = line[:0]
		default:
			if len(line) >= maxSecret {
				return "", fmt.Errorf("it is longer than %d bytes", maxSecret)
			}
			line = append(line, key[0])
		}
		if echo {
			fmt.Fprint(terminal, strings.Repeat("\b \b", max(0, before-len(line)))+layout.Escape(string(line[min(before, len(line)):])))
		}
	}
}
