// Package testhost starts temporary SSH hosts on loopback, for tests, the demo and the bench. It needs no root.
//
// Each host is an OpenSSH sshd of its own where one is installed and usable, else an SSH server in this process; it
// has its own port, host key, home and temporary directory. What all hosts share is the machine: its name, its
// kernel, /tmp and /var/tmp.
//
// # How a host gets a home of its own
//
// sshd takes the home directory from the password database, which says the same for every host. Of the ways around
// it, SetEnv is the one that holds: sshd applies it after everything else that it puts into a session's
// environment (session.c, do_setup_env), so that HOME, SHELL and TMPDIR are the host's. The working directory is
// not covered by it, hence a ForceCommand that changes to the home and runs what the client asked for there, in
// place of itself. sshd sends subsystems through the same command, so that SFTP starts in that home as well. It
// rules out internal-sftp, which sshd refuses together with any other forced command.
//
// StartHostileAgent starts a hostile agent instead of a host. Its events (hostile_events.go) or its HTTP/2 frames
// (hostile_wire.go) violate the protocol.
//
// # How a host ends
//
// Every process of a session carries the variable SLOTH_TESTHOST with the host's name, by which a test can tell
// hosts apart, and SLOTH_TESTHOST_ID, which no other host has. A small shell process, the guard, is sshd's parent
// and waits for the end of its input, which comes with Stop and with the death of the process that started the
// host, however it died. Then it kills sshd, sshd's connections and all processes that carry the ID. Where there
// is no /proc, it finds only those of sshd itself.
package testhost
