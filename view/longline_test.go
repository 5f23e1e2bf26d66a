package view

import (
	"strings"
	"testing"

	"sloth-runner/proto"
	"sloth-runner/view/printed"
)

// longestChunk is how long a line gets that an agent does not say to go on.
const longestChunk = 32 << 10

// longRun has two hosts; web-1 prints a line of 100 KiB in pieces.
func longRun(between func(run *script)) (run *script, line string) {
	hosts := webHosts(2)
	run = begin("id", []string{"task"}, hosts...).connected(hosts...)
	for i := range 3 {
		part := strings.Repeat(string(rune('a'+i)), longestChunk)
		run.output("web-1", proto.Output_STDOUT, part)
		line += part
		if i == 1 && between != nil {
			between(run)
		}
	}
	run.output("web-1", proto.Output_STDOUT, "end\n").output("web-1", proto.Output_STDOUT, "next\n")
	return run.succeeds("task", hosts...).end(0, false), line + "end"
}

// Into a file or a pipe goes all of a line, however long it is; a terminal shows its beginning, and says so.
func TestLongLineIsWholeInAFile(t *testing.T) {
	run, line := longRun(nil)
	check(t, "file", run.exec(false, nil).out.String(), "web-1 | "+line+"\nweb-1 | next\n")
	check(t, "terminal", run.exec(false, func(c *Config) { c.CutOut = true }).out.String(),
		"web-1 | "+line[:printed.LongestLine]+printed.CutMark+"\nweb-1 | next\n")
	text := run.text(nil).out.String()
	if want := "web-1 | " + line + "\nweb-1 | next\n"; !strings.HasPrefix(text, want) {
		t.Errorf("run: %.60q", text)
	}
	gathered := "----------------\nweb-1\n----------------\n"
	check(t, "gathered", run.exec(true, nil).out.String(), gathered+line+"\nnext\n")
	check(t, "gathered, on a terminal", run.exec(true, func(c *Config) { c.CutOut = true }).out.String(),
		gathered+line[:printed.LongestLine]+printed.CutMark+"\nnext\n")
}

// A line in which another one comes is ended, and the rest of it begins a line that says so. What goes to another place
// does not stand in it.
func TestLongLineWithAnotherInBetween(t *testing.T) {
	run, line := longRun(func(run *script) { run.output("web-2", proto.Output_STDOUT, "hello\n") })
	first, rest := line[:2*longestChunk], line[2*longestChunk:]
	check(t, "stdout", run.exec(false, nil).out.String(),
		"web-1 | "+first+"\nweb-2 | hello\nweb-1 |+ "+rest+"\nweb-1 | next\n")

	run, line = longRun(func(run *script) { run.output("web-2", proto.Output_STDERR, "hello\n") })
	check(t, "stdout", run.exec(false, nil).out.String(), "web-1 | "+line+"\nweb-1 | next\n")
	check(t, "2>&1", run.exec(false, func(c *Config) { c.Together = true }).both.String(),
		"web-1 | "+first+"\nweb-2 ! hello\nweb-1 |+ "+rest+"\nweb-1 | next\n")
}

func TestTwoLongLinesAtATime(t *testing.T) {
	hosts := webHosts(2)
	run := begin("id", []string{"task"}, hosts...).connected(hosts...)
	a, b := strings.Repeat("a", longestChunk), strings.Repeat("b", longestChunk)
	run.output("web-1", proto.Output_STDERR, a).output("web-2", proto.Output_STDERR, b).output("web-1", proto.Output_STDERR, a)
	shown := run.succeeds("task", hosts...).end(0, false).exec(false, nil)
	check(t, "stderr", shown.err.String(), "web-1 ! "+a+"\nweb-2 ! "+b+"\nweb-1 !+ "+a+"\n")
}

// Of a progress bar the last state is shown, in whatever pieces it comes; hosts that print the same but for such states,
// colours and the ends of lines stand together.
func TestGatherComparesWhatIsShown(t *testing.T) {
	hosts := webHosts(5)
	run := begin("id", []string{"task"}, hosts...).connected(hosts...)
	run.output("web-1", proto.Output_STDOUT, "done\nend\n")
	run.output("web-2", proto.Output_STDOUT, "done\r\nend")
	run.output("web-3", proto.Output_STDOUT, "10%\r50%\rdone\n\x1b[32mend\x1b[0m\n")
	run.output("web-4", proto.Output_STDOUT, strings.Repeat("10%\r", longestChunk/4)).output("web-4", proto.Output_STDOUT, "done\nend\n")
	run.output("web-5", proto.Output_STDOUT, "done\nend \n")
	run.succeeds("task", hosts...).end(0, false)
	check(t, "gathered", run.exec(true, nil).out.String(), `----------------
web-[1-4] (4 hosts)
----------------
done
end
----------------
web-5
----------------
done
end `+"\n")
	lines := run.exec(false, nil).out.String()
	if want := "web-3 | done\nweb-3 | end\nweb-4 | done\nweb-4 | end\n"; !strings.Contains(lines, want) {
		t.Errorf("no %q in:\n%s", want, lines)
	}
}
