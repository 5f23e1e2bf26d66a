package ansible

import (
	"path/filepath"
	"strings"

	"sloth-runner/inventory/problems"
	"sloth-runner/inventory/values"
)

// readText reads the text of an inventory file and detects its format. As in Ansible, a file with the extension of YAML
// or JSON, or without an extension, is read as YAML or JSON if it parses as such. All others are INI.
func (r *reader) readText(path, text string) {
	switch filepath.Ext(path) {
	case ".yml", ".yaml", ".json":
		r.readValues(path, text, true)
	case "":
		r.readValues(path, text, false)
	case ".toml":
		r.problems.Add(problems.ShowPath(path) + ": expected an inventory in INI, YAML or JSON, not in TOML")
	default:
		r.readINI(path, text)
	}
}

// readValues reads a text as YAML or JSON, if its file has such a name (named) or it looks like YAML.
func (r *reader) readValues(path, text string, named bool) {
	if strings.HasPrefix(text, values.VaultHeader) {
		r.problems.Add(problems.ShowPath(path) + ": the whole inventory file is encrypted with Ansible Vault; decrypt it with ansible-vault view")
		return
	}
	root, err := parseValues(path, text)
	switch {
	case err == nil && root.Kind == values.Map:
		r.readRoot(path, root)
	case err == nil && root.IsNull():
		// An empty file.
	case !named && !looksLikeYAML(text), r.isINI(path, text):
		r.readINI(path, text)
	case err != nil:
		r.syntax(path, err)
	default:
		r.at = problems.At(path, root.Line)
		r.problem("expected a mapping with groups by name, not %s", root.Kind)
	}
}

// readRoot reads the parsed content of a whole file.
func (r *reader) readRoot(path string, root *values.Node) {
	if plugin := root.Get("plugin"); plugin != nil {
		r.at = problems.At(path, plugin.Line)
		r.problem("is a configuration of Ansible's inventory plugin %s, which only Ansible can run", problems.Show(values.Text(plugin.Data)))
		r.problems.Hint("give what Ansible makes of it: ansible-inventory -i " + problems.ShowPath(path) + " --list > hosts.json")
		return
	}
	if isDynamic(root) {
		r.readDynamic(path, root)
	} else {
		r.readTree(path, root)
	}
}

// looksLikeYAML reports whether the first line shows that a text with YAML errors was meant as YAML.
func looksLikeYAML(text string) bool {
	for line := range strings.SplitSeq(text, "\n") {
		line = strings.TrimSpace(line)
		if line == "" || line[0] == '#' || line[0] == ';' {
			continue
		}
		return line == "---" || strings.HasSuffix(line, ":") || line[0] == '{'
	}
	return false
}

// isINI reports whether a text can be read as INI without a problem and without an odd name.
func (r *reader) isINI(path, text string) bool {
	trial := newReader()
	trial.readINI(path, text)
	return trial.problems.Count() == 0 && len(trial.oddNames) == 0
}
