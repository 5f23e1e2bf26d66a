// Package exec is the module of the commands of the host.
package exec

import "sloth-runner/sloth/module"

// Module declares it.
func Module() module.Module {
	return module.Module{
		Name: "exec",
		Doc: "Commands of the host. A string is for the shell; a list of strings is a program and its arguments, which run without a shell, " +
			"each as it is. A command is counted as a change of the host only where its call says what it changes: with changes = true, " +
			"creates, removes, unless or onlyif.",
		OnlyInTask: "commands run only inside a task",
		Functions:  []module.Function{runFunction(), mustFunction(), readFunction(), whichFunction()},
	}
}

func runFunction() module.Function {
	return module.Function{
		Name: "run",
		Doc: "Runs a command and waits for it. A command that fails raises no error: look at success. One that can't be run does, such as " +
			"a program or a directory that is not there. A process in the background does not hold it, also when it keeps stdout open. " +
			"Each word of a command has at most 131,071 bytes, which is Linux's limit for one argument. In a dry run it is not run, " +
			"unless changes = false: the result has skipped = true, and a task that reads exit_code or the output ends there.",
		Example: `local result = exec.run("uname -s")
if not result.success then
    return false, result.stderr
end
exec.run({ "touch", "report of today" }, { cwd = "/tmp", creates = "/tmp/report of today" })
return true, result.output`,
		IgnoresMore: true,
		Run:         module.Run(run),
	}
}

func mustFunction() module.Function {
	return module.Function{
		Name: "must",
		Doc: "Is exec.run for a command that has to succeed: one that fails raises an error, with the end of its stderr. The task fails with " +
			"it, unless pcall catches it.",
		Example: `exec.must("mkdir -p /tmp/sloth-app && touch /tmp/sloth-app/ready", { creates = "/tmp/sloth-app/ready" })
local result = exec.must({ "grep", "-c", "x" }, { stdin = "y\n", ok = { 0, 1 }, changes = false })
return true, "lines: " .. result.output`,
		IgnoresMore: true,
		Run:         module.Run(must),
	}
}

func readFunction() module.Function {
	return module.Function{
		Name: "read",
		Doc: "Returns what a command prints to stdout, without the newlines at its end. It is for looking: nothing is shown to the operator, " +
			"it is no change, and a dry run runs it too. A command that fails raises an error, and so does one that prints more than max_output.",
		Example:     `return true, exec.read({ "uname", "-s" }) .. " as " .. exec.read("id -un")`,
		IgnoresMore: true,
		Run:         module.Run(read),
	}
}

func whichFunction() module.Function {
	return module.Function{
		Name: "which",
		Doc: "Returns the path of the program that a name stands for, or nil where the host has none. A name with a slash in it is a path " +
			"itself.",
		Example: `if not exec.which("git") then
    log.info("this host has no git")
end
return true, exec.which("sh")`,
		Run: module.Run(which),
	}
}
