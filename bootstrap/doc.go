// Package bootstrap makes a host with an SSH server and nothing else into a host with an agent.
//
// # The protocol
//
// All of it uses one connection with one authentication, and one session at a time: servers with MaxSessions 1
// and servers that forbid forwarding are served like any other.
//
//  1. Dial, exchange keys, check the host key, authenticate. Each has its own time limit, which stops while a person is
//     asked something. A server that drops the connection before its banner (MaxStartups in sshd_config(5)) is tried
//     again, with growing pauses. Package sshclient does this, and describes it.
//  2. Start. One exec of a line of POSIX sh (see script.go), wrapped so that any login shell passes it on unchanged.
//     It looks for the agent of exactly this build, named by its SHA-256, in the places of Places and becomes it, if no
//     other user of the host can exchange it; see "Whom to trust". Of a build that has agents for several platforms, the
//     line has the names of all, and uname(1) chooses.
//     The agent writes the line "MARKER ready" to stdout; what comes after that is gRPC. MARKER is random, made for
//     this one exec: whatever start-up files print before it is noise, of which an excerpt is reported as a notice
//     for -vv, and of which there may be 1 MiB. When the command ends without a word, the cached agent may be
//     damaged: another exec then only asks what step 3 tells, and the agent is copied again.
//  3. When no place has the agent, the line answers instead, each line after the marker: the system and machine, whether
//     gzip is there, whether the cache directory is new ("MARKER new-cache"), and for each place whether a file can be
//     made and executed in it ("MARKER dir FREE-KB PATH" or "MARKER bad REASON PATH"). "MARKER end" is last, and the
//     session ends.
//     A host for which there is no agent, or no room, is left without the directories that were made in vain.
//  4. Upload. The agent for the host's platform goes to a new random name in the first usable place, over SFTP, or
//     through cat where the server has no SFTP, or shows other files over SFTP than the shell has; compressed, when the
//     host has gzip. It is given up when the host is silent for as long as a stage may take, or takes less than 32 KiB in
//     four times that, however alive it is otherwise; one that waits for its turn among the uploads, or for the speed that
//     is allowed, is not. An upload below 16 KiB/s gives up its turn to others.
//  5. Install and start. A second line of sh looks at the place once more, unpacks the upload, compares its SHA-256,
//     makes it executable, renames it to its name, removes the places that step 3 made in vain, restores the account's
//     umask, and becomes it, as in step 2. What was cleaned away meanwhile is copied once more. Because the name is the
//     digest and the rename is atomic, any number of operators may do this at the same time, and one that dies half-way
//     leaves only an upload that is not used: the agent removes those when they are an hour old, and the agents of builds
//     not used for longest.
//
// A warm start therefore costs one exec, and the answer to it already carries the agent's first gRPC frames.
//
// When the connection ends, for whatever reason, the agent reads the end of its input, kills what it started, and
// ends. Nothing stays on the host but the file in the cache.
//
// # Many hosts at once
//
// The number of hosts that connect at the same time is limited by the window of package sshclient: a host holds a place
// in it from step 1 to the answer of step 2 or 3, and again in step 5. Uploads have limits of their own (Uploads).
//
// # Whom to trust
//
// Package sshclient describes which hosts the operator trusts before anything is sent. A host with the right key may
// still be hostile. It then sees the agent and the plan, and can answer with any data. All that it sends is bounded in
// size, is never used as a path on the operator's machine, and gives it no access to the ssh-agent (which is not
// forwarded), to keys or to other hosts.
//
// On the host, other users must not be able to exchange the file that the agent is started from. Before each start, and
// before an upload is installed, the file and all directories above it are looked at, from the root down: each belongs to
// root or to the account, and no other account may write to it, but for directories with the sticky bit (as /tmp), where an
// entry can be exchanged by its owner only. The place itself is a directory of the account's, not a link, and outside of
// the account's cache it has mode 0700. A place of which that is not so is passed over, even when the agent is there. An
// agent that becomes another user starts that user's from its own file on the same conditions, and else from a copy.
package bootstrap
