package main

import (
	"context"
	"fmt"
)

// largeFile compares the first copy of a large file to a host with scp, and counts the bytes of the second.
func (l *lab) largeFile(ctx context.Context) error {
	proxy, behind, err := l.through(ctx, l.hosts[0], 0)
	if err != nil {
		return err
	}
	defer proxy.Close()
	// The times are those without the proxy, whose copying would cost both programs the same.
	first, err := l.againstScp(ctx, l.hosts[:1], l.rounds)
	if err != nil {
		return err
	}
	l.compare("100 MB to 1 host, against scp", first[0], first[1], oneFileRatio)
	again, err := l.push([]host{behind}, l.largePath())
	if err != nil {
		return err
	}
	before := proxy.BytesUp() + proxy.BytesDown()
	if _, err := again.run(ctx); err != nil {
		return err
	}
	moved := proxy.BytesUp() + proxy.BytesDown() - before
	l.table = append(l.table, row{
		what: "the same again, bytes both ways with those of SSH", measured: fmt.Sprintf("%d bytes", moved),
		target: fmt.Sprintf("< %d bytes", sameFileBytes), reached: moved < sameFileBytes,
	})
	return l.forgetFiles(ctx, l.hosts[:1])
}

// farFile compares the same through a connection with a long delay.
func (l *lab) farFile(ctx context.Context) error {
	proxy, behind, err := l.through(ctx, l.hosts[0], roundTrip/2)
	if err != nil {
		return err
	}
	defer proxy.Close()
	results, err := l.againstScp(ctx, []host{behind}, l.rounds)
	if err != nil {
		return err
	}
	l.compare("100 MB through a 100 ms round trip, against scp", results[0], results[1], farFileRatio)
	rate := func(t turns) float64 { return largeSize / t.median(wall).Seconds() }
	perSecond := func(rate float64) string { return fmt.Sprintf("%.1f MB/s", rate/1e6) }
	l.table = append(l.table, row{
		what: "the same, bytes a second", floor: perSecond(rate(results[0])), measured: perSecond(rate(results[1])),
		target: "≥ " + perSecond(farFileRate), reached: rate(results[1]) >= farFileRate,
	})
	return l.forgetFiles(ctx, l.hosts[:1])
}

// largeFileToMany compares copies to many hosts at once with as many scp, and looks at the operator's memory.
func (l *lab) largeFileToMany(ctx context.Context) error {
	hosts := l.some(20)
	results, err := l.againstScp(ctx, hosts, min(l.rounds, 3)) // each takes the disk gigabytes
	if err != nil {
		return err
	}
	l.compare("100 MB to "+count(len(hosts))+", against parallel scp", results[0], results[1], manyFileRatio)
	if err := l.newLarge(ctx, hosts); err != nil {
		return err
	}
	copying, err := l.push(hosts, l.largePath())
	if err != nil {
		return err
	}
	memory, err := peak(ctx, copying)
	if err != nil {
		return err
	}
	l.table = append(l.table, row{
		what: "the same, operator's memory at its peak", measured: inMegabytes(memory),
		target: "≤ " + inMegabytes(pushMemory), reached: memory <= pushMemory,
	})
	return l.forgetFiles(ctx, hosts)
}

// againstScp copies a large file to hosts, which have not seen it: with scp, and with this program.
func (l *lab) againstScp(ctx context.Context, hosts []host, rounds int) ([]turns, error) {
	pushing, err := l.push(hosts, l.largePath())
	if err != nil {
		return nil, err
	}
	var scps []program
	for _, h := range hosts {
		scp, err := l.scp(h, l.largePath())
		if err != nil {
			return nil, err
		}
		scps = append(scps, scp)
	}
	prepare := func() error { return l.newLarge(ctx, hosts) }
	return contestAfter(ctx, rounds, prepare, together(scps), pushing)
}

// newLarge makes a large file that no host has seen, and gives hosts the room for it.
func (l *lab) newLarge(ctx context.Context, hosts []host) error {
	if err := l.forgetFiles(ctx, hosts); err != nil {
		return err
	}
	return refill(l.largePath(), largeSize)
}
