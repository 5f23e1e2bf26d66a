//go:build linux

package lab

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"strings"
)

// tools are the programs that a lab needs, each with the Debian package that has it.
type tools struct{ sshd, sftpServer string }

// findTools looks for all programs, and names all that are missing.
func findTools() (tools, error) {
	if os.Getuid() != 0 {
		return tools{}, errors.New("a lab needs root, for its namespaces")
	}
	var missing []string
	for _, tool := range [][2]string{
		{"ip", "iproute2"}, {"mount", "mount"}, {"nsenter", "util-linux"}, {"chroot", "coreutils"}, {"bash", "bash"},
	} {
		if _, err := exec.LookPath(tool[0]); err != nil {
			missing = append(missing, tool[1])
		}
	}
	found := tools{
		sshd:       firstFile("/usr/sbin/sshd", "/usr/bin/sshd"),
		sftpServer: firstFile("/usr/lib/openssh/sftp-server", "/usr/libexec/openssh/sftp-server", "/usr/lib/ssh/sftp-server"),
	}
	if found.sshd == "" || found.sftpServer == "" {
		missing = append(missing, "openssh-server")
	}
	if len(missing) > 0 {
		return tools{}, fmt.Errorf("a lab needs more programs: apt-get install %s", strings.Join(missing, " "))
	}
	return found, nil
}

func firstFile(paths ...string) string {
	for _, path := range paths {
		if info, err := os.Stat(path); err == nil && info.Mode().IsRegular() {
			return path
		}
	}
	return ""
}

// do runs a program of the machine and returns its standard output. The error contains the program's messages.
func do(ctx context.Context, name string, args ...string) (string, error) {
	out, err := exec.CommandContext(ctx, name, args...).Output()
	var exit *exec.ExitError
	if errors.As(err, &exit) {
		err = fmt.Errorf("%w: %s", err, strings.TrimSpace(string(exit.Stderr)))
	}
	if err != nil {
		return string(out), fmt.Errorf("%s %s: %w", name, strings.Join(args, " "), err)
	}
	return string(out), nil
}
