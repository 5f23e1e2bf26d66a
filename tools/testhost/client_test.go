package testhost

import (
	"bytes"
	"context"
	"io"
	"os"
	"strings"
	"testing"

	"github.com/pkg/sftp"
	"golang.org/x/crypto/ssh"
	"golang.org/x/crypto/ssh/knownhosts"

	"sloth-runner/tools/testneeds"
)

// implementations runs a test on both servers. Without sshd the first is the second again, and the test says so.
func implementations(t *testing.T, o Options, test func(t *testing.T, o Options)) {
	for _, name := range []string{"openssh", "go"} {
		t.Run(name, func(t *testing.T) {
			o := o
			o.ForceGo = name == "go"
			if !o.ForceGo && findOpenSSH(context.Background()) == nil {
				testneeds.Lacking(t, "an OpenSSH server that can be used: install openssh-server")
			}
			test(t, o)
		})
	}
}

// dial logs in at the host, or at addr in its place, as a careful client: with the key and the known_hosts file.
func dial(t *testing.T, h *Host, addr string) *ssh.Client {
	t.Helper()
	client, err := ssh.Dial("tcp", addr, clientConfig(t, h))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = client.Close() })
	return client
}

func clientConfig(t *testing.T, h *Host) *ssh.ClientConfig {
	t.Helper()
	check, err := knownhosts.New(h.KnownHosts)
	if err != nil {
		t.Fatal(err)
	}
	return &ssh.ClientConfig{User: h.User, HostKeyCallback: check, Auth: []ssh.AuthMethod{ssh.PublicKeys(signer(t, h.ClientKey))}}
}

func signer(t *testing.T, path string) ssh.Signer {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	key, err := ssh.ParsePrivateKey(text)
	if err != nil {
		t.Fatal(err)
	}
	return key
}

// result is what a command printed and how it ended.
type result struct {
	stdout, stderr string
	err            error
}

// run runs a command in a session of its own.
func run(t *testing.T, client *ssh.Client, command, stdin string) result {
	t.Helper()
	session, err := client.NewSession()
	if err != nil {
		t.Fatal(err)
	}
	defer session.Close()
	var stdout, stderr bytes.Buffer
	session.Stdin, session.Stdout, session.Stderr = strings.NewReader(stdin), &stdout, &stderr
	err = session.Run(command)
	return result{stdout.String(), stderr.String(), err}
}

// startSleeper starts a command that lasts and returns its session and its input when it runs.
func startSleeper(t *testing.T, client *ssh.Client, command string) (*ssh.Session, io.Closer) {
	t.Helper()
	session, err := client.NewSession()
	if err != nil {
		t.Fatal(err)
	}
	stdout, err := session.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	stdin, err := session.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := session.Start("echo ready; " + command); err != nil {
		t.Fatal(err)
	}
	line := make([]byte, len("ready\n"))
	if _, err := io.ReadFull(stdout, line); err != nil {
		t.Fatalf("the sleeper does not answer: %v", err)
	}
	return session, stdin
}

func openSFTP(t *testing.T, client *ssh.Client) *sftp.Client {
	t.Helper()
	files, err := sftp.NewClient(client)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = files.Close() })
	return files
}
