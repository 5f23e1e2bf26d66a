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

	"sloth-runner/internal/fault"
)

// lastAnswers limits how long calls may take to end when the master stops.
const lastAnswers = 2 * time.Second

// stopServer lets short calls finish, and ends the streams.
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

// listenLocal opens the administrator's socket, and removes the socket of a killed master.
func listenLocal(ctx context.Context, path string) (net.Listener, error) {
	info, err := os.Stat(filepath.Dir(path))
	if err != nil {
		return nil, fmt.Errorf("open the administrator's socket: %w", err)
	}
	if info.Mode().Perm()&0o077 != 0 {
		return nil, &fault.Error{
			Err:  fmt.Errorf("others may enter %s (mode %04o), and each process that reaches the socket in it is the administrator", filepath.Dir(path), info.Mode().Perm()),
			Hint: "chmod 700 it",
		}
	}
	// A shared store does not prevent two masters with one directory.
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
