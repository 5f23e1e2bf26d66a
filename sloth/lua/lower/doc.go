// Package lower rewrites a parsed Lua 5.1 chunk so that gopher-lua's compiler gives it the meaning that the Lua 5.1
// manual states. It changes the tree alone; the source stays as it is.
//
// gopher-lua v1.1.2 compiles these forms wrongly, and without a word. Each has a [Rule], which replaces it by a form
// that is compiled correctly. A name that begins with a dot is one of this package: no source can write it.
//
//   - Assignments. A local target is written while the expressions of the same statement still read it, and the last
//     parameter's register is taken for calls:
//
//     a, b = b, a     becomes     do local .1, .2 = b, a  b = .2  a = .1 end
//     a = a and b     becomes     do local .1 = a and b  a = .1 end
//
//   - Jumps. The compiler shortens chains of jumps after it has replaced labels by distances. A jump backwards to an
//     instruction that is itself a jump then goes anywhere. Therefore no loop may begin with a jump: constant
//     conditions are decided here, and a break has an instruction before it.
//
//   - Scope of a local function. local f = function() end must not see itself; local function f() end must.
//
//   - Generic for. Fewer than three values leave old values of registers in the loop's state, and a call of a call
//     loses the function:
//
//     for k in next, t do     becomes     do local .1, .2, .3 = next, t  for k in .1, .2, .3 do
//
//   - Numeric for. Bounds that are strings are converted as Lua does.
//
//   - Closures and break. A break does not close the variables of inner blocks, so that later variables in the same
//     registers change them. The loop gets a captured variable of its own, which makes each break close all.
//
//   - Closures and goto. A goto closes all variables of the function. It gets a block with a captured variable, which
//     makes it close those that it leaves.
//
//   - Table constructors. Items are stored in portions of fifty, and what comes behind a full portion overwrites
//     it. Large constructors are made from smaller ones.
//
//   - Concatenation becomes a call, which checks the length of the result before it allocates.
//
//   - Numbers are read as C's strtod reads them.
package lower
