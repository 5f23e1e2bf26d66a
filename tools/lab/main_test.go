//go:build linux && lab

package lab

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"sloth-runner/tools/testhost"
)

// stage is what all tests share: the program, built once, and one network. Every test has its own hosts.
type stage struct {
	lab *Lab
	// program is the file of the real program. cache is the operator's cache directory, which keeps the compressed
	// agent.
	program, cache string
}

// common is set once, before any test runs.
var common stage

func TestMain(m *testing.M) {
	status, err := runAll(m)
	if err != nil {
		fmt.Fprintln(os.Stderr, "lab:", err)
		status = 1
	}
	os.Exit(status)
}

// runAll prepares the stage, runs the tests, and removes it.
func runAll(m *testing.M) (status int, err error) {
	if dir := os.Getenv(asOwner); dir != "" {
		return 1, own(dir)
	}
	if common.lab, err = New(context.Background()); err != nil {
		return 1, err
	}
	defer func() { err = errors.Join(err, common.lab.Close()) }()
	common.program, common.cache = filepath.Join(common.lab.dir, "sloth-runner"), filepath.Join(common.lab.dir, "cache")
	if err := testhost.BuildProgram(common.program); err != nil {
		return 1, err
	}
	return m.Run(), nil
}

// up starts hosts of one kind for a test, and stops them at its end.
func up(t *testing.T, n int, o Options) []*Host {
	t.Helper()
	hosts, err := common.lab.Up(t.Context(), n, o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		for _, host := range hosts {
			if t.Failed() {
				if log, err := host.Log(); err == nil {
					t.Logf("%s, end of sshd's log: %s", host.Name, log[max(0, len(log)-1000):])
				}
			}
			if err := host.Kill(); err != nil {
				t.Error(err)
			}
		}
	})
	return hosts
}

// mixed returns hosts of all kinds, most of them plain.
func mixed(t *testing.T, plain int) []*Host {
	t.Helper()
	hosts := up(t, plain, Options{})
	hosts = append(hosts, up(t, 2, Options{Noisy: true})...)
	hosts = append(hosts, up(t, 1, Options{NoForwarding: true})...)
	return append(hosts, up(t, 1, Options{OneSession: true})...)
}
