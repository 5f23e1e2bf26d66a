package sloth

import (
	"slices"

	lua "github.com/yuin/gopher-lua"

	"sloth-runner/plan"
	"sloth-runner/proto"
	"sloth-runner/sloth/lua/show"
	"sloth-runner/sloth/quote"
)

// become reads become, become_user and become_method.
func (r reader) become() plan.Become {
	b := plan.Become{User: r.text("become_user"), Method: r.text("become_method")}
	switch value := r.table.RawGetString("become").(type) {
	case *lua.LNilType:
		// Ansible takes become_user alone for nothing, and runs as the wrong user.
		if b.User != "" {
			b.On = new(true)
		}
	case lua.LBool:
		b.On = new(bool(value))
	default:
		r.add(r.at("become"), "become of %s must be true or false, not %s", r.owner, show.Kind(value))
	}
	if _, given := r.table.RawGetString("become_user").(lua.LString); given {
		if problem := proto.UserProblem(b.User); problem != "" {
			r.add(r.at("become_user"), "become_user of %s: %s %s", r.owner, quote.Text(b.User), problem)
		}
	}
	methods := proto.BecomeMethods[:]
	if _, given := r.table.RawGetString("become_method").(lua.LString); given && !slices.Contains(methods, b.Method) {
		r.add(r.at("become_method"), "become_method of %s must be sudo, doas or su, not %s%s", r.owner, quote.Text(b.Method), quote.DidYouMean(b.Method, methods))
	}
	return b
}
