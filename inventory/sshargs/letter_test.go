package sshargs

import (
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"sloth-runner/tools/testneeds"
)

// letterArguments are valid arguments for each option of ssh, and a -o with another value of the same option.
var letterArguments = map[byte]struct{ argument, contrary string }{
	'4': {"", "AddressFamily=any"}, '6': {"", "AddressFamily=inet"},
	'A': {"", "ForwardAgent=no"}, 'a': {"", "ForwardAgent=yes"},
	'B': {"lo", "BindInterface=eth9"}, 'b': {"127.0.0.1", "BindAddress=127.0.0.2"},
	'C': {"", "Compression=no"}, 'c': {"aes128-ctr", "Ciphers=aes256-ctr"}, 'm': {"hmac-sha2-256", "MACs=hmac-sha2-512"},
	'D': {"127.0.0.1:1080", "DynamicForward=1081"}, 'e': {"^x", "EscapeChar=^y"},
	'f': {"", "ForkAfterAuthentication=no"}, 'g': {"", "GatewayPorts=no"},
	'I': {"/lib/p.so", "PKCS11Provider=/lib/q.so"}, 'i': {"/dev/null", "IdentityFile=/b"},
	'K': {"", "GSSAPIDelegateCredentials=no"}, 'k': {"", "GSSAPIDelegateCredentials=yes"},
	'L': {"8080:[::1]:80", "LocalForward=8081 b:81"}, 'l': {"me", "User=you"},
	'M': {"", "ControlMaster=auto"}, 'N': {"", "RequestTTY=yes"}, 'n': {"", "StdinNull=no"},
	'p': {"2222", "Port=23"}, 'q': {"", "LogLevel=DEBUG"},
	'R': {"/run/a b:/run/c", "RemoteForward=9000"}, 'S': {"/tmp/c #1", "ControlPath=none"},
	'T': {"", "RequestTTY=force"}, 't': {"", "RequestTTY=no"}, 'w': {"1:2", "TunnelDevice=3:4"},
	'X': {"", "ForwardX11=no"}, 'x': {"", "ForwardX11=yes"}, 'Y': {"", "ForwardX11Trusted=no"},
}

// letterSets are options of ssh that do not influence each other.
var letterSets = []string{"4ABbCcDefgIiKLlMmNpqRSwX", "6akntY", "Tx"}

// TestSSHLetters: each option of ssh has the effect that it has in ssh: alone, twice, and before and behind a -o with
// another value.
func TestSSHLetters(t *testing.T) {
	t.Parallel()
	ssh := testneeds.Program(t, "ssh", "openssh-client")
	key := filepath.Join(t.TempDir(), "a key") // those that are not there don't count for ssh
	for _, path := range []string{key, key + `"\2`} {
		if err := os.WriteFile(path, nil, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	cases := [][]string{
		{"-L", "1:2:b:80", "-L", "[::1]:1:b:80", "-L", "/s:b:80", "-L", "2:/s", "-L", "b:3:/s", "-L", "/u:/t",
			"-R", "1", "-R", "b:1", "-R", "[::1]:2:b:2", "-R", "3:/s", "-R", "4:b:80", "-D", "1", "-D", "[::1]:1"},
		{"-AtC", "-p22", "-tt", "-x", "-X", "-4", "-6", "-l", "a", "-l", "b", "-2", "-i", key, "-i", key + `"\2`},
		{"-X", "-x", "-tT", "-qNf"},
	}
	seen := map[byte]bool{}
	for _, set := range letterSets {
		var letters, contraries []string
		for i := range len(set) {
			seen[set[i]] = true
			letters = append(letters, "-"+set[i:i+1])
			if sshLetters[set[i]].takes {
				letters = append(letters, letterArguments[set[i]].argument)
			}
			contraries = append(contraries, "-o", letterArguments[set[i]].contrary)
		}
		cases = append(cases, slices.Concat(letters, letters), slices.Concat(letters, contraries), slices.Concat(contraries, letters))
	}
	for letter, known := range sshLetters {
		if !seen[letter] && known.kind != own && known.kind != noLogin && known.kind != ignored && letter != 'P' && letter != 's' {
			// -P is not in ssh before 9.4, and -s not without a command.
			t.Errorf("-%c is in none of the sets", letter)
		}
	}
	for _, words := range cases {
		compareWithSSH(t, ssh, words)
	}
}

func compareWithSSH(t *testing.T, ssh string, words []string) {
	var args Args
	var quoted, options []string
	for _, word := range words {
		quoted = append(quoted, "'"+strings.ReplaceAll(word, "'", `'\''`)+"'")
	}
	if err := args.Add(strings.Join(quoted, " ")); err != nil {
		t.Errorf("%q: %v", words, err)
		return
	}
	for _, option := range args.Options {
		options = append(options, "-o", option)
	}
	said := func(words []string) []string {
		words = slices.Concat([]string{"-G", "-F", "none"}, words, []string{"host"})
		out, err := exec.CommandContext(t.Context(), ssh, words...).Output()
		if err != nil {
			t.Fatalf("ssh: %v, %s, of %q", err, err.(*exec.ExitError).Stderr, words)
		}
		return strings.Split(string(out), "\n")
	}
	want, got := said(words), said(options)
	for _, line := range want {
		if !slices.Contains(got, line) {
			t.Errorf("%.100q: ssh says %q, and not of the options here", words, line)
		}
	}
	for _, line := range got {
		if !slices.Contains(want, line) {
			t.Errorf("%.100q: ssh does not say %q, as of the options here", words, line)
		}
	}
}
