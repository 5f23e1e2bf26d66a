package edit

import (
	"errors"
	"fmt"
	"strings"

	"sloth-runner/sloth/quote"
)

// INI has an INI file have an entry, or not.
type INI struct {
	// Section is the name of a section; "": what stands before the first one.
	Section string
	// Key is the name of the entry; "" where Absent removes the whole section.
	Key    string
	Value  Text
	Absent bool
}

// Check reports what can't be done in any text.
func (i INI) Check() error {
	name, isHeader := sectionName("[" + i.Section + "]")
	switch {
	case i.Section != "" && (!isHeader || name != i.Section || strings.ContainsAny(i.Section, "\r\n")):
		return fmt.Errorf("the section %s can't stand between [ and ]", quote.Text(i.Section))
	case i.Key == "" && !i.Absent:
		return errors.New("the option key is missing")
	case i.Key == "" && i.Section == "":
		return errors.New("what is to be absent? Give section, key or both")
	case strings.ContainsAny(i.Key, "=\r\n") || strings.TrimSpace(i.Key) != i.Key || isComment(i.Key) || strings.HasPrefix(i.Key, "["):
		return fmt.Errorf("the key %s can't be read again: it has a = or spaces around it, or begins as a comment or section does", quote.Text(i.Key))
	case !i.Value.given && !i.Absent:
		return errors.New("the option value is missing; absent = true removes a key")
	case strings.ContainsAny(i.Value.text, "\r\n"):
		return fmt.Errorf("the value %s has more than one line", quote.Text(i.Value.text))
	case strings.TrimSpace(i.Value.text) != i.Value.text:
		return fmt.Errorf("the value %s begins or ends with a space, which is not part of a value; put it into quotes", quote.Text(i.Value.text))
	}
	return nil
}

// Apply returns the text after the change.
func (i INI) Apply(text string) (string, error) {
	if err := i.Check(); err != nil {
		return "", err
	}
	if i.Key == "" {
		return i.withoutSection(text), nil
	}
	found, err := i.scan(text)
	switch {
	case err != nil:
		return "", err
	case i.Absent:
		return i.withoutKey(text, found.entries)
	case len(found.entries) > 0:
		return i.set(text, found)
	case found.isThere:
		return insert(text, found.place, i.entry(found)...), nil
	}
	lines := append([]string{"[" + i.Section + "]"}, i.entry(found)...)
	if last := strings.TrimRight(text, " \t\r"); last != "" && !strings.HasSuffix(last, "\n\n") && !strings.HasSuffix(last, "\n\r\n") {
		lines = append([]string{""}, lines...)
	}
	return insert(text, len(text), lines...), nil
}

// entry are the lines of a new entry.
func (i INI) entry(found layout) []string {
	lines := []string{strings.TrimRight(found.indent+i.Key+found.delimiter+i.Value.text, " ")}
	if found.gap {
		lines = append(lines, "")
	}
	return lines
}

// set changes the value of the entry that is there.
func (i INI) set(text string, found layout) (string, error) {
	first := found.entries[0]
	for _, e := range found.entries[1:] {
		if e.value(text) != first.value(text) || !e.has(text, i.Value.text) {
			return "", fmt.Errorf("the key %s stands in the lines %d and %d%s, so that it is not known which one counts; "+
				"remove one by hand, or all with absent = true", quote.Text(i.Key), first.number, e.number, i.where())
		}
	}
	if first.continued == 0 && first.has(text, i.Value.text) {
		return text, nil
	}
	if err := first.single(i.Key); err != nil {
		return "", err
	}
	line := text[first.start:first.valueStart]
	switch {
	case !first.hasDelimiter:
		line = strings.TrimRight(line, " \t") + found.delimiter
	case line == strings.TrimRight(line, " \t") && strings.ContainsAny(line[len(line)-2:], " \t:"):
		line += " " // the delimiter ends the line, and has a space before it
	}
	return text[:first.start] + strings.TrimRight(line+first.quoted(text, i.Value.text), " \t") + text[first.end:], nil
}

func (i INI) where() string {
	if i.Section == "" {
		return " before the first section"
	}
	return " of [" + i.Section + "]"
}

// withoutKey removes all entries of the key.
func (i INI) withoutKey(text string, entries []entry) (string, error) {
	var result strings.Builder
	at := 0
	for _, e := range entries {
		if err := e.single(i.Key); err != nil {
			return "", err
		}
		result.WriteString(text[at:e.start])
		at = e.next
	}
	result.WriteString(text[at:])
	return result.String(), nil
}

// withoutSection removes the section. A comment that stands right above the next one belongs to that.
func (i INI) withoutSection(text string) string {
	var result strings.Builder
	at, inside := 0, false
	comments := commentBlock{}
	for s := range spans(text) {
		name, isHeader := sectionName(s.of(text))
		above := comments.above(s, text)
		if !isHeader {
			continue
		}
		if inside {
			at = above
		}
		if inside = name == i.Section; inside {
			result.WriteString(text[at:max(at, s.start)])
			at = len(text)
		}
	}
	result.WriteString(text[at:])
	return result.String()
}
