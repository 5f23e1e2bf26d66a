// Package agent is the program on the host: it takes a plan, runs its tasks and sends events.
//
// # How it is started
//
// An ephemeral agent is started by bootstrap as `sloth-runner agent serve --stdio` in an SSH session and serves one
// connection on its standard input and output (ServeStdio). A persistent one is started by an administrator as
// `sloth-runner agent start NAME --port P` and serves TCP (package persistent). For tasks on the operator's own machine,
// the same service runs inside the operator's process (package connect). All three serve the same gRPC service, and one contract
// suite tests them.
//
// # Its parts
//
// A Service takes runs; each is a session, which has the tasks of this host, runs one after the other, and sends events. The tasks
// of other users it gives to Children (package become), and the set-up of persistent agents to a function (package setup). Package
// persistent is the process around a Service that listens on a port or waits for calls through a master. Package role wires them,
// by the arguments that the process was started with. This package imports none of these.
//
// # How it ends
//
// A run belongs to its stream. When the stream breaks, because the operator went away or the network did, every
// process group that the run started gets SIGTERM, and after KillGrace SIGKILL. An ephemeral agent also ends then.
// The same happens to what a run left in the background when it comes to its end: a process that is to stay must
// leave its process group, as setsid(1), systemd-run(1) and service managers do. Done says how many were stopped so.
//
// A call of a task into the system may wait for ever, as for a file system that does not answer. It is abandoned when the
// run ends (package abandon): the run ends without it, and its task says which call that is. A process with such calls can
// end only when they come back, where the system does not let them be killed.
//
// # Scripts
//
// A task may be a script instead of a command. It becomes a file in a new directory that only the account can enter,
// beside the agent itself where that is cached, else in the first of the temporary directories that takes it, and its
// interpreter is started on it. The directory is removed when the script has ended, for whatever reason; what an agent
// leaves that was killed itself, a later one removes a week after.
//
// # Whom to trust
//
// The agent runs whatever its operator sends, with the rights of the account that started it: all who can speak
// to the agent are that account. The operator names the user as whom a task runs: for the task, or for the host, where that is
// who would be logged in over SSH. It is a default and no limit: an agent of root's becomes anybody. An ephemeral agent
// speaks only to the SSH session that started it. A persistent
// agent speaks to those who show it a valid certificate of an operator, issued by its own authority and not revoked, over
// TLS 1.3 (package trust); persistent/rules.go says who may call what. The owner of the authority's key can make himself an operator.
// Started as insecure it listens on loopback only, where it trusts every local user: do not start one so on a machine whose
// users you would not give that account.
//
// Its master can't run anything on it. It can say that an operator is revoked, and who is one: control of the master is
// control of the authority.
//
// A child agent can do no more to the agent than lie about its own tasks. The password goes to the host: a hostile
// one that asks for it has it, as with every program that feeds sudo.
//
// Root is started from the account's own cache: whatever runs as that account can exchange the file there, and wait for
// a user who becomes root, as it can with the PATH of all who type sudo. Other accounts can't: what they could
// rename or write to is not used.
//
// The operator does not trust the agent. A hostile host can lie about what happened on it, and nothing else: its
// output is data, it can ask for nothing but that password, and it gets no file and no other secret than the plan.
package agent
