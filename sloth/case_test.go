package sloth

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"sloth-runner/plan"
)

var update = flag.Bool("update", false, "rewrite the expectations in testdata")

// A file in testdata/load or testdata/run is a .sloth file, the separator, and what is expected: the plan or the
// problems, or what each task did.
const separator = "\n----------\n"

func eachCase(t *testing.T, directory string, result func(t *testing.T, file, source string) string) {
	paths, err := filepath.Glob(filepath.Join("testdata", directory, "*.txt"))
	if err != nil || len(paths) == 0 {
		t.Fatalf("no cases in testdata/%s: %v", directory, err)
	}
	for _, path := range paths {
		// Cases change the directory.
		path, err := filepath.Abs(path)
		if err != nil {
			t.Fatal(err)
		}
		name := strings.TrimSuffix(filepath.Base(path), ".txt")
		t.Run(name, func(t *testing.T) {
			data, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			source, want, ok := strings.Cut(string(data), separator)
			if !ok && !*update {
				t.Fatalf("%s has no separator", path)
			}
			got := result(t, name+".sloth", source+"\n")
			if *update {
				if err := os.WriteFile(path, []byte(source+separator+got), 0o644); err != nil {
					t.Fatal(err)
				}
				return
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("%s: -want +got\n%s", path, diff)
			}
		})
	}
}

func TestLoadCases(t *testing.T) {
	eachCase(t, "load", func(t *testing.T, file, source string) string {
		plan, err := Load(t.Context(), file, []byte(source))
		machine, hostErr := Open(t.Context(), file, []byte(source), new(testHost))
		if fmt.Sprint(err) != fmt.Sprint(hostErr) {
			t.Errorf("operator says %v, host says %v", err, hostErr)
		}
		if err != nil {
			var problems Problems
			if !errors.As(err, &problems) {
				t.Fatalf("not Problems: %v", err)
			}
			return err.Error() + "\n"
		}
		defer machine.Close()
		if diff := cmp.Diff(plan, machine.Plan()); diff != "" {
			t.Errorf("operator and host find other plans: %s", diff)
		}
		return planText(plan)
	})
}

func TestRunCases(t *testing.T) {
	eachCase(t, "run", func(t *testing.T, file, source string) string {
		t.Chdir(t.TempDir())
		host := new(testHost)
		machine, err := Open(t.Context(), file, []byte(source), host)
		if err != nil {
			return err.Error() + "\n"
		}
		defer machine.Close()
		return runAll(t.Context(), machine, host)
	})
}

// runAll runs all tasks that are functions, in the file's order, and tells what they did.
func runAll(ctx context.Context, machine *Machine, host *testHost) string {
	var text strings.Builder
	for _, group := range machine.Plan().Groups {
		for _, task := range group.Tasks {
			if shellOf(task) != "" {
				continue
			}
			fmt.Fprintf(&text, "%s %s\n", group.Name, task.Name)
			result := machine.Run(ctx, group.Name, task.Name)
			for _, note := range host.taken() {
				fmt.Fprintf(&text, "  %s\n", indent(note))
			}
			fmt.Fprintf(&text, "  = ok %v, message %q\n", result.OK, result.Message)
			if result.Traceback != "" {
				fmt.Fprintf(&text, "  traceback:\n    %s\n", indent(result.Traceback))
			}
			if failed := result.LastFailed; failed != nil {
				fmt.Fprintf(&text, "  last failed: exit code %d, stderr %q\n", failed.ExitCode, failed.Stderr)
			}
			if result.Err != nil {
				fmt.Fprintf(&text, "  stopped: %v\n", result.Err)
			}
		}
	}
	return text.String()
}

func indent(text string) string { return strings.ReplaceAll(text, "\n", "\n    ") }

func planText(p *plan.Plan) string {
	var text strings.Builder
	for _, group := range p.Groups {
		fmt.Fprintf(&text, "line %d: group %q\n", group.Line, group.Name)
		writeField(&text, "  ", "description", group.Description)
		writeWords(&text, "  ", "delegate_to", group.DelegateTo)
		writeBecome(&text, "  ", group.Become)
		writeFlag(&text, "  ", "keep_going", group.KeepGoing)
		for _, task := range group.Tasks {
			fmt.Fprintf(&text, "  line %d: task %q\n", task.Line, task.Name)
			writeField(&text, "    ", "description", task.Description)
			writeField(&text, "    ", "shell", shellOf(task))
			writeWords(&text, "    ", "depends_on", task.DependsOn)
			writeWords(&text, "    ", "delegate_to", task.DelegateTo)
			writeBecome(&text, "    ", task.Become)
			writeFlag(&text, "    ", "ignore_errors", task.IgnoreErrors)
			writeFlag(&text, "    ", "always", task.Always)
			if task.Timeout != 0 {
				fmt.Fprintf(&text, "    timeout %s\n", task.Timeout)
			}
		}
	}
	return text.String()
}

func shellOf(task *plan.Task) string {
	shell, _ := task.Action.(plan.Shell)
	return shell.Line
}

func writeBecome(text *strings.Builder, indent string, become plan.Become) {
	if become.On != nil {
		fmt.Fprintf(text, "%sbecome %t\n", indent, *become.On)
	}
	writeField(text, indent, "become_user", become.User)
	writeField(text, indent, "become_method", become.Method)
}

func writeFlag(text *strings.Builder, indent, name string, value bool) {
	if value {
		fmt.Fprintf(text, "%s%s\n", indent, name)
	}
}

func writeField(text *strings.Builder, indent, name, value string) {
	if value != "" {
		fmt.Fprintf(text, "%s%s %q\n", indent, name, value)
	}
}

func writeWords(text *strings.Builder, indent, name string, words []string) {
	if len(words) > 0 {
		fmt.Fprintf(text, "%s%s %q\n", indent, name, words)
	}
}
