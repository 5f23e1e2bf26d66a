package command

import (
	"fmt"
	"slices"
	"strings"

	"sloth-runner/internal/fault"
)

// CheckFormat checks the value of -o.
func CheckFormat(format string, known ...string) error {
	if slices.Contains(known, format) {
		return nil
	}
	return &fault.Error{
		Err:  fmt.Errorf("unknown output format %q", format),
		Hint: "-o takes " + strings.Join(known, " or "),
	}
}
