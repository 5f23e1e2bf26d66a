package sshconfig

import (
	"errors"
	"fmt"
	"io/fs"
	"strings"

	"sloth-runner/internal/fault"
	"sloth-runner/internal/glob"
)

const (
	// maxDepth limits how deep files may include others, as in OpenSSH.
	maxDepth = 16
	// maxFiles limits the files of one configuration.
	maxFiles = 4096
	// maxProblems limits the problems that are reported at once.
	maxProblems = 20
)

// config is the parsed files of a query, without the options of the command line.
type config struct {
	files    []*file
	problems []error
	// unsure are the reasons why only the client can evaluate these files, for every host.
	unsure []string
	// names are the literal names in Host lines.
	names []string
}

// loader parses the files of one configuration.
type loader struct {
	home   string
	config config
	// count is the number of included files.
	count int
	// ignored are the patterns of IgnoreUnknown.
	ignored []string
}

func (l *loader) problem(at position, format string, args ...any) {
	if len(l.config.problems) < maxProblems {
		l.config.problems = append(l.config.problems, fmt.Errorf("%s: %w", at, fmt.Errorf(format, args...)))
	}
}

// add reads a top-level file. It may be missing, unless it was given with -F.
func (l *loader) add(path string, user, private, named bool) {
	text, err := read(path, private)
	switch {
	case errors.Is(err, fs.ErrNotExist) && !named:
	case err != nil:
		l.problem(position{file: path}, "can't read it: %w", fault.WithoutPath(err))
	default:
		l.config.files = append(l.config.files, l.parse(path, text, user, 0))
	}
}

// parse reads the lines of a file.
func (l *loader) parse(path, text string, user bool, depth int) *file {
	f := &file{path: path, user: user}
	number := 0
	for source := range strings.Lines(text) {
		number++
		if parsed, ok := l.parseLine(source, position{path, number}, f, depth); ok {
			f.lines = append(f.lines, parsed)
		}
	}
	return f
}

// parseLine parses one line. ok is false for an empty line, and for one with a problem.
func (l *loader) parseLine(source string, at position, f *file, depth int) (parsed line, ok bool) {
	if strings.ContainsRune(source, 0) {
		l.problem(at, "expected text, not a zero byte")
		return line{}, false
	}
	spelled, rest, err := splitKeyword(source)
	if err != nil {
		l.problem(at, "%w", err)
		return line{}, false
	}
	if spelled == "" {
		return line{}, false
	}
	parsed = newLine(at, spelled, rest)
	if parsed.kind == unknownKind {
		if !l.isIgnored(parsed.keyword) {
			l.problem(at, "expected a keyword of ssh_config, not %s", show(spelled))
		}
		return line{}, false
	}
	if parsed.arguments, err = splitArguments(rest); err == nil {
		err = parsed.check()
	}
	if err != nil {
		l.problem(at, "%s: %w", spelled, err)
		return line{}, false
	}
	l.note(&parsed, f, depth)
	return parsed, parsed.kind != obsolete
}

func newLine(at position, spelled, rest string) line {
	keyword := strings.ToLower(spelled)
	if other, found := aliases[keyword]; found {
		keyword = other
	}
	n := line{at: at, keyword: keyword, spelled: spelled, kind: keywords[keyword], rest: rest}
	if n.kind == command || n.kind == jump {
		n.rest = strings.TrimLeft(rest, blank+"=") // ssh accepts any number of equals signs here
	}
	return n
}

// check returns what is wrong with a line. It also parses the conditions of a Match.
func (n *line) check() (err error) {
	switch n.kind {
	case obsolete:
		return nil
	case jump:
		if _, err = parseJumps(n.rest); err != nil {
			return err
		}
	case matchBlock:
		n.conditions, err = parseConditions(n.arguments)
		return err
	}
	if err = n.kind.check(n.arguments); err == nil && n.kind == choice {
		_, err = parseChoice(n.keyword, n.arguments[0])
	}
	return err
}

// note records what a line means for the whole configuration.
func (l *loader) note(n *line, f *file, depth int) {
	switch n.kind {
	case ignoreUnknown:
		// OpenSSH uses the first one in a block that matches the host. This parser uses the first one for all hosts.
		if l.ignored == nil {
			l.ignored = strings.Split(n.arguments[0], ",")
		}
	case include:
		n.files = l.include(n, f, depth)
	case hostBlock:
		for _, pattern := range n.arguments {
			if literal(pattern) {
				l.config.names = append(l.config.names, pattern)
			}
		}
	case matchBlock:
		for _, c := range n.conditions {
			if c.attribute == "final" {
				l.unsure(n.at, "Match final")
			}
		}
	}
}

func (l *loader) unsure(at position, what string) {
	l.config.unsure = append(l.config.unsure, fmt.Sprintf("%s: %s", at, what))
}

func (l *loader) isIgnored(keyword string) bool {
	for _, pattern := range l.ignored {
		if glob.Match(pattern, keyword) {
			return true
		}
	}
	return false
}
