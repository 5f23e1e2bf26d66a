package bootstrap

import (
	"context"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"sloth-runner/internal/fault"
	"sloth-runner/internal/secret"
	"sloth-runner/inventory"
	"sloth-runner/proto"
	"sloth-runner/sshclient/hostkeys"
	"sloth-runner/tools/testhost"
	"sloth-runner/tools/testhost/hostile"
)

// mostMemory is what hostile hosts, all at once, may make the program and this test hold, in bytes.
const mostMemory = 150 << 20

// TestHostileServers: a run with one host of each kind that does harm, and some like any other. Each of the former ends at
// its limits with an error that can be shown; the others are reached as if those were not there; memory is bounded.
func TestHostileServers(t *testing.T) {
	fleet := testhost.NewHosts(t, 3, testhost.Options{})
	o := newOperatorOfAgents(t, fleet.Hosts[0])
	o.SSH.Timeout, o.Uploads = shortLimit, NewUploads(2, 0)
	lines := []string{}
	type reached struct {
		what string
		inventory.Target
		hostile bool
	}
	var all []reached
	for _, mode := range hostile.Modes() {
		if !mode.Often && !testhost.Full() {
			continue
		}
		h, err := hostile.Start(mode)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(h.Close)
		lines = append(lines, h.KnownHostsLine())
		target := o.target
		target.Name, target.Address = mode.Name, h.Addr()
		if mode.Name == "login-endless" {
			target.Password = secret.New("sesame")
		}
		all = append(all, reached{mode.What, target, true})
	}
	for _, h := range fleet.Hosts {
		lines = append(lines, h.KnownHostsLine(h.Addr()))
		target := o.target
		target.Name, target.Address, target.SSH.IdentityFiles = h.Name, h.Addr(), []string{h.ClientKey}
		all = append(all, reached{"an ordinary host", target, false})
	}
	file := filepath.Join(t.TempDir(), "known_hosts")
	write(t, file, strings.Join(lines, "\n")+"\n", 0o600)
	o.SSH.HostKeys = hostkeys.New([]string{file}, hostkeys.Strict)

	runtime.GC()
	most := watchMemory(t)
	begin := time.Now()
	var running sync.WaitGroup
	for _, r := range all {
		running.Go(func() {
			// No limit of the host's may take longer than this: it is many times what all stages have together.
			ctx, cancel := context.WithTimeout(t.Context(), 40*shortLimit)
			defer cancel()
			conn, _, err := o.Connect(ctx, r.Target, func(*proto.Event) {})
			took := time.Since(begin).Round(100 * time.Millisecond)
			t.Logf("%-22s %6s  %.300s", r.Name, took, words(err))
			switch {
			case err == nil && r.hostile:
				t.Errorf("%s (%s) was taken for a host", r.Name, r.what)
			case err == nil:
				answers(t, conn)
			case !r.hostile:
				t.Errorf("%s was not reached: %v", r.Name, err)
			default:
				if ctx.Err() != nil {
					t.Errorf("%s (%s) was not ended by its limits: %v", r.Name, r.what, err)
				}
				mustBeFit(t, r.Name, err)
			}
			if err == nil {
				conn.Close()
			}
		})
	}
	running.Wait()
	if bytes := most(); bytes > mostMemory {
		t.Errorf("it took %d MB of memory", bytes>>20)
	} else {
		t.Logf("it took %d MB of memory", bytes>>20)
	}
}

func words(err error) string {
	if err == nil {
		return "reached"
	}
	return err.Error() + " (hint: " + fault.Hint(err) + ")"
}

// mustBeFit fails unless an error can be shown: in one line, bounded, without what steers a terminal.
func mustBeFit(t *testing.T, name string, err error) {
	t.Helper()
	text := words(err)
	if len(text) > 16<<10 || strings.ContainsAny(text, "\n\r\x1b") {
		t.Errorf("%s: the error can't be shown as it is: %.500q", name, text)
	}
}

// watchMemory looks at what the program holds until the returned function tells the most of it.
func watchMemory(t *testing.T) func() uint64 {
	t.Helper()
	var most uint64
	stop, ended := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(ended)
		for {
			var m runtime.MemStats
			runtime.ReadMemStats(&m)
			most = max(most, m.HeapAlloc+m.StackInuse)
			select {
			case <-stop:
				return
			case <-time.After(50 * time.Millisecond):
			}
		}
	}()
	return sync.OnceValue(func() uint64 {
		close(stop)
		<-ended
		return most
	})
}
