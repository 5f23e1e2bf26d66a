package testhost

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"time"
)

// sshd is a running OpenSSH server.
type sshd struct {
	guard  *guard
	onPort int
}

func (d *sshd) implementation() string { return "openssh" }
func (d *sshd) port() int              { return d.onPort }
func (d *sshd) stop() error            { return d.guard.stop() }

// errTryAgain is the error of a start that may succeed when it is tried again.
var errTryAgain = errors.New("could not start")

// start starts a server for the site. Another process may take its port first, and a machine on which sshd never ran
// lacks a directory; in both cases it tries again.
func (o *openSSH) start(ctx context.Context, s *site) (server, error) {
	if err := writeNew(s.authorizedKeysFile(), publicLine(s.clientKey, "testhost"), 0o600); err != nil {
		return nil, err
	}
	for try := 1; ; try++ {
		d, err := o.startOnce(ctx, s)
		if err == nil || try == 20 || !errors.Is(err, errTryAgain) {
			return d, err
		}
	}
}

func (o *openSSH) startOnce(ctx context.Context, s *site) (server, error) {
	port, err := freePort()
	if err != nil {
		return nil, err
	}
	config := filepath.Join(s.Dir, "sshd_config")
	if err := os.WriteFile(config, []byte(o.config(s, port)), 0o600); err != nil {
		return nil, err
	}
	// Messages of a failed start are not part of the host's log.
	log, err := os.OpenFile(s.logFile(), os.O_WRONLY|os.O_TRUNC|os.O_APPEND, 0)
	if err != nil {
		return nil, err
	}
	defer log.Close()
	g, err := startGuard(s.id, log, o.sshd, "-D", "-e", "-f", config)
	if err != nil {
		return nil, err
	}
	d := &sshd{guard: g, onPort: port}
	if err := d.waitUntilListening(ctx, s.logFile()); err != nil {
		return nil, errors.Join(err, d.stop())
	}
	return d, nil
}

// waitUntilListening returns when the log says that sshd listens. It makes no connection, because that would be in the
// log and count towards MaxStartups.
func (d *sshd) waitUntilListening(ctx context.Context, logFile string) error {
	tick := time.NewTicker(time.Millisecond)
	defer tick.Stop()
	listening := fmt.Sprintf("Server listening on %s port %d", loopback, d.onPort)
	for {
		log, err := os.ReadFile(logFile)
		if err != nil {
			return err
		}
		if strings.Contains(string(log), listening) {
			return nil
		}
		select {
		case <-tick.C:
		case <-d.guard.gone:
			return startFailure(logFile)
		case <-ctx.Done():
			return fmt.Errorf("wait for sshd: %w", context.Cause(ctx))
		}
	}
}

var missingDir = regexp.MustCompile(`Missing privilege separation directory: (/\S+)`)

// startFailure returns why sshd ended, from its log. It creates a missing directory.
func startFailure(logFile string) error {
	text, err := os.ReadFile(logFile)
	if err != nil {
		return err
	}
	log := strings.TrimSpace(string(text))
	if dir := missingDir.FindStringSubmatch(log); dir != nil {
		// Only sshd of root needs it. The service would have created it at boot.
		if err := os.Mkdir(dir[1], 0o755); err != nil && !errors.Is(err, os.ErrExist) {
			return fmt.Errorf("sshd: %w", err)
		}
		return fmt.Errorf("sshd: %w: %s", errTryAgain, log)
	}
	if strings.Contains(log, "Address already in use") {
		return fmt.Errorf("sshd: %w: %s", errTryAgain, log)
	}
	return fmt.Errorf("sshd ended: %s", log)
}
