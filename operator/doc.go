// Package operator is what an operator's machine knows of persistent agents: who the operator is, where the masters are, and
// which agents there are.
//
// It lies in one directory, which nobody else may enter: the operator's certificate and key, the addresses of the masters,
// and the agents that were added by hand. Beside it, in the user's cache, is the last list that a master gave.
//
// Agents come from three places, and an earlier one wins where two have the same name: those added by hand, the
// master's, and where no master answers, those that it last told. A master that is away therefore stops nobody.
//
// An operator without a master is his own authority (Init): it lies beside the rest, signs the certificates of his agents,
// and renews his own.
//
// # Whom to trust
//
// Whoever can read the directory is this operator, for all agents of the authority, until the certificate ends or is
// revoked; and where the authority itself lies there, whoever can read it can make himself anybody.
package operator
