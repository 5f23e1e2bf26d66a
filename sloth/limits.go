package sloth

import (
	"errors"
	"time"

	"sloth-runner/sloth/lua/vm"
)

// MaxSource is the largest file, in bytes.
const MaxSource = vm.MaxSource

// What a file may use. Loading is bounded tightly, for the operator's machine does it for files that nobody has read
// yet; a task has the limits that its author gives it, and a memory that leaves the host its own.

func loadLimits() vm.Limits {
	return vm.Limits{
		Time:    5 * time.Second,
		Memory:  256 << 20,
		TooLong: errors.New("loading takes more than 5 s"),
		TooMuch: errors.New("loading takes more than 256 MB of memory"),
	}
}

func taskLimits() vm.Limits {
	return vm.Limits{Memory: 512 << 20, TooMuch: errors.New("the task takes more than 512 MB of memory")}
}
