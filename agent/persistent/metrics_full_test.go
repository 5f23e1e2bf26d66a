package persistent

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"syscall"
	"testing"
	"time"

	"sloth-runner/agent"
)

// fullVar makes the test binary a process that serves metrics while it has no descriptor left.
const fullVar = "SLOTH_TEST_NO_DESCRIPTORS"

// full serves metrics at a port that it prints, takes all descriptors that it may have, and gives them back when its input ends.
// It returns how much CPU time it took meanwhile, in milliseconds, as its last line.
func full() int {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		fmt.Println(err)
		return 1
	}
	p := &Agent{Service: new(agent.Service), Tell: func(text string) { fmt.Println(text) }}
	p.prepare()
	ended := make(chan error, 1)
	ctx, stop := context.WithCancel(context.Background())
	defer stop()
	go func() { ended <- p.answerAll(ctx, metricsDoor().Listen(listener)) }()
	if err := syscall.Setrlimit(syscall.RLIMIT_NOFILE, &syscall.Rlimit{Cur: 40, Max: 40}); err != nil {
		fmt.Println(err)
		return 1
	}
	var files []*os.File
	for {
		file, err := os.Open(os.DevNull)
		if errors.Is(err, syscall.EMFILE) {
			break
		}
		if err != nil {
			fmt.Println(err)
			return 1
		}
		files = append(files, file)
	}
	before := cpuTime()
	fmt.Println(listener.Addr())
	_, _ = io.Copy(io.Discard, os.Stdin)
	took := cpuTime() - before
	for _, file := range files {
		file.Close()
	}
	select {
	case err := <-ended:
		fmt.Println("it serves no more:", err)
		return 1
	case <-time.After(500 * time.Millisecond):
	}
	fmt.Println(took.Milliseconds())
	// The last answer is on its way.
	time.Sleep(500 * time.Millisecond)
	return 0
}

func cpuTime() time.Duration {
	var usage syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &usage); err != nil {
		return 0
	}
	return time.Duration(usage.Utime.Nano() + usage.Stime.Nano())
}

// TestMetricsWithoutDescriptors: who asks while the process has no descriptor left is answered when it has one again.
func TestMetricsWithoutDescriptors(t *testing.T) {
	t.Parallel()
	ctx, stop := context.WithTimeout(t.Context(), 2*time.Minute)
	defer stop()
	cmd := exec.CommandContext(ctx, os.Args[0])
	cmd.Env, cmd.Stderr = append(os.Environ(), fullVar+"=1"), os.Stderr
	stdin, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	stdout, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	lines := bufio.NewScanner(stdout)
	if !lines.Scan() {
		t.Fatal("it printed no address")
	}
	address, answered := lines.Text(), make(chan error, 1)
	go func() {
		request, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+address+"/metrics", nil)
		if err != nil {
			answered <- err
			return
		}
		answer, err := (&http.Client{Transport: &http.Transport{DisableKeepAlives: true}}).Do(request)
		if err == nil {
			answer.Body.Close()
		}
		answered <- err
	}()
	select {
	case err := <-answered:
		t.Errorf("it was answered without a descriptor: %v", err)
	case <-time.After(300 * time.Millisecond):
	}
	stdin.Close()
	if err := <-answered; err != nil {
		t.Error(err)
	}
	lines.Scan()
	var milliseconds int
	if _, err := fmt.Sscan(lines.Text(), &milliseconds); err != nil || milliseconds > 100 {
		t.Errorf("it took %q ms of CPU: it asks again and again", lines.Text())
	}
	if err := cmd.Wait(); err != nil {
		t.Error(err)
	}
}
