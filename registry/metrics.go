package registry

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"sloth-runner/internal/audit"
	"sloth-runner/internal/fault"
	"sloth-runner/proto"
	"sloth-runner/trust/authz"
	"sloth-runner/trust/entrance"
)

// scrapeTimeout limits an answer to Prometheus.
const scrapeTimeout = 10 * time.Second

// scrapers limits the connections for metrics, which are unauthenticated.
var scrapers = entrance.Limits{Unauthenticated: 32, Total: 32, Handshake: scrapeTimeout, Attempts: -1}

// counts are the counters of a master since its start.
type counts struct {
	refused, unwritten atomic.Uint64

	mu    sync.Mutex
	calls map[string]uint64 // by method
}

// refused counts each call that was refused.
func (m *Master) refused(r authz.Refusal) {
	m.counts.refused.Add(1)
	m.audit.Refused(audit.Entry{Who: r.String(), From: r.Address, Did: r.Method[strings.LastIndex(r.Method, "/")+1:], Result: "refused: " + r.Err.Error()})
}

func (m *Master) admitted(_ authz.Call, method string) {
	m.counts.mu.Lock()
	defer m.counts.mu.Unlock()
	if m.counts.calls == nil {
		m.counts.calls = map[string]uint64{}
	}
	m.counts.calls[method[strings.LastIndex(method, "/")+1:]]++
}

// serveMetrics answers Prometheus until ctx ends.
func (m *Master) serveMetrics(ctx context.Context) error {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /metrics", func(w http.ResponseWriter, r *http.Request) {
		text, err := m.exposition(r.Context())
		if err != nil {
			http.Error(w, err.Error(), http.StatusInternalServerError)
			return
		}
		w.Header().Set("Content-Type", "text/plain; version=0.0.4; charset=utf-8")
		// The client is gone, and the error can't be reported.
		_, _ = w.Write([]byte(text))
	})
	server := &http.Server{Handler: mux, ReadTimeout: scrapeTimeout, WriteTimeout: scrapeTimeout, IdleTimeout: time.Minute}
	var stopping sync.WaitGroup
	defer stopping.Wait()
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	stopping.Go(func() {
		<-ctx.Done()
		_ = server.Close()
	})
	if err := server.Serve(entrance.New(scrapers).Listen(m.metrics)); !errors.Is(err, http.ErrServerClosed) {
		return fmt.Errorf("serve metrics: %w", fault.Plain(err))
	}
	return nil
}

// exposition returns the metrics in Prometheus' format (https://prometheus.io/docs/instrumenting/exposition_formats/).
func (m *Master) exposition(ctx context.Context) (string, error) {
	list, err := m.service.list(ctx, 0)
	if err != nil {
		return "", err
	}
	states := map[proto.RegisteredAgent_State]int{}
	for _, agent := range list.GetAgents() {
		states[agent.GetState()]++
	}
	tokens := 0
	err = m.store.Scan(ctx, tokenPrefix, func(string, []byte) error {
		tokens++
		return nil
	})
	if err != nil {
		return "", err
	}
	var out strings.Builder
	head := func(name, kind, help string) {
		fmt.Fprintf(&out, "# HELP %s %s\n# TYPE %s %s\n", name, help, name, kind)
	}
	head("sloth_runner_agents", "gauge", "Registered agents by state.")
	for _, number := range slices.Sorted(maps.Keys(proto.RegisteredAgent_State_name)) {
		state := proto.RegisteredAgent_State(number)
		fmt.Fprintf(&out, "sloth_runner_agents{state=%q} %d\n", strings.ToLower(state.String()), states[state])
	}
	well := 0
	if m.service.cluster.IsWell() {
		well = 1
	}
	head("sloth_runner_master_well", "gauge", "1 when the master can do its work, 0 while it is cut off from its store.")
	fmt.Fprintf(&out, "sloth_runner_master_well %d\n", well)
	head("sloth_runner_masters", "gauge", "Masters that run with this registry.")
	fmt.Fprintf(&out, "sloth_runner_masters %d\n", max(1, len(m.service.cluster.Running())))
	head("sloth_runner_tokens", "gauge", "Tokens that are kept, those that were used included.")
	fmt.Fprintf(&out, "sloth_runner_tokens %d\n", tokens)
	head("sloth_runner_refusals_total", "counter", "Calls that were not let in.")
	fmt.Fprintf(&out, "sloth_runner_refusals_total %d\n", m.counts.refused.Load())
	head("sloth_runner_turned_off_total", "counter", "Connections that were closed, since there was no room or their address had too many that came to nothing.")
	fmt.Fprintf(&out, "sloth_runner_turned_off_total %d\n", m.entrance.Rejected())
	head("sloth_runner_audit_errors_total", "counter", "Lines that could not be written to the audit log.")
	fmt.Fprintf(&out, "sloth_runner_audit_errors_total %d\n", m.counts.unwritten.Load())
	head("sloth_runner_calls_total", "counter", "Calls that were let in, by method.")
	m.counts.mu.Lock()
	defer m.counts.mu.Unlock()
	for _, method := range slices.Sorted(maps.Keys(m.counts.calls)) {
		fmt.Fprintf(&out, "sloth_runner_calls_total{method=%q} %d\n", method, m.counts.calls[method])
	}
	return out.String(), nil
}
