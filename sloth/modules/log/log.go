// Package log is the module of messages to the operator.
package log

import (
	"sloth-runner/proto"
	"sloth-runner/sloth/module"
)

// Module declares it. While a file is loaded its functions do nothing: that is on the operator's machine and again on every
// host, and the same line from each of them is of no use.
func Module() module.Module {
	return module.Module{
		Name: "log",
		Doc:  "Messages to the operator, each a line with the host in front. print is log.info.",
		Functions: []module.Function{
			function("debug", proto.Log_DEBUG, "Logs what is shown only with -v.", `log.debug("looked at", 3, "files")`),
			function("info", proto.Log_INFO, "Logs a message.", `log.info("ready")`),
			function("warn", proto.Log_WARN, "Logs a warning.", `log.warn("the disk is nearly full")`),
			function("error", proto.Log_ERROR, "Logs an error. The task goes on.", `log.error("no answer")`),
		},
	}
}

type options struct {
	Message module.Printed `lua:"values,arg" help:"written as print does, with tabs between them"`
}

func function(name string, level proto.Log_Level, doc, example string) module.Function {
	return module.Function{
		Name: name, Doc: doc, Example: example,
		Loading: module.LoadingIgnored,
		Run: module.Run(func(ctx module.Context, o options) (struct{}, error) {
			ctx.Log(level, string(o.Message))
			return struct{}{}, nil
		}),
	}
}
