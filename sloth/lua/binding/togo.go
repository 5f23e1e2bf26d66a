package binding

import (
	"errors"
	"fmt"

	lua "github.com/yuin/gopher-lua"

	"sloth-runner/sloth/lua/bounds"
	"sloth-runner/sloth/lua/library"
	"sloth-runner/sloth/lua/stack"
	"sloth-runner/sloth/module"
)

const (
	// maxDepth is how deep the tables of an argument may stand inside each other. One that is in itself has no end.
	maxDepth = 100
	// maxEntries is how many entries the tables of all arguments of a call may have together. A table that stands in
	// several places counts in each: Go gets a copy for each.
	maxEntries = 1 << 18
	// entrySize is about what an entry takes in Go, in bytes.
	entrySize = 64
)

// converter makes the arguments of one call values of Go.
type converter struct {
	state *lua.LState
	// memory is asked for what tables take.
	memory  bounds.Memory
	entries int
	// why says why an argument can't be converted; empty: it can.
	why string
}

// toGo makes a value of Lua one of Go. A table that is too large, or in itself, becomes Opaque, with the reason.
func (c *converter) toGo(value lua.LValue) any {
	c.why = ""
	converted := c.value(value, 0)
	if c.why != "" {
		return module.Opaque{Kind: "table", Why: c.why}
	}
	return converted
}

func (c *converter) value(value lua.LValue, depth int) any {
	switch value := value.(type) {
	case *lua.LNilType:
		return nil
	case lua.LBool:
		return bool(value)
	case lua.LNumber:
		return float64(value)
	case lua.LString:
		return string(value)
	case *lua.LFunction:
		return callback(c.state, c.memory, value)
	case *lua.LTable:
		return c.table(value, depth)
	default:
		return module.Opaque{Kind: value.Type().String()}
	}
}

// table makes a list of a table with the keys 1, 2, 3 and so on, and a Table of one with names. One that has both, or others, has
// no meaning in Go.
func (c *converter) table(value *lua.LTable, depth int) any {
	if depth == maxDepth {
		c.why = fmt.Sprintf("that is in itself, or more than %d deep", maxDepth)
		return nil
	}
	list, named := module.List{}, module.Table{}
	for key, item := value.Next(lua.LNil); key != lua.LNil; key, item = value.Next(key) {
		if !c.another() {
			return nil
		}
		switch key := key.(type) {
		case lua.LString:
			named[string(key)] = c.value(item, depth+1)
		case lua.LNumber:
			if int(key) != len(list)+1 || float64(key) != float64(len(list)+1) {
				return module.Opaque{Kind: "table"}
			}
			list = append(list, c.value(item, depth+1))
		default:
			return module.Opaque{Kind: "table"}
		}
		if c.why != "" {
			return nil
		}
	}
	switch {
	case len(named) == 0:
		return list
	case len(list) == 0:
		return named
	default:
		return module.Opaque{Kind: "table"}
	}
}

// another counts an entry, and reports whether the call may have it.
func (c *converter) another() bool {
	if c.entries == maxEntries {
		c.why = fmt.Sprintf("of more than %d entries", maxEntries)
		return false
	}
	const block = 16 << 10
	if c.entries%block == block-1 {
		if err := c.memory.Reserve(block * entrySize); err != nil {
			stack.Fail(c.state, "%s", err)
		}
	}
	c.entries++
	return true
}

// callback makes a Lua function callable from Go, in the call that it was given to.
func callback(state *lua.LState, memory bounds.Memory, function *lua.LFunction) module.Callback {
	return func(values ...any) ([]any, error) {
		top := state.GetTop()
		state.Push(function)
		for _, value := range values {
			state.Push(toLua(state, value, "argument"))
		}
		if err := state.PCall(len(values), lua.MultRet, nil); err != nil {
			if value := library.ErrorValue(err); value != library.YieldAcross {
				return nil, luaError{value}
			}
			return nil, errors.New("the function that it was given yields, which it can't do in a call of a module") // with the line of the call
		}
		results := make([]any, 0, state.GetTop()-top)
		from := converter{state: state, memory: memory}
		for i := top + 1; i <= state.GetTop(); i++ {
			results = append(results, from.toGo(state.Get(i)))
		}
		state.SetTop(top)
		return results, nil
	}
}
