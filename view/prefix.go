package view

import (
	"sloth-runner/proto"
	"sloth-runner/view/layout"
	"sloth-runner/view/phrase"
	"sloth-runner/view/printed"
)

// mostPadded is the most that prefixes are padded to, in cells. A longer name stands whole and out of line.
const mostPadded = 24

// prefixes write the host in front of its lines.
type prefixes struct {
	width int
	color bool
	// padded are the names of the run's hosts as they are printed: a firehose needs them often.
	padded map[string]string
}

func newPrefixes(hosts []*proto.RunHost, color bool) prefixes {
	p := prefixes{color: color, padded: make(map[string]string, len(hosts))}
	for _, host := range hosts {
		p.width = max(p.width, min(mostPadded, layout.Width(layout.Bounded(host.GetName(), phrase.NameWidth))))
	}
	for _, host := range hosts {
		p.padded[host.GetName()] = p.name(host.GetName())
	}
	return p
}

// Prefixes returns a function that writes a host of these in front of a line of its output, as a run does: "web-1  | ".
func Prefixes(hosts []string) func(host string) string {
	run := make([]*proto.RunHost, len(hosts))
	for i, host := range hosts {
		run[i] = &proto.RunHost{Name: host}
	}
	p := newPrefixes(run, false)
	return func(host string) string { return p.stdout(host, "") }
}

// name is the host as all its lines begin.
func (p prefixes) name(host string) string {
	if name, known := p.padded[host]; known {
		return name
	}
	return layout.Pad(layout.Bounded(host, phrase.NameWidth), p.width)
}

// stdout is a line of a command or of log.info.
func (p prefixes) stdout(host, text string) string { return p.line(host, "|", layout.Cyan, text) }

// stderr is a line of stderr.
func (p prefixes) stderr(host, text string) string { return p.line(host, "!", layout.Yellow, text) }

// output is what stands in front of a line of one of the two streams.
func (p prefixes) output(from printed.Source) string {
	if from.Stream == proto.Output_STDERR {
		return p.stderr(from.Host, "")
	}
	return p.stdout(from.Host, "")
}

// goesOn is the rest of a line after lines of others came in between.
func (p prefixes) goesOn(from printed.Source, text string) string {
	if from.Stream == proto.Output_STDERR {
		return p.line(from.Host, "!+", layout.Yellow, text)
	}
	return p.line(from.Host, "|+", layout.Cyan, text)
}

// returned is a line of the message that a task returned.
func (p prefixes) returned(host, text string) string { return p.line(host, ">", layout.Cyan, text) }

// change is a line about what was changed on a host, or of its diff.
func (p prefixes) change(host, text string) string { return p.line(host, "~", layout.Yellow, text) }

// log is a line of a task's own message.
func (p prefixes) log(host string, level proto.Log_Level, text string) string {
	switch level {
	case proto.Log_DEBUG:
		return p.line(host, "|", layout.Cyan, p.paint(layout.Faint, "debug: "+text))
	case proto.Log_WARN:
		return p.line(host, "|", layout.Cyan, p.paint(layout.Yellow, "warn: ")+text)
	case proto.Log_ERROR:
		return p.line(host, "|", layout.Cyan, p.paint(layout.Red, "error: ")+text)
	default:
		return p.stdout(host, text)
	}
}

// about is a line about the host, for stderr, which never gets colours.
func (p prefixes) about(host, text string) string {
	return p.name(host) + " * " + text
}

func (p prefixes) line(host, sign string, color layout.Color, text string) string {
	return p.paint(color, p.name(host)+" "+sign) + " " + text
}

func (p prefixes) paint(color layout.Color, text string) string {
	if !p.color {
		return text
	}
	return color.Paint(text)
}
