package sloth

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	lua "github.com/yuin/gopher-lua"

	"sloth-runner/sloth/lua/lower"
	"sloth-runner/tools/testneeds"
)

// TestLua51 compares the language with lua5.1, the reference, for each snippet below testdata/lua51: what it passes
// to put, what it returns, or that it fails. A snippet stands behind a line "@@ title".
func TestLua51(t *testing.T) {
	names, sources := allSnippets(t)
	if len(sources) < 100 {
		t.Fatalf("only %d snippets", len(sources))
	}
	want := lua51(t, sources)
	for i, source := range sources {
		t.Run(names[i], func(t *testing.T) {
			t.Parallel()
			if got := ownAnswer(t, source, ""); got != want[i] {
				t.Errorf("%s\nlua5.1:\n%s\nhere:\n%s", source, want[i], got)
			}
		})
	}
}

// allSnippets returns the snippets below testdata/lua51, but those of deviations, each with its name.
func allSnippets(t *testing.T) (names, sources []string) {
	t.Helper()
	err := filepath.WalkDir("testdata/lua51", func(path string, _ os.DirEntry, err error) error {
		if err != nil || filepath.Ext(path) != ".txt" {
			return err
		}
		titles, snippets := readSnippets(t, path)
		for i := range snippets {
			name := strings.TrimSuffix(filepath.Base(path), ".txt") + "/" + titles[i]
			if _, documented := deviations[name]; !documented {
				names, sources = append(names, name), append(sources, snippets[i])
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return names, sources
}

// readSnippets reads a file of snippets.
func readSnippets(t *testing.T, path string) (titles, snippets []string) {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	for i, part := range strings.Split("\n"+string(data), "\n@@ ") {
		title, snippet, _ := strings.Cut(part, "\n")
		if i > 0 {
			titles, snippets = append(titles, title), append(snippets, snippet)
		}
	}
	return titles, snippets
}

// lua51 returns what the reference answers to each source. Without lua5.1 the test is skipped, but not under CI.
func lua51(t *testing.T, sources []string) []string {
	t.Helper()
	path := testneeds.Program(t, "lua5.1", "lua5.1")
	var input bytes.Buffer
	for _, source := range sources {
		fmt.Fprintf(&input, "%d\n%s", len(source), source)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Minute)
	defer cancel()
	command := exec.CommandContext(ctx, path, "testdata/lua51/serve.lua", "testdata/lua51/answer.lua")
	command.Env = append(os.Environ(), "LC_ALL=C")
	command.Stdin = &input
	command.Stderr = os.Stderr
	output, err := command.Output()
	if err != nil {
		t.Fatalf("lua5.1: %v", err)
	}
	return readAnswers(t, output, len(sources))
}

func readAnswers(t *testing.T, output []byte, count int) []string {
	t.Helper()
	reader := bufio.NewReader(bytes.NewReader(output))
	answers := make([]string, count)
	for i := range answers {
		var length int
		if _, err := fmt.Fscanf(reader, "%d\n", &length); err != nil {
			t.Fatalf("answer %d of lua5.1: %v", i, err)
		}
		answer := make([]byte, length)
		if _, err := io.ReadFull(reader, answer); err != nil {
			t.Fatalf("answer %d of lua5.1: %v", i, err)
		}
		answers[i] = string(answer)
	}
	return answers
}

// ownAnswer runs answer.lua with source in a machine of its own. off is a rewriting that is left out for source.
func ownAnswer(t *testing.T, source string, off lower.Rule) string {
	t.Helper()
	driver, err := os.ReadFile("testdata/lua51/answer.lua")
	if err != nil {
		t.Fatal(err)
	}
	file := string(driver) + "\n" + task(`said = answer(source) return true`)
	machine, err := Open(t.Context(), "lua51.sloth", []byte(file), new(testHost))
	if err != nil {
		t.Fatal(err)
	}
	defer machine.Close()
	machine.vm.Globals().RawSetString("source", lua.LString(source))
	machine.vm.LeaveOut(off)
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
	defer cancel()
	if result := machine.Run(ctx, "g", "t"); !result.OK {
		return fmt.Sprintf("not run: %+v", result)
	}
	return lua.LVAsString(machine.vm.Globals().RawGetString("said"))
}

// deviations are the snippets that answer otherwise than lua5.1, and why. docs/language.md lists them for users.
var deviations = map[string]string{
	"numbers/modulo":      "% is exact: Lua 5.1 gives nan for 5 % math.huge",
	"numbers/modulo zero": "nan has no sign",
	"tables/# with metatable __len (5.1: not for tables)": "# asks the __len of tables too, as since Lua 5.2",
	"loops/goto not in 5.1":                               "goto is a reserved word: Lua 5.2's goto is there",
	"loops/goto ident fn":                                 "goto is a reserved word: Lua 5.2's goto is there",
	"lexer/empty statement":                               "a semicolon may stand alone, as in Lua 5.2",
	"lexer/semicolons":                                    "a semicolon may stand alone, as in Lua 5.2",
}
