// Package arg reads the arguments of functions that Lua code calls and Go code does, as those of C's Lua do: a number is also a
// text that means one, a text also a number, and what is optional may be nil. What is wrong is raised as a Lua error, in the
// words that Lua 5.1 has for it: "bad argument #1 to 'rep' (string expected, got nil)".
package arg
