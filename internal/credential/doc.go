// Package credential prevents that a wrong password is tried on host after host, which locks accounts: where the account is
// the same on all hosts, as in a directory, each refusal is one of the few that lock it.
//
// One host tries a password first, and the others wait. Once a host has accepted it, all may try it at once. After maxRefusals
// hosts have refused it and none has accepted it, it is not tried any more. No host gets a password again that it has refused.
package credential
