// Package naming has the rules for the names of hosts, groups, users and agents. It parses the words of a command line
// that contain a name: host:port, user@host, ssh://user@host:port, and ranges such as web[01:20].
//
// A name begins with a letter, a digit or _, and continues with these and any of . - + / % ^ ~. These are the names of
// ssh and Ansible, except for characters that have a meaning here: in inventories and patterns, in words, in options,
// for shells and terminals. A host may also be an IP address. Names of agents have fewer characters; Agent derives them
// from those of hosts.
package naming
