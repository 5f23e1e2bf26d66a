package algorithms

import (
	"os/exec"
	"slices"
	"strings"
	"testing"

	"golang.org/x/crypto/ssh"

	"sloth-runner/internal/fault"
	"sloth-runner/sshconfig"
	"sloth-runner/tools/testneeds"
)

func TestChoose(t *testing.T) {
	list := List{"Ciphers", []string{"a-1", "a-2", "b-1"}, []string{"a-1", "a-2", "b-1", "old"}}
	for said, want := range map[string][]string{
		"":               nil,
		"b-1,a-1":        {"b-1", "a-1"},
		"future,b-1,b-1": {"b-1"},
		"a-*":            {"a-1", "a-2"},
		"+old,a-1":       {"a-1", "a-2", "b-1", "old"},
		"+future":        {"a-1", "a-2", "b-1"},
		"-a-*":           {"b-1"},
		"-future":        {"a-1", "a-2", "b-1"},
		"^old,b-?":       {"old", "b-1", "a-1", "a-2"},
	} {
		got, err := list.Choose(said)
		if err != nil || !slices.Equal(got, want) {
			t.Errorf("%q: %v, %v, want %v", said, got, err, want)
		}
	}
	for _, said := range []string{"future", "-*"} {
		_, err := list.Choose(said)
		if fault.StageOf(err, fault.Unknown) != fault.Handshake {
			t.Fatalf("%q: %v", said, err)
		}
		if text := err.Error() + fault.Hint(err); !strings.Contains(text, "Ciphers") || !strings.Contains(text, said) || !strings.Contains(text, "knows a-1, a-2, b-1, old") {
			t.Errorf("%q: %s", said, text)
		}
	}
}

// Names that a host sends are data: they are bounded, and can't break the line.
func TestNoCommonAlgorithmOfAHostileHost(t *testing.T) {
	names := []string{"ext-info-s", "kex-strict-s-v00@openssh.com", "bad\x1b[31m\n", strings.Repeat("x", 1000)}
	for range 5000 {
		names = append(names, "more")
	}
	f := NoCommon(&ssh.AlgorithmNegotiationError{What: "server to client MAC", RequestedAlgorithms: names}, sshconfig.Settings{})
	for _, want := range []string{`"bad\x1b[31m\n"`, "and 4972 more", "none of the host's is known here"} {
		if text := f.Error() + "; " + f.Hint; !strings.Contains(text, want) || strings.Contains(text, "\n") {
			t.Errorf("%q lacks %q", text, want)
		}
	}
	if len(f.Error()) > 2000 {
		t.Errorf("%d bytes", len(f.Error()))
	}
}

// The usual algorithms are those of the ssh of this machine, as far as both have them.
func TestUsualAlgorithmsAreThoseOfSSH(t *testing.T) {
	out, err := exec.Command("ssh", "-G", "-F", "none", "host").Output()
	if err != nil {
		testneeds.Lacking(t, "an OpenSSH client")
		return
	}
	printed := map[string][]string{}
	for line := range strings.Lines(string(out)) {
		keyword, value, _ := strings.Cut(strings.TrimSpace(line), " ")
		printed[keyword] = strings.Split(value, ",")
	}
	kex, ciphers, macs := wireLists()
	for _, c := range []struct {
		keyword string
		list    List
		newer   string // than the ssh of this machine may be
	}{
		{"kexalgorithms", kex, ssh.KeyExchangeMLKEM768X25519},
		{"ciphers", ciphers, ""},
		{"macs", macs, ""},
		{"hostkeyalgorithms", HostKeys(), ""},
		{"pubkeyacceptedalgorithms", UserKeys(), ""},
	} {
		want := slices.DeleteFunc(printed[c.keyword], func(name string) bool { return !slices.Contains(c.list.All, name) || name == c.newer })
		got := slices.DeleteFunc(slices.Clone(c.list.Usual), func(name string) bool { return name == c.newer })
		if c.keyword == "ciphers" || c.keyword == "pubkeyacceptedalgorithms" { // the order is another one, or means nothing
			slices.Sort(want)
			slices.Sort(got)
		}
		if !slices.Equal(got, want) {
			t.Errorf("%s:\n got %v\nwant %v", c.keyword, got, want)
		}
	}
}
