// Package release is the module of versions of a program that stand beside each other.
//
// A directory has them below releases, each under its name, and a link current to the one that is used. The link is replaced by
// renaming another one over it: it leads to the old version or to the new one at every moment. What was staged, and which version
// was used before which, is in the file .releases.json beside it. It is written before something is done and again behind it, so
// that a run that was killed leaves what the next one understands; see record.
package release

import "sloth-runner/sloth/module"

// Module declares it.
func Module() module.Module {
	return module.Module{
		Name: "release",
		Doc: "Versions of a program beside each other, as Capistrano has them: DIR/releases/NAME, and the link DIR/current to the one that is used. " +
			"The link is replaced at once: it leads to the old version or to the new one at every moment, also after a crash. Which version was used before is recorded in " +
			"DIR/.releases.json, and never guessed.",
		OnlyInTask: "releases are changed only inside a task",
		Functions:  []module.Function{stageFunction(), activateFunction(), rollbackFunction(), pruneFunction()},
	}
}
