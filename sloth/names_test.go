package sloth

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/txtar"
	"github.com/yuin/gopher-lua/ast"

	"sloth-runner/sloth/lua/names"
)

// mistakesIn are the names that a source has nowhere.
func mistakesIn(t *testing.T, source string) []names.Mistake {
	t.Helper()
	m := newMachine(nil)
	defer m.Close()
	var mistakes []names.Mistake
	_, err := m.vm.Compile(t.Context(), "x.sloth", text([]byte(source)), func(statements []ast.Stmt) {
		mistakes = names.Check(statements, m.vm.Names())
	})
	if err != nil {
		return nil // it is not Lua
	}
	return mistakes
}

// isWrong reports whether a file shows what mistakes are said to be.
func isWrong(path string) bool {
	name := filepath.Base(path)
	return strings.HasPrefix(name, "unknown_") || strings.HasPrefix(name, "wrong_")
}

// Nothing that runs has unknown names or wrong calls: neither our own examples, documents and tests, nor the specification's.
func TestNoUnknownNamesInWhatRuns(t *testing.T) {
	sources := map[string]string{}
	titles, snippets := allSnippets(t)
	for i, title := range titles {
		sources["lua51 "+title] = "local put, why = print, print " + snippets[i]
	}
	block := regexp.MustCompile("(?s)```lua\n(.*?)```")
	for _, pattern := range []string{"testdata/*/*.txt", "testdata/lua51/*.lua", "../examples/*.sloth", "testdata/*.md", "../README.md", "../docs/*.md", "../cli/testdata/*.txtar"} {
		paths, err := filepath.Glob(pattern)
		if err != nil || len(paths) == 0 {
			t.Fatalf("no %s: %v", pattern, err)
		}
		for _, path := range paths {
			if isWrong(path) {
				continue
			}
			data, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			switch filepath.Ext(path) {
			case ".md":
				for _, match := range block.FindAllStringSubmatch(string(data), -1) {
					sources[path+": "+match[1]] = match[1]
				}
			case ".txtar":
				for _, file := range txtar.Parse(data).Files {
					if !isWrong(file.Name) {
						sources[path+": "+file.Name] = string(file.Data)
					}
				}
			default:
				sources[path], _, _ = strings.Cut(string(data), separator)
			}
		}
	}
	for name, source := range sources {
		for _, mistake := range mistakesIn(t, source) {
			t.Errorf("%s:%d: %s", name, mistake.Line, mistake.Message)
		}
	}
	if len(sources) < 1000 {
		t.Errorf("only %d sources", len(sources))
	}
}
