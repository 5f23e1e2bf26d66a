// Package sloth is the language: it turns a .sloth file into a Plan, and runs the Lua functions of its tasks.
//
// # The file
//
// A .sloth file is Lua 5.1. Running it defines the global table TaskDefinitions, of groups by name:
//
//	TaskDefinitions = {
//	    deploy = {
//	        description = "Deploy to the web servers",
//	        delegate_to = {"web-1", "web-2"},
//	        tasks = {
//	            { name = "stop", command = "systemctl stop app" },
//	            {
//	                name = "update",
//	                depends_on = "stop",
//	                timeout = "5m",
//	                command = function()
//	                    local result = exec.run("cd /opt/app && git pull")
//	                    return result.success, result.stderr
//	                end
//	            },
//	        }
//	    }
//	}
//
// Groups and tasks keep the order in which they were put into their tables. Everything else that the file does, as
// defining functions, other globals, or making tasks in a loop, is free.
//
// A group has:
//
//   - description: a text.
//   - delegate_to: a string, or a list of strings: the hosts, in the words of the command line. All of them are one pattern,
//     so that {"web", "!web-3"} is web without a host.
//   - become, become_user, become_method: as whom its tasks run, see below.
//   - tasks: the list of its tasks, at least one. Entries that are nil are left out.
//
// A task has:
//
//   - name: required, and its own in the group.
//   - description: a text.
//   - command: required; a Lua function, or a string for the shell.
//   - depends_on: the name of a task of the same group, or a list of them.
//   - delegate_to: as that of the group, in its place.
//   - become, become_user, become_method: as those of the group, each in its place.
//   - timeout: a number of seconds, or a string as "30s", "5m", "1h30m"; more than 0.
//
// Other fields are mistakes, and so are names that are empty, longer than 200 bytes, no UTF-8, or have control
// characters in them. Load looks for all that is wrong and returns it at once, as Problems, each with its line: that
// of the field, where the file has it in a literal table; for tasks that are made by other code, that of the task's
// function; else that of the group.
//
// Load also finds names that exist nowhere, as exce.run or log.warning, and calls with wrong literals: see sloth/lua/names for
// what it says nothing of.
//
// # Other users
//
// With become = true a task runs as root, or as its become_user. A become_user alone means the same (Ansible would pass
// over it); become = false is for a task that does not, in a group that does. become_method is "sudo", "doas" or "su";
// where it is not said, the first of sudo and doas that the host has.
//
// # Commands
//
// A command function is called without arguments. What it returns decides: see [Machine.Run]. A Lua error fails the
// task.
//
// Besides Lua's own library there is:
//
//   - exec.run(command [, options]): runs the string in a shell, or the words of a list without one, waits for it, and returns a
//     table: success, stdout and stderr (as they were), output (stdout without the newlines at its end, as $(...) in a
//     shell), exit_code, signal and others. A command that fails is no error. docs/modules.md has all of the modules.
//
//   - log.debug, log.info, log.warn, log.error(...): log their arguments, joined as print does.
//
//   - print(...): is log.info. io.write and io.stderr:write log whole lines, as information and as warnings.
//
//   - host.name, host.vars: the host's name, and its variables from the inventory, a table by name. Lists and mappings are
//     tables; null is nil. Reading one that the operator's machine did not know, as it is encrypted with Ansible Vault or a
//     template, fails and says where it stands; pairs passes over it. Passwords (ansible_*pass*) are never there. Only tasks
//     may read host.
//
// # Loading and running
//
// The file is loaded twice: on the operator's machine for the plan, and on each host for the functions. Both times
// it has to define the same tasks, and both times only the language itself can be used: string, table, math,
// coroutine, os.time, os.date, os.clock. The rest is there, but fails with an error when it is called: commands, files
// and environment are for tasks. print and log do nothing while the file is loaded.
//
// All tasks of a host that run as the same user run in the same Lua state, one at a time: they share its global variables.
//
// In a task, io and os act on the host, as its agent's user. docs/language.md lists what differs from Lua 5.1.
//
// # Limits
//
// Loading ends after 5 s or 256 MB, a task after 512 MB; both are measured as growth of the process. A file has at
// most 1 MiB, a string 64 MiB, the depth of calls is 1000, that of protected calls and
// coroutines inside each other 200, that of nested expressions 500; a group has at most 10,000
// tasks. Whatever Lua code does, it is stopped soon after its context ends, and neither crashes the program nor
// takes memory that is not its own. A call into the system that waits then is abandoned (package abandon): its goroutine
// touches nothing of the Lua state, and closes what it opens.
package sloth
