package sloth

import (
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// specBlocks returns the Lua blocks of the specification, each as a whole file: fragments are put where they belong.
func specBlocks(t *testing.T) []string {
	t.Helper()
	text, err := os.ReadFile("testdata/multi-host-execution.md")
	if err != nil {
		t.Fatal(err)
	}
	var blocks []string
	for _, match := range regexp.MustCompile("(?s)```lua\n(.*?)```").FindAllStringSubmatch(string(text), -1) {
		blocks = append(blocks, match[1])
	}
	if len(blocks) != 12 {
		t.Fatalf("the specification has %d Lua blocks, want 12", len(blocks))
	}
	return blocks
}

func whole(block string) string {
	switch {
	case strings.Contains(block, "TaskDefinitions"):
		return block
	case strings.HasPrefix(block, "command = "):
		return "TaskDefinitions = { fragment = { tasks = { { name = \"task\",\n" + block + "} } } }"
	case strings.HasPrefix(block, "delegate_to = "):
		return "TaskDefinitions = { fragment = {\n" + strings.TrimSpace(block) + ",\ntasks = { { name = \"task\", command = \"true\" } } } }"
	case strings.HasPrefix(block, "-- In file: "):
		return "TaskDefinitions = { fragment = {\n" + strings.TrimPrefix(block, "-- In file: ") + ",\ntasks = { { name = \"task\", command = \"true\" } } } }"
	default:
		return block + "\nTaskDefinitions = { fragment = { delegate_to = web_servers, tasks = { { name = \"task\", command = \"true\" } } } }"
	}
}

// specHost answers as a healthy host would.
func specHost(command string) (ExecResult, error) {
	answers := map[string]string{
		"hostname":                       "web-prod-1\n",
		"uname -a":                       "Linux web-prod-1 6.1.0 x86_64 GNU/Linux\n",
		"nproc":                          "8\n",
		"free -h | grep Mem":             "Mem:  31Gi  4.2Gi\n",
		"df -h /":                        "Filesystem Size Used\n/dev/sda1 100G 42G\n",
		"systemctl is-active myapp":      "active\n",
		"systemctl is-active nginx":      "active\n",
		"systemctl is-active redis":      "active\n",
		"systemctl is-active postgresql": "inactive\n",
	}
	switch {
	case command == "critical-command":
		return ExecResult{ExitCode: 2, Stderr: []byte("no such thing\n")}, nil
	case strings.HasPrefix(command, "df -h / | awk"):
		return ExecResult{Stdout: []byte("42\n")}, nil
	case strings.HasPrefix(command, "uptime"):
		return ExecResult{Stdout: []byte(" 0.1, 0.2, 0.3\n")}, nil
	}
	return ExecResult{Stdout: []byte(answers[command])}, nil
}

// Every example of the specification loads and runs unchanged.
func TestSpecification(t *testing.T) {
	var text strings.Builder
	for i, block := range specBlocks(t) {
		host := &testHost{answer: specHost}
		machine, err := Open(t.Context(), "spec.sloth", []byte(whole(block)), host)
		if err != nil {
			t.Errorf("block %d: %v", i+1, err)
			continue
		}
		text.WriteString(planText(machine.Plan()))
		text.WriteString(runAll(t.Context(), machine, host))
		text.WriteString("\n")
		machine.Close()
	}
	golden(t, "testdata/multi-host-execution.golden", text.String())
}

func golden(t *testing.T, path, got string) {
	t.Helper()
	if *update {
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if !slices.Equal(want, []byte(got)) {
		t.Errorf("%s differs; got\n%s", path, got)
	}
}
