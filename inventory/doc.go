// Package inventory says who the hosts are: it turns words, as they stand after --delegate-to or in delegate_to,
// into Targets.
//
// Read takes the inventory files. Resolve then looks at each word, and the first that fits decides:
//
//  1. a group or a host of the inventory; `all` and `ungrouped` are groups that always exist;
//  2. `host:port` is the address of an agent; `ssh://[user@]host[:port]` and `user@host[:port]` are SSH hosts;
//  3. `localhost` and `local` are this machine;
//  4. an IP address, or a name that DNS knows, is an SSH host.
//
// A word with a user or ssh:// in it that names a host of the inventory is that host, with the word's user and
// port instead of the inventory's.
//
// # Inventory files
//
// Files are in Ansible's INI format, which is described at
// https://docs.ansible.com/ansible/latest/plugins/inventory/ini.html:
//
//	; before any section: a host without a group
//	bastion.example.com:2222
//
//	[web]
//	web[01:20].example.com ansible_user=deploy
//	[2001:db8::7]:2222 motd="two words"   # a comment
//
//	[prod:children]
//	web
//
//	[prod:vars]
//	ansible_ssh_private_key_file = ~/.ssh/prod
//
// A variable of a host beats one of its groups; of two groups the deeper one wins, then the one with the higher
// ansible_group_priority, then the one whose name sorts last. Of two equal places the later line wins, and so
// does the later file.
//
// These variables say how to reach a host; where two are given, the second wins over the first, as in Ansible:
//
//	ansible_connection                                     ssh, or local for this machine
//	ansible_host, ansible_ssh_host                         the address, when it is not the name
//	ansible_port, ansible_ssh_port                         22, or --port
//	ansible_user, ansible_ssh_user                         -u, or the name of the user who runs the program
//	ansible_private_key_file, ansible_ssh_private_key_file  -k, or the usual ones
//
// Values are text. Templates ({{ ... }}) are not evaluated: one in such a variable is an error when the host is
// used, and not before. What is refused here and not by Ansible: host and group names with other characters than
// letters, digits, '.', '-' and '_', bytes that are not UTF-8, control characters, and files of a size that no
// person means.
//
// The files are the operator's own, but what they contain may come from elsewhere: nothing in them is executed
// or expanded, but for ~ in the paths of keys.
package inventory
