package main

import (
	"context"
	"fmt"
	"net"
	"os"
	"path/filepath"
)

// smallFiles compares copies of a directory with many small files to ten hosts with rsync, which is started for each host, and counts
// the round trips that they take.
func (l *lab) smallFiles(ctx context.Context) error {
	if err := l.smallTrips(ctx); err != nil {
		return err
	}
	hosts := l.some(10)
	what := "1,000 files of 1 KB to " + count(len(hosts)) + ", against parallel rsync"
	if l.missing(what, "rsync") {
		return nil
	}
	tree, err := l.tree()
	if err != nil {
		return err
	}
	pushing, err := l.push(hosts, tree)
	if err != nil {
		return err
	}
	var rsyncs []program
	for _, h := range hosts {
		rsync, err := l.rsync(h, tree)
		if err != nil {
			return err
		}
		rsyncs = append(rsyncs, rsync)
	}
	prepare := func() error { return l.forgetFiles(ctx, hosts) }
	results, err := contestAfter(ctx, l.rounds, prepare, together(rsyncs), pushing)
	if err != nil {
		return err
	}
	l.compare(what, results[0], results[1], treeRatio)
	return l.forgetFiles(ctx, hosts)
}

// smallTrips counts the round trips of the same copies above those of a run without files.
func (l *lab) smallTrips(ctx context.Context) error {
	proxy, behind, err := l.through(ctx, l.hosts[0], roundTrip/2)
	if err != nil {
		return err
	}
	defer proxy.Close()
	tree, err := l.tree()
	if err != nil {
		return err
	}
	pushing, err := l.push([]host{behind}, tree)
	if err != nil {
		return err
	}
	without, err := l.runOn([]host{behind}, oneTask)
	if err != nil {
		return err
	}
	prepare := func() error { return l.forgetFiles(ctx, l.hosts[:1]) }
	results, err := contestAfter(ctx, l.rounds, prepare, without, pushing)
	if err != nil {
		return err
	}
	l.roundTrips("100 ms round trip, 1,000 files of 1 KB, 1 host", results[0], results[1], treeTrips, "one task")
	return l.forgetFiles(ctx, l.hosts[:1])
}

// tree makes 1,000 files of 1 KB in 50 directories.
func (l *lab) tree() (string, error) {
	top := filepath.Join(l.dir, "tree")
	for i := range 1000 {
		dir := filepath.Join(top, fmt.Sprintf("dir-%02d", i%50))
		if err := os.MkdirAll(dir, 0o700); err != nil {
			return "", err
		}
		if err := refill(filepath.Join(dir, fmt.Sprintf("file-%03d", i)), 1000); err != nil {
			return "", err
		}
	}
	return top, nil
}

// rsync returns the command that copies a directory to a host with rsync.
func (l *lab) rsync(h host, dir string) (program, error) {
	address, port, err := net.SplitHostPort(h.address)
	if err != nil {
		return program{}, err
	}
	ssh := quoteAll(append([]string{"ssh", "-p", port}, l.sshOptions()...))
	return program{[]string{"rsync", "-a", "-e", ssh, dir + "/", h.user + "@" + address + ":" + copied}, l.environment()}, nil
}
