package module

import (
	"fmt"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"sloth-runner/sloth/quote"
)

// decode reads the arguments of a call into a struct. name is that of the function, for messages.
func (s *schema) decode(name string, f Function, arguments Arguments, into reflect.Value) error {
	for i := range s.arguments {
		p, field := s.parameters[i], s.fields[i]
		to := into.FieldByIndex(field.index)
		if p.Repeated() {
			to.SetString(arguments.Printed(i))
			return nil
		}
		if err := s.argument(name, p, field, arguments.Value(i), to); err != nil {
			return err
		}
	}
	options, err := s.callOptions(name, f, arguments)
	if err != nil || !s.takesOptions() {
		return err
	}
	return s.decodeOptions(name, options, into)
}

// callOptions returns what a call has in the place of the options. What is behind them is looked at as well.
func (s *schema) callOptions(name string, f Function, arguments Arguments) (any, error) {
	first := s.arguments
	var options any
	if s.takesOptions() {
		options = arguments.Value(first)
		first++
	}
	if _, unseen := options.(Unseen); options != nil && !unseen && !isTable(options) && !f.passesOver(options) {
		return nil, fmt.Errorf("%s: the options must be a table, not %s", name, KindName(options))
	}
	return options, s.further(name, f, arguments, first)
}

func (s *schema) argument(name string, p Parameter, field field, value any, to reflect.Value) error {
	if value == nil && !p.Required {
		return s.byDefault(p, field, to)
	}
	err := ErrKind
	if value != nil {
		err = field.set(to, value)
	}
	if err == ErrKind {
		hint := ""
		if self, ok := value.(Self); ok {
			hint = fmt.Sprintf("; write %s(%s), with a dot", name, p.Name)
			value = self.Value
		}
		return fmt.Errorf("%s: the %s must be %s, not %s%s", name, p.Name, p.Kind, KindName(value), hint)
	}
	if err != nil {
		return fmt.Errorf("%s: the %s%s: %w", name, p.Name, written(value), err)
	}
	return p.check(name, value)
}

// Self is an argument that is the module's own table: the function was called with a colon.
type Self struct{ Value any }

// further refuses arguments from first on, which are not declared. Where there are no options, a table with names is one of options.
func (s *schema) further(name string, f Function, arguments Arguments, first int) error {
	for n := first; n < arguments.Len(); n++ {
		value := arguments.Value(n)
		if _, unseen := value.(Unseen); unseen || value == nil || isEmpty(value) || f.passesOver(value) {
			continue
		}
		if table, ok := value.(Table); ok && !s.takesOptions() && len(table) > 0 {
			return fmt.Errorf("%s: unknown option %s: it has no options", name, quote.Text(anyName(table)))
		}
		if opaque, ok := value.(Opaque); ok && opaque.Why != "" {
			return fmt.Errorf("%s: argument %d is %s", name, n+1, KindName(value))
		}
		return fmt.Errorf("%s takes %s, and there is %s more", name, s.count(), KindName(value))
	}
	return nil
}

// passesOver reports whether a value that is not declared is no error.
func (f Function) passesOver(value any) bool {
	_, isText := value.(string)
	return f.IgnoresMore && !isTable(value) && !isText
}

func (s *schema) count() string {
	words := []string{"no arguments", "1 argument"}
	count := fmt.Sprintf("%d arguments", s.arguments)
	if s.arguments < len(words) {
		count = words[s.arguments]
	}
	if s.takesOptions() {
		count += " and a table of options"
	}
	return count
}

func isTable(value any) bool {
	switch value := value.(type) {
	case Table, List:
		return true
	case Self:
		return isTable(value.Value)
	case Opaque:
		return value.Kind == "table"
	}
	return false
}

// isEmpty reports whether a value is a table without entries.
func isEmpty(value any) bool {
	list, ok := value.(List)
	return ok && len(list) == 0
}

// anyName returns the first name of a table in the order of the alphabet.
func anyName(table Table) string {
	names := make([]string, 0, len(table))
	for name := range table {
		names = append(names, name)
	}
	return slices.Min(names)
}

func (s *schema) decodeOptions(name string, value any, into reflect.Value) error {
	table, err := s.optionTable(name, value)
	if err != nil {
		return err
	}
	var unknown []string
	for option := range table {
		if _, known := s.options[option]; !known {
			unknown = append(unknown, option)
		}
	}
	if len(unknown) > 0 {
		return s.unknown(name, slices.Min(unknown))
	}
	for i := s.arguments; i < len(s.fields); i++ {
		if err := s.option(name, s.parameters[i], s.fields[i], table[s.parameters[i].Name], into); err != nil {
			return err
		}
	}
	return nil
}

// optionTable returns the options by their names.
func (s *schema) optionTable(name string, value any) (Table, error) {
	table, _ := value.(Table)
	if list, ok := value.(List); ok && len(list) > 0 {
		return nil, fmt.Errorf("%s: the options have a name each, as in { %s = … }", name, s.names[0])
	}
	if opaque, ok := value.(Opaque); ok && opaque.Why != "" {
		return nil, fmt.Errorf("%s: the options are %s", name, KindName(opaque))
	}
	if opaque, ok := value.(Opaque); ok && isTable(opaque) {
		return nil, fmt.Errorf("%s: the options have a name each, and nothing else", name)
	}
	return table, nil
}

// unknown is the error of an option that the function does not have.
func (s *schema) unknown(name, option string) error {
	return fmt.Errorf("%s: unknown option %s%s", name, quote.Text(option), s.hint(option))
}

func (s *schema) hint(unknown string) string {
	if meant := quote.DidYouMean(unknown, s.names); meant != "" {
		return meant
	}
	return "; there is " + strings.Join(s.names, ", ")
}

func (s *schema) option(name string, p Parameter, field field, value any, into reflect.Value) error {
	to := into.FieldByIndex(field.index)
	switch {
	case value == nil && p.Required:
		return fmt.Errorf("%s: the option %s is missing", name, p.Name)
	case value == nil:
		return s.byDefault(p, field, to)
	}
	switch err := field.set(to, value); err {
	case nil:
	case ErrKind:
		return fmt.Errorf("%s: %s must be %s, not %s", name, p.Name, p.Kind, shown(value))
	default:
		return fmt.Errorf("%s: %s%s: %w", name, p.Name, written(value), err)
	}
	return p.check(name, value)
}

// byDefault sets what a parameter is where none is given.
func (s *schema) byDefault(p Parameter, field field, to reflect.Value) error {
	if p.Default == "" {
		return nil
	}
	if err := field.set(to, parseDefault(to.Kind(), p.Default)); err != nil {
		panic(fmt.Sprintf("module: %s is no default of %s", p.Default, p.Name))
	}
	return nil
}

// check compares a value with the choices.
func (p Parameter) check(name string, value any) error {
	text, ok := value.(string)
	if len(p.Choices) == 0 || !ok || slices.Contains(p.Choices, text) {
		return nil
	}
	return fmt.Errorf("%s: %s must be %s, not %s%s", name, p.Name, strings.Join(p.Choices, " or "), quote.Text(text),
		quote.DidYouMean(text, p.Choices))
}

// written is a value that is of the right kind, but wrong, with a space in front: as it stands in the file, where that is short.
func written(value any) string {
	switch value := value.(type) {
	case float64:
		return " " + strconv.FormatFloat(value, 'g', -1, 64)
	case Table, List:
		return ""
	}
	return " " + shown(value)
}

// shown is a wrong value in a message: a text as it is, anything else by its kind.
func shown(value any) string {
	if text, ok := value.(string); ok {
		return quote.Text(text)
	}
	return KindName(value)
}
