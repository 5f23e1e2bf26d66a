package sshconfig

import (
	"maps"
	"slices"
	"strings"
)

// dump is the output of `ssh -G`: one keyword with a value in each line.
type dump map[string][]string

func parseDump(out string) dump {
	d := dump{}
	for text := range strings.Lines(out) {
		keyword, value, _ := strings.Cut(strings.TrimRight(text, "\r\n"), " ")
		keyword = strings.ToLower(keyword)
		d[keyword] = append(d[keyword], value)
	}
	return d
}

// expandedByClient are the keywords whose values ssh prints with tokens expanded. Other values are printed as they
// stand in the file.
var expandedByClient = map[string]bool{
	"hostname": true, "user": true, "identityagent": true, "userknownhostsfile": true, "setenv": true,
}

// notFollowed returns the security options that differ from the defaults and that this program ignores.
func (d dump) notFollowed(defaults dump) []line {
	var lines []line
	for _, keyword := range slices.Sorted(maps.Keys(security)) {
		if printed := d[keyword]; len(printed) > 0 && !slices.Equal(printed, defaults[keyword]) {
			lines = append(lines, line{at: position{file: "ssh -G"}, keyword: keyword, spelled: keyword, arguments: printed})
		}
	}
	return lines
}

// values returns the settings that differ from defaults, the output of ssh without any settings.
func (d dump) values(defaults dump) values {
	v := values{}
	at := position{file: "ssh -G"}
	for keyword, printed := range d {
		always := keyword == "hostname" || keyword == "user" || keyword == "port"
		if !followed[keyword] || !always && slices.Equal(printed, defaults[keyword]) {
			continue
		}
		set := func(arguments ...string) {
			v[keyword] = append(v[keyword], value{arguments: arguments, at: at, expanded: expandedByClient[keyword]})
		}
		switch keywords[keyword] {
		case gathered:
			for _, value := range printed {
				set(value)
			}
		case assignments:
			set(printed...)
		case words: // ssh prints a blank inside a name like one between names
			set(strings.Fields(printed[0])...)
		default:
			set(printed[0])
		}
	}
	return v
}
