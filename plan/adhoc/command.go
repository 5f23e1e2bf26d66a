package adhoc

import (
	"errors"
	"fmt"
	"strings"

	"sloth-runner/internal/shell"
	"sloth-runner/plan"
)

// maxWords bounds a program and its arguments, in bytes: Linux takes 2 MiB, with the environment; macOS 1 MiB.
const maxWords = 512 << 10

// Command returns the plan that runs a program with its arguments, each as it is, and without a shell.
func Command(words []string) (*plan.Plan, error) {
	size, longest := 0, 0
	for _, word := range words {
		size += len(word) + 1
		longest = max(longest, len(word))
	}
	switch joined := strings.Join(words, " "); {
	case len(words) == 0 || strings.TrimSpace(words[0]) == "":
		return nil, errors.New("the command is empty")
	case strings.ContainsRune(joined, 0):
		return nil, errors.New("a command can't have a NUL byte in it")
	case longest > plan.MaxArgument:
		return nil, fmt.Errorf("an argument has %d bytes, and a system takes at most %d as one: "+
			"put the command into a file, and run that with --script", longest, plan.MaxArgument)
	case size > maxWords:
		return nil, fmt.Errorf("the command and its arguments have %d bytes, and %d are the most: "+
			"put the command into a file, and run that with --script", size, maxWords)
	}
	return single(shell.Type(words...), plan.Command{Words: words}), nil
}
