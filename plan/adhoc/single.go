package adhoc

import (
	"strings"

	"sloth-runner/internal/chars"
	"sloth-runner/plan"
)

// group is the name of the group of a task that stands in no file.
const group = "exec"

// single is the plan of one task, that is called as what it does.
func single(title string, action plan.Action) *plan.Plan {
	name := shortened(title)
	return &plan.Plan{
		File:   group + ": " + name,
		Groups: []*plan.Group{{Name: group, Tasks: []*plan.Task{{Name: name, Action: action}}}},
	}
}

// shortened is a text as the name of a task: of one line, without what misleads, and not longer than a person reads.
func shortened(text string) string {
	const longest = 60
	text = strings.ToValidUTF8(text, "\uFFFD")
	text = strings.Map(func(r rune) rune {
		if chars.Misleading(r) {
			return ' '
		}
		return r
	}, text)
	text = strings.Join(strings.Fields(text), " ")
	if text == "" {
		return "command"
	}
	runes := []rune(text)
	if len(runes) > longest {
		runes = append(runes[:longest-1], '…')
	}
	for len(string(runes)) > plan.MaxName {
		runes = append(runes[:len(runes)-2], '…')
	}
	return string(runes)
}
