package connect_test

import (
	"errors"
	"io"
	"net"
	"strings"
	"sync"
	"syscall"
	"testing"

	"sloth-runner/connect"
	"sloth-runner/internal/fault"
	"sloth-runner/inventory"
	"sloth-runner/proto"
)

// An agent that wants TLS, asked without it, ends the connection in one way or another: what it wants is said each time.
func TestAgentThatWantsTLS(t *testing.T) {
	for name, end := range map[string]func(*net.TCPConn) error{
		"its end": func(conn *net.TCPConn) error {
			_, err := io.ReadFull(conn, make([]byte, len(asked)))
			return errors.Join(err, conn.Close())
		},
		"an alert": func(conn *net.TCPConn) error {
			_, err := io.ReadFull(conn, make([]byte, len(asked)))
			_, alertErr := conn.Write([]byte{0x15, 3, 1, 0, 2, 2, 22})
			return errors.Join(err, alertErr, conn.Close())
		},
		"a reset": reset, "a reset, told to who writes": reset,
	} {
		t.Run(name, func(t *testing.T) {
			conn, ended := dialUntil(t, end)
			if _, err := io.WriteString(conn, asked); err != nil {
				t.Fatal(err)
			}
			<-ended
			if name == "a reset, told to who writes" {
				mustWantTLS(t, writeUntilError(conn))
			}
			_, err := conn.Read(make([]byte, 64))
			mustWantTLS(t, err)
		})
	}
}

// reset is the end where not all was read that came.
func reset(conn *net.TCPConn) error {
	_, err := io.ReadFull(conn, make([]byte, 1))
	return errors.Join(err, conn.SetLinger(0), conn.Close())
}

// The end of a connection that an agent has answered on is no more than that.
func TestAgentThatIsLost(t *testing.T) {
	conn, ended := dialUntil(t, func(conn *net.TCPConn) error {
		_, err := conn.Write([]byte{0})
		_, readErr := io.ReadFull(conn, make([]byte, len(asked)))
		return errors.Join(err, readErr, conn.SetLinger(0), conn.Close())
	})
	if n, err := conn.Read(make([]byte, 64)); n != 1 || err != nil {
		t.Fatal(n, err)
	}
	if _, err := io.WriteString(conn, asked); err != nil {
		t.Fatal(err)
	}
	<-ended
	if _, err := conn.Read(make([]byte, 64)); !errors.Is(err, syscall.ECONNRESET) {
		t.Errorf("got %v", err)
	}
}

const asked = "PRI * HTTP/2.0\r\n\r\n"

// dialUntil dials an agent that ends the connection so.
func dialUntil(t *testing.T, end func(*net.TCPConn) error) (conn net.Conn, ended <-chan struct{}) {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	done := make(chan struct{})
	var serving sync.WaitGroup
	serving.Go(func() {
		defer close(done)
		conn, err := listener.Accept()
		if err == nil {
			err = end(conn.(*net.TCPConn))
		}
		if err != nil {
			t.Error(err)
		}
	})
	t.Cleanup(func() {
		listener.Close()
		serving.Wait()
	})
	target := inventory.Target{Name: "web", Kind: inventory.Agent, Address: listener.Addr().String()}
	conn, _, err = connect.Dialer{}.Connect(t.Context(), target, func(*proto.Event) {})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close() })
	return conn, done
}

// writeUntilError writes until the reset has come.
func writeUntilError(conn net.Conn) error {
	for {
		if _, err := io.WriteString(conn, asked); err != nil {
			return err
		}
	}
}

func mustWantTLS(t *testing.T, err error) {
	t.Helper()
	if err == nil || !strings.Contains(err.Error(), "wants to be shown a certificate, over TLS") || !strings.Contains(fault.Hint(err), "operator join") {
		t.Errorf("got %v (hint: %s)", err, fault.Hint(err))
	}
}
