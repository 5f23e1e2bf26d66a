package runner

import (
	"time"

	"golang.org/x/sys/unix"
)

// bootClock is a clock that goes on while the machine sleeps, and that nothing sets: CLOCK_BOOTTIME, see clock_gettime(2).
func bootClock() time.Time {
	var now unix.Timespec
	if err := unix.ClockGettime(unix.CLOCK_BOOTTIME, &now); err != nil {
		return time.Now()
	}
	return time.Unix(now.Unix())
}
