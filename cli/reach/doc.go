// Package reach finds the hosts that a command names and makes the ways to them: the flags for both, the inventory, the
// persistent agents that this machine knows, the SSH connector, and the record that each run leaves.
package reach
