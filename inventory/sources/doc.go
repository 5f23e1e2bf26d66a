// Package sources finds the inventory of a command: the first that is set of -i, the environment variable, a file in the
// working directory, and the configuration file.
//
// An inventory in the working directory is used only if no other user except root can write to it, because it may
// contain commands and may be a program. Ansible has the same rule for an ansible.cfg, and git for a repository of
// another user.
package sources
