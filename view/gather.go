package view

import (
	"bytes"
	"strings"

	"sloth-runner/proto"
	"sloth-runner/runner/state"
	"sloth-runner/view/layout"
	"sloth-runner/view/phrase"
	"sloth-runner/view/printed"
)

// headerRule is the line above and below the hosts of an output, as with `clush -b` and `dshbak -c`.
var headerRule = strings.Repeat("-", 16)

// gather keeps the output of hosts until all of them have ended.
type gather struct {
	stdout, stderr *printed.Versions
	hosts          map[string]*hostOutput
}

// hostOutput is the output of one host.
type hostOutput struct{ stdout, stderr printed.Cursor }

// sameness is what hosts must have in common to stand under one header.
type sameness struct {
	stdout, stderr printed.Content
	ending         string
}

func newGather() *gather {
	room := printed.MostInAll
	return &gather{stdout: printed.NewVersions(&room), stderr: printed.NewVersions(&room), hosts: make(map[string]*hostOutput)}
}

// add adds output of a host, as it is shown. Output that differs only in colours, in line ends, or in earlier states of a
// progress bar counts as equal.
func (g *gather) add(from printed.Source, p printed.Piece) {
	own := g.hosts[from.Host]
	if own == nil {
		own = &hostOutput{g.stdout.Begin(), g.stderr.Begin()}
		g.hosts[from.Host] = own
	}
	text := p.Shown()
	if p.Last {
		text += "\n"
	}
	if from.Stream == proto.Output_STDERR {
		own.stderr.Add([]byte(text))
	} else {
		own.stdout.Add([]byte(text))
	}
}

// print calls emit for each different output, in the order of the first host of each. Hosts without output are left out: how
// they ended is reported elsewhere.
func (g *gather) print(r *state.Run, p prefixes, c Config, emit func(lines ...string)) {
	groups := make(map[sameness][]*state.Host)
	var order []sameness
	for _, host := range r.Hosts {
		own := g.hosts[host.Name]
		if own == nil || own.stdout.IsEmpty() && own.stderr.IsEmpty() {
			continue
		}
		key := sameness{own.stdout.Content(), own.stderr.Content(), ""}
		if host.State != state.Success {
			key.ending = phrase.WithoutAddress(phrase.EndingOfHost(r, host), host)
		}
		if groups[key] == nil {
			order = append(order, key)
		}
		groups[key] = append(groups[key], host)
	}
	for _, key := range order {
		g.printGroup(r, groups[key], key.ending, p, c, emit)
	}
}

func (g *gather) printGroup(r *state.Run, hosts []*state.Host, ending string, p prefixes, c Config, emit func(lines ...string)) {
	var names []string
	for _, host := range hosts {
		names = append(names, layout.Bounded(host.Name, phrase.NameWidth))
	}
	header := strings.Join(layout.Fold(names), ",")
	if len(names) > 1 {
		header += " (" + phrase.Count(len(names), "host") + ")"
	}
	if ending != "" {
		header += ", " + ending
	}
	emit(headerRule, header, headerRule)
	own := g.hosts[hosts[0].Name]
	cutHere := "… [cut, `sloth-runner runs logs " + phrase.ShellWord(r.ID) + " " + phrase.ShellWord(hosts[0].Name) + "` has all of it]"
	if c.NoRecord {
		cutHere = "… [cut]"
	}
	printText(&own.stdout, "", cutHere, c.CutOut, emit)
	printText(&own.stderr, p.paint(layout.Yellow, "!")+" ", cutHere, c.CutOut, emit)
}

// printText prints what is kept of one stream in lines, each behind a sign, and with cut only as much of a line as a
// terminal is to show.
func printText(p *printed.Cursor, sign, cutHere string, cut bool, emit func(lines ...string)) {
	text := p.Text()
	if last := bytes.LastIndexByte(text, '\n'); p.IsCut() && last >= 0 {
		// Half a line could be taken for one.
		text = text[:last]
	}
	for line := range bytes.Lines(text) {
		shown := printed.WholeLine(string(bytes.TrimSuffix(line, []byte("\n"))), cut)
		if shown.Cut {
			emit(sign + shown.Text + printed.CutMark)
		} else {
			emit(sign + shown.Text)
		}
	}
	if p.IsCut() {
		emit(sign + cutHere)
	}
}
