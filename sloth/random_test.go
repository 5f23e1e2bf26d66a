package sloth

import (
	"fmt"
	"os"
	"strconv"
	"testing"

	"sloth-runner/sloth/lua/lower"
)

// TestRandomPrograms compares programs with lua5.1 that a generator makes. SLOTH_TEST_PROGRAMS says how many.
func TestRandomPrograms(t *testing.T) {
	count := 600
	if text := os.Getenv("SLOTH_TEST_PROGRAMS"); text != "" {
		n, err := strconv.Atoi(text)
		if err != nil {
			t.Fatal(err)
		}
		count = n
	}
	programs := make([]string, count)
	for i := range programs {
		programs[i] = randomProgram(uint64(i))
	}
	want := lua51(t, programs)
	for i, program := range programs {
		t.Run(fmt.Sprint(i), func(t *testing.T) {
			t.Parallel()
			if got := ownAnswer(t, program, ""); got != want[i] {
				t.Errorf("program %d:\n%s\nlua5.1:\n%s\nhere:\n%s", i, program, want[i], got)
			}
		})
	}
}

// TestRules switches off one rewriting after the other: each time something has to differ from lua5.1, or the tests
// would not see that it is missing.
func TestRules(t *testing.T) {
	_, sources := allSnippets(t)
	for i := range 300 {
		sources = append(sources, randomProgram(uint64(i)))
	}
	want := lua51(t, sources)
	for _, rule := range lower.Rules {
		if rule == lower.GotoClosures {
			continue // lua5.1 has no goto; see TestGotoRule
		}
		t.Run(string(rule), func(t *testing.T) {
			t.Parallel()
			for i, source := range sources {
				if ownAnswer(t, source, rule) != want[i] {
					return
				}
			}
			t.Error("without this rule all is the same")
		})
	}
}
