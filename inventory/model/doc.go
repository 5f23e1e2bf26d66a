// Package model is what an inventory says: hosts, groups of hosts and of groups, and variables of both.
//
// Readers fill an Inventory and then leave it alone: New makes one with the groups all and ungrouped, AddHost and AddGroup add
// to it, AddBeside adds the variables of group_vars and host_vars. From then on it is safe for concurrent use. Which variables
// hold for a host is decided here, in Ansible's order of precedence: see Variables.
//
// Groups whose names can't be one here are kept aside, as odd: their hosts and variables count, and no list names them.
//
// Variables that tasks see leave out passwords; a value that is not known on the operator's machine is an Unread, with the
// reason.
package model
