package inventory

import (
	"fmt"
	"strconv"
	"strings"
)

// position is a place in an inventory file.
type position struct {
	file string
	line int
}

// placeAt is a line of a file.
func placeAt(file string, line int) position { return position{file: file, line: line} }

// String gives "hosts.ini:3", or the file alone where the line is unknown. A file name that could disturb a terminal is
// quoted.
func (p position) String() string {
	if p.line == 0 {
		return showPath(p.file)
	}
	return fmt.Sprintf("%s:%d", showPath(p.file), p.line)
}

func showPath(path string) string {
	if quoted := strconv.Quote(path); path == "" || quoted != `"`+path+`"` {
		return quoted
	}
	return path
}

// show quotes text of a file or a command line for a message: short, and without control characters.
func show(text string) string {
	const most = 80
	if len(text) > most {
		text = strings.ToValidUTF8(text[:most], "") + "..."
	}
	return strconv.Quote(text)
}
