// Package service keeps a persistent agent or a master running, with the service manager of the host: systemd, for the
// system or for one account; OpenRC; launchd; or, where none of them runs, a supervisor of its own.
//
// All of them start `PROGRAM agent serve --state DIR`, or `PROGRAM master start --dir DIR`, and restart it whenever it
// ends. PROGRAM is a symbolic link that an upgrade changes. To stop it they send SIGTERM to the agent only, and SIGKILL
// after StopLimit. The agent ends the processes of its runs. Processes that left their run on purpose, such as a server
// that a task deployed, continue.
//
// # No sandbox
//
// Managers can restrict the rights of a service. Each restriction would also hold for the tasks, which need all rights
// of their account: NoNewPrivileges= would break sudo, ProtectSystem= deployments, PrivateTmp= the exchange of files in
// /tmp, MemoryDenyWriteExecute= programs with a JIT. So the units set no restrictions, and say so.
//
// # The supervisor
//
// The supervisor is this same program as `agent supervise --state DIR` or `master supervise --dir DIR`, in its own
// session (setsid). It locks its file in the state directory for its whole life, so the process number in the file is
// valid while the lock is held. SIGTERM ends it and the agent. On SIGHUP it ends the agent, replaces itself with the
// program that the link now names, and continues. It is not started again when the host boots.
package service
