package provision_test

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"sloth-runner/agent/service"
	"sloth-runner/provision"
	"sloth-runner/registry"
	"sloth-runner/registry/client"
	"sloth-runner/tools/testhost"
)

// A program that does not start as a master leaves no service, and one that others can change is not tried.
func TestMasterThatDoesNotStart(t *testing.T) {
	dir := t.TempDir()
	m := &provision.Master{Dir: filepath.Join(dir, "master"), Place: service.Place{Root: dir, Home: dir, UID: os.Geteuid()}}
	if err := registry.Init(t.Context(), m.Dir, "m1", registry.Config{Listen: "127.0.0.1:0"}, ""); err != nil {
		t.Fatal(err)
	}
	program, err := exec.LookPath("false")
	if err != nil {
		t.Fatal(err)
	}
	if _, _, err := m.Install(t.Context(), program); err == nil || !strings.Contains(err.Error(), "the supervisor did not start the master") {
		t.Errorf("installed: %v", err)
	}
	for _, name := range []string{"sloth-runner", "service"} {
		if _, err := os.Lstat(filepath.Join(m.Dir, name)); !os.IsNotExist(err) {
			t.Errorf("%s is left: %v", name, err)
		}
	}
	if was, _, err := m.Uninstall(t.Context()); was || err != nil {
		t.Errorf("it is a service: %t, %v", was, err)
	}

	// A service that there was goes on with the program that it had.
	works := filepath.Join(dir, "works")
	if err := testhost.BuildProgram(works); err != nil {
		t.Fatal(err)
	}
	if _, _, err := m.Install(t.Context(), works); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if was, _, err := m.Uninstall(context.Background()); !was || err != nil {
			t.Errorf("it is a service: %t, %v", was, err)
		}
	})
	if _, _, err := m.Install(t.Context(), program); err == nil || !strings.Contains(err.Error(), "the program of before runs again: "+works) {
		t.Errorf("installed again: %v", err)
	}
	if got, err := os.Readlink(m.Spec().Program); got != works || err != nil {
		t.Errorf("its program is %s, %v", got, err)
	}
	master := client.NewLocal(registry.SocketPath(m.Dir))
	defer master.Close()
	if _, err := master.List(t.Context(), 0); err != nil {
		t.Error(err)
	}

	open := filepath.Join(dir, "open")
	if err := os.WriteFile(open, nil, 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(open, 0o777); err != nil {
		t.Fatal(err)
	}
	if _, _, err := m.Install(t.Context(), open); err == nil || !strings.Contains(err.Error(), "is no program for a service") {
		t.Errorf("a program that others can change: %v", err)
	}
	if err := os.Chmod(dir, 0o777); err != nil {
		t.Fatal(err)
	}
	if _, _, err := m.Install(t.Context(), program); err == nil || !strings.Contains(err.Error(), "is no place for a service") {
		t.Errorf("a directory that others can exchange: %v", err)
	}
}
