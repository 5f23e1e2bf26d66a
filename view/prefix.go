package view

import (
	"sloth-runner/proto"
)

const (
	// padded is the most that prefixes are padded to, in cells. A longer name stands whole and out of line.
	padded = 24

	plain  = "\x1b[0m"
	cyan   = "\x1b[36m"
	yellow = "\x1b[33m"
	red    = "\x1b[31m"
	faint  = "\x1b[2m"
)

// prefixes write the host in front of its lines.
type prefixes struct {
	width int
	color bool
}

func newPrefixes(hosts []*proto.RunHost, color bool) prefixes {
	p := prefixes{color: color}
	for _, host := range hosts {
		p.width = max(p.width, min(padded, cells(bounded(host.GetName(), nameWidth))))
	}
	return p
}

// stdout is a line of a command or of log.info.
func (p prefixes) stdout(host, text string) string { return p.line(host, "|", cyan, text) }

// stderr is a line of stderr.
func (p prefixes) stderr(host, text string) string { return p.line(host, "!", yellow, text) }

// log is a line of a task's own message.
func (p prefixes) log(host string, level proto.Log_Level, text string) string {
	switch level {
	case proto.Log_DEBUG:
		return p.line(host, "|", cyan, p.paint(faint, "debug: "+text))
	case proto.Log_WARN:
		return p.line(host, "|", cyan, p.paint(yellow, "warn: ")+text)
	case proto.Log_ERROR:
		return p.line(host, "|", cyan, p.paint(red, "error: ")+text)
	default:
		return p.stdout(host, text)
	}
}

// about is a line about the host, for stderr, which never gets colours.
func (p prefixes) about(host, text string) string {
	return pad(bounded(host, nameWidth), p.width) + " * " + text
}

func (p prefixes) line(host, sign, color, text string) string {
	return p.paint(color, pad(bounded(host, nameWidth), p.width)+" "+sign) + " " + text
}

func (p prefixes) paint(color, text string) string {
	if !p.color {
		return text
	}
	return color + text + plain
}
