// Package inventory says who the hosts are: it turns words, as they stand after --delegate-to or in delegate_to,
// into Targets.
//
// Read takes the sources of an inventory, whose formats package ansible reads into a model.Inventory. Resolve then looks at each word, and the first that fits decides:
//
//  1. a host or a group of the inventory; a name of both is the host, and both behind & and !; `all` and `ungrouped` are groups that always exist;
//  2. a pattern, see package pattern; a registered agent's name;
//  3. `host:port` is the address of an agent; `ssh://[user@]host[:port]` and `user@host[:port]` are SSH hosts;
//  4. `localhost` and `local` are this machine, unless the inventory has a host of that name;
//  5. an IP address, a Host of ssh_config, or a name that DNS knows, is an SSH host.
//
// A word with a user or ssh:// in it that names a host of the inventory is that host, with the word's user and
// port instead of the inventory's.
//
// # ssh_config
//
// How an SSH host is reached and logged in to is what package sshconfig says of it, with the host's ansible_host or name
// as what ssh would be given. Where several places say the same, the first of these wins: the word; the inventory's
// variables; Defaults; the inventory's arguments for ssh, then those of Defaults; the files of ssh_config. Keys add up,
// in that order.
//
// # Connections
//
// These variables say how to reach a host; where several are given, the last wins over the others, as in Ansible:
//
//	ansible_connection                                      ssh, or local for this machine
//	ansible_host, ansible_ssh_host                          the address, when it is not the name
//	ansible_port, ansible_ssh_port                          --port, or that of ssh_config, or 22
//	ansible_user, ansible_ssh_user                          -u, or that of ssh_config, or who runs the program
//	ansible_private_key_file, ansible_ssh_private_key_file  -k; those of ssh_config come behind it
//	ansible_password, ansible_ssh_pass, ansible_ssh_password
//	ansible_ssh_args, _common_args, _extra_args             options of ssh(1), each as the option of ssh_config that it is
//	ansible_become, ansible_become_user                     as whom tasks run
//	ansible_become_method                                   sudo, doas or su
//	ansible_become_password, ansible_become_pass
//
// A host of the inventory is this machine where ansible_connection is local, or where it is called localhost or local and none
// of the variables for SSH holds for it: an address, port, user, key, password or arguments. For Ansible a localhost that an
// inventory has is always reached over SSH.
//
// Of the options of ssh, those that change nothing here (forwardings, terminals, multiplexing) are passed over, whether they are
// spelled -L or -o LocalForward. What is wrong with the variables of one host is told of that host, and stops no other.
//
// All others, but for passwords, are there for tasks as host.vars. What Ansible Vault encrypts and templates ({{ ... }}) are
// not evaluated: one is an error when its value is needed to reach a host, or when a task reads it, and not before. Of a file
// that is encrypted whole not even the names are known: a task that reads a variable which is set nowhere else is told so.
//
// # Trust
//
// The files are the operator's own, but what they contain may come from elsewhere: nothing in them is executed or expanded,
// but for ~ in the paths of keys. Programs, of course, are executed, as Ansible does: whoever may write an executable file into
// an inventory directory acts as the operator. What they print is bounded, and read as data.
package inventory
