package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"regexp"
	"strconv"
	"time"
)

// clientMemory measures the peak of resident memory of both programs, on the number of hosts for which there is a
// target, and on all.
func (l *lab) clientMemory(ctx context.Context) error {
	few := l.some(clientMemoryHosts)
	if err := l.memoryOn(ctx, few, clientMemory); err != nil || len(few) == len(l.hosts) {
		return err
	}
	return l.memoryOn(ctx, l.hosts, crowdMemory)
}

// memoryOn adds a row for these hosts.  The maximum that wait4(2) reports can't be used. It includes the parent's
// memory, which the child shares between fork and exec.
func (l *lab) memoryOn(ctx context.Context, hosts []host, target int64) error {
	one, err := l.runOn(hosts, oneTask)
	if err != nil {
		return err
	}
	floor, err := peak(ctx, l.floorOn(hosts, command))
	if err != nil {
		return err
	}
	measured, err := peak(ctx, one)
	if err != nil {
		return err
	}
	l.table = append(l.table, row{
		what:  "operator's memory at its peak, " + count(len(hosts)),
		floor: inMegabytes(floor), measured: inMegabytes(measured),
		ratio: fmt.Sprintf("%.2f ×", float64(measured)/float64(floor)), target: "≤ " + inMegabytes(target), reached: measured <= target,
	})
	return nil
}

// peak runs a program and returns the peak of its resident memory.
func peak(ctx context.Context, p program) (int64, error) {
	var most int64
	_, err := p.watched(ctx, func(pid int) { most = watchPeak(ctx, pid) })
	if err == nil && most == 0 {
		err = errors.New("this system has no memory of processes in /proc")
	}
	return most, err
}

// watchPeak reads the peak until the process has ended. A zombie has no memory.
func watchPeak(ctx context.Context, pid int) int64 {
	tick := time.NewTicker(time.Millisecond)
	defer tick.Stop()
	for most := int64(0); ; {
		status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
		now, found := kilobytes(status, "VmHWM")
		if err != nil || !found {
			return most
		}
		most = max(most, now)
		select {
		case <-tick.C:
		case <-ctx.Done():
			return most
		}
	}
}

var memoryLine = regexp.MustCompile(`(Vm\w+|Rss\w+):\s+(\d+) kB`)

// kilobytes returns a value of /proc/PID/status in bytes.
func kilobytes(status []byte, name string) (int64, bool) {
	for _, line := range memoryLine.FindAllSubmatch(status, -1) {
		if string(line[1]) == name {
			kB, err := strconv.ParseInt(string(line[2]), 10, 64)
			return kB * 1024, err == nil
		}
	}
	return 0, false
}

// sleepingTask prints the agent's resident memory. The agent is the parent of its tasks' shells.
const sleepingTask = `TaskDefinitions = { bench = { tasks = { {
	name = "status", command = "sleep 1; cat /proc/$PPID/status" } } } }`

// agentMemory measures an agent while its task sleeps.
func (l *lab) agentMemory(ctx context.Context) error {
	sleeping, err := l.runOn(l.hosts[:1], sleepingTask)
	if err != nil {
		return err
	}
	t, err := sleeping.run(ctx)
	if err != nil {
		return err
	}
	resident, found := kilobytes(t.output, "VmRSS")
	anonymous, _ := kilobytes(t.output, "RssAnon")
	if !found {
		return errors.New("the host has no memory of processes in /proc")
	}
	l.table = append(l.table, row{
		what:     "the agent, resident while a task sleeps",
		measured: fmt.Sprintf("%s (%s of its own)", inMegabytes(resident), inMegabytes(anonymous)),
		target:   "≤ " + inMegabytes(agentMemory), reached: resident <= agentMemory,
	})
	return nil
}
