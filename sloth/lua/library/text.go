package library

import (
	"strings"

	lua "github.com/yuin/gopher-lua"

	"sloth-runner/sloth/lua/bounds"
)

// text is a string in the making that fails, as a Lua error, before it takes too much memory.
type text struct {
	library *Library
	state   *lua.LState
	builder *strings.Builder
}

func (l *Library) text(state *lua.LState) *text {
	return &text{library: l, state: state, builder: new(strings.Builder)}
}

// grow makes room for n bytes more.
func (t *text) grow(n int) {
	total := t.builder.Len() + n
	if total <= t.builder.Cap() {
		return
	}
	t.library.reserve(t.state, total)
	// A builder that grows by itself takes more than was reserved.
	larger := new(strings.Builder)
	larger.Grow(min(max(total, 2*t.builder.Cap()), bounds.MaxString))
	larger.WriteString(t.builder.String())
	t.builder = larger
}

func (t *text) write(piece string) {
	t.grow(len(piece))
	t.builder.WriteString(piece)
}

func (t *text) writeByte(c byte) {
	t.grow(1)
	t.builder.WriteByte(c)
}

func (t *text) value() lua.LString { return lua.LString(t.builder.String()) }

// reserve fails when a string of n bytes would be too long, or would take too much memory.
func (l *Library) reserve(state *lua.LState, n int) {
	bounds.Reserve(state, l.system, n)
}
