package module_test

import (
	"errors"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"sloth-runner/sloth/module"
	"sloth-runner/sloth/module/fakehost"
)

// mode is a type with a notation of its own.
type mode uint32

func (m *mode) UnmarshalText(text []byte) error {
	if string(text) != "0644" {
		return errors.New("no mode, such as 0644")
	}
	*m = 0o644
	return nil
}

// either is a text or a number.
type either string

func (e *either) Kind() string { return "a string or a number" }

func (e *either) Set(value any) error {
	switch value := value.(type) {
	case string:
		*e = either(value)
	case float64:
		return errors.New("no number is good")
	default:
		return module.ErrKind
	}
	return nil
}

// Shared are options that several functions have.
type Shared struct {
	Either either `lua:"either" help:"a"`
}

type sample struct {
	Path    string            `lua:"path,arg" help:"a"`
	Words   []string          `lua:"words" help:"a"`
	Env     map[string]string `lua:"env" help:"a"`
	Mode    mode              `lua:"mode" help:"a"`
	Keep    int               `lua:"keep" default:"3" help:"a"`
	Within  time.Duration     `lua:"within" default:"5m" help:"a"`
	Kind    string            `lua:"kind" default:"any" choices:"any,file" help:"a"`
	Content string            `lua:"content,required" help:"a"`
	On      bool              `lua:"on" default:"true" help:"a"`
	Shared
}

// called calls a function that takes a sample, and returns what it got.
func called(t *testing.T, arguments ...any) (sample, error) {
	t.Helper()
	var got sample
	m := module.Module{Name: "x", Functions: []module.Function{{
		Name: "y",
		Run: module.Run(func(_ module.Context, s sample) (struct{}, error) {
			got = s
			return struct{}{}, nil
		}),
	}}}
	_, err := fakehost.Call(t.Context(), m, "y", nil, arguments...)
	return got, err
}

func TestDecode(t *testing.T) {
	t.Parallel()
	got, err := called(t, "/x", module.Table{
		"words": module.List{"a", "b"}, "env": module.Table{"A": "1"}, "mode": "0644", "within": "30s", "content": "c", "on": false,
	})
	want := sample{Path: "/x", Words: []string{"a", "b"}, Env: map[string]string{"A": "1"}, Mode: 0o644, Keep: 3, Within: 30 * time.Second,
		Kind: "any", Content: "c"}
	if err != nil || !cmp.Equal(want, got) {
		t.Error(err, cmp.Diff(want, got))
	}
	got, err = called(t, "/x", module.Table{"words": "one", "within": 1.5, "content": "", "kind": "file", "keep": 0.0, "either": "or"})
	want = sample{Path: "/x", Words: []string{"one"}, Within: 1500 * time.Millisecond, Kind: "file", On: true, Shared: Shared{"or"}}
	if err != nil || !cmp.Equal(want, got) {
		t.Error(err, cmp.Diff(want, got))
	}
}

func TestDecodeRefuses(t *testing.T) {
	t.Parallel()
	with := func(name string, value any) []any { return []any{"/x", module.Table{"content": "c", name: value}} }
	for _, c := range []struct {
		arguments []any
		want      string
	}{
		{nil, "x.y: the path must be a string, not nil"},
		{[]any{1.0}, "x.y: the path must be a string, not a number"},
		{[]any{"/x"}, "x.y: the option content is missing"},
		{[]any{"/x", "c"}, "x.y: the options must be a table, not a string"},
		{[]any{"/x", module.List{"c"}}, "x.y: the options have a name each, as in { words = … }"},
		{[]any{"/x", module.Opaque{Kind: "table"}}, "x.y: the options have a name each, and nothing else"},
		{append(with("on", true), true), "x.y takes 1 argument and a table of options, and there is a boolean more"},
		{with("contnet", "c"), "x.y: unknown option 'contnet', did you mean 'content'?"},
		{with("zzz", "c"), "x.y: unknown option 'zzz'; there is words, env, mode, keep, within, kind, content, on, either"},
		{with("mode", 644.0), "x.y: mode must be a string, not a number"},
		{with("mode", "rw"), "x.y: mode 'rw': no mode, such as 0644"},
		{with("either", true), "x.y: either must be a string or a number, not a boolean"},
		{with("either", 1.5), "x.y: either 1.5: no number is good"},
		{with("keep", 1.5), "x.y: keep must be a whole number, not a number"},
		{with("keep", "1"), "x.y: keep must be a whole number, not '1'"},
		{with("within", "soon"), `x.y: within must be a number of seconds or a string such as "30s", not 'soon'`},
		{with("within", -1.0), `x.y: within must be a number of seconds or a string such as "30s", not a number`},
		{with("words", module.List{"a", 1.0}), "x.y: words: word 2 must be a string, not a number"},
		{with("env", module.Table{"A": 1.0}), "x.y: env: 'A' must be a string, not a number"},
		{with("kind", "fiel"), "x.y: kind must be any or file, not 'fiel', did you mean 'file'?"},
		{with("on", "yes"), "x.y: on must be true or false, not 'yes'"},
	} {
		if _, err := called(t, c.arguments...); err == nil || err.Error() != c.want {
			t.Errorf("%v: %v, want %s", c.arguments, err, c.want)
		}
	}
}

// Inner is what several results have.
type Inner struct {
	Changed bool `lua:"changed"`
}

// A result is a table with the fields in their order; what is optional and zero is left out.
func TestResult(t *testing.T) {
	t.Parallel()
	type result struct {
		Inner
		Paths  []string `lua:"paths"`
		Signal string   `lua:"signal,optional"`
		Size   int      `lua:"size"`
	}
	m := module.Module{Name: "x", Functions: []module.Function{
		{Name: "table", Run: module.Run(func(module.Context, struct{}) (result, error) { return result{Paths: []string{"/a"}, Size: 2}, nil })},
		{Name: "text", Run: module.Run(func(module.Context, struct{}) (string, error) { return "t", nil })},
	}}
	got, err := fakehost.Call(t.Context(), m, "table", nil)
	want := []module.Pair{{Name: "changed", Value: false}, {Name: "paths", Value: module.List{"/a"}}, {Name: "size", Value: 2.0}}
	if err != nil || !cmp.Equal(want, got.Result.Fields) {
		t.Error(err, cmp.Diff(want, got.Result.Fields))
	}
	if got, err := fakehost.Call(t.Context(), m, "text", nil); err != nil || got.Result.Value != "t" {
		t.Error(got, err)
	}
}
