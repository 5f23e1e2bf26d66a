// Package ansible reads inventories in the formats that Ansible has: INI, YAML, JSON, directories of files, programs, and
// lists of hosts with commas. Read makes one model.Inventory of all sources.
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
// A name begins with a letter, a digit or _, and goes on with these and any of . - + / % ^ ~. Hosts that Ansible has under other
// names are passed over; groups can't be named, but their hosts and variables are there. One of the Warnings names them, and so
// does the error for a word that means one.
//
// What is refused here and not by Ansible: bytes that are not UTF-8, control characters, and files of a size that no person means.
// What Ansible passes over with a warning is in Warnings.
package ansible
