package layout

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

func TestTable(t *testing.T) {
	header := []string{"Host", "Status", "Details"}
	rows := [][]string{
		{"web-1", "✅ Success", "Completed successfully"},
		{"数据库", "❌ Failed", "a\ttab and\na line\x1b[2J\x07"},
		{"short"},
	}
	for _, test := range []struct {
		name  string
		width int
		want  string
	}{
		{"no limit", 0, `
Host   | Status     | Details
-------|------------|------------------------
web-1  | ✅ Success | Completed successfully
数据库 | ❌ Failed  | a tab and\na line\x07
short  |            |
`},
		{"details are cut first", 34, `
Host   | Status     | Details
-------|------------|-------------
web-1  | ✅ Success | Completed …
数据库 | ❌ Failed  | a tab and\…
short  |            |
`},
		{"a phone", 20, `
Host   | Status | D…
-------|--------|--…
web-1  | ✅ Su… | C…
数据库 | ❌ Fa… | a…
short  |        |
`},
	} {
		t.Run(test.name, func(t *testing.T) {
			var got strings.Builder
			if err := Table(&got, test.width, header, rows); err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(test.want[1:], got.String()); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func TestTableFitsAnyWidth(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		width := rapid.IntRange(1, 120).Draw(t, "width")
		columns := rapid.IntRange(0, 5).Draw(t, "columns")
		row := rapid.SliceOfN(rapid.String(), 0, 6)
		header := rapid.SliceOfN(rapid.String(), columns, columns).Draw(t, "header")
		for _, line := range TableLines(width, header, rapid.SliceOf(row).Draw(t, "rows")) {
			if Width(line) > width {
				t.Fatalf("%d cells in %d: %q", Width(line), width, line)
			}
		}
	})
}

func TestListIsTheSpecificationsAgentList(t *testing.T) {
	want := `AGENT NAME     ADDRESS              STATUS
----------     -------              ------
lady-arch      192.168.1.16:50052   Active
keite-guica    192.168.1.17:50051   Active
lady-guica     192.168.1.16:50051   Active
`
	var got strings.Builder
	err := List(&got, 0, []Column{{Title: "AGENT NAME", Min: 12}, {Title: "ADDRESS"}, {Title: "STATUS"}}, [][]string{
		{"lady-arch", "192.168.1.16:50052", "Active"},
		{"keite-guica", "192.168.1.17:50051", "Active"},
		{"lady-guica", "192.168.1.16:50051", "Active"},
	})
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, got.String()); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestBoxFitsAnyWidth(t *testing.T) {
	rows := [][2]string{{"Task", strings.Repeat("long", 20)}, {"Unreachable", "12"}}
	for width := 8; width < 120; width++ {
		lines := Box("❌ Execution Summary", rows, width)
		for _, line := range lines {
			if Width(line) > width || Width(line) != Width(lines[0]) {
				t.Fatalf("width %d:\n%s", width, strings.Join(lines, "\n"))
			}
		}
	}
}

func TestCut(t *testing.T) {
	for _, test := range []struct {
		text  string
		width int
		want  string
	}{
		{"text", 4, "text"}, {"text", 3, "te…"}, {"text", 1, "…"}, {"text", 0, ""}, {"", 0, ""},
		{"漢字", 4, "漢字"}, {"漢字", 3, "漢…"}, {"漢字", 2, "…"},
		{"e\u0301e\u0301e\u0301", 3, "e\u0301e\u0301e\u0301"}, {"e\u0301e\u0301e\u0301", 2, "e\u0301…"},
		{"👩‍💻👩‍💻", 4, "👩‍💻👩‍💻"}, {"👩‍💻👩‍💻", 3, "👩‍💻…"},
	} {
		if got := Cut(test.text, test.width); got != test.want {
			t.Errorf("Cut(%q, %d) = %q, want %q", test.text, test.width, got, test.want)
		}
	}
}
