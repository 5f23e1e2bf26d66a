// Package sources finds the inventory that a command uses: what -i gives, else what the environment names, else what is in the
// working directory, else what the configuration file says.
//
// One in the working directory is used only where nobody but the user and root can write to it, since it may name commands and
// be a program. It is what Ansible does with an ansible.cfg, and git with a repository that belongs to another user.
package sources
