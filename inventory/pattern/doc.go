// Package pattern finds the hosts that patterns name, in an inventory and among the agents that are known by name. A Chooser
// takes words apart into terms, finds the meaning of each, and makes a list of Choices of them, each host once.
//
// # Patterns
//
// All words together are one pattern, as in Ansible
// (https://docs.ansible.com/ansible/latest/inventory_guide/intro_patterns.html): what is named is put together, then `&`
// keeps of it what it names, and `!` leaves out what it names. Where only those two are given, they narrow all hosts of the
// inventory.
//
//	web,db   web:db       hosts of either
//	web:&prod             hosts of web that are in prod as well
//	web:!web-3            hosts of web without one
//	web*   db?   w[a-c]*  hosts, and those of groups, whose name fits; [!a] is any character but a
//	~web-\d+              those whose name begins with what the regular expression (RE2) says
//	web[0]  web[-1]  w*[0:2]     behind a group or a glob: some of its hosts, counted from 0, both ends included
//	web[1-20]  web[01:20]  n[1-3,7,10-19/3]x[a:c]    names that are written as a range; each must exist
//	tag:role=web  tag:role       the registered agents with the tag, of this value or any
//	@file                 the patterns in a file, one a line; # begins a comment
//
// Ranges stand for words, which need not be in the inventory: root@node[1-20].example.com, 10.0.0.[1-50], n[1-3]:50051.
// With * or ? beside it a range takes those of its hosts that there are.
//
// Where a word could be two things, this decides: a colon before a port number at the end is that of an address, so that
// web:50051 is an agent and no union. Behind the name of a group, [N] and [N:M] are a subscript, as in Ansible; [N-M] is
// one only where the inventory has none of the hosts of the range. Other brackets with digits, commas and dashes are a range, and an
// error where it is a wrong one. [12] is the number 12 where that host is in the
// inventory, else one of two characters where that fits a host, else the number. Commas and colons in brackets, and in a
// regular expression in parentheses and braces, divide nothing.
//
// A host of the inventory or of ssh_config that has the name of a registered agent is reached through it, and over SSH when it
// does not answer. Globs and regular expressions fit agents as well as hosts; all is all agents where the inventory has no
// host.
//
// What names nothing is an error, also behind & and !, but for the hosts of a file that only narrows: behind `&`, or in a
// Limit.
package pattern
