package sshconfig

import (
	"fmt"
	"strconv"
	"strings"
)

// position is a place in a file. When line is 0, file describes another place, such as the command line.
type position struct {
	file string
	line int
}

// String returns "config:3". A path with characters that could disturb a terminal is quoted.
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

// show quotes text for a message. It shortens the text, and escapes control characters.
func show(text string) string {
	const most = 80
	if len(text) > most {
		text = strings.ToValidUTF8(text[:most], "") + "..."
	}
	return strconv.Quote(text)
}
