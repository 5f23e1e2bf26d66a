// Package values reads what Ansible's files have as values: JSON, YAML 1.1, Python's literals, and lines that Python's shlex
// would split into words.
//
// A Node is a value with its line, so that what is wrong with it can be told with its place. What a value stands for is what
// JSON has: nil, bool, int64, float64, json.Number, string, lists and mappings. Texts that Ansible Vault encrypted and
// templates are kept as they are; WhyUnreadable tells them. Reading is bounded in size, depth and what aliases repeat.
package values
