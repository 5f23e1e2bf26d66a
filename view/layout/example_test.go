package layout_test

import (
	"fmt"
	"os"
	"strings"

	"sloth-runner/view/layout"
)

// What a host prints can't do anything to the terminal that shows it.
func ExampleEscape() {
	fmt.Println(layout.Escape("\x1b[31mred\x1b[0m, a bell \a, and a name read backwards: \u202etxt.exe"))
	// Output:
	// red, a bell \x07, and a name read backwards: \u202etxt.exe
}

func ExampleFold() {
	fmt.Println(strings.Join(layout.Fold([]string{"web-08", "web-09", "web-10", "db", "web-12"}), ", "))
	// Output:
	// web-[08-10,12], db
}

func ExampleTable() {
	layout.Table(os.Stdout, 40, []string{"Host", "Status"}, [][]string{
		{"web-1", "✅ Success"},
		{"数据库", "❌ Failed"},
	})
	// Output:
	// Host   | Status
	// -------|------------
	// web-1  | ✅ Success
	// 数据库 | ❌ Failed
}
