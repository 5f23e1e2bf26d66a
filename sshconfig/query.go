package sshconfig

import (
	"errors"
	"fmt"
	"strings"
)

// Arguments are ssh's command line without the host. The zero value is an empty one.
type Arguments struct {
	// File is the value of -F, which replaces the user's and the system's file. "none" reads no file; "" reads both.
	File string
	// Jump is the value of -J.
	Jump string
	// Options are the values of -o, as NAME=VALUE or "NAME VALUE". They win over the files.
	Options []string
	// Place says where the arguments come from, for notes and errors. "" is the command line.
	Place string
	// places are the places of the first options, when they are not all Place.
	places []string
}

// place returns the place of an option.
func (a Arguments) place(option int) position {
	if option < len(a.places) {
		return position{file: a.places[option]}
	}
	if a.Place == "" {
		return commandLine
	}
	return position{file: a.Place}
}

// Before returns a followed by b, as on one command line: the first value counts, also of the file and of the route.
func (a Arguments) Before(b Arguments) Arguments {
	if a.File == "" {
		a.File = b.File
	}
	options, places := append([]string{}, a.Options...), []string{}
	for i := range a.Options {
		places = append(places, a.place(i).file)
	}
	if b.Jump != "" {
		// Behind a's options, which may set another route.
		options, places = append(options, "ProxyJump="+b.Jump), append(places, b.place(len(b.Options)).file)
	}
	for i, option := range b.Options {
		options, places = append(options, option), append(places, b.place(i).file)
	}
	a.Options, a.places = options, places
	return a
}

// Check returns what is wrong with the arguments. It does not read the file.
func (a Arguments) Check() error {
	_, err := a.lines()
	return err
}

// Query asks for the settings of a host.
type Query struct {
	// Host is the name as it was typed. It doesn't begin with a dash, and has no blanks and no characters that are
	// special to a shell.
	Host string
	// User and Port are known already, as with -l and -p. When they are "" and 0, ssh_config may set them.
	User string
	Port int
	Arguments
	lines []line
}

// prepare checks the query and parses its options.
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

// key returns the same text for queries with the same answer.
func (q *Query) key() string {
	return fmt.Sprintf("%q %q %d %q %q %q", q.Host, q.User, q.Port, q.File, q.Jump, q.Options)
}

// commandLine is the place of arguments on the command line.
var commandLine = position{file: "command line"}

// lines returns the arguments as lines of a file.
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
