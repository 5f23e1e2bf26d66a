package testhost

import (
	"io"
	"testing"
)

func TestParseStartups(t *testing.T) {
	tests := []struct {
		text              string
		begin, rate, full int // 0, 0, 0: refused
	}{
		{"", 10, 30, 100},
		{"2:50:4", 2, 50, 4},
		{"5", 5, 100, 5},
		{"1:100:1", 1, 100, 1},
		{"0:50:4", 0, 0, 0},
		{"5:50:4", 0, 0, 0},
		{"2:101:4", 0, 0, 0},
		{"2:50", 0, 0, 0},
		{"2:50:4:9", 0, 0, 0},
		{"2:50:4x", 0, 0, 0},
		{"many", 0, 0, 0},
	}
	for _, test := range tests {
		got, err := parseStartups(test.text)
		if err != nil {
			got = &startups{}
		}
		if got.begin != test.begin || got.rate != test.rate || got.full != test.full {
			t.Errorf("%q: %d:%d:%d, %v", test.text, got.begin, got.rate, got.full, err)
		}
	}
}

func FuzzParseStartups(f *testing.F) {
	for _, text := range []string{"", "10", "2:50:4", "1:1:1", "-1:-1:-1", "99999999999999999999:1:1"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		s, err := parseStartups(text)
		if err != nil {
			return
		}
		for s.pending = s.begin; s.pending < min(s.full, s.begin+1000); s.pending++ {
			if c := s.chance(); c < 1 || c > 100 {
				t.Fatalf("%q: chance of %d with %d pending", text, c, s.pending)
			}
		}
		if s.pending = s.full; s.enter() {
			t.Fatalf("%q: let in beyond full", text)
		}
	})
}

// An unauthenticated connection keeps the next one out, before its banner, until it ends.
func TestMaxStartups(t *testing.T) {
	implementations(t, Options{MaxStartups: "1:100:1"}, func(t *testing.T, o Options) {
		h := New(t, o)
		idle := connect(t, h.Addr())
		receive(t, idle, "SSH-2.0-")
		// Later versions of sshd send a reason. None sends a banner.
		if got, err := io.ReadAll(connect(t, h.Addr())); err == nil && len(got) >= 4 && string(got[:4]) == "SSH-" {
			t.Errorf("let in: %q", got)
		}
		_ = idle.Close()
		waitFor(t, "room for another", func() bool {
			conn := connect(t, h.Addr())
			defer conn.Close()
			banner := make([]byte, 4)
			_, err := io.ReadFull(conn, banner)
			return err == nil && string(banner) == "SSH-"
		})
	})
}
