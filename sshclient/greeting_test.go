package sshclient

import (
	"fmt"
	"io"
	"net"
	"slices"
	"strings"
	"sync"
	"testing"

	"sloth-runner/internal/fault"
	"sloth-runner/sshclient/hostkeys"
	"sloth-runner/tools/testhost"
)

// greetedBy passes connections on to a host, each after these words of its own.
func greetedBy(t *testing.T, words, to string) (address string) {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	var serving sync.WaitGroup
	serving.Go(func() {
		for {
			near, err := listener.Accept()
			if err != nil {
				return
			}
			serving.Go(func() {
				defer near.Close()
				if _, err := io.WriteString(near, words); err != nil || to == "" {
					_, _ = io.Copy(io.Discard, near) // until the other side leaves
					return
				}
				far, err := net.Dial("tcp", to)
				if err != nil {
					return
				}
				defer far.Close()
				go func() { _, _ = io.Copy(far, near); far.Close() }()
				_, _ = io.Copy(near, far)
			})
		}
	})
	t.Cleanup(func() {
		listener.Close()
		serving.Wait()
	})
	return listener.Addr().String()
}

// Servers may send lines before their identification, as long as OpenSSH takes them.
func TestLinesBeforeTheIdentification(t *testing.T) {
	h := testhost.New(t, testhost.Options{})
	notice := "This system belongs to somebody.\r\n" + strings.Repeat("x", 8000) + "\r\nSSH is below\n\nSS\n"
	o := newOperator(t, h)
	o.host.HostKeyAlias = "greeting"
	_, key, _ := strings.Cut(h.KnownHostsLine(h.Addr()), " ")
	file := t.TempDir() + "/known_hosts"
	write(t, file, "greeting "+key+"\n", 0o600)
	o.HostKeys = hostKeys(t, file, hostkeys.Strict)
	o.host.Address = greetedBy(t, notice, h.Addr())
	o.reaches(t)
	for _, endless := range []string{strings.Repeat("y", maxGreetingLine+2), strings.Repeat("line\n", maxGreetingLines+1)} {
		o.host.Address = greetedBy(t, endless, "")
		o.refusal(t, fault.Handshake, "what listens there is no SSH server", "check the address")
	}
}

// A server of version 1 is not waited for.
func TestVersionOne(t *testing.T) {
	h := testhost.New(t, testhost.Options{})
	o := newOperator(t, h)
	o.Timeout = 0 // nothing else ends it
	o.host.Address = greetedBy(t, "hello\r\nSSH-1.5-OpenSSH_2.1\r\n", "")
	o.refusal(t, fault.Handshake, `the server speaks SSH version "1.5" only`, "version 2")
}

// However the bytes come, what begins with the identification goes on to SSH, and nothing else.
func TestGreetingInPieces(t *testing.T) {
	for said, want := range map[string]string{
		"SSH-2.0-x\r\nrest":           "SSH-2.0-x\r\nrest",
		"a\nSS\n\nSSH-1.99-x\nrest":   "SSH-1.99-x\nrest",
		"no SSH-1.5-here\nSSH-2.0-\n": "SSH-2.0-\n",
		"SSH-\n":                      "SSH-\n",
		"SSH-10.0-x\n":                "SSH-10.0-x\n",
		"SSH-1.5-x\n":                 "",
		"b\nSSH-1.3\n":                "",
		"a\nSSH":                      "",
	} {
		for size := 1; size <= len(said); size++ {
			var g greeting
			var got []byte
			var err error
			for piece := range slices.Chunk([]byte(said), size) {
				switch {
				case got != nil:
					got = append(got, piece...)
				case err == nil:
					got, err = g.add(piece)
				}
			}
			if string(got) != want || (err != nil) != (strings.Contains(said, "SSH-1.") && want == "") {
				t.Errorf("%q in pieces of %d: %q, %v", said, size, got, err)
			}
		}
	}
}

func FuzzGreeting(f *testing.F) {
	f.Add([]byte("a\nSSH-2.0-x\n"), 3)
	f.Fuzz(func(t *testing.T, said []byte, size int) {
		whole, wholeErr := new(greeting).add(said)
		var g greeting
		var got []byte
		var err error
		for piece := range slices.Chunk(said, 1+max(0, size%100)) {
			if got != nil {
				got = append(got, piece...)
			} else if err == nil {
				got, err = g.add(piece)
			}
		}
		if string(got) != string(whole) || fmt.Sprint(err) != fmt.Sprint(wholeErr) {
			t.Errorf("at once %q, %v; in pieces %q, %v", whole, wholeErr, got, err)
		}
	})
}
