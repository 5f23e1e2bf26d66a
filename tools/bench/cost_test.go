package main

import (
	"bufio"
	"context"
	"fmt"
	"net"
	"os/exec"
	"path/filepath"
	"testing"

	"sloth-runner/internal/duplex"
	"sloth-runner/inventory"
	"sloth-runner/proto"
	"sloth-runner/runner"
	"sloth-runner/sloth"
	"sloth-runner/tools/testhost"
)

// BenchmarkAgentStart measures an agent from start to end, with one task, over stdio as with SSH.
func BenchmarkAgentStart(b *testing.B) {
	bin := filepath.Join(b.TempDir(), "sloth-runner")
	if err := testhost.BuildProgram(bin); err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		runPlan(b, oneTask, 1, process{bin})
	}
}

// BenchmarkManyHosts measures the operator in a run of 20 tasks, on hosts that only send events.
func BenchmarkManyHosts(b *testing.B) {
	const hosts = 1000
	fake := newFakeAgents()
	defer fake.stop()
	events := 0
	for b.Loop() {
		events += runPlan(b, twentyTasks, hosts, fake)
	}
	b.ReportMetric(float64(events)/b.Elapsed().Seconds(), "events/s")
}

// BenchmarkOpen measures how long a host takes to load the file.
func BenchmarkOpen(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		machine, err := sloth.Open(b.Context(), "bench.sloth", []byte(twentyTasks), nil)
		if err != nil {
			b.Fatal(err)
		}
		machine.Close()
	}
}

// runPlan runs a file on hosts of a connector, and returns the number of events.
func runPlan(b *testing.B, source string, hosts int, connector runner.Connector) int {
	plan, err := sloth.Load(b.Context(), "bench.sloth", []byte(source))
	if err != nil {
		b.Fatal(err)
	}
	targets := make([]inventory.Target, hosts)
	for i := range targets {
		targets[i] = inventory.Target{Name: fmt.Sprintf("host-%d", i), Address: "bench"}
	}
	var jobs []runner.Job
	for _, group := range plan.Groups {
		for _, task := range group.Tasks {
			jobs = append(jobs, runner.Job{Group: group, Task: task, Targets: targets})
		}
	}
	events := new(eventCount)
	result, err := runner.Run(b.Context(), runner.Config{ID: "bench", Plan: plan, Jobs: jobs, Connector: connector, Sinks: []runner.Sink{events}})
	if err != nil || result.ExitStatus != 0 {
		b.Fatalf("exit status %d, %v, first host: %v", result.ExitStatus, err, result.Hosts[0].Failure)
	}
	return int(*events)
}

type eventCount int

func (c *eventCount) Event(*proto.Event) { *c++ }

// process starts an agent and connects to it.
type process struct{ bin string }

func (p process) Connect(context.Context, inventory.Target, func(*proto.Event)) (net.Conn, proto.HostConnected_Via, error) {
	cmd := exec.Command(p.bin, "agent", "serve", "--stdio", "--marker", "bench")
	stdin, err := cmd.StdinPipe()
	if err != nil {
		return nil, 0, err
	}
	stdout, err := cmd.StdoutPipe()
	if err != nil {
		return nil, 0, err
	}
	if err := cmd.Start(); err != nil {
		return nil, 0, err
	}
	reader := bufio.NewReader(stdout)
	if _, err := reader.ReadString('\n'); err != nil {
		return nil, 0, err
	}
	return duplex.New(duplex.Config{Reader: reader, Writer: stdin, Close: func() error {
		stdin.Close()
		return cmd.Wait()
	}}), 0, nil
}
