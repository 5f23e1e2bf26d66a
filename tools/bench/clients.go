package main

import (
	"context"
	"crypto/tls"
	"errors"
	"math/rand/v2"
	"path/filepath"
	"sync"
	"time"
)

const (
	// reportInterval is how often an agent reports to a master, and reportSize is the size of a report in bytes, before
	// TLS.
	reportInterval = 5 * time.Second
	reportSize     = 20
)

// startListener builds and starts the program that a master is compared with.
func (l *lab) startListener(ctx context.Context) (s *service, address string, err error) {
	file := filepath.Join(l.dir, "listener")
	if err := l.build(ctx, file, "sloth-runner/tools/bench/listener"); err != nil {
		return nil, "", err
	}
	if s, err = l.startService(ctx, "the listener", file); err != nil {
		return nil, "", err
	}
	if address, err = s.await(ctx, `listens on (\S+)`); err != nil {
		return nil, "", errors.Join(err, s.stop())
	}
	return s, address, nil
}

// reportAll connects clients that send as much as agents do, until ctx ends. It returns when all are connected.
func reportAll(ctx context.Context, address string, clients int, running *sync.WaitGroup) error {
	// The listener made it a moment ago, on loopback.
	config := &tls.Config{InsecureSkipVerify: true, MinVersion: tls.VersionTLS13}
	return inParallel(clients, attaching, func(int) error {
		conn, err := (&tls.Dialer{Config: config}).DialContext(ctx, "tcp", address)
		if err != nil {
			return err
		}
		running.Go(func() {
			defer conn.Close()
			report := make([]byte, reportSize)
			for pause(ctx, reportInterval-rand.N(reportInterval/5)) == nil {
				if _, err := conn.Write(report); err != nil {
					return
				}
			}
		})
		return nil
	})
}
