package process

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
)

// processGroup puts a child into its own process group, and lets the kernel kill it when the agent is killed. The kernel
// sends the signal when the thread that started the child ends (prctl(2)). Go ends a thread only when a goroutine that
// is locked to it returns; no goroutine here is locked.
func processGroup() *syscall.SysProcAttr {
	return &syscall.SysProcAttr{Setpgid: true, Pdeathsig: syscall.SIGKILL}
}

// onlyZombies reports whether all processes of a group have ended and only wait for their parent to reap them. Orphans
// may wait long: the first process of a container often reaps none.
func onlyZombies(group int) bool {
	alive, ended := count(group)
	return alive == 0 && ended > 0
}

// members returns how many processes of a group have not ended, at least one.
func members(group int) int {
	alive, _ := count(group)
	return max(1, alive)
}

// count returns how many processes of a group are alive, and how many have ended.
func count(group int) (alive, ended int) {
	stats, err := filepath.Glob("/proc/[0-9]*/stat")
	if err != nil {
		return 0, 0
	}
	for _, path := range stats {
		switch state, of := processState(path); {
		case of != group:
		case state == 'Z' || state == 'X':
			ended++
		default:
			alive++
		}
	}
	return alive, ended
}

// survivors describes the processes of a group that are left after SIGKILL, with the reason.
func survivors(group int) string {
	stats, err := filepath.Glob("/proc/[0-9]*/stat")
	if err != nil {
		return ""
	}
	var left []string
	for _, path := range stats {
		state, of := processState(path)
		if of != group || state == 'Z' || state == 'X' {
			continue
		}
		if len(left) == maxSurvivors {
			left = append(left, "and others")
			break
		}
		left = append(left, survivor(filepath.Dir(path), state))
	}
	if len(left) == 0 {
		return ""
	}
	return "still running after SIGKILL: " + strings.Join(left, ", ")
}

// maxSurvivors limits how many processes are named.
const maxSurvivors = 5

// survivor describes a process by its directory in /proc.
func survivor(dir string, state byte) string {
	pid := filepath.Base(dir)
	name, err := os.ReadFile(filepath.Join(dir, "comm"))
	if err != nil {
		name = []byte("?")
	}
	text := fmt.Sprintf("process %s (%s, state %c", pid, bytes.TrimSpace(name), state)
	if state == 'D' {
		text += ", it waits in the system, as for a disk or file system that does not answer"
	}
	number, err := strconv.Atoi(pid)
	if err == nil && errors.Is(syscall.Kill(number, 0), syscall.EPERM) {
		text += ", of another user"
	}
	return text + ")"
}

// processState reads state and process group from /proc/PID/stat; see proc(5). The process name before them may contain
// any character.
func processState(path string) (state byte, group int) {
	stat, err := os.ReadFile(path)
	if err != nil {
		return 0, 0
	}
	fields := bytes.Fields(stat[bytes.LastIndexByte(stat, ')')+1:])
	if len(fields) < 3 {
		return 0, 0
	}
	group, err = strconv.Atoi(string(fields[2]))
	if err != nil {
		return 0, 0
	}
	return fields[0][0], group
}
