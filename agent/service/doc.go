// Package service keeps a persistent agent, or a master, running, by whatever the host has for that: systemd, for the system or for one
// account; OpenRC; launchd; and where none of them is, a supervisor of its own.
//
// All of them start `PROGRAM agent serve --state DIR`, or `PROGRAM master start --dir DIR`, where PROGRAM is a link that an
// upgrade turns, and start it again however it ends. To stop it they send SIGTERM to the agent alone, and SIGKILL after StopLimit: the agent ends what its
// runs started, and processes that left a run to stay, such as a server that a task deployed, stay.
//
// # No sandbox
//
// Managers can take rights from a service. Whatever they take is also taken from the tasks, which are to do all that
// their account may: NoNewPrivileges= would break sudo, ProtectSystem= deployments, PrivateTmp= whatever passes files on,
// MemoryDenyWriteExecute= programs with a JIT. So the units take nothing, and say so.
//
// # The supervisor
//
// It is this same program as `agent supervise --state DIR` or `master supervise --dir DIR`, in a session of its own. It holds a lock on its file in the
// state directory for as long as it lives: so the process number in there can be believed. SIGTERM ends it and the agent;
// at SIGHUP it ends the agent, replaces itself with the program that the link now names, and goes on. It does not come
// back when the host is started again.
package service
