package sloth

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"path"
	"strings"
)

// Script is a program as text, that the program named in its first line interprets.
type Script struct {
	// Name is what it is called on the host: the name of a file, without a directory.
	Name string
	// Text is all of it, any bytes.
	Text []byte
	// Arguments are given to it as they are.
	Arguments []string
}

// tooOld is the command of a script's task. What reads it is an agent that knows of no scripts: it must not succeed.
const tooOld = "echo 'the agent on this host is too old to run scripts' >&2; exit 1"

// PlanOf returns the plan that runs a script, after it was checked. Errors don't name it.
func PlanOf(ctx context.Context, script *Script) (*Plan, error) {
	if err := script.check(); err != nil {
		return nil, err
	}
	name := shortened(strings.Join(append([]string{script.Name}, script.Arguments...), " "))
	plan, err := single(ctx, commandGroup+": "+name, name, tooOld)
	if err != nil {
		return nil, err
	}
	plan.Groups[0].Tasks[0].Script = script
	return plan, nil
}

func (s *Script) check() error {
	line, _, _ := bytes.Cut(s.Text, []byte("\n"))
	switch {
	case s.Name != path.Base(s.Name) || strings.Trim(s.Name, "./") == "" || len(s.Name) > maxName || strings.ContainsRune(s.Name, 0):
		return errors.New("it has no usable name")
	case len(s.Text) > MaxSource:
		return fmt.Errorf("it is larger than %d KiB", MaxSource>>10)
	case len(bytes.TrimSpace(s.Text)) == 0:
		return errors.New("it is empty")
	case bytes.HasPrefix(s.Text, []byte("\xef\xbb\xbf")):
		return errors.New("it begins with a byte order mark, which hides the first line from the system")
	case bytes.ContainsRune(line, 0):
		return errors.New("it is a program and not a script")
	case bytes.HasSuffix(line, []byte("\r")):
		return errors.New(`its lines end as in DOS (\r\n), which the system and sh take for part of the line`)
	}
	if interpreter := s.Interpreter(); interpreter[0] == "" {
		return errors.New("its first line, #!, names no interpreter")
	}
	if strings.ContainsRune(strings.Join(s.Arguments, ""), 0) {
		return errors.New("an argument can't have a NUL byte in it")
	}
	return nil
}

// Interpreter returns the program that interprets the script, as its first line names it, and the argument that stands
// there too, if one does. As with Linux, all after the program is one argument: execve(2). Without such a line it is
// sh, as for a shell that finds it.
func (s *Script) Interpreter() []string {
	line, _, _ := bytes.Cut(s.Text, []byte("\n"))
	text, found := strings.CutPrefix(string(line), "#!")
	if !found {
		return []string{"/bin/sh"}
	}
	text = strings.Trim(text, " \t")
	program, argument, _ := strings.Cut(strings.ReplaceAll(text, "\t", " "), " ")
	if argument == "" {
		return []string{program}
	}
	// The argument as it stands, its tabs as well.
	return []string{program, strings.TrimLeft(text[len(program):], " \t")}
}
