// Package agent is the program on the host: it receives a plan, runs its tasks and sends events.
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
// A Service accepts runs. Each run is a session, which has the tasks of this host, runs them one after the other, and
// sends events. Package process starts and ends their commands. The session passes tasks of other users to Children
// (package become), and the set-up of persistent agents to a function (package setup). Package persistent is the process
// around a Service that listens on a port or waits for calls through a master. Package role selects one of these by the
// arguments of the process. Of these packages, this one imports process only.
//
// # How it ends
//
// A run ends with its stream. When the stream breaks, because the operator ended or the connection broke, each process
// group that the run started gets SIGTERM, and after process.KillGrace SIGKILL. An ephemeral agent then ends too. At the
// end of each run the same happens to processes that it left in the background. A process that must stay has to leave
// its process group, as setsid(1), systemd-run(1) and service managers do. Done has the number of processes that were
// stopped.
//
// A system call of a task may block for ever, as on a file system that does not answer. It is abandoned when the run
// ends (package abandon): the run ends without it, and its task names the call. If the system can't kill a blocked
// process, the process ends only when its calls return.
//
// # Scripts
//
// A task may be a script instead of a command. The script is written to a file in a new directory that only the account
// can enter: next to the agent if that is cached, else in the first temporary directory where this works. Then its
// interpreter is started. The directory is always removed after the script has ended. If an agent was killed, a later
// agent removes the directory after a week.
//
// # Whom to trust
//
// The agent runs all that its operator sends, with the rights of the account that started it: access to the agent is
// access to that account. The operator chooses the user that a task runs as, per task or per host; per host it is the
// login user over SSH. This choice is not a security limit: an agent of root can run tasks as any user. An ephemeral
// agent serves only the SSH session that started it. A persistent agent serves clients with a valid operator certificate
// that its own authority issued and that is not revoked, over TLS 1.3 (package trust); persistent/rules.go has the
// permissions. The owner of the authority's key can issue an operator certificate. An agent that is started as insecure
// listens on loopback only and trusts all local users. Do not start one on a machine with users who must not have the
// rights of its account.
//
// The master of an agent can't run anything on it. It can announce revoked operators, and it decides who is an operator:
// control of the master is control of the authority.
//
// A child agent can send false results of its own tasks to the agent, and nothing more. The password is sent to the
// host: a hostile host that asks for it gets it, as with every program that passes a password to sudo.
//
// Root's agent is started from the account's own cache. A process of that account can replace the file there and wait
// for a user who becomes root, just as it can change the PATH of a user who types sudo. Other accounts can't: a file
// that they could rename or write to is not used.
//
// The operator does not trust the agent. A hostile host can send false results about itself, and nothing more: its
// output is treated as data, the only thing that it can request is that password, and it gets no file and no secret
// other than the plan.
package agent
