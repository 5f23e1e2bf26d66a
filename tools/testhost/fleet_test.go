package testhost

import (
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"testing"
)

func TestFleet(t *testing.T) {
	implementations(t, Options{Name: "db"}, func(t *testing.T, o Options) {
		f := NewHosts(t, 3, o)
		inventory := filepath.Join(f.Dir, "hosts.ini")
		if err := f.WriteInventory(inventory); err != nil {
			t.Fatal(err)
		}
		want := "[testhosts]\n"
		for i, h := range f.Hosts {
			name := fmt.Sprintf("db-%d", i+1)
			want += fmt.Sprintf("%s ansible_host=127.0.0.1 ansible_port=%d ansible_user=%s ansible_ssh_private_key_file=%s\n",
				name, h.Port, h.User, f.ClientKey)
			// All hosts are reachable with the fleet's own files.
			shared := &Host{User: h.User, ClientKey: f.ClientKey, KnownHosts: f.KnownHosts}
			if got := run(t, dial(t, shared, h.Addr()), "echo $SLOTH_TESTHOST", ""); got.stdout != name+"\n" {
				t.Errorf("%s: %+v", name, got)
			}
			if f.Host(name) != h {
				t.Errorf("Host(%q) is another", name)
			}
		}
		got, err := os.ReadFile(inventory)
		if err != nil || string(got) != want {
			t.Errorf("%v, inventory:\n%s\nwant:\n%s", err, got, want)
		}
		if err := f.Stop(); err != nil {
			t.Fatal(err)
		}
		if _, err := os.Stat(f.Dir); !os.IsNotExist(err) {
			t.Errorf("the directory is left: %v", err)
		}
	})
}

// Hosts that start at the same time must not use the same port.
func TestManyAtOnce(t *testing.T) {
	const n = 20
	var all sync.WaitGroup
	fleets := make([]*Fleet, 2)
	for i := range fleets {
		all.Go(func() {
			f, err := NewFleet(t.Context(), n/2, Options{})
			if err != nil {
				t.Error(err)
				return
			}
			fleets[i] = f
		})
	}
	all.Wait()
	ports := make(map[int]bool)
	for _, f := range fleets {
		if f == nil {
			continue
		}
		for _, h := range f.Hosts {
			ports[h.Port] = true
			run(t, dial(t, h, h.Addr()), "true", "")
			if h.Connections() != 1 {
				t.Errorf("%s has %d connections", h.Name, h.Connections())
			}
		}
		if err := f.Stop(); err != nil {
			t.Error(err)
		}
	}
	if len(ports) != n {
		t.Errorf("%d ports for %d hosts", len(ports), n)
	}
}

func TestFleetThatCannotStartLeavesNothing(t *testing.T) {
	dir := t.TempDir()
	t.Setenv("TMPDIR", dir)
	f, err := NewFleet(t.Context(), 3, Options{ForceGo: true, MaxStartups: "nonsense"})
	if err == nil {
		t.Fatalf("started; stop: %v", f.Stop())
	}
	if left, err := os.ReadDir(dir); err != nil || len(left) != 0 {
		t.Errorf("%v and %v are left", left, err)
	}
}
