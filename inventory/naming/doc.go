// Package naming says what the names of hosts, groups, users and agents may be, and reads the words of a command line that
// have one in them: host:port, user@host, ssh://user@host:port, and ranges as web[01:20].
//
// A name begins with a letter, a digit or _, and goes on with these and any of . - + / % ^ ~: what ssh and Ansible take, but
// for characters that have a meaning here, in inventories and patterns, in words, in options, for shells and terminals. A host
// may be an IP address too. Agents have fewer characters; Agent makes their names of those of hosts.
package naming
