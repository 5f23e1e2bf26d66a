// Package operator has the operator's data about persistent agents: the operator's identity, the addresses of the
// masters, and the list of agents.
//
// It is in one directory that only the operator can enter: the operator's certificate and key, the addresses of the
// masters, and the agents that were added by hand. Beside it, in the user's cache, is the last list that a master gave.
//
// Agents come from three places, and an earlier one wins where two have the same name: those added by hand, the
// master's list, and, when no master answers, the last list of a master. So agents can be used while the master is
// down.
//
// An operator without a master has an own authority (Init). It is in the same directory, issues the certificates of the
// operator's agents, and renews the operator's own.
//
// # Whom to trust
//
// A user who can read the directory can act as this operator, on all agents of the authority, until the certificate
// expires or is revoked. If the own authority is in the directory, that user can issue certificates for every identity.
package operator
