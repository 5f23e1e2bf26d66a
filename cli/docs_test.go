package cli

import (
	"bytes"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
	"github.com/spf13/cobra"

	"sloth-runner/cli/command"
)

const commandsIntroduction = "# Commands\n\nWhat `--help` says. This page is made by a test; " +
	"`go test ./cli -run TestCommandsPage -update` writes it anew.\n"

// docs/commands.md is what the commands say of themselves.
func TestCommandsPage(t *testing.T) {
	var text bytes.Buffer
	text.WriteString(commandsIntroduction)
	describe(t, &text, newRoot(&command.Streams{Out: new(bytes.Buffer)}, "test"))
	const path = "../docs/commands.md"
	if *update {
		if err := os.WriteFile(path, text.Bytes(), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if have, err := os.ReadFile(path); err != nil || string(have) != text.String() {
		t.Errorf("docs/commands.md is not what the commands say (%v): run go test ./cli -run TestCommandsPage -update", err)
	}
}

func describe(t *testing.T, page *bytes.Buffer, cmd *cobra.Command) {
	t.Helper()
	var help bytes.Buffer
	root := newRoot(&command.Streams{Out: &help}, "test")
	root.SetArgs(append(strings.Fields(cmd.CommandPath())[1:], "--help"))
	if err := root.ExecuteContext(t.Context()); err != nil {
		t.Fatal(err)
	}
	fmt.Fprintf(page, "\n## %s\n\n```\n%s```\n", cmd.CommandPath(), help.String())
	for _, child := range cmd.Commands() {
		describe(t, page, child)
	}
}

// documents are the pages whose commands must be run by a script, and that script.
var documents = map[string]string{
	"README.md":        "readme.txtar",
	"docs/language.md": "readme.txtar",
	"docs/agents.md":   "agents_page.txtar",
}

// inScripts are what scripts have in the place of words that stand for the reader's own.
var inScripts = strings.NewReplacer("$MASTER", "master.example.com", "$TOKEN", "TOKEN")

// Every command that the documents show is in their script as it stands there, and each `make` target exists.
func TestDocumentedCommands(t *testing.T) {
	makefile := read(t, "../Makefile")
	for _, document := range append(slices.Sorted(maps.Keys(documents)), "CONTRIBUTING.md") {
		script := ""
		if name := documents[document]; name != "" {
			script = inScripts.Replace(read(t, filepath.Join("testdata", name)))
		}
		for line := range strings.Lines(read(t, filepath.Join("..", document))) {
			command, shown := strings.CutPrefix(strings.TrimRight(line, "\n"), "$ ")
			if !shown {
				continue
			}
			if target, isMake := strings.CutPrefix(command, "make "); isMake {
				if !strings.Contains(makefile, "\n"+strings.Fields(target)[0]+":") {
					t.Errorf("%s: the Makefile has no %q", document, target)
				}
			} else if document != "CONTRIBUTING.md" && !isRun(script, command) {
				t.Errorf("%s: %s does not run %q", document, documents[document], command)
			}
		}
	}
}

// isRun reports whether a script has the command: alone, at the end of a line for the shell, or with options of the test after it.
func isRun(script, command string) bool {
	return strings.Contains(script, command+"\n") || strings.Contains(script, command+"'\n") || strings.Contains(script, command+" --")
}

func read(t *testing.T, path string) string {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// blocks writes the fenced blocks of a document that begin with a comment on their file's name, as `-- hello.sloth`,
// to these files.
func (s *script) blocks(ts *testscript.TestScript, args []string) {
	found := false
	for _, part := range strings.Split(ts.ReadFile(args[0]), "\n```")[1:] {
		_, body, _ := strings.Cut(part, "\n")
		first, _, _ := strings.Cut(body, "\n")
		if name, named := strings.CutPrefix(first, "-- "); named && strings.HasSuffix(name, ".sloth") {
			found = true
			ts.Check(os.WriteFile(ts.MkAbs(name), []byte(body+"\n"), 0o600))
		}
	}
	if !found {
		ts.Fatalf("%s has no files", args[0])
	}
}
