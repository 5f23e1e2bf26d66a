// Package offer is the operator's end of transfers: what a run offers to its hosts, and where goes what hosts send.
//
// Roots says what is offered, and opens it so that no path leaves it. A Library reads, hashes and compresses each file once for all
// hosts: small ones stay in memory, what is compressed stands in files without a name. A Server answers one
// host. Files that hosts send go into a Shelf, below a directory of the host's own.
package offer
