package view

import (
	"testing"

	"sloth-runner/proto"
)

// The log of a run has the prefixes that the run had: both are as wide as the names on a screen, where a character may
// take two cells or none.
func TestPrefixesAreThoseOfARun(t *testing.T) {
	names := []string{"web-1", "数据库", "cafe\u0301", "a-host-whose-name-is-longer-than-what-is-padded"}
	var hosts []*proto.RunHost
	for _, name := range names {
		hosts = append(hosts, &proto.RunHost{Name: name})
	}
	run, log := newPrefixes(hosts, false), Prefixes(names)
	for _, name := range names {
		if got, want := log(name)+"text", run.stdout(name, "text"); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
	for i, want := range []string{"web-1                    | ", "数据库                   | ", "cafe\u0301                     | "} {
		if got := log(names[i]); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}
