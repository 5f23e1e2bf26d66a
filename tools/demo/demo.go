package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"time"

	"sloth-runner/tools/testhost"
)

// demo says what to run and where to print it.
type demo struct {
	bin, file      string
	stdout, stderr io.Writer
	// timeout limits how long processes may stay on a host after a run. An agent sees the end of its connection only
	// after its operator has ended.
	timeout time.Duration
}

// run runs the file twice. When it returns, all hosts are stopped and all files removed. The error contains
// context.Canceled when ctx ended.
func (d demo) run(ctx context.Context) (err error) {
	bin, err := filepath.Abs(d.bin)
	if err != nil {
		return err
	}
	if _, err := os.Stat(bin); err != nil {
		return fmt.Errorf("%w; `make build` makes it", err)
	}
	dir, err := os.MkdirTemp("", "sloth-demo-")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	fleet, err := testhost.NewFleet(ctx, 3, testhost.Options{Dir: filepath.Join(dir, "hosts")})
	if err != nil {
		return errors.Join(context.Cause(ctx), err)
	}
	defer func() { err = errors.Join(err, fleet.Stop()) }()
	d.introduce(fleet)

	s := show{demo: d, bin: bin, dir: dir, fleet: fleet, inventory: filepath.Join(dir, "hosts.ini")}
	if err := fleet.WriteInventory(s.inventory); err != nil {
		return err
	}
	if err := s.act(ctx, "first run", "nothing is installed on the hosts"); err != nil {
		return err
	}
	if err := s.act(ctx, "second run", "the agent is cached"); err != nil {
		return err
	}
	fmt.Fprintln(d.stdout, "Nothing is left running on the hosts; they are stopped and removed.")
	return nil
}

func (d demo) introduce(fleet *testhost.Fleet) {
	fmt.Fprintf(d.stdout, "Temporary SSH hosts on this machine (%s):", fleet.Hosts[0].Implementation())
	for _, host := range fleet.Hosts {
		fmt.Fprintf(d.stdout, " %s on port %d", host.Name, host.Port)
	}
	fmt.Fprintln(d.stdout)
}

// show is a demo with its hosts.
type show struct {
	demo
	bin, dir, inventory string
	fleet               *testhost.Fleet
}

// act runs the program once under a heading, prints how long it took, and checks that it left no process.
func (s show) act(ctx context.Context, name, what string) error {
	fmt.Fprintf(s.stdout, "\n── %s: %s ──\n\n", name, what)
	began := time.Now()
	if err := s.command(ctx).Run(); err != nil {
		return errors.Join(context.Cause(ctx), fmt.Errorf("%s: %s: %w", name, s.demo.bin, err))
	}
	fmt.Fprintf(s.stdout, "\n── %s took %.2f s ──\n", name, time.Since(began).Seconds())
	return s.verifyQuiet(ctx, name)
}

// verifyQuiet returns an error when processes are left on the hosts.
func (s show) verifyQuiet(ctx context.Context, after string) error {
	for deadline := time.Now().Add(s.timeout); ; {
		left, err := s.processes()
		if err != nil || left == nil {
			return err
		}
		if time.Now().After(deadline) {
			return fmt.Errorf("%s left processes running: %v", after, left)
		}
		select {
		case <-time.After(10 * time.Millisecond):
		case <-ctx.Done():
			return context.Cause(ctx)
		}
	}
}

// processes returns the process IDs of each host that has any, or nil.
func (s show) processes() (map[string][]int, error) {
	var left map[string][]int
	for _, host := range s.fleet.Hosts {
		pids, err := host.Processes()
		if err != nil {
			return nil, err
		}
		if len(pids) > 0 {
			if left == nil {
				left = make(map[string][]int)
			}
			left[host.Name] = pids
		}
	}
	return left, nil
}
