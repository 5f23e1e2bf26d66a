package view

import (
	"fmt"
	"strings"
	"testing"

	"sloth-runner/proto"
)

// lastLineAfter is what stands behind a mark at the end of what a run shows; "" where there is no such mark.
func (s *script) lastLineAfter(t *testing.T, mark string, change func(*Config)) string {
	t.Helper()
	_, command, _ := strings.Cut(tail(t, s, change), mark)
	return strings.TrimSuffix(command, "\n")
}

// However many hosts failed, there is a command for them: each of them is named while that is short, then they are
// ranges, then a file.
func TestAgainForAnyNumberOfHosts(t *testing.T) {
	names := func(n int, form func(i int) string) []*proto.RunHost {
		hosts := []*proto.RunHost{{Name: "well"}}
		for i := range n {
			hosts = append(hosts, &proto.RunHost{Name: form(i)})
		}
		return hosts
	}
	numbered := func(i int) string { return fmt.Sprintf("web-%d", i+1) }
	unlike := func(i int) string { return fmt.Sprintf("h%dx%s", i*7919, strings.Repeat("ab", i%5)) }
	for _, test := range []struct {
		name  string
		hosts []*proto.RunHost
		file  string
		want  string
	}{
		{"two", names(2, numbered), "", " --delegate-to web-1 --delegate-to web-2"},
		{"a thousand", names(1000, numbered), "", " --delegate-to 'web-[1-1000]'"},
		{"a thousand, with a file", names(1000, numbered), "/runs/id/again.txt", " --delegate-to 'web-[1-1000]'"},
		{"names with signs", names(40, func(i int) string { return fmt.Sprintf("a+%d", i+1) }), "", " --delegate-to 'a+[1-40]'"},
		{"unlike ones", names(1000, unlike), "/runs/my id/again.txt", " --delegate-to '@/runs/my id/again.txt'"},
		{"unlike ones, without a file", names(1000, unlike), "", ""},
		{"names that may be patterns", names(1000, func(i int) string { return fmt.Sprintf("a*b-%d@h", i) }), "/again.txt", ""},
		{"a name with a comment", names(1000, func(i int) string { return fmt.Sprintf("#%d@h", i) }), "/again.txt", ""},
		{"a path that can't be shown", names(1000, unlike), "/runs/\x1b[2J/again.txt", ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			run := begin("id", []string{"t"}, test.hosts...).succeeds("t", test.hosts[0]).fails("t", 1, "", "", test.hosts[1:]...).end(1, false)
			got := run.lastLineAfter(t, "\nAgain: again", func(c *Config) { c.Again, c.AgainFile = "again", test.file })
			check(t, "again", got, test.want)
		})
	}
}

// A command that does not look like what it is, is none to paste.
func TestAgainIsSafeToPaste(t *testing.T) {
	hosts := webHosts(2)
	run := begin("id", []string{"t"}, hosts...).succeeds("t", hosts[0]).fails("t", 1, "", "", hosts[1]).end(1, false)
	for again, want := range map[string]bool{
		"run -f 'my file'": true, "run -f 'two\nlines'": true,
		"run -f '\x1b[2Jx'": false, "run -f 'x\rrm'": false, "run -f '\u202etxt'": false, "run -f '\xff'": false,
	} {
		if got := strings.Contains(tail(t, run, func(c *Config) { c.Again = again }), "\nAgain: "); got != want {
			t.Errorf("%q: %v, want %v", again, got, want)
		}
	}
}

func TestAgainCommand(t *testing.T) {
	hosts := []*proto.RunHost{{Name: "well"}, {Name: "ssh://me@h:22"}, {Name: "it's; rm"}, {Name: "$(x)\x1b[2J\n"}}
	run := begin("id", []string{"t"}, hosts...).succeeds("t", hosts[0]).fails("t", 1, "", "", hosts[1:]...).end(1, false)
	again := `sloth-runner run -i 'my hosts' -f x`
	want := "\nAgain: " + again + ` --delegate-to ssh://me@h:22 --delegate-to 'it'\''s; rm' --delegate-to '$(x)'` + "\n"
	if got := tail(t, run, func(c *Config) { c.Again = again }); !strings.HasSuffix(got, want) {
		t.Errorf("no %s in:\n%s", want, got)
	}
	if got := tail(t, run, func(*Config) {}); strings.Contains(got, "Again") {
		t.Errorf("a command that nobody knows:\n%s", got)
	}
}

// TestAgainCommandForTasksWithTheirOwnHosts guards against a hint that would send every task of a rolling update to
// every host that is left.
func TestAgainCommandForTasksWithTheirOwnHosts(t *testing.T) {
	hosts := numbered(3)
	run := begin("id", []string{"first", "second"}, hosts...).succeeds("first", hosts[0]).fails("second", 1, "", "", hosts[1:]...).end(1, false)
	byLimit := "\nAgain: sloth-runner run -f x --limit web-2 --limit web-3\n"
	if got := tail(t, run, func(c *Config) { c.Again, c.AgainByLimit = "sloth-runner run -f x", true }); !strings.HasSuffix(got, byLimit) {
		t.Errorf("got:\n%s", got)
	}
	started := run.events[0].GetRunStarted()
	started.Tasks[0].Hosts, started.Tasks[1].Hosts = []string{"web-1"}, []string{"web-2", "web-3"}
	if got := tail(t, run, func(c *Config) { c.Again = "sloth-runner run -f x" }); !strings.HasSuffix(got, byLimit) {
		t.Errorf("got:\n%s", got)
	}
	started.Tasks[1].DependsOn = []string{"first"}
	behind := strings.TrimSuffix(byLimit, "\n") + " --limit web-1\n"
	if got := tail(t, run, func(c *Config) { c.Again = "sloth-runner run -f x" }); !strings.HasSuffix(got, behind) {
		t.Errorf("without the host that the others wait for:\n%s", got)
	}
}
