package library

import (
	"fmt"
	"strings"

	lua "github.com/yuin/gopher-lua"

	"sloth-runner/proto"
)

// maxMessage bounds a message of the log, in bytes: it travels to the operator in one piece.
const maxMessage = 256 << 10

// openLog defines the module log.
func (l *Library) openLog(state *lua.LState) {
	at := func(level proto.Log_Level) lua.LGFunction {
		return func(state *lua.LState) int {
			l.log(state, level)
			return 0
		}
	}
	l.module(state, "log",
		function{"debug", at(proto.Log_DEBUG)},
		function{"info", at(proto.Log_INFO)},
		function{"warn", at(proto.Log_WARN)},
		function{"error", at(proto.Log_ERROR)},
	)
}

// log joins the arguments as print does, with tabs. At the file's top level it does nothing: the file is loaded once
// on the operator's machine and again on every host, and the same line from each of them helps nobody.
func (l *Library) log(state *lua.LState, level proto.Log_Level) {
	if !l.system.InTask() {
		return
	}
	l.Flush()
	var message strings.Builder
	for i, top := 1, state.GetTop(); i <= top && message.Len() <= maxMessage; i++ {
		if i > 1 {
			message.WriteByte('\t')
		}
		// It may call Lua code.
		message.WriteString(display(state, state.Get(i)))
	}
	l.system.Log(level, Text(message.String(), maxMessage))
}

// Text makes any bytes into valid UTF-8 of at most about limit bytes; what is cut off is counted at its end.
func Text(text string, limit int) string {
	if cut := len(text) - limit; cut > 0 {
		text = fmt.Sprintf("%s... (%d bytes more)", strings.ToValidUTF8(text[:limit], "\uFFFD"), cut)
	}
	return strings.ToValidUTF8(text, "\uFFFD")
}
