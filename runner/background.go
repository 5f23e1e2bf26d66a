package runner

import "fmt"

// stoppedText says that the end of the run stopped n processes that tasks had left in the background.
func stoppedText(n uint32) string {
	if n == 1 {
		return "1 background process was stopped; use setsid or systemd-run to keep it"
	}
	return fmt.Sprintf("%d background processes were stopped; use setsid or systemd-run to keep them", n)
}
