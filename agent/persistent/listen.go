package persistent

import (
	"context"
	"fmt"
	"net"

	"sloth-runner/internal/fault"
)

// DefaultPort is the port of a persistent agent.
const DefaultPort = 50051

// Listen opens the port of a persistent agent. Without credentials it refuses all addresses but loopback: each client
// would have the rights of the account that runs the agent.
func Listen(ctx context.Context, address string, hasCredentials bool) (net.Listener, error) {
	if !hasCredentials && !IsLoopback(address) {
		return nil, &fault.Error{
			Err:  fmt.Errorf("refuse to listen on %q: an agent without authentication listens on loopback only", address),
			Hint: "let it join a master, with --master and --token, or set it up with `sloth-runner agent install`",
		}
	}
	listener, err := new(net.ListenConfig).Listen(ctx, "tcp", address)
	if err != nil {
		return nil, fmt.Errorf("listen on %s: %w", address, fault.Plain(err))
	}
	return listener, nil
}

// IsLoopback reports whether only this machine can connect to an address, host:port.
func IsLoopback(address string) bool {
	host, _, err := net.SplitHostPort(address)
	if err != nil {
		return false
	}
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}
