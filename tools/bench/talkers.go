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
	// talkEvery is how often an agent reports to a master that asks for nothing else, and reportSize how many bytes that is
	// before TLS.
	talkEvery  = 5 * time.Second
	reportSize = 20
)

// startListener builds and starts what a master is compared with.
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

// talkAll connects clients that say as much as agents, as often, until ctx ends; it returns when all are connected.
func talkAll(ctx context.Context, address string, clients int, running *sync.WaitGroup) error {
	// It is the listener's own, of a moment ago, on loopback.
	config := &tls.Config{InsecureSkipVerify: true, MinVersion: tls.VersionTLS13}
	return inParallel(clients, attaching, func(int) error {
		conn, err := (&tls.Dialer{Config: config}).DialContext(ctx, "tcp", address)
		if err != nil {
			return err
		}
		running.Go(func() {
			defer conn.Close()
			report := make([]byte, reportSize)
			for pause(ctx, talkEvery-rand.N(talkEvery/5)) == nil {
				if _, err := conn.Write(report); err != nil {
					return
				}
			}
		})
		return nil
	})
}
