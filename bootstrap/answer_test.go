package bootstrap

import (
	"bufio"
	"errors"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"sloth-runner/bootstrap/payload"
	"sloth-runner/internal/excerpt"
)

func parse(text string) (answer, string, error) {
	var noise excerpt.Buffer
	a, err := readAnswer(bufio.NewReader(strings.NewReader(text)), "MARK", &noise)
	return a, strings.Join(noise.Lines(), "|"), err
}

func TestReadAnswer(t *testing.T) {
	for _, c := range []struct {
		name, text string
		want       answer
		noise      string
		err        error
	}{
		{name: "ready", text: "MARK ready\nPRI", want: answer{Ready: true}},
		{name: "after noise", text: "hello\r\n\nyou have mail\nMARK ready\n", want: answer{Ready: true}, noise: "hello|you have mail"},
		{name: "in the line of noise", text: "no endMARK ready\n", want: answer{Ready: true}, noise: "no end"},
		{name: "with carriage returns", text: "MARK gzip yes\r\nMARK end\r\n", want: answer{Gzip: true}},
		{name: "a whole answer", text: "MARK system Linux x86_64\nMARK gzip yes\nMARK bad noexec /a b\nMARK dir 12 /c d\nMARK dir 0 /e\nMARK end\n",
			want: answer{Uname: payload.Uname{System: "Linux", Machine: "x86_64"}, Gzip: true, Bad: []place{{Path: "/a b", Reason: "noexec"}}, Dirs: []place{{Path: "/c d", FreeKB: 12}, {Path: "/e"}}}},
		{name: "a space that is no number", text: "MARK dir - /a\nMARK dir -5 /b\nMARK end\n", want: answer{Dirs: []place{{Path: "/a"}, {Path: "/b"}}}},
		{name: "a path that is none", text: "MARK dir 1 $(reboot)\nMARK dir 1 /a\"b\nMARK end\n",
			want: answer{Bad: []place{{Path: "$(reboot)", Reason: "unusual-name"}, {Path: `/a"b`, Reason: "unusual-name"}}}},
		{name: "noise between", text: "MARK gzip yes\nwarning\nMARK end\n", want: answer{Gzip: true}, noise: "warning"},
		{name: "a word of a later version", text: "MARK color green\nMARK end\n"},
		{name: "nothing", err: errNoAnswer},
		{name: "only noise", text: "hello\nworld", noise: "hello|world", err: errNoAnswer},
		{name: "another marker", text: "MARKED ready\n", noise: "MARKED ready", err: errNoAnswer},
		{name: "a line without an end", text: "MARK ready", err: errNoAnswer},
		{name: "cut", text: "MARK system Linux x86_64\nMARK dir 12 /ho", want: answer{Uname: payload.Uname{System: "Linux", Machine: "x86_64"}}, err: errCutAnswer},
		{name: "failed", text: "MARK failed digest\n", want: answer{Failed: "digest"}},
		{name: "written", text: "MARK written\n", want: answer{Written: true}},
	} {
		t.Run(c.name, func(t *testing.T) {
			got, noise, err := parse(c.text)
			if !errors.Is(err, c.err) {
				t.Errorf("error %v, want %v", err, c.err)
			}
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Error(diff)
			}
			if noise != c.noise {
				t.Errorf("noise %q, want %q", noise, c.noise)
			}
		})
	}
}

func TestReadAnswerIsBounded(t *testing.T) {
	for _, c := range []struct{ name, text, want string }{
		{"noise", strings.Repeat("hello\n", maxPrinted), "printed more than"},
		{"a long line", strings.Repeat("x", 2*maxPrinted), "printed more than"},
		{"empty lines", strings.Repeat("\n", 2*maxPrinted), "printed more than"},
		{"words that mean nothing", strings.Repeat("MARK x\n", maxPrinted), "printed more than"},
		{"a long line of the answer", "MARK bad noexec /" + strings.Repeat("x", maxAnswer) + "\n", "longer than"},
		{"directories", strings.Repeat("MARK dir 1 /x\n", 1000), "more directories"},
		{"bad directories", strings.Repeat("MARK bad noexec /x\n", 1000), "more directories"},
	} {
		t.Run(c.name, func(t *testing.T) {
			if _, _, err := parse(c.text); err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("got %v", err)
			}
		})
	}
}

// The marker is found wherever it lies in the reader's buffer.
func TestMarkerAcrossBuffers(t *testing.T) {
	for n := 16<<10 - 20; n < 16<<10+20; n++ {
		a, err := readAnswer(bufio.NewReaderSize(strings.NewReader(strings.Repeat("x", n)+"MARK ready\n"), 16<<10), "MARK", new(excerpt.Buffer))
		if err != nil || !a.Ready {
			t.Fatalf("after %d bytes: %+v, %v", n, a, err)
		}
	}
}

// A hostile host can say anything: it is bounded, and no path that the scripts could stumble over comes through.
func FuzzReadAnswer(f *testing.F) {
	f.Add("noise\nMARK system Linux x86_64\nMARK gzip yes\nMARK dir 1 /a\nMARK bad noexec /b\nMARK end\n")
	f.Add("MARK ready\n")
	f.Add("MARK system Linux aarch64 Android\nMARK new-cache\nMARK agent /a\nMARK become sudo password\nMARK removed /a\nMARK end\n")
	f.Add("xMARK MARK ready\r\n")
	f.Add("MARK dir 9223372036854775808 /'\n\x00\xff")
	f.Add("MARK failed \x1b[2J\n")
	f.Fuzz(func(t *testing.T, text string) {
		a, noise, err := parse(text)
		if err == nil && !strings.Contains(text, "MARK ") {
			t.Error("an answer without a marker")
		}
		for _, dir := range a.Dirs {
			if !quotable(dir.Path) || dir.FreeKB < 0 {
				t.Errorf("usable: %+v", dir)
			}
		}
		if len(a.Dirs)+len(a.Bad) > 2*len(Places)+1 || len(noise) > 8<<10 {
			t.Errorf("%d places, %d bytes of noise", len(a.Dirs)+len(a.Bad), len(noise))
		}
		if uname := a.Uname.String(); len(uname) > 100 || !utf8.ValidString(uname) {
			t.Errorf("uname is %q", uname)
		}
		if _, err := choose(a, 1); err == nil && len(a.Dirs) == 0 {
			t.Error("chose a place where there is none")
		}
	})
}

func TestQuotable(t *testing.T) {
	for path, want := range map[string]bool{
		"/tmp/x": true, "/a b/c  d": true, "/ä/&;(*)~#": true, "/a\xffb": true,
		"": false, "tmp": false, "~/x": false, "./x": false,
		"/a'b": false, `/a"b`: false, "/a`b`": false, "/a$b": false, `/a\b`: false, "/a!b": false,
		"/a\nb": false, "/a\tb": false, "/a\x7fb": false, "/a\x00b": false, "/a\x1b[2J": false,
		"/" + strings.Repeat("x", 1023): true, "/" + strings.Repeat("x", 1024): false,
	} {
		if got := quotable(path); got != want {
			t.Errorf("%q: %t, want %t", path, got, want)
		}
	}
}
