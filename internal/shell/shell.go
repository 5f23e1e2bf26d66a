// Package shell writes words for the shells of hosts.
package shell

import "strings"

// Quote is words as any shell of POSIX reads them, one command.
func Quote(words ...string) string {
	quoted := make([]string, len(words))
	for i, word := range words {
		quoted[i] = "'" + strings.ReplaceAll(word, "'", `'\''`) + "'"
	}
	return strings.Join(quoted, " ")
}
