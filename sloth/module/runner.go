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
	return newRunner(reflect.TypeFor[O](), reflect.TypeFor[R](), func(ctx Context, options any) (any, error) {
		result, err := run(ctx, *options.(*O))
		return &result, err
	})
}

// newRunner makes a Runner of a function whose options and result are pointers to values of these types. It has all that is
// the same for all types, because the compiler makes a Run for each of them.
func newRunner(options, result reflect.Type, run func(ctx Context, options any) (result any, err error)) Runner {
	fields := sync.OnceValue(func() []resultField { return resultFields(result) })
	return Runner{
		schema:  sync.OnceValue(func() *schema { return newSchema(options) }),
		options: options,
		result:  result,
		call: func(ctx Context, arguments Arguments, s *schema, f Function) (Result, error) {
			given := reflect.New(options)
			if err := s.decode(ctx.Function, f, arguments, given.Elem()); err != nil {
				return Result{}, err
			}
			if err := checkOptions(ctx.Function, given.Interface()); err != nil {
				return Result{}, err
			}
			result, err := run(ctx, given.Interface())
			if err != nil {
				return Result{}, err
			}
			return resultOf(reflect.ValueOf(result).Elem(), fields()), nil
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
