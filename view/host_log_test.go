package view

import (
	"bytes"
	"errors"
	"strings"
	"testing"
)

func TestHostLog(t *testing.T) {
	long := strings.Repeat("x", logPiece-1)
	for _, test := range []struct {
		name, log, prefix string
		safe              bool
		want              string
	}{
		{"as it was", "a\r\n\x1b[1m\xff\nend", "", false, "a\r\n\x1b[1m\xff\nend"},
		{"nothing", "", "h | ", true, ""},
		{"with prefixes", "a\n\nb\n", "h | ", false, "h | a\nh | \nh | b\n"},
		{"last line not ended", "a", "h | ", false, "h | a\n"},
		{"last line not ended, safe", "a", "", true, "a"},
		{"DOS lines", "a\r\nb\rc\n", "", true, "a\nb\\rc\n"},
		{"long line", long + long + "\nb\n", "h | ", false, "h | " + long + long + "\nh | b\n"},
		{"character at the edge of a piece", long + "é\n", "", true, long + "é\n"},
		{"emoji at the edge of a piece", long[:len(long)-2] + "🚀\n", "", true, long[:len(long)-2] + "🚀\n"},
		{"half a character at the end", "a\xc3", "", true, `a\xc3`},
		{"stray bytes at the edge of a piece", long + "\x80\x80\x80\x80\n", "", true, long + `\x80\x80\x80\x80` + "\n"},
	} {
		t.Run(test.name, func(t *testing.T) {
			var out bytes.Buffer
			if err := HostLog(t.Context(), &out, strings.NewReader(test.log), test.prefix, test.safe); err != nil {
				t.Fatal(err)
			}
			if out.String() != test.want {
				t.Errorf("%.200q, want %.200q", out.String(), test.want)
			}
		})
	}
}

type brokenWriter struct{}

var errBroken = errors.New("broken")

func (brokenWriter) Write([]byte) (int, error) { return 0, errBroken }

func TestHostLogToNobody(t *testing.T) {
	log := strings.NewReader(strings.Repeat("x\n", 1<<20))
	if err := HostLog(t.Context(), brokenWriter{}, log, "", true); !errors.Is(err, errBroken) {
		t.Errorf("error = %v", err)
	}
	if log.Len() < 1<<20 {
		t.Error("it read on although nobody listens")
	}
}

// Any bytes: exact without safe, harmless with it.
func FuzzPrintLog(f *testing.F) {
	f.Add([]byte("\x1b[2Jred\x1b]0;title\a\r\n\u009b1mé\xff\n"))
	f.Add([]byte("\x1b\x1b[\x9b\xc2"))
	f.Fuzz(func(t *testing.T, log []byte) {
		var exact, safe bytes.Buffer
		if err := HostLog(t.Context(), &exact, bytes.NewReader(log), "", false); err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(exact.Bytes(), log) {
			t.Fatalf("%q became %q", log, exact.Bytes())
		}
		if err := HostLog(t.Context(), &safe, bytes.NewReader(log), "h | ", true); err != nil {
			t.Fatal(err)
		}
		for _, r := range safe.String() {
			if r < ' ' && r != '\n' && r != '\t' || 0x7f <= r && r < 0xa0 {
				t.Errorf("%q reaches the terminal in %q", r, safe.String())
			}
		}
		for line := range strings.Lines(safe.String()) {
			if !strings.HasPrefix(line, "h | ") {
				t.Fatalf("line without its host: %q", line)
			}
		}
	})
}
