package module

// Module is a global table of .sloth files.
type Module struct {
	// Name is that of the table.
	Name string
	// Doc says what the module is for: sentences, the first of them a summary.
	Doc string
	// OnlyInTask is the error of a call while the file is loaded, for functions that act on the host.
	OnlyInTask string
	Functions  []Function
	// Fields are values of the table, which are read when they are asked for. Such a table can't be changed.
	Fields []Field
}

// Function is a function of a module.
type Function struct {
	Name string
	// Doc says what the function does and returns: sentences, the first of them a summary.
	Doc string
	// Example is Lua code of a task. It works on every host with a POSIX shell.
	Example string
	Loading Loading
	// IgnoresMore has the function pass over arguments that it does not declare, but for tables and strings: exec.run had no options
	// once, and files call exec.run(text:gsub(a, b)), which passes a number as well.
	IgnoresMore bool
	// Run is made by the function Run.
	Run Runner
}

// Loading says what a function does while a file is loaded, on the operator's machine and again on each host.
type Loading int

const (
	// LoadingRefused is for functions that act on the host: a call is an error.
	LoadingRefused Loading = iota
	// LoadingIgnored is for functions whose call does nothing.
	LoadingIgnored
	// LoadingAllowed is for functions that only compute.
	LoadingAllowed
)

// Field is a value of a module.
type Field struct {
	Name, Doc string
	// Read returns the value, of a kind that Value describes. It is called once for each run of a plan on a host.
	Read func(Target) any
}
