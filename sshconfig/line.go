package sshconfig

import (
	"errors"
	"strings"
)

const blank = " \t\r\n"

// splitKeyword splits a line after the keyword, which ends at a blank or an equals sign and may be in double quotes.
// The keyword is "" for an empty line and for a comment.
func splitKeyword(line string) (keyword, rest string, err error) {
	line = strings.TrimRight(line, blank+"\f")
	line = strings.TrimLeft(line, blank)
	if line == "" || line[0] == '#' {
		return "", "", nil
	}
	end, after := 0, 0
	if line[0] == '"' {
		closing := strings.IndexByte(line[1:], '"')
		if closing < 0 {
			return "", "", errors.New("a double quote is not closed")
		}
		keyword, after = line[1:closing+1], closing+2
	} else {
		if end = strings.IndexAny(line, blank+"="); end < 0 {
			end = len(line)
		}
		keyword, after = line[:end], end
	}
	rest = strings.TrimLeft(line[after:], blank)
	if trimmed, found := strings.CutPrefix(rest, "="); found {
		rest = strings.TrimLeft(trimmed, blank)
	}
	return keyword, rest, nil
}

// splitArguments splits the rest of a line into arguments. Both kinds of quotes are allowed. A backslash escapes a
// quote, a backslash and, outside of quotes, a blank. A # at the beginning of an argument starts a comment.
func splitArguments(rest string) ([]string, error) {
	var arguments []string
	for i := 0; ; {
		for i < len(rest) && (rest[i] == ' ' || rest[i] == '\t') {
			i++
		}
		if i == len(rest) || rest[i] == '#' {
			return arguments, nil
		}
		argument, length, err := cutArgument(rest[i:])
		if err != nil {
			return nil, err
		}
		arguments = append(arguments, argument)
		i += length
	}
}

// cutArgument returns the first argument of s and its length in s.
func cutArgument(s string) (argument string, length int, err error) {
	var b strings.Builder
	var quote byte
	i := 0
	for ; i < len(s); i++ {
		switch c := s[i]; {
		case c == '\\' && i+1 < len(s) && (strings.IndexByte(`'"\`, s[i+1]) >= 0 || quote == 0 && s[i+1] == ' '):
			i++
			b.WriteByte(s[i])
		case quote == 0 && (c == ' ' || c == '\t'):
			return b.String(), i, nil
		case quote == 0 && (c == '"' || c == '\''):
			quote = c
		case quote != 0 && c == quote:
			quote = 0
		default:
			b.WriteByte(c)
		}
	}
	if quote != 0 {
		return "", 0, errors.New("a quote is not closed")
	}
	return b.String(), i, nil
}
