package sshargs

import (
	"strings"
	"testing"

	"sloth-runner/inventory/naming"
)

// Arguments for ssh become options of ssh_config, each with a name and a value.
func FuzzSSHArgs(f *testing.F) {
	for _, seed := range []string{
		"-J a -F b", "-o A=b -oC=d -o 'E f'", "-Cq -p22", "-", "--", "-o", "-o =", "'", "-v x",
		"-tt -nNTX -S '/tmp/a b' -E log -2 -vvvy", "-D 1080 -L 8080:b:80 -R [::1]:1:/s -w any", "-L [:::]", `-L \\`, "-R ::::", "-L ''",
		`-i "a'\\#\"" -l b -l ''`, "-l", "-\xff", "-o\nX=1", "-M -M -M", "-V", "-W a:1",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		var args Args
		if err := args.Add(text); err != nil {
			if !naming.Printable(err.Error()) {
				t.Errorf("error with strange characters: %q", err)
			}
			return
		}
		for _, option := range args.Options {
			if name, value, found := strings.Cut(option, "="); !found || name == "" || value == "" {
				t.Errorf("%q gives %q", text, option)
			}
		}
		if err := args.Arguments().Check(); err != nil && !naming.Printable(err.Error()) {
			t.Errorf("error with strange characters: %q", err)
		}
	})
}
