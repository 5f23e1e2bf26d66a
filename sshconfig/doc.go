// Package sshconfig finds out which settings of the user's ssh_config apply to a host: its address, how to log in, and
// its jump hosts.
//
// The rules are OpenSSH's, as ssh_config(5) describes them and as ssh itself behaves: the first value wins, except for
// options whose values add up; a Match line sees the settings of the lines before it; tokens are expanded for the
// options that allow them. The user's file is read first, then the system's; a file that is named with -F replaces
// both.
//
// A parser in Go evaluates the files for each host, without a process. Some lines have a meaning that it can't know:
// Match exec, localnetwork or final, CanonicalizeHostname, and keywords or syntax that it does not support. For these
// it runs `ssh -G` of the installed client, once for each distinct query. Without an installed client the parser's
// result is used, and a Note says so. A test checks that both give the same settings.
//
// github.com/kevinburke/ssh_config 1.6 was tried first. It has no `Match originalhost`, it compares `Match host` with
// the typed name instead of the HostName set before it, and it does not support options of the command line, %-tokens,
// and the order of ProxyJump and ProxyCommand. Each of these leads to another host.
//
// The files belong to the operator and may run commands (Match exec, ProxyCommand), so their authors are trusted, as
// with ssh. Names of hosts and users may come from elsewhere. They are never passed as options of ssh or as commands of
// a shell.
package sshconfig
