package main

import (
	"context"
	"crypto/rand"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

const (
	// largeSize is the size of the file that is copied, which can't be compressed.
	largeSize = 100_000_000
	// pushed and copied are where this program and its peer leave what they copy, in the home directories of hosts.
	pushed, copied = "bench-pushed", "bench-copied"
)

// The targets.
const (
	oneFileRatio  = 1.2
	farFileRatio  = 1.1
	farFileRate   = 20e6 // bytes a second
	manyFileRatio = 1.1
	sameFileBytes = 10_000
	pushMemory    = 150_000_000
	treeRatio     = 0.5
	treeTrips     = 5
)

// largePath is where the large file is.
func (l *lab) largePath() string { return filepath.Join(l.dir, "large") }

// refill gives a file a new content.
func refill(file string, size int) error {
	content := make([]byte, size)
	_, _ = rand.Read(content) // it never fails
	return os.WriteFile(file, content, 0o600)
}

// push returns the command that copies a file or a directory to hosts.
func (l *lab) push(hosts []host, file string, flags ...string) (program, error) {
	inventory, err := l.inventoryOf(hosts)
	if err != nil {
		return program{}, err
	}
	argv := []string{l.bin, "push", "-i", inventory, "-k", l.key, "--known-hosts", l.known, "all", file, pushed}
	return program{append(argv, flags...), l.environment()}, nil
}

// scp returns the command that copies a file to a host with OpenSSH.
func (l *lab) scp(h host, file string) (program, error) {
	address, port, err := net.SplitHostPort(h.address)
	if err != nil {
		return program{}, err
	}
	argv := []string{"scp", "-q", "-B", "-P", port}
	argv = append(argv, l.sshOptions()...)
	return program{append(argv, file, h.user+"@"+address+":"+copied), l.environment()}, nil
}

// sshOptions are for the programs of OpenSSH: the keys of the bench, and nothing of the user's.
func (l *lab) sshOptions() []string {
	return []string{
		"-F", "none", "-i", l.key, "-o", "IdentitiesOnly=yes", "-o", "StrictHostKeyChecking=yes",
		"-o", "UserKnownHostsFile=" + l.known, "-o", "GlobalKnownHostsFile=/dev/null",
	}
}

// together returns a command that runs others at the same time, and fails when one of them does.
func together(programs []program) program {
	var script strings.Builder
	for i, p := range programs {
		fmt.Fprintf(&script, "%s & pid%d=$!\n", quoteAll(p.argv), i)
	}
	for i := range programs {
		fmt.Fprintf(&script, "wait $pid%d || exit\n", i)
	}
	return program{[]string{"sh", "-c", script.String()}, programs[0].env}
}

// quoteAll quotes words for a POSIX shell.
func quoteAll(words []string) string {
	quoted := make([]string, len(words))
	for i, word := range words {
		quoted[i] = "'" + strings.ReplaceAll(word, "'", `'\''`) + "'"
	}
	return strings.Join(quoted, " ")
}

// forgetFiles removes from hosts what was copied there, and what their caches keep of it.
func (l *lab) forgetFiles(ctx context.Context, hosts []host) error {
	const forget = "rm -rf -- " + pushed + " " + copied + " ${XDG_CACHE_HOME:-~/.cache}/sloth-runner/files"
	_, err := l.floorOn(hosts, forget).run(ctx)
	return err
}

// missing says that a program is not there which a row needs.
func (l *lab) missing(what, name string) bool {
	if _, err := exec.LookPath(name); err == nil {
		return false
	}
	fmt.Fprintf(l.log, "bench: NOT COMPARED: %s, for %s is not installed on this machine\n", what, name)
	l.table = append(l.table, row{what: what, floor: "no " + name, ratio: "not compared"})
	return true
}
