// Package sshconfig says what the user's ssh_config means for a host: where it is, how to log in, through which
// others to go.
//
// The meaning is OpenSSH's, as ssh_config(5) and the program itself have it: the first value wins, but for the
// options that gather; a Match line sees what the lines before it have set; tokens are expanded where that page
// allows each. The user's file is read first, then the system's; a file that is named instead replaces both.
//
// Two ways lead to an answer. A reader in Go evaluates the files for each host, without a process. Where it meets
// something whose meaning it can't know (Match exec, localnetwork or final, CanonicalizeHostname, a keyword or a
// syntax that it has never seen), `ssh -G` of the installed client is asked, once for each distinct question; where
// none is installed, the reader's answer is taken, and a Note says so. A test holds both to the same answers.
//
// github.com/kevinburke/ssh_config 1.6 was tried first. It has no `Match originalhost`, takes `Match host` for the
// name that was typed and not for the HostName set before it, and knows nothing of the command line, %-tokens and
// which of ProxyJump and ProxyCommand came first; each of these sends a run to another host.
//
// The files are the operator's own and may run commands (Match exec, ProxyCommand): whoever writes them is trusted
// as with ssh. Names of hosts and users may come from elsewhere; they never become options of ssh, nor commands of
// a shell.
package sshconfig
