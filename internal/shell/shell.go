// Package shell writes words for shells.
package shell

import "strings"

// Quote is words as any shell of POSIX reads them, one command. Each stands in quotes.
func Quote(words ...string) string { return join(words, quote) }

// Type is words as a person would type them: those in quotes that need it.
func Type(words ...string) string {
	return join(words, func(word string) string {
		const plain = "-_./:@+,%=0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
		if word != "" && strings.Trim(word, plain) == "" {
			return word
		}
		return quote(word)
	})
}

func quote(word string) string { return "'" + strings.ReplaceAll(word, "'", `'\''`) + "'" }

func join(words []string, write func(string) string) string {
	written := make([]string, len(words))
	for i, word := range words {
		written[i] = write(word)
	}
	return strings.Join(written, " ")
}
