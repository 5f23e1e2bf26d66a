package sloth

import (
	"fmt"
	"path"
	"strings"

	lua "github.com/yuin/gopher-lua"

	"sloth-runner/plan"
	"sloth-runner/sloth/lua/show"
	"sloth-runner/sloth/lua/stack"
	"sloth-runner/sloth/quote"
)

// maxOffers bounds how many patterns a file may offer.
const maxOffers = 1000

// offer is the global function offer: it names files that tasks may copy to hosts, relative to the directory of the file. What a task
// asks for is opened on the operator's machine, so that this has to be known while the file is loaded.
func (m *Machine) offer(state *lua.LState) int {
	if m.inTask {
		stack.Fail(state, "offer stands at the top level of the file, and not in a task")
	}
	table, ok := state.Get(1).(*lua.LTable)
	if !ok || state.GetTop() > 1 {
		stack.Fail(state, `offer takes a list of paths, as in offer{ "dist", "certs/*.pem" }`)
	}
	line := line(state)
	for key, value := table.Next(lua.LNil); key != lua.LNil; key, value = table.Next(key) {
		_, numbered := key.(lua.LNumber)
		word, ok := value.(lua.LString)
		if !numbered || !ok {
			stack.Fail(state, `offer takes a list of paths, as in offer{ "dist", "certs/*.pem" }, and this one has %s`, show.Kind(value))
		}
		if len(m.offers) == maxOffers {
			stack.Fail(state, "offer: more than %d paths", maxOffers)
		}
		pattern, err := offered(string(word))
		if err != nil {
			stack.Fail(state, "offer: %s %s", quote.Text(string(word)), err)
		}
		m.offers = append(m.offers, plan.Offer{Pattern: pattern, Line: line})
	}
	return 0
}

// offered checks a path of an offer, and returns it without what says nothing, such as the slash at the end.
func offered(word string) (string, error) {
	if problem := wordProblem(word, maxText); problem != "" {
		return "", fmt.Errorf("%s", problem)
	}
	if strings.HasPrefix(word, "/") || strings.HasPrefix(word, "~") {
		return "", fmt.Errorf("must be relative: what is offered is below the directory of the file")
	}
	for part := range strings.SplitSeq(word, "/") {
		if part == ".." {
			return "", fmt.Errorf("leaves the directory of the file: only what is below it can be offered")
		}
	}
	clean := path.Clean(word)
	if clean == "." {
		return "", fmt.Errorf("is the directory of the file itself: name what of it is offered")
	}
	return clean, nil
}

// line is that of the call of a function; 0: it is not known.
func line(state *lua.LState) int {
	where := strings.TrimSuffix(strings.TrimSpace(stack.Place(state)), ":")
	line := 0
	if i := strings.LastIndexByte(where, ':'); i >= 0 {
		_, _ = fmt.Sscanf(where[i+1:], "%d", &line)
	}
	return line
}
