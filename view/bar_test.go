package view

import (
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"sloth-runner/proto"
	"sloth-runner/view/layout"
)

// busyRun is a run of which everything is to be told in the bar.
func busyRun() *script {
	hosts := numbered(20)
	run := begin("id", []string{"one", "two"}, hosts...).connecting(hosts[:18]...)
	run.upload("web-10", 3_100_000, 5_000_000).upload("web-11", 400_000, 5_000_000)
	run.connected(hosts[:5]...).succeeds("one", hosts[:3]...).fails("one", 1, "", "", hosts[3])
	return run.hostFinished("web-18", proto.HostFinished_UNREACHABLE, nil)
}

func TestBarText(t *testing.T) {
	r := busyRun().result()
	for _, test := range []struct {
		width int
		want  string
	}{
		{120, "25% [========>                            ]  5/20 hosts, 1 failed, 1 unreachable, copying 3.5/10.0 MB, 12 connecting"},
		{100, "25% [===>             ]  5/20 hosts, 1 failed, 1 unreachable, copying 3.5/10.0 MB, 12 connecting"},
		{80, "25% [==>         ]  5/20 hosts, 1 failed, 1 unreachable, copying 3.5/10.0 MB"},
		{48, "25% [===>            ]  5/20 hosts, 1 failed"},
		{40, "5/20 hosts, 1 failed, 1 unreachable"},
		{30, "5/20 hosts, 1 failed"},
		{20, "5/20 hosts"},
		{10, "5/20 h…"},
		{1, "…"},
		{0, "25% [==>         ]  5/20 hosts, 1 failed, 1 unreachable, copying 3.5/10.0 MB"},
	} {
		if got := barText(r, 10, 40, test.width); got != test.want {
			t.Errorf("width %d:\n got %s\nwant %s", test.width, got, test.want)
		}
	}
}

// Files that are on their way to running hosts are in the bar, in bytes; those that came are not.
func TestBarOfFiles(t *testing.T) {
	hosts := numbered(2)
	run := begin("id", []string{"one"}, hosts...).connecting(hosts...).connected(hosts...)
	run.file("web-1", "files/app", 2_500_000, 10_000_000, false).file("web-2", "files/app", 500_000, 10_000_000, false)
	run.file("web-1", "files/app", 3_000_000, 10_000_000, false).file("web-1", "files/small", 10, 10, true)
	if got, want := barText(run.result(), 0, 2, 80), "0/2 hosts, moving 3.5/20.0 MB"; !strings.Contains(got, want) {
		t.Errorf("%q has no %q", got, want)
	}
	run.file("web-1", "files/app", 10_000_000, 10_000_000, true).file("web-2", "files/app", 10_000_000, 10_000_000, true)
	if got := barText(run.result(), 0, 2, 80); strings.Contains(got, "moving") {
		t.Errorf("%q has files that came", got)
	}
}

func TestBarNeverFillsTheLine(t *testing.T) {
	r := busyRun().result()
	for width := 4; width < 300; width++ {
		for _, done := range []int{0, 1, 39, 40} {
			bar := barText(r, done, 40, width)
			if n := layout.Width(bar) + behindBar; n >= width || strings.ContainsFunc(bar, func(r rune) bool { return !layout.Harmless(r) }) {
				t.Fatalf("width %d: %d cells: %q", width, n, bar)
			}
		}
	}
}

// The specification of time: lines are on the screen 100 ms after their event, and the bar is drawn ten times a second
// however much is printed.
func TestTextIsOnTheScreenInTime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		shown := new(streams)
		c := shown.config()
		c.Terminal = true
		text := NewText(c)
		hosts := numbered(1)
		begin("id", []string{"task"}, hosts...).connecting(hosts...).output("web-1", proto.Output_STDOUT, "hello\n").into(text)
		time.Sleep(tick)
		synctest.Wait()
		if !strings.Contains(shown.out.String(), "web-1 | hello\n") {
			t.Errorf("stdout after %v: %q", tick, shown.out.String())
		}
		if !strings.HasSuffix(shown.err.String(), "0/1 host, 1 connecting") {
			t.Errorf("stderr after %v has no bar: %q", tick, shown.err.String())
		}
		shown.err.Reset()
		var many script
		for range 1000 {
			many.output("web-1", proto.Output_STDOUT, "line\n")
			many.into(text)
			many.events = nil
			time.Sleep(time.Millisecond)
		}
		synctest.Wait()
		if drawn := strings.Count(shown.err.String(), "0/1 host"); drawn < 9 || drawn > 11 {
			t.Errorf("the bar was drawn %d times in a second", drawn)
		}
		if err := text.Close(); err != nil {
			t.Error(err)
		}
		if got := strings.Count(shown.out.String(), "web-1 | line\n"); got != 1000 {
			t.Errorf("%d lines of 1000", got)
		}
	})
}
