package module

import (
	"reflect"
	"slices"
	"strconv"
	"strings"
)

// Result is what a function returns to Lua: one value, or the fields of a table in their order.
type Result struct {
	// Value is what is returned where IsValue is set; it may be nil.
	Value   any
	IsValue bool
	// Fields are those of a table, where IsTable is set. A value that is a NotDone can't be read.
	IsTable bool
	Fields  []Pair
}

// Pair is a field of a table.
type Pair struct {
	Name  string
	Value any
}

// resultField is a field of the struct that Run returns.
type resultField struct {
	name  string
	index []int
	// optional fields are left out where they are zero, and nil in Lua.
	optional bool
}

// resultFields reads the tags of a result; nil for one that is no struct. A pointer to one is the struct, or nil.
func resultFields(of reflect.Type) []resultField {
	if of.Kind() == reflect.Pointer {
		of = of.Elem()
	}
	if of.Kind() != reflect.Struct {
		return nil
	}
	fields := []resultField{}
	for _, f := range tagged(of) {
		name, words, _ := strings.Cut(f.Tag.Get("lua"), ",")
		fields = append(fields, resultField{name, f.Index, words == "optional"})
	}
	return fields
}

// resultOf reads what Run returned.
func resultOf(value reflect.Value, fields []resultField) Result {
	if value.Kind() == reflect.Pointer {
		if value.IsNil() {
			return Result{IsValue: true}
		}
		value = value.Elem()
	}
	if value.Kind() != reflect.Struct {
		return Result{IsValue: true, Value: kindOf(value.Type()).get(value)}
	}
	if len(fields) == 0 {
		return Result{}
	}
	result := Result{IsTable: true, Fields: make([]Pair, 0, len(fields))}
	withheld, why := withheldOf(value)
	for _, f := range fields {
		field := value.FieldByIndex(f.index)
		if slices.Contains(withheld, f.name) {
			result.Fields = append(result.Fields, Pair{f.name, why})
			continue
		}
		if f.optional && field.IsZero() {
			continue
		}
		result.Fields = append(result.Fields, Pair{f.name, plain(field)})
	}
	return result
}

// withheldOf returns the fields that are not known.
func withheldOf(value reflect.Value) ([]string, NotDone) {
	if result, ok := value.Interface().(Withheld); ok {
		return result.Withheld()
	}
	return nil, NotDone{}
}

// plain is the value of a field. The kinds that most results have are read here: kindOf makes closures.
func plain(field reflect.Value) any {
	switch field.Kind() {
	case reflect.String:
		return field.String()
	case reflect.Bool:
		return field.Bool()
	case reflect.Float64:
		return field.Float()
	case reflect.Int:
		return float64(field.Int())
	}
	return kindOf(field.Type()).get(field)
}

// parseDefault reads the text of a tag as a value of Lua.
func parseDefault(kind reflect.Kind, text string) any {
	switch kind {
	case reflect.Bool:
		return text == "true"
	case reflect.Int, reflect.Float64:
		number, err := strconv.ParseFloat(text, 64)
		if err != nil {
			panic("module: " + text + " is no default of a number")
		}
		return number
	}
	return text
}
