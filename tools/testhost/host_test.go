package testhost

import (
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/pkg/sftp"
	"golang.org/x/crypto/ssh"
)

// The properties of a session of a host, with each server.
func TestSession(t *testing.T) {
	implementations(t, Options{Name: "alpha"}, func(t *testing.T, o Options) {
		h := New(t, o)
		client := dial(t, h, h.Addr())
		tests := []struct {
			name, command, stdin, stdout, stderr string
			status                               int
			signal                               string
		}{
			{name: "working directory", command: "pwd -P", stdout: resolved(t, h.Home) + "\n"},
			{name: "home", command: `echo "$HOME"`, stdout: h.Home + "\n"},
			{name: "tilde", command: "echo ~", stdout: h.Home + "\n"},
			{name: "shell", command: `echo "$SHELL"`, stdout: "/bin/sh\n"},
			{name: "temporary directory", command: `echo data >"$TMPDIR/f" && cat ../tmp/f`, stdout: "data\n"},
			{name: "name", command: "echo $SLOTH_TESTHOST", stdout: "alpha\n"},
			{name: "user", command: "echo $USER", stdout: h.User + "\n"},
			{name: "nothing of the user's caches", command: "env | grep ^XDG", status: 1},
			{name: "both streams", command: "echo out; echo err >&2", stdout: "out\n", stderr: "err\n"},
			{name: "status", command: "exit 42", status: 42},
			{name: "signal", command: "kill -KILL $$", signal: "KILL"},
			{name: "interrupt is not ignored", command: "kill -INT $$", signal: "INT"},
			{name: "termination is not ignored", command: "kill -TERM $$", signal: "TERM"},
			{name: "input", command: "cat", stdin: "some input", stdout: "some input"},
			{name: "several lines", command: "echo one\necho two", stdout: "one\ntwo\n"},
			{name: "quotes", command: `printf '%s|' "a b" 'c"d' \$HOME`, stdout: `a b|c"d|$HOME|`},
			{name: "megabytes", command: "head -c 3000000 /dev/zero | tr '\\0' x", stdout: strings.Repeat("x", 3_000_000)},
		}
		for _, test := range tests {
			t.Run(test.name, func(t *testing.T) {
				got := run(t, client, test.command, test.stdin)
				if got.stdout != test.stdout || got.stderr != test.stderr {
					t.Errorf("stdout %.200q, stderr %.200q", got.stdout, got.stderr)
				}
				var exit *ssh.ExitError
				if errors.As(got.err, &exit) {
					if exit.Signal() != test.signal || test.signal == "" && exit.ExitStatus() != test.status {
						t.Errorf("status %d, signal %q", exit.ExitStatus(), exit.Signal())
					}
				} else if got.err != nil || test.status != 0 || test.signal != "" {
					t.Errorf("ended with %v", got.err)
				}
			})
		}
	})
}

func resolved(t *testing.T, path string) string {
	t.Helper()
	real, err := filepath.EvalSymlinks(path)
	if err != nil {
		t.Fatal(err)
	}
	return real
}

func TestSFTPStartsInTheHome(t *testing.T) {
	implementations(t, Options{}, func(t *testing.T, o Options) {
		h := New(t, o)
		files := openSFTP(t, dial(t, h, h.Addr()))
		f, err := files.Create("upload")
		if err != nil {
			t.Fatal(err)
		}
		if _, err := io.WriteString(f, "content"); err != nil {
			t.Fatal(err)
		}
		if err := f.Close(); err != nil {
			t.Fatal(err)
		}
		if got, err := os.ReadFile(filepath.Join(h.Home, "upload")); err != nil || string(got) != "content" {
			t.Errorf("read %q, %v", got, err)
		}
	})
}

func TestNoSFTP(t *testing.T) {
	implementations(t, Options{NoSFTP: true}, func(t *testing.T, o Options) {
		h := New(t, o)
		client := dial(t, h, h.Addr())
		if files, err := sftp.NewClient(client); err == nil {
			_ = files.Close()
			t.Error("there is SFTP")
		}
		if got := run(t, client, "echo still here", ""); got.stdout != "still here\n" {
			t.Errorf("afterwards: %+v", got)
		}
	})
}

func TestNoisy(t *testing.T) {
	implementations(t, Options{Name: "loud", Noisy: true}, func(t *testing.T, o Options) {
		h := New(t, o)
		client := dial(t, h, h.Addr())
		got := run(t, client, "echo signal", "")
		if got.stdout != "Welcome to loud\nyou have new mail\nsignal\n" || !strings.HasPrefix(got.stderr, "stty: ") {
			t.Errorf("%+v", got)
		}
		if files, err := sftp.NewClient(client); err == nil {
			_ = files.Close()
			t.Error("SFTP works in spite of the noise before it")
		}
	})
}

