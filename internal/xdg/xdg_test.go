package xdg

import (
	"testing"

	"sloth-runner/internal/fault"
)

func TestBelow(t *testing.T) {
	t.Parallel()
	for _, test := range []struct{ base, home, config, state, cache string }{
		{"/base", "/home/u", "/base/a/b", "/base/a/b", "/base/a/b"},
		{"", "/home/u", "/home/u/.config/a/b", "/home/u/.local/state/a/b", "/home/u/.cache/a/b"},
		{"relative", "/home/u", "/home/u/.config/a/b", "/home/u/.local/state/a/b", "/home/u/.cache/a/b"},
		{"/base", "", "/base/a/b", "/base/a/b", "/base/a/b"},
		{"", "", "", "", ""},
		{"", "relative", "", "", ""},
	} {
		getenv := func(name string) string {
			return map[string]string{"XDG_CONFIG_HOME": test.base, "XDG_STATE_HOME": test.base, "XDG_CACHE_HOME": test.base, "HOME": test.home}[name]
		}
		for want, path := range map[*string]func(func(string) string, ...string) (string, error){&test.config: Config, &test.state: State, &test.cache: Cache} {
			got, err := path(getenv, "a", "b")
			if got != *want || (err != nil) != (*want == "") || err != nil && fault.Hint(err) == "" {
				t.Errorf("%+v: %q, %v; want %q", test, got, err, *want)
			}
		}
	}
}
