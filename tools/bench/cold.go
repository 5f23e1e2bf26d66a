package main

import (
	"context"
	"fmt"
	"os"
	"os/exec"
)

// coldBytes counts the bytes that are sent to a host without an agent.
func (l *lab) coldBytes(ctx context.Context) error {
	proxy, behind, err := l.through(ctx, l.hosts[0], 0)
	if err != nil {
		return err
	}
	defer proxy.Close()
	hosts := []host{behind}
	forget := "rm -f -- ${XDG_CACHE_HOME:-~/.cache}/sloth-runner/agent-*"
	if _, err := l.floorOn(hosts, forget).run(ctx); err != nil {
		return err
	}
	before := proxy.BytesUp()
	one, err := l.runOn(hosts, oneTask)
	if err != nil {
		return err
	}
	if _, err := one.run(ctx); err != nil {
		return err
	}
	sent := proxy.BytesUp() - before
	l.table = append(l.table, row{what: "bytes to a cold host", measured: inMegabytes(sent), target: "≤ " + inMegabytes(coldBytes), reached: sent <= coldBytes})
	return nil
}

// size adds the size of the program, and its compressed size.
func (l *lab) size(ctx context.Context) error {
	info, err := os.Stat(l.bin)
	if err != nil {
		return err
	}
	var compressed counter
	cmd := exec.CommandContext(ctx, "gzip", "-9c", l.bin)
	cmd.Stdout = &compressed
	if err := cmd.Run(); err != nil {
		return fmt.Errorf("compress the program: %w", err)
	}
	l.table = append(l.table, row{what: "size of the program", measured: fmt.Sprintf("%s, %s with gzip", inMegabytes(info.Size()), inMegabytes(int64(compressed)))})
	return nil
}

// counter counts the bytes that are written to it.
type counter int64

func (c *counter) Write(p []byte) (int, error) {
	*c += counter(len(p))
	return len(p), nil
}
