// Package pattern finds the hosts that patterns select, in an inventory and among the agents that are known by name. A
// Chooser splits words into terms, finds the meaning of each, and returns a list of Choices, each host once.
//
// # Patterns
//
// All words together are one pattern, as in Ansible
// (https://docs.ansible.com/ansible/latest/inventory_guide/intro_patterns.html): first the hosts of all plain terms are
// put together, then `&` keeps only those that are also in its term, then `!` removes those in its term. A pattern with
// only `&` and `!` narrows all hosts of the inventory.
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
// A range stands for names, which need not be in the inventory: root@node[1-20].example.com, 10.0.0.[1-50],
// n[1-3]:50051. Together with * or ? a range matches only hosts that exist.
//
// Ambiguous words are read as follows. A colon before a port number at the end belongs to an address: web:50051 is an
// agent and not a union. Behind the name of a group, [N] and [N:M] are a subscript, as in Ansible; [N-M] is a subscript
// only if the inventory has no host of the range. Other brackets with digits, commas and dashes are a range; a wrong
// range is an error. [12] is the number 12 if the inventory has that host. Else it is one of the characters 1 and 2 if
// that matches a host, else the number. Commas and colons inside brackets don't separate terms, nor inside the
// parentheses and braces of a regular expression.
//
// A host of the inventory or of ssh_config with the name of a registered agent is reached through that agent, and over
// SSH if the agent does not answer. Globs and regular expressions match agents as well as hosts. If the inventory has no
// host, all means all agents.
//
// A term that matches nothing is an error, also behind & and !. An exception are the hosts of a file that narrows:
// behind `&`, or in a Limit.
package pattern
