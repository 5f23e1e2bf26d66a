package plan

import (
	"bytes"
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

// MaxScript bounds the text of a script, in bytes: it is sent in one message, with all else that a host needs.
const MaxScript = 1 << 20

// Check says what no system could run. Its errors don't name the script.
func (s *Script) Check() error {
	line, _, _ := bytes.Cut(s.Text, []byte("\n"))
	switch {
	case s.Name != path.Base(s.Name) || strings.Trim(s.Name, "./") == "" || len(s.Name) > MaxName || strings.ContainsRune(s.Name, 0):
		return errors.New("it has no usable name")
	case len(s.Text) > MaxScript:
		return fmt.Errorf("it is larger than %d KiB", MaxScript>>10)
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
