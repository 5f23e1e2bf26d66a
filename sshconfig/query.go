package sshconfig

import (
	"errors"
	"fmt"
	"strings"
)

// Arguments are what a command line says to ssh besides the host. The zero value says nothing.
type Arguments struct {
	// File is that of -F, which replaces the user's and the system's; "none" reads no file, "" the usual ones.
	File string
	// Jump is that of -J.
	Jump string
	// Options are those of -o, as NAME=VALUE or "NAME VALUE". They go before the files.
	Options []string
	// Place is where the arguments stand, for notes and errors; "": on the command line.
	Place string
	// places are where the first options stand, when they do not all stand at Place.
	places []string
}

// place is where an option stands.
func (a Arguments) place(option int) position {
	if option < len(a.places) {
		return position{file: a.places[option]}
	}
	if a.Place == "" {
		return commandLine
	}
	return position{file: a.Place}
}

// Before returns the arguments of a command line on which a's stand before those of b: the first one counts, also of a file
// and of the ways through other hosts.
func (a Arguments) Before(b Arguments) Arguments {
	if a.File == "" {
		a.File = b.File
	}
	options, places := append([]string{}, a.Options...), []string{}
	for i := range a.Options {
		places = append(places, a.place(i).file)
	}
	if b.Jump != "" {
		// Behind a's options, one of which may be another way.
		options, places = append(options, "ProxyJump="+b.Jump), append(places, b.place(len(b.Options)).file)
	}
	for i, option := range b.Options {
		options, places = append(options, option), append(places, b.place(i).file)
	}
	a.Options, a.places = options, places
	return a
}

// Check tells what is wrong with the arguments; that the file can be read is not looked at.
func (a Arguments) Check() error {
	_, err := a.lines()
	return err
}

// Query is one question: what holds for a host.
type Query struct {
	// Host is the name as it was typed. It doesn't begin with a dash, and has no blanks and no characters that mean
	// something to a shell.
	Host string
	// User and Port are said already, as with -l and -p; "" and 0: ssh_config may say them.
	User string
	Port int
	Arguments
	lines []line
}

// prepare checks the query and reads its options.
func (q *Query) prepare() (err error) {
	if err := checkName(q.Host, "host"); err != nil {
		return err
	}
	for _, r := range q.User {
		if r < ' ' || r == 0x7f {
			return errors.New("a control character can't be in a user")
		}
	}
	q.lines, err = q.Arguments.lines()
	return err
}

// key is the same for queries with the same answer.
func (q *Query) key() string {
	return fmt.Sprintf("%q %q %d %q %q %q", q.Host, q.User, q.Port, q.File, q.Jump, q.Options)
}

// commandLine is where arguments stand.
var commandLine = position{file: "command line"}

// lines are the arguments as lines of a file.
func (a Arguments) lines() ([]line, error) {
	var lines []line
	if a.Jump != "" {
		if _, err := parseJumps(a.Jump); err != nil {
			return nil, fmt.Errorf("jump host: %w", err)
		}
		lines = append(lines, line{at: a.place(len(a.Options)), keyword: "proxyjump", kind: jump, rest: a.Jump})
	}
	for i, option := range a.Options {
		parsed, err := parseOption(a.place(i), option)
		if err != nil {
			return nil, fmt.Errorf("ssh option %s: %w", show(option), err)
		}
		if parsed.kind != obsolete {
			lines = append(lines, parsed)
		}
	}
	return lines, nil
}

func parseOption(at position, option string) (line, error) {
	if strings.ContainsAny(option, "\n\r\x00") {
		return line{}, errors.New("expected one line")
	}
	spelled, rest, err := splitKeyword(option)
	if err != nil {
		return line{}, err
	}
	parsed := newLine(at, spelled, rest)
	switch parsed.kind {
	case unknownKind:
		return line{}, fmt.Errorf("expected NAME=VALUE with a name of ssh_config, not %s", show(spelled))
	case hostBlock, matchBlock, include, ignoreUnknown:
		return line{}, fmt.Errorf("%s can't be an option", spelled)
	}
	if parsed.arguments, err = splitArguments(rest); err == nil {
		err = parsed.check()
	}
	return parsed, err
}
