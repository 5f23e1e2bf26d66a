// Package vm is the Lua machine of .sloth files: gopher-lua with bounds, with Lua 5.1's meaning where gopher-lua has another, and
// with the library and the modules that files can use.
//
// A VM has one Lua state. Its code runs between Bound and the end that Bound returns, and is stopped soon after the context ends, or
// the process has grown by too much. Nothing that Lua code does crashes the program: Contained turns what gopher-lua's own faults
// raise into an error.
package vm
