package values

import "fmt"

// Limits of one YAML or JSON file: the number of values, of values that aliases repeat, and the depth.
const (
	maxNodes   = 4 << 20
	maxAliased = 1 << 20
	maxDepth   = 100
)

// Kind is the kind of a node.
type Kind int

const (
	Scalar Kind = iota
	List
	Map
)

func (k Kind) String() string {
	return [...]string{"a single value", "a list", "a mapping"}[k]
}

// Node is a value of a YAML or JSON file, with its line.
type Node struct {
	Kind Kind
	Line int
	// Data is the value of a scalar: nil, bool, int64, float64, json.Number, string, or a map for an encrypted text or
	// one marked as unsafe, in Ansible's JSON form.
	Data any
	// Pairs are the pairs of a mapping, in the order in which the keys first occur.
	Pairs []Pair
	Items []*Node
	// IsJSON says that the node is the root of a JSON text.
	IsJSON bool
}

// Pair is a key and a value of a mapping. Each key occurs once, with its last value.
type Pair struct {
	Key   string
	IsKey bool // the key is a string; other keys are written as in JSON
	Line  int
	Value *Node
}

// IsNull reports whether the value is null or missing.
func (n *Node) IsNull() bool { return n.Kind == Scalar && n.Data == nil }

// Get returns the value of a key, or nil.
func (n *Node) Get(key string) *Node {
	for _, p := range n.Pairs {
		if p.Key == key {
			return p.Value
		}
	}
	return nil
}

// Plain returns the value as in JSON.
func (n *Node) Plain() any {
	switch n.Kind {
	case List:
		items := make([]any, len(n.Items))
		for i, item := range n.Items {
			items[i] = item.Plain()
		}
		return items
	case Map:
		pairs := make(map[string]any, len(n.Pairs))
		for _, p := range n.Pairs {
			pairs[p.Key] = p.Value.Plain()
		}
		return pairs
	default:
		return n.Data
	}
}

// mapping collects pairs.
type mapping struct {
	pairs []Pair
	at    map[string]int
}

// set adds a pair, or replaces the value of the same key.
func (m *mapping) set(p Pair) {
	if i, known := m.at[p.Key]; known {
		m.pairs[i].Value, m.pairs[i].Line = p.Value, p.Line
		return
	}
	if m.at == nil {
		m.at = map[string]int{}
	}
	m.at[p.Key] = len(m.pairs)
	m.pairs = append(m.pairs, p)
}

// has reports whether the mapping has the key.
func (m *mapping) has(key string) bool {
	_, known := m.at[key]
	return known
}

// SyntaxError is a syntax error in a file. Line is 0 if it is unknown.
type SyntaxError struct {
	Line int
	text string
}

func (e *SyntaxError) Error() string { return e.text }

func syntaxErrorf(line int, format string, args ...any) error {
	return &SyntaxError{line, fmt.Sprintf(format, args...)}
}

// budget is how many more values of a file may be read.
type budget int

// take counts a node at that depth and line. It returns an error above a limit.
func (b *budget) take(depth, line int) error {
	if *b--; *b < 0 {
		return syntaxErrorf(line, "too many values in one file")
	}
	if depth > maxDepth {
		return syntaxErrorf(line, "values nested more than %d deep", maxDepth)
	}
	return nil
}
