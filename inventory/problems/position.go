package problems

import (
	"fmt"
	"strconv"
	"strings"
)

// Position is a place in an inventory file.
type Position struct {
	File string
	Line int
}

// At returns the Position of a line of a file.
func At(file string, line int) Position { return Position{File: file, Line: line} }

// String returns "hosts.ini:3", or only the file if the line is unknown. A file name with control characters is quoted.
func (p Position) String() string {
	if p.Line == 0 {
		return ShowPath(p.File)
	}
	return fmt.Sprintf("%s:%d", ShowPath(p.File), p.Line)
}

func ShowPath(path string) string {
	if quoted := strconv.Quote(path); path == "" || quoted != `"`+path+`"` {
		return quoted
	}
	return path
}

// Show quotes text of a file or a command line for a message: shortened, and without control characters.
func Show(text string) string {
	const most = 80
	if len(text) > most {
		text = strings.ToValidUTF8(text[:most], "") + "..."
	}
	return strconv.Quote(text)
}
