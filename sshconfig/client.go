package sshconfig

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os/exec"
	"strconv"
	"strings"
	"time"
)

const (
	// askTime limits a run of the client, with the commands of Match exec and the DNS lookups that it does.
	askTime = 10 * time.Second
	// maxDump limits the output that is read, in bytes.
	maxDump = 1 << 20
)

// client is the installed ssh.
type client struct {
	path string
}

// ask runs ssh -G. It does not connect.
func (c client) ask(ctx context.Context, q Query) (dump, error) {
	limited, cancel := context.WithTimeout(ctx, askTime)
	defer cancel()
	cmd := exec.CommandContext(limited, c.path, questionOf(q)...)
	// A command of Match exec may outlive ssh and hold its output.
	cmd.WaitDelay = time.Second
	out, complaint := capped{left: maxDump}, capped{left: 4 << 10}
	cmd.Stdout, cmd.Stderr = &out, &complaint
	err := cmd.Run()
	switch {
	case ctx.Err() != nil:
		return nil, ctx.Err()
	case limited.Err() != nil:
		return nil, fmt.Errorf("ssh -G took longer than %s", askTime)
	case out.left < 0:
		return nil, fmt.Errorf("ssh -G printed more than %d bytes", maxDump)
	case err != nil && complaint.text.Len() > 0:
		return nil, errors.New("ssh refuses: " + printableLines(complaint.text.String()))
	case err != nil:
		return nil, fmt.Errorf("ssh -G: %w", err)
	}
	return parseDump(out.text.String()), nil
}

// questionOf returns the arguments of a query. Each value is an argument of its own and the host follows --, so that
// none of them becomes an option.
func questionOf(q Query) []string {
	arguments := []string{"-G"}
	if q.File != "" {
		arguments = append(arguments, "-F", q.File)
	}
	if q.User != "" {
		arguments = append(arguments, "-l", q.User)
	}
	if q.Port != 0 {
		arguments = append(arguments, "-p", strconv.Itoa(q.Port))
	}
	if q.Jump != "" {
		arguments = append(arguments, "-J", q.Jump)
	}
	for _, option := range q.Options {
		// ssh refuses a subsystem without a command, and a query has none. No setting that is read depends on it.
		if keyword, _, _ := splitKeyword(option); !strings.EqualFold(keyword, "SessionType") {
			arguments = append(arguments, "-o", option)
		}
	}
	return append(arguments, "--", q.Host)
}

// capped keeps the first bytes that are written to it, and returns an error for the rest. The program that writes them
// gets a broken pipe.
type capped struct {
	text bytes.Buffer
	left int
}

// Write implements io.Writer.
func (b *capped) Write(p []byte) (int, error) {
	n := max(0, min(len(p), b.left))
	b.text.Write(p[:n])
	b.left -= len(p)
	if n < len(p) {
		return n, errors.New("more output than is read")
	}
	return n, nil
}

// printableLines joins the lines of the client's error message, and escapes what could disturb a terminal.
func printableLines(text string) string {
	var lines []string
	for line := range strings.Lines(text) {
		if line = strings.TrimSpace(line); line != "" {
			lines = append(lines, showPath(line))
		}
	}
	return strings.Join(lines, "; ")
}
