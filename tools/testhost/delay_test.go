package testhost

import (
	"bytes"
	"context"
	"crypto/rand"
	"errors"
	"io"
	"net"
	"syscall"
	"testing"
	"time"
)

// echo starts a server that returns all input, and ends with the client's direction.
func echo(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", address(0))
	if err != nil {
		t.Fatal(err)
	}
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			go func() {
				defer conn.Close()
				_, _ = io.Copy(conn, conn)
			}()
		}
	}()
	t.Cleanup(func() {
		_ = l.Close()
		<-ended
	})
	return l.Addr().String()
}

func connect(t *testing.T, addr string) *net.TCPConn {
	t.Helper()
	conn, err := net.Dial("tcp", addr)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close() })
	return conn.(*net.TCPConn)
}

func delay(t *testing.T, target string, oneWay time.Duration) *Proxy {
	t.Helper()
	p, err := Delay(t.Context(), target, oneWay)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(p.Close)
	return p
}

func send(t *testing.T, conn net.Conn, text string) {
	t.Helper()
	if _, err := io.WriteString(conn, text); err != nil {
		t.Fatal(err)
	}
}

func receive(t *testing.T, conn net.Conn, want string) {
	t.Helper()
	got := make([]byte, len(want))
	if n, err := io.ReadFull(conn, got); err != nil || string(got) != want {
		t.Fatalf("got %q, %v; want %q", got[:n], err, want)
	}
}

// expectSilence fails when anything arrives, also an end.
func expectSilence(t *testing.T, conn net.Conn, d time.Duration) {
	t.Helper()
	if err := conn.SetReadDeadline(time.Now().Add(d)); err != nil {
		t.Fatal(err)
	}
	n, err := conn.Read(make([]byte, 1))
	if timeout, ok := err.(net.Error); n > 0 || !ok || !timeout.Timeout() {
		t.Fatalf("not silent: %d bytes, %v", n, err)
	}
	if err := conn.SetReadDeadline(time.Time{}); err != nil {
		t.Fatal(err)
	}
}

func TestDelayIsThereOnceEachWay(t *testing.T) {
	const oneWay = 50 * time.Millisecond
	p := delay(t, echo(t), oneWay)
	conn := connect(t, p.Addr())
	for range 3 {
		began := time.Now()
		send(t, conn, "ping")
		receive(t, conn, "ping")
		if took := time.Since(began); took < 2*oneWay {
			t.Errorf("a round trip took only %v", took)
		}
	}
	if p.BytesUp() != 12 || p.BytesDown() != 12 || p.Accepted() != 1 {
		t.Errorf("%d up, %d down, %d connections", p.BytesUp(), p.BytesDown(), p.Accepted())
	}
}

// A thousand parcels would take minutes if each waited for the one before.
func TestDelayDoesNotLimitThroughput(t *testing.T) {
	const oneWay = 200 * time.Millisecond
	p := delay(t, echo(t), oneWay)
	conn := connect(t, p.Addr())
	data := make([]byte, 32<<20)
	_, _ = rand.Read(data)
	began := time.Now()
	go func() {
		_, _ = conn.Write(data)
		_ = conn.CloseWrite()
	}()
	got, err := io.ReadAll(conn)
	if err != nil || !bytes.Equal(got, data) {
		t.Fatalf("%d bytes came back of %d, %v", len(got), len(data), err)
	}
	if took, turns := time.Since(began), len(data)/parcelSize; took > time.Duration(turns)*oneWay/10 {
		t.Errorf("%d parcels took %v", turns, took)
	}
}

func TestEndsAreForwarded(t *testing.T) {
	p := delay(t, echo(t), time.Millisecond)
	conn := connect(t, p.Addr())
	send(t, conn, "last words")
	if err := conn.CloseWrite(); err != nil {
		t.Fatal(err)
	}
	if got, err := io.ReadAll(conn); err != nil || string(got) != "last words" {
		t.Errorf("%q, %v", got, err)
	}
}

func TestUnreachableTargetResets(t *testing.T) {
	r, err := Refusing()
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	p := delay(t, r.Addr(), time.Millisecond)
	conn, err := net.Dial("tcp", p.Addr())
	if err == nil { // the reset can come before the dialler has looked
		defer conn.Close()
		_, err = io.ReadAll(conn)
	}
	if !errors.Is(err, syscall.ECONNRESET) {
		t.Errorf("connect and read: %v", err)
	}
}

func TestCutAndHeal(t *testing.T) {
	p := delay(t, echo(t), time.Millisecond)
	conn, leaving := connect(t, p.Addr()), connect(t, p.Addr())
	for _, c := range []net.Conn{conn, leaving} {
		send(t, c, "before")
		receive(t, c, "before")
	}
	p.Cut()
	p.Cut()
	send(t, conn, "during")
	send(t, leaving, "bye")
	if err := leaving.CloseWrite(); err != nil {
		t.Fatal(err)
	}
	late := connect(t, p.Addr())
	send(t, late, "hello?")
	for _, c := range []net.Conn{conn, leaving, late} {
		expectSilence(t, c, 50*time.Millisecond)
	}
	if p.BytesUp() != 12 {
		t.Errorf("%d bytes went up", p.BytesUp())
	}
	p.Heal()
	p.Heal()
	receive(t, conn, "during")
	receive(t, late, "hello?")
	if got, err := io.ReadAll(leaving); err != nil || string(got) != "bye" {
		t.Errorf("%q, %v", got, err)
	}
}

func TestProxyEndsWithItsContext(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	p, err := Delay(ctx, echo(t), time.Hour)
	if err != nil {
		t.Fatal(err)
	}
	p.Cut()
	conn := connect(t, p.Addr())
	send(t, conn, "into the void")
	cancel()
	if _, err := io.ReadAll(conn); err == nil {
		t.Error("the connection ended in order")
	}
	p.Close()
}

func TestDropFirst(t *testing.T) {
	h := New(t, Options{})
	p, err := DropFirst(t.Context(), h.Addr(), 2)
	if err != nil {
		t.Fatal(err)
	}
	defer p.Close()
	for range 2 {
		if got, err := io.ReadAll(connect(t, p.Addr())); err != nil || len(got) > 0 {
			t.Errorf("%q, %v", got, err)
		}
	}
	if err := h.Trust(p.Addr()); err != nil {
		t.Fatal(err)
	}
	if got := run(t, dial(t, h, p.Addr()), "echo in", ""); got.stdout != "in\n" {
		t.Errorf("%+v", got)
	}
	if p.Accepted() != 3 || h.Connections() != 1 {
		t.Errorf("%d accepted, %d passed on", p.Accepted(), h.Connections())
	}
}

func TestSilent(t *testing.T) {
	s, err := Silent()
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	conn := connect(t, s.Addr())
	send(t, conn, "SSH-2.0-test\r\n")
	expectSilence(t, conn, 20*time.Millisecond)
	if s.Accepted() != 1 {
		t.Errorf("%d accepted", s.Accepted())
	}
}

func TestRefusing(t *testing.T) {
	r, err := Refusing()
	if err != nil {
		t.Fatal(err)
	}
	if _, err := net.Dial("tcp", r.Addr()); !errors.Is(err, syscall.ECONNREFUSED) {
		t.Errorf("dial: %v", err)
	}
	for range 2 {
		if err := r.Close(); err != nil {
			t.Error(err)
		}
	}
}
