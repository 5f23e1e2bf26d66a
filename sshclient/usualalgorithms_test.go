package sshclient

import (
	"os/exec"
	"slices"
	"strings"
	"testing"

	"golang.org/x/crypto/ssh"

	"sloth-runner/internal/fault"
	"sloth-runner/sshconfig"
	"sloth-runner/tools/testhost"
)

// What hardened servers insist on works by itself.
func TestKeyExchangesOfHardenedServers(t *testing.T) {
	for _, name := range []string{"diffie-hellman-group-exchange-sha256", "diffie-hellman-group16-sha512"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			h := testhost.New(t, testhost.Options{ExtraConfig: []string{"KexAlgorithms " + name}})
			newOperator(t, h).reaches(t)
		})
	}
}

// What OpenSSH does not offer is not offered: the error has both lists, and the option that helps.
func TestNoCommonAlgorithm(t *testing.T) {
	for _, c := range []struct{ server, option, name string }{
		{"KexAlgorithms", "KexAlgorithms", "diffie-hellman-group14-sha1"},
		{"Ciphers", "Ciphers", "aes128-cbc"},
		{"HostKeyAlgorithms", "HostKeyAlgorithms", "ssh-rsa"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			var config []string
			if c.name == "ssh-rsa" {
				file := t.TempDir() + "/rsa"
				keygen(t, "-q", "-t", "rsa", "-b", "2048", "-N", "", "-f", file)
				config = []string{"HostKey " + file}
			}
			h := testhost.New(t, testhost.Options{ExtraConfig: append(config, c.server+" "+c.name)})
			o := newOperator(t, h)
			o.HostKeys = hostKeys(t, t.TempDir()+"/learned", AcceptNew)
			usual, _ := wireAlgorithms(sshconfig.Settings{})
			ours := map[string]string{
				"KexAlgorithms": usual.KeyExchanges[2], "Ciphers": usual.Ciphers[1], "HostKeyAlgorithms": "rsa-sha2-512",
			}[c.option]
			o.refusal(t, fault.Handshake, "no common algorithm", "the host offers "+c.name, ours, "--ssh-option "+c.option+"=+"+c.name)
			set := map[string]*string{
				"KexAlgorithms": &o.host.KexAlgorithms, "Ciphers": &o.host.Ciphers, "HostKeyAlgorithms": &o.host.HostKeyAlgorithms,
			}[c.option]
			*set = "+" + c.name
			o.reaches(t)
		})
	}
}

// Names that a host sends are data: they are bounded, and can't break the line.
func TestNoCommonAlgorithmOfAHostileHost(t *testing.T) {
	names := []string{"ext-info-s", "kex-strict-s-v00@openssh.com", "bad\x1b[31m\n", strings.Repeat("x", 1000)}
	for range 5000 {
		names = append(names, "more")
	}
	f := noCommon(&ssh.AlgorithmNegotiationError{What: "server to client MAC", RequestedAlgorithms: names}, sshconfig.Settings{})
	mustFail(t, f, fault.Handshake, `"bad\x1b[31m\n"`, "and 4972 more", "none of the host's is known here")
	if len(f.Error()) > 2000 {
		t.Errorf("%d bytes", len(f.Error()))
	}
}

// The usual algorithms are those of the ssh of this machine, as far as both have them.
func TestUsualAlgorithmsAreThoseOfSSH(t *testing.T) {
	out, err := exec.Command("ssh", "-G", "-F", "none", "host").Output()
	if err != nil {
		mustHaveInCI(t, "an OpenSSH client")
		return
	}
	printed := map[string][]string{}
	for line := range strings.Lines(string(out)) {
		keyword, value, _ := strings.Cut(strings.TrimSpace(line), " ")
		printed[keyword] = strings.Split(value, ",")
	}
	kex, ciphers, macs := wireLists()
	hostKeys, allHostKeys := hostKeyNames()
	userKeys, allUserKeys := userKeyNames()
	for _, c := range []struct {
		keyword string
		list    algorithmList
		newer   string // than the ssh of this machine may be
	}{
		{"kexalgorithms", kex, ssh.KeyExchangeMLKEM768X25519},
		{"ciphers", ciphers, ""},
		{"macs", macs, ""},
		{"hostkeyalgorithms", algorithmList{usual: hostKeys, all: allHostKeys}, ""},
		{"pubkeyacceptedalgorithms", algorithmList{usual: userKeys, all: allUserKeys}, ""},
	} {
		want := slices.DeleteFunc(printed[c.keyword], func(name string) bool { return !slices.Contains(c.list.all, name) || name == c.newer })
		got := slices.DeleteFunc(slices.Clone(c.list.usual), func(name string) bool { return name == c.newer })
		if c.keyword == "ciphers" || c.keyword == "pubkeyacceptedalgorithms" { // the order is another one, or means nothing
			slices.Sort(want)
			slices.Sort(got)
		}
		if !slices.Equal(got, want) {
			t.Errorf("%s:\n got %v\nwant %v", c.keyword, got, want)
		}
	}
}
