package journal

import "testing"

func TestDir(t *testing.T) {
	for _, test := range []struct{ state, home, want string }{
		{"/var/state", "/home/u", "/var/state/sloth-runner/runs"},
		{"", "/home/u", "/home/u/.local/state/sloth-runner/runs"},
		{"relative", "/home/u", "/home/u/.local/state/sloth-runner/runs"},
		{"/var/state", "", "/var/state/sloth-runner/runs"},
		{"", "", ""},
		{"", "relative", ""},
	} {
		env := map[string]string{"XDG_STATE_HOME": test.state, "HOME": test.home}
		got, err := Dir(func(name string) string { return env[name] })
		if got != test.want || (err != nil) != (test.want == "") {
			t.Errorf("Dir with %v = %q, %v; want %q", env, got, err, test.want)
		}
	}
}
