// Package library is what a .sloth file can call: Lua 5.1's own library, bounded. What it has of files, and os of the host, acts
// through module.Host.
//
// Each Lua module has its file. What is taken from gopher-lua as it is, is safe to be given to a file that nobody
// has read yet; the rest is written here, for one of these reasons:
//
//   - It acts on a host (io in files, most of os): allowed only while a task runs.
//   - It could take unbounded memory in one step (concatenation, string.rep, table.concat, load ...): it is checked
//     before. No string grows beyond bounds.MaxString.
//   - It could take unbounded time in one step (patterns): it asks the context on its way.
//   - It would act on the agent itself (os.exit, io.stdout, print, math.randomseed).
package library
