//go:build linux && lab

package lab

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
)

// operator is a user's account: a home with an inventory and known hosts, without anything of the user who runs the
// tests.
type operator struct {
	dir string
}

// newOperator returns an operator with these hosts in the group "lab".
func newOperator(t *testing.T, hosts ...*Host) *operator {
	t.Helper()
	o := &operator{dir: t.TempDir()}
	o.write(t, "known_hosts", KnownHosts(hosts...))
	inventory := fmt.Sprintf("[all:vars]\nansible_user=%s\nansible_ssh_private_key_file=%s\n[lab]\n", User, common.lab.Key)
	for _, host := range hosts {
		inventory += hostLine(host.Name, host)
	}
	o.write(t, "hosts.ini", inventory)
	return o
}

// hostLine returns a line of an inventory for a host.
func hostLine(name string, host *Host) string {
	return fmt.Sprintf("%s ansible_host=%s\n", name, host.Address)
}

// write puts a file into the operator's directory and returns its path.
func (o *operator) write(t *testing.T, name, text string) string {
	t.Helper()
	path := filepath.Join(o.dir, name)
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// add appends lines to the inventory.
func (o *operator) add(t *testing.T, lines string) {
	t.Helper()
	path := filepath.Join(o.dir, "hosts.ini")
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	o.write(t, "hosts.ini", string(text)+lines)
}

// task writes a file with one task, a shell command.
func (o *operator) task(t *testing.T, command string) string {
	t.Helper()
	return o.write(t, "task.sloth", fmt.Sprintf("TaskDefinitions = { lab = { tasks = { { name = \"task\", command = [==[%s]==] } } } }", command))
}

// begin starts `sloth-runner run` on the given hosts, or on the group "lab".
func (o *operator) begin(t *testing.T, file string, more ...string) *operation {
	t.Helper()
	args := []string{"run", "-f", file, "-i", filepath.Join(o.dir, "hosts.ini"), "--known-hosts", filepath.Join(o.dir, "known_hosts")}
	if len(more) == 0 || !strings.Contains(strings.Join(more, " "), "--delegate-to") {
		more = append([]string{"--delegate-to", "lab"}, more...)
	}
	return o.start(t, append(args, more...)...)
}

// start starts the program. It is stopped at the end of the test at the latest.
func (o *operator) start(t *testing.T, args ...string) *operation {
	t.Helper()
	cmd := exec.Command(common.program, args...)
	cmd.Env = []string{
		"PATH=" + os.Getenv("PATH"), "HOME=" + o.dir, "XDG_CACHE_HOME=" + common.cache,
		"XDG_STATE_HOME=" + filepath.Join(o.dir, "state"), "XDG_CONFIG_HOME=" + filepath.Join(o.dir, "config"),
	}
	cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL, Setpgid: true}
	op := newOperation(cmd)
	if err := op.start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = cmd.Process.Kill()
		<-op.ended
		if t.Failed() {
			t.Logf("%s\n%s%s", strings.Join(cmd.Args, " "), op.stdout(), op.stderr())
		}
	})
	return op
}

// expectStatus waits for the end of the program.
func (op *operation) expectStatus(t *testing.T, want int) {
	t.Helper()
	select {
	case <-op.ended:
	case <-time.After(timeout):
		t.Fatalf("the program did not end")
	}
	var exit *exec.ExitError
	if op.err != nil && !errors.As(op.err, &exit) {
		t.Fatal(op.err)
	}
	if got := op.cmd.ProcessState.ExitCode(); got != want {
		t.Fatalf("exit status %d, want %d", got, want)
	}
}

func (op *operation) signal(t *testing.T, signal os.Signal) {
	t.Helper()
	if err := op.cmd.Process.Signal(signal); err != nil {
		t.Fatal(err)
	}
}
