package registry

import (
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	"sloth-runner/proto"
	"sloth-runner/registry/client"
	"sloth-runner/trust"
)

// A master that may have 100 files open goes on with its work while others open more connections than that to it, and to
// its metrics: for the administrator, for operators who come anew, and for Prometheus.
func TestStrangersLeaveDescriptors(t *testing.T) {
	t.Parallel()
	dir := newDir(t)
	config := testConfig()
	config.Metrics = freeAddress(t)
	if err := Init(t.Context(), dir, "m1", config, ""); err != nil {
		t.Fatal(err)
	}
	address, _ := startMasterProcess(t, dir, exec.Command("sh", "-c", `ulimit -n 100; exec "$0"`, os.Args[0]))
	m := &testMaster{dir: dir}
	credentials, _, err := joinWithToken(t.Context(), []string{address}, m.token(t, trust.Operator, "anna"), "anna")
	if err != nil {
		t.Fatal(err)
	}
	for range 150 {
		for _, place := range []string{address, config.Metrics} {
			conn, err := net.DialTimeout("tcp", place, limit)
			if err != nil {
				t.Fatal(err)
			}
			defer conn.Close()
		}
	}
	began := time.Now()
	if _, err := m.admin(t).List(t.Context(), 0); err != nil {
		t.Errorf("the administrator: %v", err)
	}
	operator := client.New(trust.NewHolder(credentials), []string{address})
	defer operator.Close()
	var list *proto.ListResponse
	for list == nil && time.Since(began) < limit {
		// It may have to wait behind those who are before it, for longer than one try.
		list, err = operator.List(t.Context(), 0)
	}
	if list == nil {
		t.Errorf("an operator: %v", err)
	}
	client := &http.Client{Timeout: limit, Transport: &http.Transport{DisableKeepAlives: true}}
	answer, err := client.Get("http://" + config.Metrics + "/metrics")
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	text, err := io.ReadAll(answer.Body)
	if err != nil || !strings.Contains(string(text), "sloth_runner_turned_off_total") {
		t.Errorf("the metrics: %v\n%s", err, text)
	}
	t.Logf("all were answered after %s", time.Since(began).Round(time.Millisecond))
}

func freeAddress(t *testing.T) string {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	return listener.Addr().String()
}
