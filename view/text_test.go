package view

import (
	_ "embed"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"sloth-runner/proto"
)

// specification is the whole sample of "Execution Output" in the specification.
//
//go:embed testdata/spec.txt
var specification string

func specHosts() []*proto.RunHost {
	return []*proto.RunHost{
		{Name: "web-server-1", Address: "192.168.1.10:50051"},
		{Name: "web-server-2", Address: "192.168.1.11:50051"},
		{Name: "web-server-3", Address: "192.168.1.12:50051"},
	}
}

func specRun(id string) *script {
	hosts := specHosts()
	return begin(id, []string{"system_info"}, hosts...).
		connecting(hosts...).connected(hosts...).succeeds("system_info", hosts...).end(0, false)
}

func TestTextIsTheSpecification(t *testing.T) {
	shown := specRun("").text(nil)
	if diff := cmp.Diff(specification, shown.both.String()); diff != "" {
		t.Errorf("terminal (-want +got):\n%s", diff)
	}
	before, after, _ := strings.Cut(specification, "\n📊")
	if diff := cmp.Diff("📊"+after, shown.out.String()); diff != "" {
		t.Errorf("stdout (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(before+"\n", shown.err.String()); diff != "" {
		t.Errorf("stderr (-want +got):\n%s", diff)
	}
}

func TestTextEndsWithTheRunAndWhatToType(t *testing.T) {
	want := specification + `
Run:   20261107-101112-ab (2.1s)
Logs:  sloth-runner runs logs 20261107-101112-ab HOST
`
	if diff := cmp.Diff(want, specRun("20261107-101112-ab").text(nil).both.String()); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}
