package view

import (
	"strings"

	"sloth-runner/proto"
	"sloth-runner/runner"
)

// headerRule stands above and below the hosts that printed what follows, as with `clush -b` and `dshbak -c`.
var headerRule = strings.Repeat("-", 16)

// gather keeps what hosts print until all of them have come to their end.
type gather struct {
	stdout, stderr *versions
	hosts          map[string]*hostOutput
}

// hostOutput is what one host printed.
type hostOutput struct{ stdout, stderr cursor }

// sameness is what hosts must have in common to stand under one header.
type sameness struct {
	stdout, stderr printed
	ending         string
}

func newGather() *gather {
	room := mostGatheredInAll
	return &gather{stdout: newVersions(&room), stderr: newVersions(&room), hosts: make(map[string]*hostOutput)}
}

// add takes what a host of the run printed.
func (g *gather) add(host string, output *proto.Output) {
	own := g.hosts[host]
	if own == nil {
		own = &hostOutput{g.stdout.begin(), g.stderr.begin()}
		g.hosts[host] = own
	}
	if output.GetStream() == proto.Output_STDERR {
		own.stderr.add(output.Bytes())
	} else {
		own.stdout.add(output.Bytes())
	}
}

// print gives each text that hosts printed to emit, in the order of the first host of each. Hosts that printed nothing
// are left out: how they ended stands elsewhere.
func (g *gather) print(r *runner.Result, p prefixes, emit func(lines ...string)) {
	groups := make(map[sameness][]*runner.HostResult)
	var order []sameness
	for _, host := range r.Hosts {
		own := g.hosts[host.Name]
		if own == nil || own.stdout.isEmpty() && own.stderr.isEmpty() {
			continue
		}
		key := sameness{own.stdout.printed(), own.stderr.printed(), ""}
		if host.State != runner.Success {
			key.ending = withoutAddress(endingOfHost(r, host), host)
		}
		if groups[key] == nil {
			order = append(order, key)
		}
		groups[key] = append(groups[key], host)
	}
	for _, key := range order {
		g.printGroup(r, groups[key], key.ending, p, emit)
	}
}

func (g *gather) printGroup(r *runner.Result, hosts []*runner.HostResult, ending string, p prefixes, emit func(lines ...string)) {
	var names []string
	for _, host := range hosts {
		names = append(names, bounded(host.Name, nameWidth))
	}
	header := strings.Join(Fold(names), ",")
	if len(names) > 1 {
		header += " (" + count(len(names), "host") + ")"
	}
	if ending != "" {
		header += ", " + ending
	}
	emit(headerRule, header, headerRule)
	own := g.hosts[hosts[0].Name]
	printText(&own.stdout, "", emit)
	printText(&own.stderr, p.paint(yellow, "!")+" ", emit)
	if own.stdout.isCut() || own.stderr.isCut() {
		emit("… [cut, `sloth-runner runs logs " + shellWord(r.ID) + " " + shellWord(hosts[0].Name) + "` has all of it]")
	}
}

// printText prints what is kept of one stream in lines.
func printText(p *cursor, sign string, emit func(lines ...string)) {
	for line := range strings.Lines(string(p.text())) {
		emit(sign + shownLine(shorten(trimReturn([]byte(strings.TrimSuffix(line, "\n"))))))
	}
}
