// Package inventory says who the hosts are: it turns words, as they stand after --delegate-to or in delegate_to,
// into Targets.
//
// Read takes the sources of an inventory. Resolve then looks at each word, and the first that fits decides:
//
//  1. a host or a group of the inventory; a name of both is the host, and both behind & and !; `all` and `ungrouped` are groups that always exist;
//  2. a pattern, see below; a registered agent's name;
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
//
// # Inventories
//
// A source is what Ansible takes after -i, told apart as Ansible does:
//
//   - a text with a comma that names no file is a list of hosts: `web-1,web-2,`;
//   - a directory is all its files in the order of their names, and those of directories in it, but for hidden ones, group_vars,
//     host_vars, and names that end as those of no inventory, as .bak, ~, .orig, .retry, .cfg, .txt, .md and .ini;
//   - a file that may be executed is a program: called with --list it prints JSON, with the variables of hosts under
//     _meta.hostvars, or else when called with --host NAME. It is ended after two minutes;
//   - a file with the extension yml, yaml or json, or with none, is YAML or JSON, if it can be read as such;
//   - any other is INI.
//
// The formats are described at https://docs.ansible.com/ansible/latest/inventory_guide/intro_inventory.html. In INI:
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
//	ports = [80, 443]
//
// The same as YAML begins so:
//
//	all:
//	  hosts:
//	    bastion.example.com:2222:
//	prod:
//	  children:
//	    web:
//	      hosts:
//	        web[01:20].example.com:
//	          ansible_user: deploy
//
// A JSON file may also be the saved output of `ansible-inventory --list`. Configurations of Ansible's inventory plugins, TOML,
// and inventories that are encrypted whole are refused.
//
// # Variables
//
// Values have types: in INI those of Python's literals (10, True, ['a'], {'b': 1}), in YAML those of version 1.1, where yes is
// true and 0777 octal. Variables also stand in group_vars and host_vars beside a source: in NAME, NAME.yml, NAME.yaml or
// NAME.json, the first that is there, or in all files of a directory NAME. One in which there are only comments sets none. From the weakest to the strongest:
//
//  1. groups in the inventory: all, then by depth; of the same depth by ansible_group_priority, then by name;
//  2. group_vars/all of each source, then for each source those of the other groups in the same order;
//  3. the host in the inventory, where the later line and the later source wins;
//  4. host_vars of each source.
//
// testdata/ansible has an inventory for each rule, and a test compares what is read with ansible-inventory --list.
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
// A name begins with a letter, a digit or _, and goes on with these and any of . - + / % ^ ~. Hosts that Ansible has under other
// names are passed over; groups can't be named, but their hosts and variables are there. One of the Warnings names them, and so
// does the error for a word that means one.
//
// What is refused here and not by Ansible: bytes that are not UTF-8, control characters, and files of a size that no person means.
// What Ansible passes over with a warning is in Warnings.
//
// # Trust
//
// The files are the operator's own, but what they contain may come from elsewhere: nothing in them is executed or expanded,
// but for ~ in the paths of keys. Programs, of course, are executed, as Ansible does: whoever may write an executable file into
// an inventory directory acts as the operator. What they print is bounded, and read as data.
package inventory
