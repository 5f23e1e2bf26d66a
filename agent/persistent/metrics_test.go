package persistent

import (
	"context"
	"io"
	"net"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"sloth-runner/agent"
	"sloth-runner/trust/entrance"
)

// What a real client of HTTP reads.
func TestMetrics(t *testing.T) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	address := listener.Addr().String()
	listener.Close()
	p := &Agent{Service: new(agent.Service), Tell: func(text string) { t.Error(text) }}
	p.prepare()
	p.counts.ran("done")
	p.counts.ran("failed: 1 tasks")
	p.counts.refused.Add(3)
	ctx, stop := context.WithCancel(t.Context())
	var serving sync.WaitGroup
	serving.Go(func() { p.warn("serve metrics", p.serveMetrics(ctx, address)) })
	defer serving.Wait()
	defer stop()

	client := &http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
	get := func(path string) (status int, body string) {
		t.Helper()
		for began := time.Now(); ; time.Sleep(5 * time.Millisecond) {
			answer, err := client.Get("http://" + address + path)
			if err != nil {
				if time.Since(began) > 2*time.Minute {
					t.Fatal(err)
				}
				continue // it does not listen yet
			}
			defer answer.Body.Close()
			data, err := io.ReadAll(answer.Body)
			if err != nil {
				t.Fatal(err)
			}
			return answer.StatusCode, string(data)
		}
	}
	status, body := get("/metrics")
	for _, line := range []string{
		"sloth_runner_agent_runs 0\n", "sloth_runner_agent_abandoned_calls 0\n", `sloth_runner_agent_runs_total{result="done"} 1` + "\n",
		`sloth_runner_agent_runs_total{result="failed"} 1` + "\n", "sloth_runner_agent_refusals_total 3\n",
	} {
		if status != http.StatusOK || !strings.Contains(body, line) {
			t.Errorf("status %d, no %q in:\n%s", status, line, body)
		}
	}
	if status, _ := get("/"); status != http.StatusNotFound {
		t.Errorf("another path has status %d", status)
	}
}

// A client that sends nothing does not block others.
func TestMetricsWhileOthersSayNothing(t *testing.T) {
	t.Parallel()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	p := &Agent{Service: new(agent.Service), Tell: func(text string) { t.Error(text) }}
	p.prepare()
	ctx, stop := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	door := entrance.New(entrance.Limits{Unauthenticated: maxScrapers, Total: maxScrapers, Handshake: time.Minute, IdleTimeout: time.Millisecond, Attempts: -1})
	go func() { ended <- p.answerAll(ctx, door.Listen(listener)) }()
	for range 5 * maxScrapers {
		conn, err := net.Dial("tcp", listener.Addr().String())
		if err != nil {
			t.Fatal(err)
		}
		defer conn.Close()
	}
	// The silent clients have five seconds each, one after the other.
	client := &http.Client{Transport: &http.Transport{DisableKeepAlives: true}, Timeout: time.Minute}
	answer, err := client.Get("http://" + listener.Addr().String() + "/metrics")
	if err != nil {
		t.Fatal(err)
	}
	answer.Body.Close()
	if answer.StatusCode != http.StatusOK {
		t.Errorf("status %d", answer.StatusCode)
	}
	stop()
	if err := <-ended; err != nil {
		t.Error(err)
	}
}
