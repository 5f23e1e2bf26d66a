// Package client is what agents and operators do alike to belong to a master: join it, renew their certificate, find the
// master that answers, and, for an agent, be there.
//
// Masters are the addresses of all masters of an authority. One is used for as long as it answers; then the next is
// tried. Which of them answers doesn't matter: they keep one registry.
//
// Join turns a token into credentials. A Renewer keeps them from expiring for as long as it runs. A Presence is an agent's
// attachment: it reports, and takes what the master says, which is revocations, other masters' addresses, and calls of
// operators who can't reach the agent. A call becomes a connection with Take, and an operator's with Call.
//
// A master that does not answer stops nobody: what needs one is tried again, with pauses that grow, and an agent serves
// its operators meanwhile.
package client
