// Package all lists the modules that .sloth files can use.
package all

import (
	"sloth-runner/sloth/module"
	"sloth-runner/sloth/modules/exec"
	"sloth-runner/sloth/modules/file"
	"sloth-runner/sloth/modules/host"
	"sloth-runner/sloth/modules/log"
	"sloth-runner/sloth/modules/release"
)

// Actions returns the functions that only plans of the command line call, such as that of push.
func Actions() []module.Function { return []module.Function{file.Push(), file.Pull()} }

// Modules returns all modules, in the order of their names.
func Modules() []module.Module {
	return []module.Module{
		exec.Module(),
		file.Module(),
		host.Module(),
		log.Module(),
		release.Module(),
	}
}
