// Package agent is the program on the host: it takes a plan, runs its tasks and tells what happens.
//
// # How it is started
//
// An ephemeral agent is started by bootstrap as `sloth-runner agent serve --stdio` in an SSH session and serves one
// connection on its standard input and output (ServeStdio). A persistent one is started by an administrator as
// `sloth-runner agent start NAME --port P` and serves TCP (ServeTCP). For tasks on the operator's own machine, the
// same service runs inside the operator's process (Local). All three serve the same gRPC service, and one contract
// suite tests them.
//
// # How it ends
//
// A run belongs to its stream. When the stream breaks, because the operator went away or the network did, every
// process group that the run started gets SIGTERM, and after KillGrace SIGKILL. An ephemeral agent also ends then.
// The same happens to what a run left in the background when it comes to its end: a process that is to stay must
// leave its process group, as setsid(1), systemd-run(1) and service managers do.
//
// # Whom to trust
//
// The agent runs whatever its operator sends, with the rights of the account that started it: whoever can speak
// to the agent is that account. An ephemeral agent speaks only to the SSH session that started it. A persistent
// agent has no authentication yet and therefore listens on loopback only, where it trusts every local user: do not
// start one on a machine whose users you would not give that account.
//
// The operator does not trust the agent. A hostile host can lie about what happened on it, and nothing else: its
// output is data, it can ask for nothing, and it gets no file and no secret but the plan.
package agent
