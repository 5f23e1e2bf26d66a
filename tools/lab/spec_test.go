//go:build linux && lab

package lab

import (
	"fmt"
	"os"
	"regexp"
	"strings"
	"testing"
	"time"
)

// example is one Lua block of the specification, and its results on hosts where every service is active.
type example struct {
	name string
	// fails is the reason for the failure of every host; "" when all succeed.
	fails string
	// own is how many hosts the file itself names, or 0.
	own int
	// says are texts that a task logs or returns.
	says []string
}

// examples are in the order of the specification.
var examples = []example{
	{name: "file-based", own: 3, says: []string{"Deploying on lab-"}},
	{name: "one-host", own: 1},
	{name: "system-check", says: []string{"=== System Information ===", "Host: lab-", "CPUs: "}},
	{name: "deploy", says: []string{"Stopping service...", "Service started successfully"}},
	{name: "health", says: []string{"✅ postgresql is running", "✅ Disk usage is normal"}},
	{name: "conditional", says: []string{"Development deployment"}},
	{name: "rolling", own: 4},
	{name: "groups", own: 3},
	{name: "error-handling", fails: "critical-command", says: []string{"Failed on lab-"}},
	{name: "idempotent"},
	{name: "before", own: 1},
	{name: "after", own: 3},
}

// specNames are the hosts that the examples name.
var specNames = []string{
	"web-server-1", "web-server-2", "web-server-3", "production-server", "server1", "server2", "server3", "server4",
	"web-1", "web-2", "web-3", "prod-1", "prod-2", "prod-3",
}

// specFiles returns the Lua blocks of the specification as complete files.
func specFiles(t *testing.T) []string {
	t.Helper()
	document, err := os.ReadFile("../../sloth/testdata/multi-host-execution.md")
	if err != nil {
		t.Fatal(err)
	}
	var files []string
	for _, match := range regexp.MustCompile("(?s)```lua\n(.*?)```").FindAllStringSubmatch(string(document), -1) {
		files = append(files, whole(strings.TrimSpace(match[1])))
	}
	if len(files) != len(examples) {
		t.Fatalf("the specification has %d Lua blocks, want %d", len(files), len(examples))
	}
	return files
}

// whole adds to a fragment what makes it a complete file.
func whole(block string) string {
	const task = `tasks = { { name = "task", command = "true" } }`
	field := strings.TrimPrefix(block, "-- In file: ")
	switch {
	case strings.Contains(block, "TaskDefinitions"):
		return block
	case strings.HasPrefix(block, "command = "):
		return "TaskDefinitions = { fragment = { tasks = { { name = \"task\",\n" + block + "\n} } } }"
	case strings.HasPrefix(field, "delegate_to = "):
		return "TaskDefinitions = { fragment = {\n" + field + ",\n" + task + " } }"
	default:
		return block + "\nTaskDefinitions = { fragment = { delegate_to = web_servers, " + task + " } }"
	}
}

// TestSpecification runs every example of the specification on hosts of all kinds: without an agent, with it, and on
// the hosts that the file names. At the end only the cache is left.
func TestSpecification(t *testing.T) {
	hosts := mixed(t, 20)
	o := newOperator(t, hosts...)
	o.add(t, "[aliases]\n")
	for i, name := range specNames {
		o.add(t, hostLine(name, hosts[i]))
	}
	before := list(t, hosts...)
	for i, source := range specFiles(t) {
		e := examples[i]
		file := o.write(t, e.name+".sloth", source)
		t.Run(e.name, func(t *testing.T) {
			forget(t, hosts...)
			for _, start := range []string{"cold", "warm"} {
				op := o.begin(t, file, "-v")
				e.expect(t, op, len(hosts))
				expectStart(t, op, start, len(hosts))
			}
			if e.own > 0 {
				e.expect(t, o.start(t, "run", "-f", file, "-i", o.dir+"/hosts.ini", "--known-hosts", o.dir+"/known_hosts"), e.own)
			}
		})
	}
	expectGone(t, 5*time.Second, anything, hosts...)
	expectOnlyCache(t, before, hosts...)
}

// resultRow is a row of the table of results.
var resultRow = regexp.MustCompile(`(?m)^lab-\d+ +\| (✅ Success|❌ Failed) +\| |^\S+ +\| ✅ Success +\| `)

// expect checks the run of an example on n hosts by its output.
func (e example) expect(t *testing.T, op *operation, n int) {
	t.Helper()
	status, success, failed := 0, n, 0
	if e.fails != "" {
		status, success, failed = 1, 0, n
	}
	op.expectStatus(t, status)
	stdout := op.stdout()
	for _, row := range []string{
		fmt.Sprintf("│ Total:     %d host", n), fmt.Sprintf("│ Success:   %d ", success), fmt.Sprintf("│ Failed:    %d ", failed),
	} {
		if !strings.Contains(stdout, row) {
			t.Errorf("no %q in the summary", row)
		}
	}
	for _, said := range append(e.says, e.fails) {
		if !strings.Contains(stdout+op.stderr(), said) {
			t.Errorf("nothing says %q", said)
		}
	}
	if n := len(resultRow.FindAllString(stdout, -1)); n != success+failed {
		t.Errorf("%d rows in the table of results, want %d", n, success+failed)
	}
}

// expectStart checks that the agent was copied to all hosts, or to none.
func expectStart(t *testing.T, op *operation, start string, n int) {
	t.Helper()
	copied := strings.Count(op.stderr(), "over SSH, the agent was copied")
	there := strings.Count(op.stderr(), "over SSH, the agent was there")
	if start == "cold" && copied != n || start == "warm" && there != n {
		t.Errorf("%s: the agent was copied to %d hosts and was there on %d", start, copied, there)
	}
}
