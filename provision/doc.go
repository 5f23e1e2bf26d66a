// Package provision installs, changes and removes persistent agents on hosts. Each step is a run with a task that the
// agent on the host does itself (proto.Setup). Hosts are reached as in every run, also as another user.
//
// # Installing
//
//  1. A run: each host makes a private key and answers with a certificate request. The key stays there.
//  2. The caller signs the requests, one for each host that answered, for the name that the caller chose: the request
//     says nothing but the key.
//  3. A run: each host takes its certificate and its configuration, puts the program that it was reached with into its
//     place, starts it as a service and connects to it.
//  4. The caller proves that the agent can be reached from where operators are. One that can't, and was not there before, is
//     removed again.
//
// A host that fails in a step has no part in the next ones, and its result says why.
//
// # Masters
//
// A master on this machine becomes a service, by the same managers: see Master.
//
// # Whom to trust
//
// A hostile host can get a certificate with its own name for a key of its own, which is all that it is given anyway: the
// name is never read from what it says.
package provision
