package command

import (
	"fmt"

	"sloth-runner/internal/fault"
)

// Unreadable says why a file can't be read, without the system call.
func Unreadable(name string, err error) error {
	return fmt.Errorf("can't read %s: %w", name, fault.WithoutPath(err))
}
