package runner_test

import (
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"sloth-runner/plan"
	"sloth-runner/proto"
)

// testStdin sends more than what may be on its way, of all bytes that there are.
func testStdin(t *testing.T, s *site) {
	const size = 3 << 20
	sum := sha256.New()
	s.stdin = io.NopCloser(io.TeeReader(io.LimitReader(rand.NewChaCha8([32]byte{1}), size), sum))
	result, events := s.run(t, shellTask("sha256sum", ""))
	if want := fmt.Sprintf("%x  -", sum.Sum(nil)); !strings.Contains(strings.Join(story(events), "\n"), want) || result.ExitStatus != 0 {
		t.Errorf("events:\n%s\nwant %s", strings.Join(story(events), "\n"), want)
	}
}

// endless is an input that has always more, until it is closed.
type endless struct{}

func (endless) Read(p []byte) (int, error) { return len(p), nil }
func (endless) Close() error               { return nil }

func testStdinUnread(t *testing.T, s *site) {
	s.stdin = endless{}
	result, events := s.run(t, shellTask("exec <&-; echo closed", ""))
	if result.ExitStatus != 0 || !strings.Contains(strings.Join(story(events), "\n"), "STDOUT closed") {
		t.Errorf("exit status %d:\n%s", result.ExitStatus, strings.Join(story(events), "\n"))
	}
}

// broken is an input that can't be read to its end.
type broken struct{ left io.Reader }

func (b *broken) Read(p []byte) (int, error) {
	n, err := b.left.Read(p)
	if errors.Is(err, io.EOF) {
		err = errors.New("the disk is gone")
	}
	return n, err
}
func (b *broken) Close() error { return nil }

func testStdinBroken(t *testing.T, s *site) {
	whole := filepath.Join(t.TempDir(), "whole")
	s.stdin = &broken{strings.NewReader(strings.Repeat("part\n", 10_000))}
	result, _ := s.run(t, shellTask("cat >/dev/null && touch "+whole, ""))
	if f := result.Hosts[0].Tasks[0].Finished; f.GetOutcome() != proto.TaskFinished_FAILED || f.GetMessage() != "the standard input broke off: the disk is gone" {
		t.Errorf("finished as %+v", f)
	}
	if _, err := os.Stat(whole); err == nil {
		t.Error("the command took the part for the whole")
	}
}

func testArgv(t *testing.T, s *site) {
	for _, c := range []struct{ words, want []string }{
		{[]string{"printf", "<%s>", "a  b", "$HOME", "", "*"}, []string{"STDOUT <a  b><$HOME><><*>", "SUCCESS "}},
		{[]string{"sh", "-c", "exit 7"}, []string{"FAILED exit status 7"}},
		{[]string{"no-such-program", "x"}, []string{"FAILED this host has no program no-such-program"}},
		{[]string{"cd", "/"}, []string{"FAILED there is no program 'cd': several words run without a shell; give the shell its command as one word, in quotes"}},
		{[]string{"/etc/passwd", "x"}, []string{"FAILED start /etc/passwd: permission denied"}},
	} {
		words := c.words
		s.tamper = func(p *plan.Plan) { p.Groups[0].Tasks[0].Action = plan.Command{Words: words} }
		_, events := s.run(t, shellTask("exit 99", ""))
		for _, want := range c.want {
			if got := strings.Join(story(events), "\n"); !strings.Contains(got, want) {
				t.Errorf("%q: events:\n%s\nwant %s", words, got, want)
			}
		}
	}
}
