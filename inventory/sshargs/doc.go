// Package sshargs converts arguments for ssh(1), as in Ansible's variables ansible_ssh_args, ansible_ssh_common_args and
// ansible_ssh_extra_args, into options of ssh_config(5).
//
// Each letter of ssh becomes the option of ssh_config that it stands for, with the same precedence as in ssh; a test
// compares it with ssh -G. Letters without a meaning here are ignored. Letters with which ssh would not log in are
// errors.
package sshargs
