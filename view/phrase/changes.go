package phrase

import "fmt"

// Changes is how much was changed: "3 changed", or "" when nothing was. In a dry run it is "3 would change", or "nothing
// would change".
func Changes(n int, dryRun bool) string {
	switch {
	case n == 0 && dryRun:
		return "nothing would change"
	case n == 0:
		return ""
	case dryRun:
		return fmt.Sprintf("%d would change", n)
	}
	return fmt.Sprintf("%d changed", n)
}
