// Package model is the content of an inventory: hosts, groups of hosts and of groups, and the variables of both.
//
// A reader fills an Inventory: New makes one with the groups all and ungrouped, AddHost and EitherGroup add to it,
// AddBeside adds the variables of group_vars and host_vars. After that it must not change, and is safe for concurrent
// use. This package decides which variables hold for a host, by Ansible's precedence: see Variables.
//
// Groups with odd names are stored separately: their hosts and variables count, but no list contains them.
//
// Variables for tasks have no passwords. A value that is not known on the operator's machine is an Unread with the
// reason.
package model
