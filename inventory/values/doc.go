// Package values parses the values in Ansible's files: JSON, YAML 1.1, Python literals, and lines that Python's shlex
// would split into words.
//
// A Node is a value with its line, so that an error can name the place. Values have the types of JSON: nil, bool, int64,
// float64, json.Number, string, lists and mappings. Texts that Ansible Vault encrypted and templates stay as they are;
// WhyUnreadable detects them. Parsing is limited in size, in depth and in what aliases repeat.
package values
