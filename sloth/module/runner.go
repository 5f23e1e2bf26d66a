package module

import (
	"reflect"
	"sync"
)

// Runner is a Go function that Lua code can call.
type Runner struct {
	schema func() *schema
	// options and result are the types of what the function takes and returns.
	options, result reflect.Type
	call            func(Context, Arguments, *schema, Function) (Result, error)
}

// Run makes a Runner of a function over one struct of arguments and options, as the package comment describes. A declaration
// that is wrong panics when it is first used: the tests of all declarations find it.
func Run[O, R any](run func(Context, O) (R, error)) Runner {
	fields := sync.OnceValue(func() []resultField { return resultFields(reflect.TypeFor[R]()) })
	return Runner{
		schema:  sync.OnceValue(func() *schema { return newSchema(reflect.TypeFor[O]()) }),
		options: reflect.TypeFor[O](),
		result:  reflect.TypeFor[R](),
		call: func(ctx Context, arguments Arguments, s *schema, f Function) (Result, error) {
			var options O
			if err := s.decode(ctx.Function, f, arguments, reflect.ValueOf(&options).Elem()); err != nil {
				return Result{}, err
			}
			if err := checkOptions(ctx.Function, &options); err != nil {
				return Result{}, err
			}
			result, err := run(ctx, options)
			if err != nil {
				return Result{}, err
			}
			return resultOf(reflect.ValueOf(&result).Elem(), fields()), nil
		},
	}
}

// Call decodes and checks the arguments, and runs the function. ctx.Function is its whole name.
func (f Function) Call(ctx Context, arguments Arguments) (Result, error) {
	return f.Run.call(ctx, arguments, f.Run.schema(), f)
}

// Parameters are what a function takes: its arguments in their order, then its options.
func (f Function) Parameters() []Parameter { return f.Run.schema().parameters }

// Results describe the fields of the table that the function returns; nil where it returns none.
func (f Function) Results() []Parameter {
	result := f.Run.result
	if result.Kind() == reflect.Pointer {
		result = result.Elem()
	}
	if result.Kind() != reflect.Struct {
		return nil
	}
	return newSchema(result).parameters
}
