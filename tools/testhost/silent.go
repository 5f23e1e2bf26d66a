package testhost

import (
	"fmt"
	"net"
	"sync"
	"syscall"
)

// SilentHost accepts connections and sends nothing, like a host whose sshd hangs. Its methods are safe for concurrent
// use.
type SilentHost struct {
	listener net.Listener
	running  sync.WaitGroup

	mu    sync.Mutex
	conns []net.Conn
	heard int
	// closed says that new connections are to be closed at once.
	closed bool
}

// Silent starts a silent host. It must be closed.
func Silent() (*SilentHost, error) {
	listener, err := net.Listen("tcp", address(0))
	if err != nil {
		return nil, fmt.Errorf("silent host: %w", err)
	}
	s := &SilentHost{listener: listener}
	s.running.Go(func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return // Close closed it
			}
			s.mu.Lock()
			s.conns = append(s.conns, conn)
			if s.closed {
				_ = conn.Close()
			}
			s.mu.Unlock()
			s.running.Go(func() { s.listen(conn) })
		}
	})
	return s, nil
}

// listen reads the first bytes of a client, and no more.
func (s *SilentHost) listen(conn net.Conn) {
	if n, _ := conn.Read(make([]byte, 1)); n == 0 {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.heard++
}

// Heard returns how many clients have sent something. These know that they are connected.
func (s *SilentHost) Heard() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.heard
}

// Addr returns host:port to connect to.
func (s *SilentHost) Addr() string { return address(portOf(s.listener)) }

// Accepted returns how many connections were accepted.
func (s *SilentHost) Accepted() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.conns)
}

// Close stops the host and closes its connections.
func (s *SilentHost) Close() {
	_ = s.listener.Close()
	s.mu.Lock()
	s.closed = true
	for _, conn := range s.conns {
		_ = conn.Close()
	}
	s.mu.Unlock()
	s.running.Wait()
}

// RefusingPort is a port on 127.0.0.1 that refuses connections for as long as it is held.
type RefusingPort struct {
	socket int
	port   int
	close  func() error
}

// Refusing reserves a port without listening on it.
func Refusing() (*RefusingPort, error) {
	socket, err := syscall.Socket(syscall.AF_INET, syscall.SOCK_STREAM, 0)
	if err != nil {
		return nil, fmt.Errorf("refusing port: %w", err)
	}
	syscall.CloseOnExec(socket)
	r := &RefusingPort{socket: socket}
	r.close = sync.OnceValue(func() error { return syscall.Close(socket) })
	if err := r.bind(); err != nil {
		_ = r.close()
		return nil, fmt.Errorf("refusing port: %w", err)
	}
	return r, nil
}

func (r *RefusingPort) bind() error {
	if err := syscall.Bind(r.socket, &syscall.SockaddrInet4{Addr: [4]byte{127, 0, 0, 1}}); err != nil {
		return err
	}
	name, err := syscall.Getsockname(r.socket)
	if err != nil {
		return err
	}
	r.port = name.(*syscall.SockaddrInet4).Port
	return nil
}

// Addr returns the host:port that refuses connections.
func (r *RefusingPort) Addr() string { return address(r.port) }

// Close releases the port. It may be called more than once.
func (r *RefusingPort) Close() error { return r.close() }
