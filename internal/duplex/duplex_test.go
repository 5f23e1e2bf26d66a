package duplex

import (
	"bytes"
	"errors"
	"io"
	"net"
	"os"
	"os/exec"
	"testing"
	"time"

	"go.uber.org/goleak"
	"golang.org/x/net/nettest"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// pair returns two connected conns over OS pipes.
func pair(t *testing.T) (net.Conn, net.Conn) {
	t.Helper()
	ar, bw, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	br, aw, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	end := func(r, w *os.File) *Conn {
		return New(Config{Reader: r, Writer: w, Name: "peer", Close: func() error { return errors.Join(r.Close(), w.Close()) }})
	}
	return end(ar, aw), end(br, bw)
}

// TestConn runs the tests of golang.org/x/net for a net.Conn.
func TestConn(t *testing.T) {
	nettest.TestConn(t, func() (net.Conn, net.Conn, func(), error) {
		a, b := pair(t)
		return a, b, func() { a.Close(); b.Close() }, nil
	})
}

func TestWriteDeadlineOnFullPipe(t *testing.T) {
	a, b := pair(t)
	defer b.Close()
	defer a.Close()
	a.SetWriteDeadline(time.Now().Add(50 * time.Millisecond))
	if _, err := a.Write(make([]byte, 1<<20)); !errors.Is(err, os.ErrDeadlineExceeded) {
		t.Fatalf("write to a full pipe: %v, want the deadline", err)
	}
}

func TestCloseUnblocksReader(t *testing.T) {
	a, b := pair(t)
	defer b.Close()
	failed := make(chan error, 1)
	go func() {
		_, err := a.Read(make([]byte, 1))
		failed <- err
	}()
	a.Close()
	if err := <-failed; !errors.Is(err, net.ErrClosed) {
		t.Fatalf("read under close: %v", err)
	}
}

func TestCloseSendsWhatWasWritten(t *testing.T) {
	a, b := pair(t)
	defer b.Close()
	want := bytes.Repeat([]byte("x"), 200_000)
	got := make(chan []byte, 1)
	go func() {
		all, _ := io.ReadAll(b)
		got <- all
	}()
	if _, err := a.Write(want); err != nil {
		t.Fatal(err)
	}
	a.Close()
	if all := <-got; !bytes.Equal(all, want) {
		t.Fatalf("got %d bytes of %d", len(all), len(want))
	}
}

func TestCloseTwice(t *testing.T) {
	a, b := pair(t)
	b.Close()
	if err := errors.Join(a.Close(), a.Close()); err != nil {
		t.Fatal(err)
	}
}

// TestCommandThatEnds checks the errors of reading from and writing to a command that has ended.
func TestCommandThatEnds(t *testing.T) {
	cmd := exec.Command("sh", "-c", "echo last words; exit 3")
	stdin, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	stdout, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	why := errors.New("the command ended with status 3")
	c := New(Config{Reader: stdout, Writer: stdin, Close: func() error { stdin.Close(); return nil }, WrapError: func(error) error { return why }})
	if text, err := io.ReadAll(c); string(text) != "last words\n" || !errors.Is(err, why) {
		t.Fatalf("read %q, %v", text, err)
	}
	cmd.Wait()
	for {
		if _, err := c.Write([]byte("anyone there?")); err != nil {
			if !errors.Is(err, why) {
				t.Fatalf("write after the end: %v", err)
			}
			break
		}
		time.Sleep(time.Millisecond)
	}
	c.Close()
}
