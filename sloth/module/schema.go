package module

import (
	"fmt"
	"reflect"
	"strings"
	"time"
)

// Parameter is an argument or option of a function, or a field of its result.
type Parameter struct {
	Name string
	// Argument is for what stands before the table of options.
	Argument bool
	Required bool
	// Kind is what it has to be, with its article: "a string".
	Kind string
	// Default is the value where none is given, as text; "" is that of the kind.
	Default string
	// Choices are all values that are allowed; nil: any.
	Choices []string
	Help    string
}

// Repeated reports whether it takes all further arguments of a call.
func (p Parameter) Repeated() bool { return p.Kind == printedKind }

// schema is what a struct's tags declare.
type schema struct {
	parameters []Parameter
	fields     []field
	arguments  int
	options    map[string]int
	names      []string
}

// field is how a parameter comes into the struct.
type field struct {
	// index leads to it, also through embedded structs.
	index []int
	set   func(reflect.Value, any) error
	get   func(reflect.Value) any
}

// newSchema reads the tags: lua:"name[,arg][,required][,optional]", default, choices and help. The fields of embedded structs
// count as fields of the struct itself.
func newSchema(of reflect.Type) *schema {
	if of.Kind() != reflect.Struct {
		panic(fmt.Sprintf("module: options are a struct, not %s", of))
	}
	s := &schema{options: map[string]int{}}
	for _, f := range tagged(of) {
		known := kindOf(f.Type)
		s.add(of, f.Index, parameter(of, f, known), known)
	}
	return s
}

// tagged returns the fields of a struct that have a tag, those of embedded structs in their place. The tag "-" leaves one out.
func tagged(of reflect.Type) []reflect.StructField {
	var fields []reflect.StructField
	for i := range of.NumField() {
		f := of.Field(i)
		if f.Tag.Get("lua") == "-" {
			continue
		}
		if f.Anonymous && f.Type.Kind() == reflect.Struct {
			for _, inner := range tagged(f.Type) {
				inner.Index = append([]int{i}, inner.Index...)
				fields = append(fields, inner)
			}
			continue
		}
		if _, ok := f.Tag.Lookup("lua"); !ok || !f.IsExported() {
			panic(fmt.Sprintf("module: field %s of %s has no tag lua, or is not exported", f.Name, of))
		}
		fields = append(fields, f)
	}
	return fields
}

// parameter reads the tags of a field.
func parameter(of reflect.Type, f reflect.StructField, known kindInfo) Parameter {
	words := strings.Split(f.Tag.Get("lua"), ",")
	p := Parameter{Name: words[0], Kind: known.name, Default: f.Tag.Get("default"), Help: f.Tag.Get("help")}
	for _, word := range words[1:] {
		switch word {
		case "arg":
			p.Argument, p.Required = true, p.Default == "" && !p.Repeated()
		case "optional":
			p.Required = false
		case "required":
			p.Required = true
		default:
			panic(fmt.Sprintf("module: field %s of %s: unknown word %q in its tag", f.Name, of, word))
		}
	}
	if choices := f.Tag.Get("choices"); choices != "" {
		p.Choices = strings.Split(choices, ",")
	}
	return p
}

func (s *schema) add(of reflect.Type, index []int, p Parameter, known kindInfo) {
	if _, twice := s.options[p.Name]; twice {
		panic(fmt.Sprintf("module: %s has the option %s twice", of, p.Name))
	}
	if p.Argument {
		if s.arguments != len(s.fields) {
			panic(fmt.Sprintf("module: %s: argument %s stands behind options", of, p.Name))
		}
		s.arguments++
	} else {
		s.options[p.Name] = len(s.fields)
		s.names = append(s.names, p.Name)
	}
	s.parameters = append(s.parameters, p)
	s.fields = append(s.fields, field{index, known.set, known.get})
}

// takesOptions reports whether there is a table of options behind the arguments.
func (s *schema) takesOptions() bool { return len(s.names) > 0 }

// duration is how Lua code writes a time.Duration: seconds, or a text such as "30s".
func duration(value any) (time.Duration, bool) {
	switch value := value.(type) {
	case float64:
		d := value * float64(time.Second)
		return time.Duration(d), d >= 0 && d < 1<<63
	case string:
		d, err := time.ParseDuration(strings.TrimSpace(value))
		return d, err == nil && d >= 0
	}
	return 0, false
}
