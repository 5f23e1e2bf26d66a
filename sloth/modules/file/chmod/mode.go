// Package chmod has modes of files as chmod(1) writes them.
package chmod

import (
	"errors"
	"fmt"
	"io/fs"
	"strconv"
	"strings"

	"sloth-runner/sloth/module"
)

// Mode is a mode as chmod writes it: "0644" or "u=rw,g=r". The zero value changes nothing.
type Mode struct {
	text string
	// octal is the mode that a number is.
	octal fs.FileMode
	// clauses are those of a symbolic mode; nil: the mode is octal.
	clauses []clause
}

// clause changes some bits of a mode: "g+w".
type clause struct {
	who  string // of u, g and o
	op   byte   // + - =
	perm string // of r w x X s t, or one of u g o
}

var _ module.Option = (*Mode)(nil)

const modeSyntax = `write it as "0644" or "u=rw,g=r"`

// Kind implements module.Option.
func (m *Mode) Kind() string { return `a string such as "0644" or "u=rw,g=r"` }

// Set implements module.Option.
func (m *Mode) Set(value any) error {
	switch value := value.(type) {
	case string:
		return m.parse(value)
	case float64:
		return errors.New(`a mode is written as a string, such as "0644": the number 0644 is 644 in Lua, and that is another mode`)
	}
	return module.ErrKind
}

func (m *Mode) parse(text string) error {
	m.text = text
	if strings.Trim(text, "01234567") == "" {
		bits, err := strconv.ParseUint(text, 8, 16)
		if err != nil || bits > 0o7777 || len(text) < 3 || len(text) > 5 {
			return errors.New(`it has three or four digits of octal, as "0644" or "4755"`)
		}
		m.octal = fromBits(uint32(bits))
		return nil
	}
	for word := range strings.SplitSeq(text, ",") {
		clauses, err := parseClauses(word)
		if err != nil {
			return err
		}
		m.clauses = append(m.clauses, clauses...)
	}
	return nil
}

// parseClauses reads what stands between two commas: who, and one or more operations.
func parseClauses(word string) ([]clause, error) {
	rest := strings.TrimLeft(word, "ugoa")
	who := word[:len(word)-len(rest)]
	if who == "" || strings.Contains(who, "a") {
		who = "ugo"
	}
	var clauses []clause
	for rest != "" {
		op := rest[0]
		if strings.IndexByte("+-=", op) < 0 {
			break
		}
		after := strings.TrimLeft(rest[1:], "rwxXst")
		if len(after) == len(rest)-1 && after != "" && strings.IndexByte("ugo", after[0]) >= 0 {
			after = after[1:]
		}
		clauses = append(clauses, clause{who, op, rest[1 : len(rest)-len(after)]})
		rest = after
	}
	if rest != "" || clauses == nil {
		return nil, fmt.Errorf("it is no mode: %s", modeSyntax)
	}
	return clauses, nil
}

// Given reports whether a mode was said.
func (m *Mode) Given() bool { return m.text != "" }

// Of returns what becomes of a mode. Type bits stay.
func (m *Mode) Of(old fs.FileMode) fs.FileMode {
	switch {
	case !m.Given():
		return old
	case m.clauses == nil:
		return old&^Permissions | m.octal
	}
	bits := Bits(old)
	for _, c := range m.clauses {
		bits = c.apply(bits, old.IsDir())
	}
	return old&^Permissions | fromBits(bits)
}

func (c clause) apply(bits uint32, directory bool) uint32 {
	var set, covered uint32
	for _, who := range c.who {
		shift := shifts[who]
		covered |= 7<<shift | special[who]
		set |= c.granted(bits, directory, who)
	}
	switch c.op {
	case '+':
		return bits | set
	case '-':
		return bits &^ set
	}
	if directory {
		covered &^= 0o7000 // as chmod does: only an explicit - or a number takes these from a directory
	}
	return bits&^covered | set
}

// granted returns the bits that a clause is about, for one of its classes.
func (c clause) granted(bits uint32, directory bool, who rune) uint32 {
	var rwx, more uint32
	for _, letter := range c.perm {
		switch letter {
		case 'r':
			rwx |= 4
		case 'w':
			rwx |= 2
		case 'x':
			rwx |= 1
		case 'X':
			if directory || bits&0o111 != 0 {
				rwx |= 1
			}
		case 's':
			more |= special[who] & 0o6000
		case 't':
			more |= special[who] & 0o1000
		default: // u, g or o
			rwx |= bits >> shifts[letter] & 7
		}
	}
	return rwx<<shifts[who] | more
}
