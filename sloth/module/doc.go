// Package module is the SDK for task modules: the tables of functions, such as exec and log, that .sloth files call.
//
// A module is a declaration, a [Module]: its name, its documentation and its functions. A [Function] has a name, documentation,
// an example and Run, a Go function over one struct. The tags of the struct declare what the Lua call takes:
//
//	type touchOptions struct {
//		Path string `lua:"path,arg" help:"the file"`
//		Mode string `lua:"mode" default:"0644" help:"its mode when it is created"`
//	}
//
//	func touch(ctx module.Context, o touchOptions) (touchResult, error) { … }
//
//	module.Function{Name: "touch", Doc: "Creates a file.", Example: `file.touch("/tmp/x", { mode = "0600" })`, Run: module.Run(touch)}
//
// Fields that are marked as arg are the call's arguments, in their order. All others are options, which the call has in one
// table behind the arguments. From the declaration come the typed values, the checks (a wrong type, an unknown option with the
// closest known one, a missing option: found before Run is called), and the documentation. What literals in a file say is
// checked while the file is loaded ([Function.Check]): a type that reads a value by itself, an [Option] or an
// encoding.TextUnmarshaler, looks at nothing but the value. Options that are right each, and wrong together, are refused by a method
// of their struct: see [Checked].
//
// A result is a struct with the same tags: the fields of the table that Lua gets. An empty struct is no result; a string,
// number or bool is that value, and any is one that may be nil. What a dry run can't know of a result is [Withheld].
//
// A module never sees a Lua state, and never uses the operating system by itself: it acts through the [Host] of its [Context].
// The real one is oshost; a dry run and tests have others. An error that Run returns is raised in Lua, with file and line.
//
// A module is one package below sloth/modules, and one line in sloth/modules/all.
package module
