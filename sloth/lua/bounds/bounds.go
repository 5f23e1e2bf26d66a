// Package bounds says how Large a text of Lua code may become.
package bounds

import (
	"fmt"
	"strings"

	lua "github.com/yuin/gopher-lua"

	"sloth-runner/sloth/lua/stack"
	"sloth-runner/sloth/module"
)

const (
	// MaxString is the length in bytes that no string of Lua code exceeds.
	MaxString = 64 << 20
	// MaxMessage bounds a message of the log, in bytes: it travels to the operator in one piece.
	MaxMessage = module.MaxPrinted
	// Large is from which number of bytes on memory is asked for before it is taken.
	Large = 1 << 20
)

// Memory is asked before n bytes are allocated at once; its error ends the Lua code.
type Memory interface{ Reserve(n int) error }

// Reserve fails when a string of n bytes would be too long, or would take too much memory.
func Reserve(state *lua.LState, memory Memory, n int) {
	if n > MaxString {
		stack.Fail(state, "string too long (more than %d MiB)", MaxString>>20)
	}
	if n < Large {
		return
	}
	// A text that grows has room for up to the double.
	if err := memory.Reserve(2 * n); err != nil {
		stack.Fail(state, "%s", err)
	}
}

// Text makes any bytes into valid UTF-8 of at most about limit bytes; what is cut off is counted at its end.
func Text(text string, limit int) string {
	if cut := len(text) - limit; cut > 0 {
		text = fmt.Sprintf("%s... (%d bytes more)", strings.ToValidUTF8(text[:limit], "\uFFFD"), cut)
	}
	return strings.ToValidUTF8(text, "\uFFFD")
}
