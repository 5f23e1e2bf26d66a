package persistent

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"time"

	"sloth-runner/agent"
	"sloth-runner/internal/fault"
	"sloth-runner/internal/pause"
	"sloth-runner/trust/entrance"
)

// counts are the counters for Prometheus.
type counts struct {
	done, failed, refused atomic.Uint64
}

// ran counts a run by its result.
func (c *counts) ran(result string) {
	if result == agent.ResultDone {
		c.done.Add(1)
		return
	}
	c.failed.Add(1)
}

const (
	// maxQuestion bounds what is read of a request, in bytes, and questionTime how long one may take with its answer.
	maxQuestion  = 8 << 10
	questionTime = 5 * time.Second
	// maxScrapers limits concurrent clients: a new one replaces the oldest.
	maxScrapers = 16
	// acceptAgain is the pause after a connection could not be accepted, because too many files are open.
	acceptAgain = 100 * time.Millisecond
)

// serveMetrics serves metrics for Prometheus at an address until ctx ends. All who can reach the address can read them:
// they say how much is done, not what.
//
// It implements only the part of HTTP/1.0 (RFC 1945) that is needed. The library would add a third of a megabyte to the
// program on each host.
func (p *Agent) serveMetrics(ctx context.Context, address string) error {
	listener, err := new(net.ListenConfig).Listen(ctx, "tcp", address)
	if err != nil {
		return fmt.Errorf("at %s: %w", address, fault.Plain(err))
	}
	if err := p.answerAll(ctx, metricsDoor().Listen(listener)); err != nil {
		return fmt.Errorf("at %s: %w", address, fault.Plain(err))
	}
	return nil
}

// metricsDoor limits the concurrent clients.
func metricsDoor() *entrance.Entrance {
	return entrance.New(entrance.Limits{Unauthenticated: maxScrapers, Total: maxScrapers, Handshake: questionTime, Attempts: -1})
}

// answerAll answers all clients until ctx ends. No client can block another.
func (p *Agent) answerAll(ctx context.Context, listener net.Listener) error {
	var answering sync.WaitGroup
	defer answering.Wait()
	defer context.AfterFunc(ctx, func() { listener.Close() })()
	for {
		conn, err := listener.Accept()
		switch {
		case ctx.Err() != nil:
			if err == nil {
				conn.Close()
			}
			return nil
		case errors.Is(err, syscall.EMFILE), errors.Is(err, syscall.ENFILE), errors.Is(err, syscall.ECONNABORTED), errors.Is(err, syscall.ENOBUFS):
			pause.For(ctx, acceptAgain)
		case err != nil:
			return err
		default:
			answering.Go(func() { p.answer(ctx, conn) })
		}
	}
}

// answer reads one request and closes the connection. It ignores a write error: the client is gone.
func (p *Agent) answer(ctx context.Context, conn net.Conn) {
	defer conn.Close()
	defer context.AfterFunc(ctx, func() { conn.Close() })()
	_ = conn.SetDeadline(time.Now().Add(questionTime))
	lines := bufio.NewScanner(io.LimitReader(conn, maxQuestion))
	if !lines.Scan() {
		return
	}
	asked := lines.Text()
	for lines.Scan() && lines.Text() != "" {
	}
	if method, rest, _ := strings.Cut(asked, " "); method != "GET" || strings.SplitN(rest, " ", 2)[0] != "/metrics" {
		_, _ = io.WriteString(conn, "HTTP/1.0 404 Not Found\r\n\r\n")
		return
	}
	_, _ = io.WriteString(conn, "HTTP/1.0 200 OK\r\nContent-Type: text/plain; version=0.0.4\r\n\r\n"+p.metrics())
}

// metrics returns the metrics in Prometheus' text format; see
// https://prometheus.io/docs/instrumenting/exposition_formats/.
func (p *Agent) metrics() string {
	var text strings.Builder
	write := func(name, kind, help string, lines ...string) {
		fmt.Fprintf(&text, "# HELP %s %s\n# TYPE %s %s\n%s\n", name, help, name, kind, strings.Join(lines, "\n"))
	}
	write("sloth_runner_agent_runs", "gauge", "Runs under way.", fmt.Sprintf("sloth_runner_agent_runs %d", p.Service.Runs()))
	write("sloth_runner_agent_abandoned_calls", "gauge", "Calls into the system that were abandoned and have not come back.",
		fmt.Sprintf("sloth_runner_agent_abandoned_calls %d", p.Service.AbandonedCalls()))
	write("sloth_runner_agent_runs_total", "counter", "Runs that have ended.",
		fmt.Sprintf("sloth_runner_agent_runs_total{result=\"done\"} %d", p.counts.done.Load()),
		fmt.Sprintf("sloth_runner_agent_runs_total{result=\"failed\"} %d", p.counts.failed.Load()))
	write("sloth_runner_agent_refusals_total", "counter", "Calls that were refused.",
		fmt.Sprintf("sloth_runner_agent_refusals_total %d", p.counts.refused.Load()))
	write("sloth_runner_agent_turned_off_total", "counter", "Connections that were closed, since there was no room or their address had too many that came to nothing.",
		fmt.Sprintf("sloth_runner_agent_turned_off_total %d", p.entrance.Rejected()))
	if p.Holder != nil {
		write("sloth_runner_agent_certificate_expires_seconds", "gauge", "When the certificate ends, in seconds since 1970.",
			fmt.Sprintf("sloth_runner_agent_certificate_expires_seconds %d", p.Holder.Current().Cert.NotAfter.Unix()))
	}
	return text.String()
}
