package lower

// place says where a name's variable lives, as seen from the function that uses it.
type place int

const (
	global place = iota
	upvalue
	local
)

// maxUpvalues is how many variables of enclosing functions one function can use: gopher-lua counts them in a byte.
const maxUpvalues = 255

// function is a function that is being rewritten.
type function struct {
	parent *function
	block  *block
	loop   *loop
	vararg bool
	// upvalues are the names of variables of enclosing functions.
	upvalues map[string]bool
}

// block is a scope of local variables. captured says that a closure uses one of them.
type block struct {
	parent   *block
	names    map[string]bool
	captured bool
}

// loop is the innermost loop around a statement. left are the blocks within its body that a break leaves.
type loop struct {
	parent *loop
	body   *block
	left   []*block
}

// enterFunction begins the scope of a function.
func (r *rewriter) enterFunction(vararg bool, parameters ...string) {
	r.function = &function{parent: r.function, vararg: vararg, upvalues: make(map[string]bool)}
	r.enterBlock()
	r.declare(parameters...)
	if vararg && r.function.parent != nil {
		// The table of Lua 5.0, which 5.1 still has.
		r.declare("arg")
	}
}

func (r *rewriter) leaveFunction() { r.function = r.function.parent }

func (r *rewriter) enterBlock() {
	r.function.block = &block{parent: r.function.block, names: make(map[string]bool)}
}

func (r *rewriter) leaveBlock() { r.function.block = r.function.block.parent }

func (r *rewriter) declare(names ...string) {
	for _, name := range names {
		r.function.block.names[name] = true
	}
}

// resolve finds the variable of a name, and notes that a closure uses it.
func (r *rewriter) resolve(name string, line int) place {
	for f := r.function; f != nil; f = f.parent {
		owner := f.block.find(name)
		if owner == nil {
			continue
		}
		if f == r.function {
			return local
		}
		owner.captured = true
		for inner := r.function; inner != f; inner = inner.parent {
			inner.upvalues[name] = true
			if len(inner.upvalues) > maxUpvalues {
				r.fail(line, "a function uses more than 255 variables of the functions around it")
			}
		}
		return upvalue
	}
	return global
}

func (b *block) find(name string) *block {
	for ; b != nil; b = b.parent {
		if b.names[name] {
			return b
		}
	}
	return nil
}
