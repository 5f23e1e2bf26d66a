package module

import (
	"fmt"
	"maps"
	"reflect"
	"slices"
)

// Checked is implemented by structs of arguments and options that may be wrong together. It is asked after each of them was decoded,
// and before Run; while a file is loaded, where all options of a call are known. Arguments may then be zero.
type Checked interface{ CheckOptions() error }

// checkOptions asks a pointer to a struct that is Checked.
func checkOptions(name string, options any) error {
	checked, ok := options.(Checked)
	if !ok {
		return nil
	}
	if err := checked.CheckOptions(); err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	return nil
}

// Unseen stands for an argument or an option whose value is not known before the call is made.
type Unseen struct{}

// Mistake is what is wrong in a call.
type Mistake struct {
	// Option is the name of the option that is wrong; "": it is another part of the call.
	Option  string
	Message string
}

// Check returns all that is wrong in a call of the function of that whole name, as far as its arguments are known.
func (f Function) Check(name string, arguments Arguments) []Mistake {
	return f.Run.schema().mistakes(name, f, arguments, reflect.New(f.Run.options).Elem())
}

// mistakes is decode for what is known of the arguments.
func (s *schema) mistakes(name string, f Function, arguments Arguments, into reflect.Value) []Mistake {
	for i := range s.arguments {
		p, value := s.parameters[i], arguments.Value(i)
		if p.Repeated() {
			return nil
		}
		if isUnseen(value) {
			continue
		}
		if err := s.argument(name, p, s.fields[i], value, into.FieldByIndex(s.fields[i].index)); err != nil {
			return []Mistake{{Message: err.Error()}} // all that follows may be in the wrong place
		}
	}
	options, err := s.callOptions(name, f, arguments)
	if err != nil {
		return []Mistake{{Message: err.Error()}}
	}
	if _, unseen := options.(Unseen); unseen || !s.takesOptions() {
		return nil
	}
	return s.optionMistakes(name, options, into)
}

func (s *schema) optionMistakes(name string, options any, into reflect.Value) []Mistake {
	table, err := s.optionTable(name, options)
	if err != nil {
		return []Mistake{{Message: err.Error()}}
	}
	var found []Mistake
	all := true
	for _, option := range slices.Sorted(maps.Keys(table)) {
		if _, known := s.options[option]; !known {
			found = append(found, Mistake{option, s.unknown(name, option).Error()})
		}
	}
	for i := s.arguments; i < len(s.fields); i++ {
		p := s.parameters[i]
		value := table[p.Name]
		if isUnseen(value) {
			all = false
			continue
		}
		if err := s.option(name, p, s.fields[i], value, into); err != nil {
			found = append(found, Mistake{p.Name, err.Error()})
		}
	}
	if len(found) == 0 && all {
		if err := checkOptions(name, into.Addr().Interface()); err != nil {
			found = append(found, Mistake{Message: err.Error()})
		}
	}
	return found
}

// isUnseen reports whether a value, or one that is in it, is not known.
func isUnseen(value any) bool {
	switch value := value.(type) {
	case Unseen:
		return true
	case Table:
		for _, item := range value {
			if isUnseen(item) {
				return true
			}
		}
	case List:
		return slices.ContainsFunc(value, isUnseen)
	}
	return false
}