func TestOneSessionAtATime(t *testing.T) {
	implementations(t, Options{MaxSessions1: true}, func(t *testing.T, o Options) {
		h := New(t, o)
		client := dial(t, h, h.Addr())
		first, stdin := startSleeper(t, client, "cat >/dev/null")
		if second, err := client.NewSession(); err == nil {
			_ = second.Close()
			t.Fatal("a second session was granted")
		}
		if err := stdin.Close(); err != nil {
			t.Fatal(err)
		}
		if err := first.Wait(); err != nil {
			t.Fatal(err)
		}
		// sshd frees a session only when it has read that the client closed the channel too. It may refuse a session
		// that is opened at the same time. A client of such a host has to try again.
		waitFor(t, "a free session", func() bool {
			next, err := client.NewSession()
			if err != nil {
				return false
			}
			if got, err := next.Output("echo next"); err != nil || string(got) != "next\n" {
				t.Errorf("%q, %v", got, err)
			}
			return true
		})
	})
}

func TestNoForwarding(t *testing.T) {
	implementations(t, Options{NoForwarding: true}, func(t *testing.T, o Options) {
		h := New(t, o)
		if conn, err := dial(t, h, h.Addr()).Dial("tcp", h.Addr()); err == nil {
			_ = conn.Close()
			t.Error("a connection was forwarded")
		}
	})
}

func TestShell(t *testing.T) {
	implementations(t, Options{Shell: "/bin/bash"}, func(t *testing.T, o Options) {
		if _, err := os.Stat(o.Shell); err != nil {
			o.Shell = "/bin/sh"
		}
		h := New(t, o)
		if got := run(t, dial(t, h, h.Addr()), `echo "$0"`, ""); got.stdout != o.Shell+"\n" {
			t.Errorf("%+v", got)
		}
	})
}

func TestKeys(t *testing.T) {
	implementations(t, Options{}, func(t *testing.T, o Options) {
		h, other := New(t, o), New(t, o)
		if h.Implementation() != other.Implementation() || (h.Implementation() == "go") != o.ForceGo {
			t.Errorf("implementations %s and %s", h.Implementation(), other.Implementation())
		}
		config := clientConfig(t, h)
		config.Auth = []ssh.AuthMethod{ssh.PublicKeys(signer(t, other.ClientKey))}
		if client, err := ssh.Dial("tcp", h.Addr(), config); err == nil {
			_ = client.Close()
			t.Error("a stranger's key was accepted")
		}
		if client, err := ssh.Dial("tcp", other.Addr(), clientConfig(t, h)); err == nil {
			_ = client.Close()
			t.Error("a host was taken for one that it isn't")
		}
		if h.Authentications() != 0 || h.Connections() != 1 {
			t.Errorf("%d authentications, %d connections", h.Authentications(), h.Connections())
		}
		if got := ssh.FingerprintSHA256(h.site.hostKey); h.HostKey != got || other.HostKey == got {
			t.Errorf("fingerprints %s and %s", h.HostKey, other.HostKey)
		}
	})
}

func TestCounting(t *testing.T) {
	implementations(t, Options{}, func(t *testing.T, o Options) {
		h := New(t, o)
		if h.Connections() != 0 || h.Authentications() != 0 {
			t.Fatalf("counted before anyone came:\n%s", h.Log())
		}
		for n := range 3 {
			client := dial(t, h, h.Addr())
			for range 2 {
				run(t, client, "true", "")
			}
			if h.Connections() != n+1 || h.Authentications() != n+1 {
				t.Errorf("%d connections, %d authentications after %d", h.Connections(), h.Authentications(), n+1)
			}
		}
	})
}

func TestExtraConfig(t *testing.T) {
	implementations(t, Options{ExtraConfig: []string{"AcceptEnv GREETING", "LogLevel DEBUG1"}}, func(t *testing.T, o Options) {
		if o.ForceGo {
			if h, err := Start(t.Context(), o); err == nil {
				t.Errorf("the server in this process took sshd's configuration; stop: %v", h.Stop())
			}
			return
		}
		h := New(t, o)
		session, err := dial(t, h, h.Addr()).NewSession()
		if err != nil {
			t.Fatal(err)
		}
		defer session.Close()
		if err := session.Setenv("GREETING", "hello"); err != nil {
			t.Fatal(err)
		}
		if got, err := session.Output("echo $GREETING"); err != nil || string(got) != "hello\n" {
			t.Errorf("%q, %v", got, err)
		}
		if !strings.Contains(h.Log(), "debug1: ") {
			t.Error("an extra line did not win over the host's own")
		}
	})
}

func TestBadExtraConfig(t *testing.T) {
	implementations(t, Options{ExtraConfig: []string{"NoSuchSetting yes"}}, func(t *testing.T, o Options) {
		o.Dir = t.TempDir()
		h, err := Start(t.Context(), o)
		if err == nil {
			t.Fatalf("started; stop: %v", h.Stop())
		}
		if !o.ForceGo && !strings.Contains(err.Error(), "Bad configuration option: NoSuchSetting") {
			t.Errorf("the reason is not said: %v", err)
		}
	})
}
