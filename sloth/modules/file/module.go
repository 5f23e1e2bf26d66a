// Package file is the module of the files of the host.
//
// A function of it says what should be: it compares, changes what differs, and reports each change. What makes a file embeds
// the common options, and calls put, which replaces files so that each is the old one or the new one at every moment.
package file

import "sloth-runner/sloth/module"

// Module declares it.
func Module() module.Module {
	return module.Module{
		Name: "file",
		Doc: "Files of the host. Each call says what should be, and changes what differs; a second one changes nothing. A file is replaced " +
			"at once: it is the old one or the new one at every moment, also after a crash.",
		OnlyInTask: "files are changed and looked at only inside a task",
		Functions: []module.Function{
			writeFunction(),
			copyFunction(),
			dirFunction(),
			linkFunction(),
			absentFunction(),
			attributesFunction(),
			readFunction(),
			statFunction(),
			existsFunction(),
			findFunction(),
			sumFunction(),
			lineFunction(),
			blockFunction(),
			replaceFunction(),
			iniFunction(),
			editFunction(),
			fetchFunction(),
		},
	}
}
