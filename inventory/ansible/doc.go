// Package ansible reads inventories in the formats that Ansible has: INI, YAML, JSON, directories of files, programs, and
// lists of hosts with commas. Read makes one model.Inventory of all sources.
//
// # Inventories
//
// A source is one value of Ansible's option -i. Its kind is detected as in Ansible:
//
//   - a text with a comma that names no file is a list of hosts: `web-1,web-2,`;
//   - a directory stands for all its files, ordered by name, and those of its subdirectories. Hidden files, group_vars,
//     host_vars, and names with endings such as .bak, ~, .orig, .retry, .cfg, .txt, .md and .ini are skipped;
//   - an executable file is a program: called with --list it prints JSON, with the variables of hosts under
//     _meta.hostvars. Without _meta it is called with --host NAME for each host. It is killed after two minutes;
//   - a file with the extension yml, yaml or json, or without an extension, is YAML or JSON, if it parses as such;
//   - any other file is INI.
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
// The same inventory in YAML begins like this:
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
// A JSON file may also be the saved output of `ansible-inventory --list`. Configurations of Ansible's inventory plugins,
// TOML, and inventories that are encrypted as a whole are refused.
//
// # Variables
//
// Values have types. In INI they are those of Python literals (10, True, ['a'], {'b': 1}). In YAML they are those of
// version 1.1, where yes is true and 0777 is octal. Variables are also read from group_vars and host_vars next to a
// source: from the first that exists of NAME, NAME.yml, NAME.yaml and NAME.json, or from all files of a directory NAME.
// A file with only comments sets none. Precedence, from the weakest to the strongest:
//
//  1. groups in the inventory: all, then by depth; of the same depth by ansible_group_priority, then by name;
//  2. group_vars/all of each source, then for each source those of the other groups in the same order;
//  3. the host in the inventory, where the later line and the later source wins;
//  4. host_vars of each source.
//
// testdata/ansible has an inventory for each rule. A test compares the result with ansible-inventory --list.
//
// A name begins with a letter, a digit or _, and continues with these and any of . - + / % ^ ~. Other names are called
// odd. A host with an odd name is skipped. A group with an odd name can't be selected, but its hosts and variables
// count. One of the Warnings lists the odd names, and the error for a word that is an odd name says so.
//
// This package refuses what Ansible does not: bytes that are not UTF-8, control characters, and files above a size
// limit. What Ansible skips with a warning is in Warnings.
package ansible
