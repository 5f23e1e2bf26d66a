package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"strconv"
	"strings"
	"syscall"
	"time"
)

func main() {
	b := bench{out: os.Stdout, log: os.Stderr}
	flag.StringVar(&b.bin, "bin", "bin/sloth-runner", "the sloth-runner `file` to measure")
	sizes := flag.String("hosts", "1,10,50,300", "`numbers` of hosts; fewer where the inventory has fewer")
	agents := flag.String("agents", "1000,10000", "`numbers` of agents that only report to a master")
	flag.DurationVar(&b.watch, "watch", 30*time.Second, "how `long` idle programs are measured")
	flag.IntVar(&b.rounds, "rounds", 5, "how many `times` each program takes its turn")
	flag.StringVar(&b.only, "only", "", "measure only what has this `text` in its name, as \"file\"; the names are those that it says while it works")
	flag.StringVar(&b.profile, "profile", "", "write CPU profiles of the operator's side to this `directory`")
	flag.StringVar(&b.inventory, "i", "", "measure on the hosts of this inventory `file` instead of temporary ones")
	flag.StringVar(&b.knownHosts, "known-hosts", "", "known_hosts `file` for the hosts of -i")
	flag.Parse()
	var err error
	if b.sizes, err = numbers(*sizes); err == nil {
		b.agents, err = numbers(*agents)
	}
	if err == nil && b.rounds < 1 {
		err = errors.New("-rounds must be at least 1")
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(2)
	}
	os.Exit(status(&b))
}

// status runs the bench and returns its exit status, so that deferred calls run before the exit. A missed target is not
// an error: other load on the machine may be the reason.
func status(b *bench) int {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM, syscall.SIGHUP)
	defer stop()
	if err := b.run(ctx); err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		return 1
	}
	return 0
}

func numbers(list string) ([]int, error) {
	var found []int
	for word := range strings.SplitSeq(list, ",") {
		n, err := strconv.Atoi(strings.TrimSpace(word))
		if err != nil || n < 1 {
			return nil, fmt.Errorf("expected numbers such as 1,10,50, not %q", list)
		}
		found = append(found, n)
	}
	return found, nil
}
