package agent

import (
	"bytes"
	"os"
	"path/filepath"
	"strconv"
	"syscall"
)

// processGroup puts a child into a process group of its own, and has the kernel kill it when the agent is killed.
// The signal comes when the thread that started the child ends (prctl(2)); Go ends a thread only when a goroutine
// that is locked to it returns, which none here is.
func processGroup() *syscall.SysProcAttr {
	return &syscall.SysProcAttr{Setpgid: true, Pdeathsig: syscall.SIGKILL}
}

// onlyZombies reports whether every process of a group has ended and only waits to be noticed by its parent. Orphans
// may wait long for that: the first process of a container seldom does its duty.
func onlyZombies(group int) bool {
	alive, ended := count(group)
	return alive == 0 && ended > 0
}

// members is how many processes a group has that has not ended, at least one.
func members(group int) int {
	alive, _ := count(group)
	return max(1, alive)
}

// count is how many processes of a group live, and how many have ended.
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

// processState reads state and process group from /proc/PID/stat; see proc(5). The name before them may hold anything.
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
