// Package stack looks at the calls of a Lua state: what the source calls the function that runs, where its caller stands, and
// which instruction made the call. gopher-lua keeps these to itself; Frame has its layout, and a test compares the two.
package stack
