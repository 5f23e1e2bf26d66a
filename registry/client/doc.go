// Package client is the client of a master, for agents and operators: it joins a master, renews certificates, finds a
// master that answers, and attaches an agent.
//
// Masters are the addresses of all masters of an authority. One is used until it does not answer; then the next is
// tried. They share one registry, so it does not matter which one answers.
//
// Join gets credentials for a token. A Renewer renews them while it runs. A Presence attaches an agent: it sends
// reports, and receives revocations, addresses of other masters, and calls of operators. Take connects a call at the
// agent's end, and Call at the operator's end.
//
// Failed calls are retried with growing pauses. Meanwhile an agent serves its operators.
package client
