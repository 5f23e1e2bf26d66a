// Package identity has the keys that a user logs in with: those of ssh-agents, and those in identity files, with their
// certificates, in the formats that ssh(1) reads.
//
// A Keyring reads each once, however many hosts need it, and asks for a passphrase once, when a server has said that it takes
// the key. Signers gives the keys in the order in which they are offered; as each offer is one of the few tries that a server
// allows, the order matters. An ssh-agent that hangs, and a pipe without a writer, hold up no host for longer than its
// context.
package identity
