package module

import (
	"encoding"
	"errors"
	"fmt"
	"maps"
	"math"
	"reflect"
	"slices"
	"time"

	"sloth-runner/sloth/quote"
)

// Printed takes all further arguments of a call, as print writes them. It is the last argument.
type Printed string

const printedKind = "any values"

// kindInfo says how the values of a Go type come from Lua and go there.
type kindInfo struct {
	name string
	// set stores a value that is not nil. Its error is ErrKind where the value is of another kind.
	set func(reflect.Value, any) error
	get func(reflect.Value) any
}

// Option is a type of options that reads a value of Lua by itself, such as one that may be a string or a function.
type Option interface {
	// Kind is what the value has to be, with its article: "a string or a function". It is asked of the zero value.
	Kind() string
	// Set stores a value that is not nil. Its error is ErrKind where the value is of another kind; others say what is wrong with it.
	Set(value any) error
}

// ErrKind is for values of another kind than the declared one.
var ErrKind = errors.New("another kind of value")

func isKind(ok bool) error {
	if !ok {
		return ErrKind
	}
	return nil
}

// kindOf returns what is known of a field's type. Types that are an encoding.TextUnmarshaler are written as strings; the error
// of one says what is wrong with a text.
func kindOf(of reflect.Type) kindInfo {
	if reflect.PointerTo(of).Implements(reflect.TypeFor[Option]()) {
		return kindInfo{name: reflect.New(of).Interface().(Option).Kind(), set: setOption}
	}
	if reflect.PointerTo(of).Implements(reflect.TypeFor[encoding.TextUnmarshaler]()) {
		return kindInfo{name: "a string", set: setText}
	}
	switch of {
	case reflect.TypeFor[Printed]():
		return kindInfo{name: printedKind}
	case reflect.TypeFor[time.Duration]():
		return kindInfo{`a number of seconds or a string such as "30s"`, setDuration,
			func(v reflect.Value) any { return time.Duration(v.Int()).Seconds() }}
	case reflect.TypeFor[[]string]():
		return kindInfo{"a string or a list of strings", setStrings, listOfStrings}
	case reflect.TypeFor[map[string]string]():
		return kindInfo{"a table of strings", setStringMap, nil}
	case reflect.TypeFor[map[string]any]():
		return kindInfo{"a table", setTable, func(v reflect.Value) any { return Table(v.Interface().(map[string]any)) }}
	case reflect.TypeFor[Callback]():
		return kindInfo{"a function", setAs[Callback], nil}
	case reflect.TypeFor[any]():
		return kindInfo{"any value", func(v reflect.Value, value any) error { v.Set(reflect.ValueOf(value)); return nil }, reflect.Value.Interface}
	}
	switch of.Kind() {
	case reflect.String:
		return kindInfo{"a string", func(v reflect.Value, value any) error {
			text, ok := value.(string)
			v.SetString(text)
			return isKind(ok)
		}, func(v reflect.Value) any { return v.String() }}
	case reflect.Bool:
		return kindInfo{"true or false", func(v reflect.Value, value any) error {
			is, ok := value.(bool)
			v.SetBool(is)
			return isKind(ok)
		}, func(v reflect.Value) any { return v.Bool() }}
	case reflect.Int, reflect.Int64:
		return kindInfo{"a whole number", setInt, func(v reflect.Value) any { return float64(v.Int()) }}
	case reflect.Float64:
		return kindInfo{"a number", setAs[float64], func(v reflect.Value) any { return v.Float() }}
	}
	panic(fmt.Sprintf("module: no kind of value for %s", of))
}

func setAs[T any](v reflect.Value, value any) error {
	typed, ok := value.(T)
	if ok {
		v.Set(reflect.ValueOf(typed))
	}
	return isKind(ok)
}

func setOption(v reflect.Value, value any) error { return v.Addr().Interface().(Option).Set(value) }

func setText(v reflect.Value, value any) error {
	text, ok := value.(string)
	if !ok {
		return ErrKind
	}
	return v.Addr().Interface().(encoding.TextUnmarshaler).UnmarshalText([]byte(text))
}

func setDuration(v reflect.Value, value any) error {
	d, ok := duration(value)
	v.SetInt(int64(d))
	return isKind(ok)
}

func setInt(v reflect.Value, value any) error {
	number, ok := value.(float64)
	if !ok || number != math.Trunc(number) || math.Abs(number) >= 1<<53 {
		return ErrKind
	}
	v.SetInt(int64(number))
	return nil
}

func setStrings(v reflect.Value, value any) error {
	switch value := value.(type) {
	case string:
		v.Set(reflect.ValueOf([]string{value}))
		return nil
	case List:
		words := make([]string, len(value))
		for i, item := range value {
			word, ok := item.(string)
			if !ok {
				return fmt.Errorf("word %d must be a string, not %s", i+1, KindName(item))
			}
			words[i] = word
		}
		v.Set(reflect.ValueOf(words))
		return nil
	}
	return ErrKind
}

func setStringMap(v reflect.Value, value any) error {
	if empty, ok := value.(List); ok && len(empty) == 0 {
		value = Table{}
	}
	table, ok := value.(Table)
	texts := make(map[string]string, len(table))
	for _, name := range slices.Sorted(maps.Keys(table)) {
		text, is := table[name].(string)
		if !is {
			return fmt.Errorf("%s must be a string, not %s", quote.Text(name), KindName(table[name]))
		}
		texts[name] = text
	}
	v.Set(reflect.ValueOf(texts))
	return isKind(ok)
}

func setTable(v reflect.Value, value any) error {
	if empty, ok := value.(List); ok && len(empty) == 0 {
		value = Table{}
	}
	table, ok := value.(Table)
	if ok {
		v.Set(reflect.ValueOf(map[string]any(table)))
	}
	return isKind(ok)
}

func listOfStrings(v reflect.Value) any {
	words := v.Interface().([]string)
	list := make(List, len(words))
	for i, word := range words {
		list[i] = word
	}
	return list
}
