// Package binding makes the declarations of modules into global tables of a Lua state. It is the only place where a module and
// a Lua state meet: it turns values of one into those of the other, raises the errors of functions with the line of their call,
// and keeps functions that act on the host from being called while a file is loaded.
package binding
