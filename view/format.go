package view

import (
	"slices"
	"strings"

	"sloth-runner/proto"
)

// Sink shows a run until it is closed. It is a runner.Sink.
type Sink interface {
	Event(*proto.Event)
	// Pause leaves the terminal to a question until resume is called.
	Pause() (resume func())
	// Err returns the first error of all writing until now.
	Err() error
	// Close writes what is left and returns what Err does.
	Close() error
}

// TextFormat is the usual format, the one for people.
const TextFormat = "text"

// format is an output format of the commands that run something, and of the records of runs.
type format struct {
	// name is the value of -o.
	name string
	// help follows the name in the help of a command that runs something; "": nothing does.
	help string
	// without are the flags that say nothing for this format.
	without []string
	open    func(Config) Sink
}

// formats are all output formats. A new one is added here, and nowhere else: the commands offer what this table has.
var formats = []format{
	{name: TextFormat, open: openText},
	{name: "jsonl", help: "events, one a line", without: []string{"gather", "diff"}, open: func(c Config) Sink { return NewJSONLines(c.Out, c.Line) }},
}

func openText(c Config) Sink {
	if c.Exec {
		return NewExec(c, c.Gathered)
	}
	return NewText(c)
}

// Open returns the sink of a format, one of Formats, that writes as c says.
func Open(name string, c Config) Sink {
	if c.Line == nil {
		c.Line = (*proto.Event).Line
	}
	return formats[slices.Index(Formats(), name)].open(c)
}

// Formats returns the names of all formats.
func Formats() []string {
	var names []string
	for _, f := range formats {
		names = append(names, f.name)
	}
	return names
}

// FormatsWith returns the names of the formats for which a flag says something.
func FormatsWith(flag string) []string {
	var names []string
	for _, f := range formats {
		if !slices.Contains(f.without, flag) {
			names = append(names, f.name)
		}
	}
	return names
}

// FormatHelp lists the formats, with a word about each, for the help of -o.
func FormatHelp() string {
	var all []string
	for _, f := range formats {
		if f.help != "" {
			f.name += " (" + f.help + ")"
		}
		all = append(all, f.name)
	}
	last := len(all) - 1
	return strings.Join(all[:last], ", ") + ", or " + all[last]
}
