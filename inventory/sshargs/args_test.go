package sshargs

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestSSHArgs(t *testing.T) {
	for _, c := range []struct {
		text string
		want Args
		err  string
	}{
		{"", Args{}, ""},
		{"-J bastion", Args{Jump: "bastion"}, ""},
		{"-Ja@b:22,c -F/dev/null", Args{Jump: "a@b:22,c", ConfigFile: "/dev/null"}, ""},
		{"-F 'my config' -F other", Args{ConfigFile: "other"}, ""},
		{`-o ProxyCommand="ssh -W %h:%p -q bastion" -oUser=me -o "Port 2222"`,
			Args{Options: []string{"ProxyCommand=ssh -W %h:%p -q bastion", "User=me", "Port=2222"}}, ""},
		{"-o 'Port = 22'", Args{Options: []string{"Port=22"}}, ""},
		{"-i ~/k -l me -p 2222 -4 -Cq -v", Args{Options: []string{
			"IdentityFile=~/k", "User=me", "Port=2222", "AddressFamily=inet", "Compression=yes", "LogLevel=QUIET"}}, ""},
		{"-ACp22", Args{Options: []string{"ForwardAgent=yes", "Compression=yes", "Port=22"}}, ""},
		{"-o Port#1=2", Args{}, "expected Name=value after -o"},
		{"-o SetEnv=A=#b", Args{Options: []string{"SetEnv=A=#b"}}, ""},
		{"-J a -J b", Args{}, "expected a single -J, as ssh does"},
		{"-o", Args{}, "expected a value after -o"},
		{"-o Port", Args{}, "expected Name=value after -o"},
		{"-o Port=", Args{}, "expected a value for Port after -o"},
		{"bastion", Args{}, "expected options of ssh and nothing else"},
		{"--", Args{}, "expected options of ssh and nothing else"},
		{"-", Args{}, "expected options of ssh and nothing else"},
		{"-D 1080 -L 8080:b:80 -R [::1]:1:/s", Args{Options: []string{
			"DynamicForward=1080", "LocalForward=8080 b:80", "RemoteForward=[::1]:1 /s"}}, ""},
		{"-tt -nNTX -S '/tmp/a b' -E log -2 -vvvy", Args{Options: []string{
			"StdinNull=yes", "SessionType=none", "RequestTTY=no", "ForwardX11=yes", `ControlPath="/tmp/a b"`}}, ""},
		{"-o AddressFamily=any -l a -6 -l b -P t -P u", Args{Options: []string{"User=a", "AddressFamily=inet6", "Tag=t"}}, ""},
		{"-L 80", Args{}, `expected [address:]port:host:port, or paths of sockets, instead of "80"`},
		{"-L a:b:c:d:e", Args{}, `expected [address:]port:host:port, or paths of sockets, instead of "a:b:c:d:e"`},
		{"-D a:b:c", Args{}, `expected [address:]port instead of "a:b:c"`},
		{"-Z", Args{}, `ssh has no option "-Z"`},
		{"-é", Args{}, `ssh has no option "-Ã"`},
		{"-V", Args{}, "with -V ssh does not log in to the host"},
		{"-W h:22", Args{}, "with -W ssh does not log in to the host"},
		{"-J 'a", Args{}, "the quote ' is not closed"},
	} {
		var got Args
		if err := got.Add(c.text); (err != nil) != (c.err != "") || err != nil && err.Error() != c.err {
			t.Errorf("%s: %v, want %q", c.text, err, c.err)
		} else if diff := cmp.Diff(c.want, got); err == nil && diff != "" {
			t.Errorf("%s (-want +got):\n%s", c.text, diff)
		}
	}
}
