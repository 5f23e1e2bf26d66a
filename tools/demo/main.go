// Command demo shows the program on three temporary SSH hosts. It starts them on loopback, runs a .sloth file on them
// twice, checks that no process is left, and removes the hosts.
//
//	demo [-bin FILE] [-f FILE]
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"syscall"
	"time"
)

func main() {
	d := demo{stdout: os.Stdout, stderr: os.Stderr, timeout: 5 * time.Second}
	flag.StringVar(&d.bin, "bin", "bin/sloth-runner", "the sloth-runner `file` to show")
	flag.StringVar(&d.file, "f", "examples/system_check.sloth", "the .sloth `file` to run")
	flag.Parse()
	os.Exit(status(d))
}

// status runs the demo and returns its exit status, so that deferred calls run before the exit.
func status(d demo) int {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM, syscall.SIGHUP)
	defer stop()
	err := d.run(ctx)
	switch {
	case err == nil:
		return 0
	case errors.Is(err, context.Canceled):
		fmt.Fprintln(os.Stderr, "demo: interrupted; the hosts are gone")
		return 130
	default:
		fmt.Fprintln(os.Stderr, "demo:", err)
		return 1
	}
}
