// Package sshargs reads arguments for ssh(1), as Ansible's variables ansible_ssh_args, ansible_ssh_common_args and
// ansible_ssh_extra_args have them, into options of ssh_config(5).
//
// Each letter of ssh is the option of ssh_config that it stands for, and wins or loses against others as ssh itself has it; a
// test compares with what ssh -G says. Letters that change nothing here are passed over, and those with which ssh would not log
// in are refused.
package sshargs
