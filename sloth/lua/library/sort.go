package library

import (
	lua "github.com/yuin/gopher-lua"

	"sloth-runner/sloth/lua/arg"
	"sloth-runner/sloth/lua/bounds"
	"sloth-runner/sloth/lua/stack"
)

// sorter sorts the entries of a list as ltablib.c of Lua 5.1 does, step by step: entries that are equal come out in the same
// order, and an order function that contradicts itself is noticed in the same places.
type sorter struct {
	library *Library
	state   *lua.LState
	list    *lua.LTable
	// values are the entries; they go back into the list at the end, and also when an error ends it.
	values []lua.LValue
	// before is the order function, or nil.
	before *lua.LFunction
	steps  int
}

// sort is table.sort(list [, before]).
func (l *Library) sort(state *lua.LState) int {
	list := arg.Table(state, 1)
	s := &sorter{library: l, state: state, list: list}
	n := list.Len()
	if state.Get(2) != lua.LNil {
		s.before = arg.Function(state, 2)
	}
	if n*16 >= bounds.Large {
		l.reserve(state, min(n*8, bounds.MaxString))
	}
	s.values = make([]lua.LValue, n)
	for i := range s.values {
		s.values[i] = at(list, i+1)
	}
	defer func() {
		for i, value := range s.values {
			list.RawSetInt(i+1, value)
		}
	}()
	s.sort(1, n)
	return 0
}

// at is an entry; an order function that contradicts itself also leads beyond the list.
func (s *sorter) at(i int) lua.LValue {
	if i >= 1 && i <= len(s.values) {
		return s.values[i-1]
	}
	return at(s.list, i)
}

func (s *sorter) set(i int, value lua.LValue) {
	if i >= 1 && i <= len(s.values) {
		s.values[i-1] = value
		return
	}
	s.list.RawSetInt(i, value)
}

func (s *sorter) swap(i, j int, atI, atJ lua.LValue) {
	s.set(i, atJ)
	s.set(j, atI)
}

// sort sorts the entries from low to high.
func (s *sorter) sort(low, high int) {
	for low < high {
		// The first, the last and the middle one come in order; the middle one is the pivot.
		if first, last := s.at(low), s.at(high); s.less(last, first) {
			s.swap(low, high, first, last)
		}
		if high-low == 1 {
			return
		}
		middle := (low + high) / 2
		if first, pivot := s.at(low), s.at(middle); s.less(pivot, first) {
			s.swap(middle, low, pivot, first)
		} else if last := s.at(high); s.less(last, pivot) {
			s.swap(middle, high, pivot, last)
		}
		if high-low == 2 {
			return
		}
		pivot := s.at(middle)
		s.swap(middle, high-1, pivot, s.at(high-1))
		i := s.partition(low, high, pivot)
		// The smaller part is sorted first, the other in the next round.
		if i-low < high-i {
			s.sort(low, i-1)
			low = i + 1
		} else {
			s.sort(i+1, high)
			high = i - 1
		}
	}
}

// partition puts the pivot, which is the last but one, where all before it are not more and all after it not less.
func (s *sorter) partition(low, high int, pivot lua.LValue) int {
	i, j := low, high-1
	for {
		var left, right lua.LValue
		for i++; ; i++ {
			if left = s.at(i); !s.less(left, pivot) {
				break
			}
			if i > high {
				stack.Fail(s.state, "invalid order function for sorting")
			}
		}
		for j--; ; j-- {
			if right = s.at(j); !s.less(pivot, right) {
				break
			}
			if j < low {
				stack.Fail(s.state, "invalid order function for sorting")
			}
		}
		if j < i {
			break
		}
		s.swap(i, j, left, right)
	}
	s.swap(high-1, i, s.at(high-1), s.at(i))
	return i
}

func (s *sorter) less(a, b lua.LValue) bool {
	s.steps++
	s.library.pause(s.state, s.steps)
	if s.before == nil {
		return less(s.state, a, b)
	}
	s.state.Push(s.before)
	s.state.Push(a)
	s.state.Push(b)
	s.state.Call(2, 1)
	result := lua.LVAsBool(s.state.Get(-1))
	s.state.Pop(1)
	return result
}

// less is a < b.
func less(state *lua.LState, a, b lua.LValue) bool {
	switch a := a.(type) {
	case lua.LNumber:
		if b, ok := b.(lua.LNumber); ok {
			return a < b
		}
	case lua.LString:
		if b, ok := b.(lua.LString); ok {
			return a < b
		}
	}
	if method := state.GetMetaField(a, "__lt"); a.Type() == b.Type() && method != lua.LNil &&
		method == state.GetMetaField(b, "__lt") {
		state.Push(method)
		state.Push(a)
		state.Push(b)
		state.Call(2, 1)
		result := lua.LVAsBool(state.Get(-1))
		state.Pop(1)
		return result
	}
	if a.Type() == b.Type() {
		state.Error(lua.LString("attempt to compare two "+a.Type().String()+" values"), 0)
	}
	state.Error(lua.LString("attempt to compare "+a.Type().String()+" with "+b.Type().String()), 0)
	return false
}
