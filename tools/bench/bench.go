package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"time"

	"sloth-runner/tools/testhost"
)

// bench says what to measure, on which hosts, and where to print it.
type bench struct {
	bin        string
	sizes      []int
	agents     []int
	watch      time.Duration
	rounds     int
	only       string // a part of the names of what is measured
	profile    string
	inventory  string
	knownHosts string
	out, log   io.Writer
}

// run measures all figures. When it returns, all hosts are stopped and all files removed, except for profiles.
func (b *bench) run(ctx context.Context) (err error) {
	dir, err := os.MkdirTemp("", "sloth-bench-")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	l, err := b.lab(ctx, dir)
	if err != nil {
		return errors.Join(context.Cause(ctx), err)
	}
	defer func() { err = errors.Join(err, l.close()) }()
	fmt.Fprintf(b.out, "%d hosts: %s. Times are the best of %d, with the median in brackets.\n\n", len(l.hosts), l.what, b.rounds)
	if err := l.measure(ctx); err != nil {
		return errors.Join(context.Cause(ctx), err)
	}
	l.table.print(b.out)
	if l.only != "" {
		return nil
	}
	if err := l.printInits(ctx); err != nil {
		return err
	}
	return l.writeProfiles(ctx)
}

// lab is a bench with its hosts and programs.
type lab struct {
	*bench
	dir   string
	what  string // what the hosts are
	hosts []host
	// key is the private key that all hosts accept.
	key     string
	known   string // a known_hosts file that the bench may append to
	floor   string // the floor program's file
	agent   string // the agent's file, as hosts get it
	table   table
	release func() error
}

// lab builds the floor program and finds the hosts.
func (b *bench) lab(ctx context.Context, dir string) (*lab, error) {
	bin, err := filepath.Abs(b.bin)
	if err != nil {
		return nil, err
	}
	if _, err := os.Stat(bin); err != nil {
		return nil, fmt.Errorf("%w; `make build` makes it", err)
	}
	b.bin = bin
	l := &lab{bench: b, dir: dir, known: filepath.Join(dir, "known_hosts"), floor: filepath.Join(dir, "floor"), agent: filepath.Join(dir, "agent")}
	if err := testhost.BuildFloor(l.floor); err != nil {
		return nil, err
	}
	if err := testhost.BuildAgent(l.agent); err != nil {
		return nil, err
	}
	if b.inventory != "" {
		return l, l.useInventory(ctx)
	}
	return l, l.startHosts(ctx)
}

// startHosts starts as many temporary hosts as the largest number in sizes.
func (l *lab) startHosts(ctx context.Context) error {
	fmt.Fprintln(l.log, "bench: starting the hosts")
	fleet, err := testhost.NewFleet(ctx, slices.Max(l.sizes), testhost.Options{Dir: filepath.Join(l.dir, "hosts")})
	if err != nil {
		return err
	}
	l.release = fleet.Stop
	l.key = fleet.ClientKey
	l.what = "temporary hosts on loopback (" + fleet.Hosts[0].Implementation() + ")"
	for _, h := range fleet.Hosts {
		l.hosts = append(l.hosts, host{name: h.Name, user: h.User, address: h.Addr()})
	}
	if err := l.learnFrom(fleet.KnownHosts); err != nil {
		return errors.Join(err, l.close())
	}
	return nil
}

func (l *lab) close() error {
	if l.release == nil {
		return nil
	}
	return l.release()
}
