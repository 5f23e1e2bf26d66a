package testhost

import (
	"net"
	"strconv"
)

// loopback is the only address that hosts listen on.
const loopback = "127.0.0.1"

func address(port int) string { return net.JoinHostPort(loopback, strconv.Itoa(port)) }

// freePort returns a port on which nothing listens. Another process may take it before it is used, and the caller has
// to handle that.
func freePort() (int, error) {
	l, err := net.Listen("tcp", address(0))
	if err != nil {
		return 0, err
	}
	return portOf(l), l.Close()
}

func portOf(l net.Listener) int { return l.Addr().(*net.TCPAddr).Port }
