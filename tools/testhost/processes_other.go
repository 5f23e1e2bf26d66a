//go:build !linux

package testhost

import (
	"fmt"
	"os/exec"
	"slices"
	"strconv"
	"strings"
)

// marked returns the ids of all processes with that host ID in their environment, as far as ps shows it, in
// ascending order.
func marked(id string) ([]int, error) {
	list, err := exec.Command("ps", "-axwwE", "-o", "pid=,command=").Output()
	if err != nil {
		return nil, fmt.Errorf("list processes: %w", err)
	}
	var pids []int
	for line := range strings.Lines(string(list)) {
		words := strings.Fields(line)
		if len(words) == 0 || !slices.Contains(words, idVar+"="+id) {
			continue
		}
		pid, err := strconv.Atoi(words[0])
		if err != nil {
			return nil, fmt.Errorf("list processes: %w", err)
		}
		pids = append(pids, pid)
	}
	slices.Sort(pids)
	return pids, nil
}
