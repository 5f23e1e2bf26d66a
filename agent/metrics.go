package agent

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"strings"
	"sync/atomic"
	"time"

	"sloth-runner/internal/fault"
)

// counts are what Prometheus is told of an agent's life.
type counts struct {
	done, failed, refused atomic.Uint64
}

// ran counts a run by its result, which is one of session.result.
func (c *counts) ran(result string) {
	if result == "done" {
		c.done.Add(1)
		return
	}
	c.failed.Add(1)
}

// serveMetrics answers Prometheus at an address until ctx ends. Whoever can reach it can read it: it says how much is done,
// and not what.
func (p *Persistent) serveMetrics(ctx context.Context, address string) error {
	listener, err := new(net.ListenConfig).Listen(ctx, "tcp", address)
	if err != nil {
		return fmt.Errorf("serve metrics on %s: %w", address, fault.Plain(err))
	}
	server := &http.Server{Handler: http.HandlerFunc(p.metrics), ReadHeaderTimeout: 5 * time.Second}
	defer context.AfterFunc(ctx, func() { server.Close() })()
	if err := server.Serve(listener); !errors.Is(err, http.ErrServerClosed) {
		return fmt.Errorf("serve metrics on %s: %w", address, err)
	}
	return nil
}

// metrics writes them in Prometheus' text format; see
// https://prometheus.io/docs/instrumenting/exposition_formats/.
func (p *Persistent) metrics(w http.ResponseWriter, r *http.Request) {
	if r.URL.Path != "/metrics" {
		http.NotFound(w, r)
		return
	}
	var text strings.Builder
	write := func(name, kind, help string, lines ...string) {
		fmt.Fprintf(&text, "# HELP %s %s\n# TYPE %s %s\n%s\n", name, help, name, kind, strings.Join(lines, "\n"))
	}
	write("sloth_runner_agent_runs", "gauge", "Runs under way.", fmt.Sprintf("sloth_runner_agent_runs %d", p.service.admission.underWay()))
	write("sloth_runner_agent_runs_total", "counter", "Runs that have ended.",
		fmt.Sprintf("sloth_runner_agent_runs_total{result=\"done\"} %d", p.counts.done.Load()),
		fmt.Sprintf("sloth_runner_agent_runs_total{result=\"failed\"} %d", p.counts.failed.Load()))
	write("sloth_runner_agent_refusals_total", "counter", "Calls that were refused.",
		fmt.Sprintf("sloth_runner_agent_refusals_total %d", p.counts.refused.Load()))
	if p.Holder != nil {
		write("sloth_runner_agent_certificate_expires_seconds", "gauge", "When the certificate ends, in seconds since 1970.",
			fmt.Sprintf("sloth_runner_agent_certificate_expires_seconds %d", p.Holder.Current().Cert.NotAfter.Unix()))
	}
	w.Header().Set("Content-Type", "text/plain; version=0.0.4")
	// Whoever asked is gone if that can't be written.
	_, _ = w.Write([]byte(text.String()))
}
