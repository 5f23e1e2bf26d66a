package chmod

import (
	"io/fs"
	"testing"
)

// A mode is what chmod(1) makes of another.
func TestMode(t *testing.T) {
	t.Parallel()
	const d = fs.ModeDir
	for _, c := range []struct {
		text      string
		old, want fs.FileMode
	}{
		{"0644", 0o777, 0o644}, {"644", 0o777, 0o644}, {"4755", 0, 0o755 | fs.ModeSetuid}, {"01777", d, d | 0o777 | fs.ModeSticky},
		{"u=rw,g=r", 0o777, 0o647}, {"u=rwX,go=rX", 0o600, 0o644}, {"u=rwX,go=rX", 0o700, 0o755}, {"u=rwX,go=rX", d | 0o600, d | 0o755},
		{"+x", 0o644, 0o755}, {"a-w", 0o666, 0o444}, {"g=u", 0o740, 0o770}, {"o=", 0o777, 0o770}, {"u+s,+t", 0o755, 0o755 | fs.ModeSetuid | fs.ModeSticky},
		{"g=rx", d | 0o777 | fs.ModeSetgid, d | 0o757 | fs.ModeSetgid}, {"g=rx", 0o777 | fs.ModeSetgid, 0o757}, {"u+w-x", 0o577, 0o677}, {"g-s", d | 0o755 | fs.ModeSetgid, d | 0o755},
	} {
		var m Mode
		if err := m.Set(c.text); err != nil || m.Of(c.old) != c.want {
			t.Errorf("%s of %v: %v, %v, want %v", c.text, c.old, m.Of(c.old), err, c.want)
		}
	}
	for _, text := range []string{"", "64", "0888", "100644", "u", "u=rq", "u=rw,", "rw", "=uu", "u=rw g=r", "z=r"} {
		var m Mode
		if err := m.Set(text); err == nil {
			t.Errorf("%q is a mode", text)
		}
	}
}
