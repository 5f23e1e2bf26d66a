package sshclient

import (
	"testing"

	"sloth-runner/internal/fault"
	"sloth-runner/sshclient/algorithms"
	"sloth-runner/sshclient/hostkeys"
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
			o.HostKeys = hostKeys(t, t.TempDir()+"/learned", hostkeys.AcceptNew)
			usual, _ := algorithms.Wire(sshconfig.Settings{})
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
