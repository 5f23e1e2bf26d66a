// Package sshclient connects to SSH servers as users of OpenSSH know it: by the settings of ssh_config, with the keys, the
// ssh-agent and the known_hosts files of the user.
//
// # The route to a host
//
// The route is TCP, or a channel (direct-tcpip) of the connection to the last jump host, or the standard input and output of the
// ProxyCommand. A jump host is a host like any other: its key is checked, and the login uses its own options. A Dialer connects
// to each jump host once, for all hosts behind it. When that fails, all of them fail with its error and its name. When the
// connection ends, the connections through it end too, and the next host dials it anew. The login at a host behind jump hosts is
// encrypted from end to end: jump hosts can't read it.
//
// A ProxyCommand is run by sh in a session of its own, without a terminal. When the connection ends, it is killed with all
// processes that it started. Its standard error is shown at once, because the login may wait for what it asks; the banner of a
// server is shown when the login takes long. Where a limit ends a stage, the error has the last output of the other side.
//
// Dialling, key exchange and authentication each have their own time limit, which stops while the user is asked something.
// A server that drops the connection before its banner (MaxStartups in sshd_config(5)) is tried again, with growing pauses.
// Keys may be exchanged anew at any later time.
//
// # Many hosts at once
//
// The limits are for hosts that do not respond, and not for hosts that delay each other because they share a hypervisor,
// a jump host, or this machine. Therefore the number of hosts that connect at the same time is limited by a window. A
// host holds a place in it until Client.Admitted is called. The window grows while hosts are fast, and is halved when a
// host takes half of a limit (see admission). Waiting for a place counts against no limit, and a host that does not
// answer at all gives up its place.
//
// # Logging in
//
// Keys are offered first, in the order of Keyring.Signers, then the password, by the first of the methods
// password and keyboard-interactive that the server takes; it answers one question without echo, and no other. The
// passphrase of a key is asked for when a server has said that it takes the key, once for all hosts. The options of the
// host may leave out methods, and change their order. Where a server wants several steps, all that has not succeeded is
// offered again after each of them.
//
// No host gets a password twice, but for a second method after the first one has succeeded with it. Where the account is
// the same on all hosts, each refusal is one of the few that lock it: a password is tried on one host at a time until one
// accepts it, and not any more after two have refused it (package internal/credential).
//
// # Whom to trust
//
// The host key decides: it must be known (known_hosts) before anything is sent, unless the user asked to accept new
// ones, or is asked about them on a terminal; a changed key is refused, but for hosts with StrictHostKeyChecking=no in the
// ssh_config: they are warned about, and get no password behind a changed key. With hostkeys.Ask, a Scan shows a person the unknown
// keys of all hosts before anything is sent to any; hosts behind an unknown jump host follow when it is known.
//
// The usual algorithms are those of OpenSSH 10. The lists of algorithms and RevokedHostKeys of the ssh_config hold. Names
// that x/crypto/ssh does not know are left out; a list of which nothing is left refuses the host, as does a file of revoked
// keys that is no list of public keys.
//
// A host that takes none of the keys gets the password, and a jump host gets that of the command line: the administrator of such
// a host can use it elsewhere. With keys, a host learns nothing that it could use. The ssh-agent is not forwarded.
package sshclient
