package inventory

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestSSHArgs(t *testing.T) {
	for _, c := range []struct {
		text string
		want SSHArgs
		err  string
	}{
		{"", SSHArgs{}, ""},
		{"-J bastion", SSHArgs{Jump: "bastion"}, ""},
		{"-Ja@b:22,c -F/dev/null", SSHArgs{Jump: "a@b:22,c", ConfigFile: "/dev/null"}, ""},
		{"-F 'my config' -F other", SSHArgs{ConfigFile: "other"}, ""},
		{`-o ProxyCommand="ssh -W %h:%p -q bastion" -oUser=me -o "Port 2222"`,
			SSHArgs{Options: []string{"ProxyCommand=ssh -W %h:%p -q bastion", "User=me", "Port=2222"}}, ""},
		{"-o 'Port = 22'", SSHArgs{Options: []string{"Port=22"}}, ""},
		{"-i ~/k -l me -p 2222 -4 -Cq -v", SSHArgs{Options: []string{
			"IdentityFile=~/k", "User=me", "Port=2222", "AddressFamily=inet", "Compression=yes", "LogLevel=QUIET"}}, ""},
		{"-ACp22", SSHArgs{Options: []string{"ForwardAgent=yes", "Compression=yes", "Port=22"}}, ""},
		{"-o Port#1=2", SSHArgs{}, "expected Name=value after -o"},
		{"-o SetEnv=A=#b", SSHArgs{Options: []string{"SetEnv=A=#b"}}, ""},
		{"-J a -J b", SSHArgs{}, "expected a single -J, as ssh does"},
		{"-o", SSHArgs{}, "expected a value after -o"},
		{"-o Port", SSHArgs{}, "expected Name=value after -o"},
		{"-o Port=", SSHArgs{}, "expected a value for Port after -o"},
		{"bastion", SSHArgs{}, "expected options of ssh and nothing else"},
		{"--", SSHArgs{}, "expected options of ssh and nothing else"},
		{"-", SSHArgs{}, "expected options of ssh and nothing else"},
		{"-D 1080 -L 8080:b:80 -R [::1]:1:/s", SSHArgs{Options: []string{
			"DynamicForward=1080", "LocalForward=8080 b:80", "RemoteForward=[::1]:1 /s"}}, ""},
		{"-tt -nNTX -S '/tmp/a b' -E log -2 -vvvy", SSHArgs{Options: []string{
			"StdinNull=yes", "SessionType=none", "RequestTTY=no", "ForwardX11=yes", `ControlPath="/tmp/a b"`}}, ""},
		{"-o AddressFamily=any -l a -6 -l b -P t -P u", SSHArgs{Options: []string{"User=a", "AddressFamily=inet6", "Tag=t"}}, ""},
		{"-L 80", SSHArgs{}, `expected [address:]port:host:port, or paths of sockets, instead of "80"`},
		{"-L a:b:c:d:e", SSHArgs{}, `expected [address:]port:host:port, or paths of sockets, instead of "a:b:c:d:e"`},
		{"-D a:b:c", SSHArgs{}, `expected [address:]port instead of "a:b:c"`},
		{"-Z", SSHArgs{}, `ssh has no option "-Z"`},
		{"-é", SSHArgs{}, `ssh has no option "-Ã"`},
		{"-V", SSHArgs{}, "with -V ssh does not log in to the host"},
		{"-W h:22", SSHArgs{}, "with -W ssh does not log in to the host"},
		{"-J 'a", SSHArgs{}, "the quote ' is not closed"},
	} {
		var got SSHArgs
		if err := got.add(c.text); (err != nil) != (c.err != "") || err != nil && err.Error() != c.err {
			t.Errorf("%s: %v, want %q", c.text, err, c.err)
		} else if diff := cmp.Diff(c.want, got); err == nil && diff != "" {
			t.Errorf("%s (-want +got):\n%s", c.text, diff)
		}
	}
}
