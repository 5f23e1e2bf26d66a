// Command dist builds the released files: the agent for every platform of hosts, and the operator's program for each
// platform of an operator, with all agents in it.
//
// Builds of one commit are identical on every machine: they use the Go toolchain of go.mod and no cgo, and have no
// paths, no build ID and no time. The compressed agents have neither name nor time, and their files are named by their
// content. With -check it builds twice, from two copies of the source in different directories, and compares the
// results.
package main
