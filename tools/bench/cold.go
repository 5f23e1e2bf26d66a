package main

import (
	"context"
	"fmt"
	"os"
	"os/exec"
)

// coldBytes counts what goes to a host that has no agent.
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

// size tells how large the program is, and how large when it is compressed for a host.
func (l *lab) size(ctx context.Context) error {
	info, err := os.Stat(l.bin)
	if err != nil {
		return err
	}
	var packed counter
	cmd := exec.CommandContext(ctx, "gzip", "-9c", l.bin)
	cmd.Stdout = &packed
	if err := cmd.Run(); err != nil {
		return fmt.Errorf("compress the program: %w", err)
	}
	l.table = append(l.table, row{what: "size of the program", measured: fmt.Sprintf("%s, %s with gzip", inMegabytes(info.Size()), inMegabytes(int64(packed)))})
	return nil
}

// counter counts what is written to it.
type counter int64

func (c *counter) Write(p []byte) (int, error) {
	*c += counter(len(p))
	return len(p), nil
}
