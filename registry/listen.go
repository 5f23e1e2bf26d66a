package registry

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"syscall"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/keepalive"

	"sloth-runner/internal/fault"
)

const (
	// keepaliveTime is how long a silent link is believed, and keepaliveTimeout how long an answer may then take.
	keepaliveTime    = 30 * time.Second
	keepaliveTimeout = 10 * time.Second
	// maxMessage bounds what a caller may send, in bytes: a part of a tunnel is the largest.
	maxMessage = 256 << 10
	// readBuffer is what a connection has, of which there are as many as agents; what they send is small. Of the buffers to
	// write from, in bytes too, there are as many as connections that write at the same time.
	readBuffer  = 1 << 10
	writeBuffer = 4 << 10
	// maxStreams bounds the calls at the same time on one connection.
	maxStreams = 256
	// lastAnswers is how long calls may take to end when the master stops.
	lastAnswers = 2 * time.Second
	// handshakeTimeout bounds how long a caller may take to become one.
	handshakeTimeout = 15 * time.Second
	// window is how much of a stream may be on its way, in bytes. A fixed one spares a ping for each report, by which gRPC
	// would find it out.
	window = 256 << 10
)

func serverOptions() []grpc.ServerOption {
	return []grpc.ServerOption{
		grpc.WaitForHandlers(true),
		grpc.MaxRecvMsgSize(maxMessage), grpc.MaxConcurrentStreams(maxStreams), grpc.ConnectionTimeout(handshakeTimeout),
		grpc.ReadBufferSize(readBuffer), grpc.WriteBufferSize(writeBuffer),
		grpc.StaticStreamWindowSize(window), grpc.StaticConnWindowSize(window),
		grpc.KeepaliveParams(keepalive.ServerParameters{Time: keepaliveTime, Timeout: keepaliveTimeout}),
		grpc.KeepaliveEnforcementPolicy(keepalive.EnforcementPolicy{MinTime: 5 * time.Second, PermitWithoutStream: true}),
	}
}

// stopServer lets calls that are answered at once be answered, and ends the others.
func stopServer(server *grpc.Server) {
	timer := time.AfterFunc(lastAnswers, server.Stop)
	defer timer.Stop()
	server.GracefulStop()
}

// listen opens the ports.
func (m *Master) listen(ctx context.Context) (err error) {
	if m.network, err = listenTCP(ctx, m.config.Listen); err != nil {
		return err
	}
	if m.config.Metrics != "" {
		if m.metrics, err = listenTCP(ctx, m.config.Metrics); err != nil {
			return err
		}
	}
	m.socket, err = listenLocal(ctx, m.Socket())
	return err
}

func listenTCP(ctx context.Context, address string) (net.Listener, error) {
	listener, err := new(net.ListenConfig).Listen(ctx, "tcp", address)
	if errors.Is(err, syscall.EADDRINUSE) {
		return nil, &fault.Error{Err: fmt.Errorf("listen on %s: %w", address, syscall.EADDRINUSE), Hint: "another master may run here; --port gives this one another port"}
	}
	if err != nil {
		return nil, fmt.Errorf("listen on %s: %w", address, fault.Plain(err))
	}
	return listener, nil
}

// listenLocal opens the administrator's socket, and removes what a master that was killed has left.
func listenLocal(ctx context.Context, path string) (net.Listener, error) {
	info, err := os.Stat(filepath.Dir(path))
	if err != nil {
		return nil, fmt.Errorf("open the administrator's socket: %w", err)
	}
	if info.Mode().Perm()&0o077 != 0 {
		return nil, &fault.Error{
			Err:  fmt.Errorf("others may enter %s (mode %04o), and whoever reaches the socket in it is the administrator", filepath.Dir(path), info.Mode().Perm()),
			Hint: "chmod 700 it",
		}
	}
	// A store that is shared does not keep two from one directory.
	if conn, err := new(net.Dialer).DialContext(ctx, "unix", path); err == nil {
		return nil, errors.Join(&fault.Error{
			Err:  fmt.Errorf("another master has %s open", filepath.Dir(path)),
			Hint: "stop it first, or give this one a directory of its own with --dir",
		}, conn.Close())
	}
	if err := os.Remove(path); err != nil && !errors.Is(err, os.ErrNotExist) {
		return nil, fmt.Errorf("remove the socket of before: %w", err)
	}
	listener, err := new(net.ListenConfig).Listen(ctx, "unix", path)
	if errors.Is(err, syscall.EINVAL) {
		return nil, &fault.Error{Err: fmt.Errorf("the path of the administrator's socket is too long: %s", path), Hint: "give the master a directory with a shorter path, with --dir"}
	}
	if err != nil {
		return nil, fmt.Errorf("open the administrator's socket %s: %w", path, fault.Plain(err))
	}
	if err := os.Chmod(path, 0o600); err != nil {
		return nil, errors.Join(err, listener.Close())
	}
	return listener, nil
}
