package runner

import (
	"encoding/json"

	"sloth-runner/plan"
	"sloth-runner/proto"
)

// setAction tells the host what a task does there. Of the tasks of other hosts, the host gets only whether they are
// functions, which it compares with its copy of the file. For a Setup, each host gets its own; see Job.
func setAction(task *proto.Task, action plan.Action) {
	if !task.GetHere() {
		if _, is := action.(plan.Function); !is {
			task.Shell = new("")
		}
		return
	}
	switch a := action.(type) {
	case plan.Shell:
		task.Shell = &a.Line
	case plan.Command:
		task.Argv = inBytes(a.Words)
	case plan.Call:
		task.Call = &proto.Call{Function: a.Function, Arguments: inJSON(a.Arguments)}
	case *plan.Script:
		task.Script = &proto.Script{
			Name: a.Name, Text: a.Text,
			Interpreter: inBytes(a.Interpreter()), Arguments: inBytes(a.Arguments),
		}
	}
}

// isFunction reports whether a task is a Lua function of the plan's file.
func isFunction(task *plan.Task) bool {
	_, is := task.Action.(plan.Function)
	return is
}

// inJSON encodes arguments, which are plain values.
func inJSON(arguments []any) []byte {
	text, err := json.Marshal(arguments)
	if err != nil {
		panic("runner: a plan with arguments that are no values: " + err.Error())
	}
	return text
}

func inBytes(words []string) [][]byte {
	texts := make([][]byte, len(words))
	for i, word := range words {
		texts[i] = []byte(word)
	}
	return texts
}
