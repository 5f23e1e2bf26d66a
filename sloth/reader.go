package sloth

import (
	"fmt"
	"math"
	"strings"
	"time"
	"unicode/utf8"

	lua "github.com/yuin/gopher-lua"

	"sloth-runner/internal/chars"
	"sloth-runner/plan"
	"sloth-runner/sloth/lua/show"
	"sloth-runner/sloth/quote"
)

const (
	// maxText bounds descriptions and the words that name hosts, which may be long lists, in bytes.
	maxText = 4 << 10
)

// reader reads the fields of one table, a group or a task, and notes what is wrong with them.
type reader struct {
	*decoder
	table   *lua.LTable
	written *literal
	// owner is how messages call the table, line where it is.
	owner string
	line  int
}

// at is the line of a field.
func (r reader) at(field string) int { return r.written.at(field, r.line) }

// known notes every field that is not one of the known.
func (r reader) known(fields []string) {
	for key, _ := r.table.Next(lua.LNil); key != lua.LNil && !r.full(); key, _ = r.table.Next(key) {
		name, ok := key.(lua.LString)
		if !ok {
			r.add(r.line, "%s has an entry without a name (%s)", r.owner, show.Value(key))
			continue
		}
		if contains(fields, string(name)) {
			continue
		}
		r.add(r.at(string(name)), "unknown field %s in %s%s", quote.Text(string(name)), r.owner, quote.DidYouMean(string(name), fields))
	}
}

func contains(words []string, word string) bool {
	for _, w := range words {
		if w == word {
			return true
		}
	}
	return false
}

// name reads the task's name, which has to be there.
func (r reader) name() string {
	switch value := r.table.RawGetString("name").(type) {
	case *lua.LNilType:
		r.add(r.line, "%s has no name", r.owner)
		return ""
	case lua.LString:
		if problem := nameProblem(string(value)); problem != "" {
			r.add(r.at("name"), "task name %s %s", quote.Text(string(value)), problem)
		}
		return string(value)
	default:
		r.add(r.at("name"), "name of %s must be a string, not %s", r.owner, show.Kind(value))
		return ""
	}
}

// nameProblem says what is wrong with a name, or "".
func nameProblem(name string) string { return wordProblem(name, plan.MaxName) }

// wordProblem says what is wrong with a word of at most longest bytes, or "".
func wordProblem(name string, longest int) string {
	switch {
	case strings.TrimSpace(name) == "":
		return "is empty"
	case len(name) > longest:
		return fmt.Sprintf("is longer than %d bytes", longest)
	case !utf8.ValidString(name):
		return "is not valid UTF-8"
	case strings.ContainsFunc(name, chars.Misleading):
		return "has control characters"
	default:
		return ""
	}
}

// text reads an optional text of several lines at most.
func (r reader) text(field string) string {
	switch value := r.table.RawGetString(field).(type) {
	case *lua.LNilType:
		return ""
	case lua.LString:
		switch {
		case len(value) > maxText:
			r.add(r.at(field), "%s of %s is longer than %d bytes", field, r.owner, maxText)
		case !utf8.ValidString(string(value)):
			r.add(r.at(field), "%s of %s is not valid UTF-8", field, r.owner)
		}
		return string(value)
	default:
		r.add(r.at(field), "%s of %s must be a string, not %s", field, r.owner, show.Kind(value))
		return ""
	}
}

// flag reads an optional true or false.
func (r reader) flag(field string) bool {
	switch value := r.table.RawGetString(field).(type) {
	case *lua.LNilType:
		return false
	case lua.LBool:
		return bool(value)
	default:
		r.add(r.at(field), "%s of %s must be true or false, not %s", field, r.owner, show.Kind(value))
		return false
	}
}

// words reads a string, or a list of strings.
func (r reader) words(field string) []string {
	switch value := r.table.RawGetString(field).(type) {
	case *lua.LNilType:
		return nil
	case lua.LString:
		return r.word(nil, field, value)
	case *lua.LTable:
		var words []string
		for key, entry := value.Next(lua.LNil); key != lua.LNil && !r.full(); key, entry = value.Next(key) {
			if _, ok := key.(lua.LNumber); !ok {
				r.add(r.at(field), "%s of %s must be a list of strings, but has an entry %s", field, r.owner, show.Value(key))
				continue
			}
			words = r.word(words, field, entry)
		}
		return words
	default:
		r.add(r.at(field), "%s of %s must be a string or a list of strings, not %s", field, r.owner, show.Kind(value))
		return nil
	}
}

func (r reader) word(words []string, field string, value lua.LValue) []string {
	word, ok := value.(lua.LString)
	if !ok {
		r.add(r.at(field), "%s of %s must be a list of strings, but has %s in it", field, r.owner, show.Kind(value))
		return words
	}
	if problem := wordProblem(string(word), maxText); problem != "" {
		r.add(r.at(field), "%s of %s: %s %s", field, r.owner, quote.Text(string(word)), problem)
		return words
	}
	return append(words, string(word))
}

// timeout reads a number of seconds, or a duration such as "5m".
func (r reader) timeout() time.Duration {
	const wanted = `timeout of %s must be a number of seconds or a string such as "30s" or "5m", not %s`
	var timeout time.Duration
	switch value := r.table.RawGetString("timeout").(type) {
	case *lua.LNilType:
		return 0
	case lua.LNumber:
		seconds := float64(value)
		if math.IsNaN(seconds) || seconds >= math.MaxInt64/float64(time.Second) {
			r.add(r.at("timeout"), wanted, r.owner, show.Value(value))
			return 0
		}
		timeout = time.Duration(seconds * float64(time.Second))
	case lua.LString:
		var err error
		if timeout, err = time.ParseDuration(strings.TrimSpace(string(value))); err != nil {
			r.add(r.at("timeout"), wanted, r.owner, quote.Text(string(value)))
			return 0
		}
	default:
		r.add(r.at("timeout"), wanted, r.owner, show.Kind(value))
		return 0
	}
	if timeout <= 0 {
		r.add(r.at("timeout"), "timeout of %s must be more than 0, not %s", r.owner, show.Value(r.table.RawGetString("timeout")))
		return 0
	}
	return timeout
}

// action reads the command: a shell command, or a function, which is kept under its name. It is nil where there is neither.
func (r reader) action(task plan.TaskRef) plan.Action {
	switch value := r.table.RawGetString("command").(type) {
	case *lua.LNilType:
		r.add(r.line, "%s has no command", r.owner)
	case *lua.LFunction:
		r.functions[task] = value
		return plan.Function{}
	case lua.LString:
		switch shell := string(value); {
		case strings.TrimSpace(shell) == "":
			r.add(r.at("command"), "command of %s is empty", r.owner)
		case len(shell) > plan.MaxArgument:
			r.add(r.at("command"), "command of %s has %d bytes, and a system takes at most %d as one argument: "+
				"write it to a file in a function, with io.open, and run that", r.owner, len(shell), plan.MaxArgument)
		case !utf8.ValidString(shell) || strings.ContainsRune(shell, 0):
			r.add(r.at("command"), "command of %s must be UTF-8 text", r.owner)
		default:
			return plan.Shell{Line: shell}
		}
	default:
		r.add(r.at("command"), "command of %s must be a function or a string, not %s", r.owner, show.Kind(value))
	}
	return nil
}
