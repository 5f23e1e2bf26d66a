//go:build linux && lab

package lab

import (
	"fmt"
	"path"
	"regexp"
	"strings"
	"testing"
	"time"
)

// forget removes the agent from the hosts.
func forget(t *testing.T, hosts ...*Host) {
	t.Helper()
	for _, host := range hosts {
		if _, err := host.Run(t.Context(), "rm -rf /home/"+User+"/.cache"); err != nil {
			t.Fatal(err)
		}
	}
}

// count returns how many processes of a host match.
func count(t *testing.T, host *Host, match func(Process) bool) (n int, all []Process) {
	t.Helper()
	all, err := host.Processes()
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range all {
		if match(p) {
			n++
		}
	}
	return n, all
}

func anything(Process) bool { return true }

// ours returns all processes except sshd's own.
func ours(p Process) bool { return !p.SSH() }

// expectGone waits until no process on the hosts matches. It fails when that takes longer than the limit.
func expectGone(t *testing.T, limit time.Duration, match func(Process) bool, hosts ...*Host) {
	t.Helper()
	began := time.Now()
	for _, host := range hosts {
		for {
			// The processes are read before the clock: a test that was delayed must not fail because of it.
			late := time.Since(began) > limit
			n, left := count(t, host, match)
			if n == 0 {
				break
			}
			if late {
				t.Errorf("%s: after %v there are still %v", host.Name, limit, left)
				break
			}
			time.Sleep(20 * time.Millisecond)
		}
	}
}

// listing is the files of hosts, by the names of the hosts.
type listing map[string]map[string]string

func list(t *testing.T, hosts ...*Host) listing {
	t.Helper()
	all := listing{}
	for _, host := range hosts {
		files, err := host.Files()
		if err != nil {
			t.Fatal(err)
		}
		all[host.Name] = files
	}
	return all
}

// agentName matches a file of the cache.
var agentName = regexp.MustCompile(`^agent-[0-9a-f]{64}$`)

// expectOnlyCache compares the files with earlier ones: one agent in its cache may be new, and nothing else.
func expectOnlyCache(t *testing.T, before listing, hosts ...*Host) {
	t.Helper()
	const cache = "/home/" + User + "/.cache/sloth-runner"
	after := list(t, hosts...)
	for _, host := range hosts {
		var changes []string
		agents := 0
		for file, now := range after[host.Name] {
			switch was, existed := before[host.Name][file]; {
			case was == now, file == cache, file == path.Dir(cache):
			case path.Dir(file) == cache && agentName.MatchString(path.Base(file)) && strings.HasPrefix(now, "-rwx------ "):
				agents++
			case existed:
				changes = append(changes, fmt.Sprintf("%s was %s and is %s", file, was, now))
			default:
				changes = append(changes, fmt.Sprintf("%s is new: %s", file, now))
			}
		}
		for file := range before[host.Name] {
			if _, there := after[host.Name][file]; !there {
				changes = append(changes, file+" is gone")
			}
		}
		if len(changes) > 0 || agents != 1 {
			t.Errorf("%s has %d agents, and else: %s", host.Name, agents, strings.Join(changes, "; "))
		}
	}
}
