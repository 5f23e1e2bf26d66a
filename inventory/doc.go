// Package inventory decides which hosts a run has: it resolves words, as given to --delegate-to or delegate_to, to
// Targets.
//
// Read reads the sources of an inventory. Package ansible reads their formats into a model.Inventory. Resolve then looks
// up each word; the first rule that fits decides:
//
//  1. a host or a group of the inventory; a name of both is the host, and both behind & and !; `all` and `ungrouped` are groups that always exist;
//  2. a pattern, see package pattern; a registered agent's name;
//  3. `host:port` is the address of an agent; `ssh://[user@]host[:port]` and `user@host[:port]` are SSH hosts;
//  4. `localhost` and `local` are this machine, unless the inventory has a host of that name;
//  5. an IP address, a Host of ssh_config, or a name that DNS knows, is an SSH host.
//
// A word with a user or ssh:// that names a host of the inventory means that host, with the user and port of the word
// instead of those of the inventory.
//
// # ssh_config
//
// Package sshconfig decides how to reach an SSH host and how to log in. The name that it looks up is ansible_host, or
// the name of the host. For a setting with several values the first of these wins: the word; the variables of the
// inventory; Defaults; the inventory's arguments for ssh, then those of Defaults; the files of ssh_config. Keys add up,
// in that order.
//
// # Connections
//
// These variables say how to reach a host. Of several with the same meaning the last one listed wins, as in Ansible:
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
// A host of the inventory is this machine if ansible_connection is local. It also is if it is called localhost or local
// and has no variable for SSH: no address, port, user, key, password or arguments. Ansible differs: it reaches a
// localhost of the inventory over SSH.
//
// Options of ssh without a meaning here (forwardings, terminals, multiplexing) are ignored, as a letter (-L) or by name
// (-o LocalForward). A problem with the variables of one host is an error of that host only.
//
// Tasks see all other variables except passwords as host.vars. Values that are encrypted with Ansible Vault and
// templates ({{ ... }}) are not evaluated. Such a value is an error only when it is needed to reach a host or when a
// task reads it. If a whole file is encrypted, the names of its variables are unknown too: a task that reads a variable
// which is not set elsewhere gets an error that names the file.
//
// # Trust
//
// The inventory files belong to the operator, but their content may come from elsewhere. Nothing in them is executed or
// expanded, except ~ in the paths of keys. Inventory programs are executed, as in Ansible: a user who may write an
// executable file into an inventory directory can act as the operator. The output of programs is limited in size, and
// read as data.
package inventory
