package inventory

import "fmt"

// Bounds of one file in YAML or JSON: its values, those that aliases repeat, and how deep they are.
const (
	maxNodes   = 4 << 20
	maxAliased = 1 << 20
	maxDepth   = 100
)

// nodeKind says what a node is.
type nodeKind int

const (
	scalarNode nodeKind = iota
	listNode
	mapNode
)

func (k nodeKind) String() string {
	return [...]string{"a single value", "a list", "a mapping"}[k]
}

// node is a value of a YAML or JSON file, with its line.
type node struct {
	kind nodeKind
	line int
	// data is what a scalar stands for: nil, bool, int64, float64, json.Number, string, or a map for an encrypted or
	// marked text, as Ansible writes it in JSON.
	data any
	// pairs are those of a mapping, in the order of their first mention.
	pairs []pair
	items []*node
	// isJSON says that the node is the root of a JSON text.
	isJSON bool
}

// pair is one of a mapping: each key once, the last value holds.
type pair struct {
	key   string
	isKey bool // the key is a text; others are written as JSON writes them
	line  int
	value *node
}

// isNull reports whether nothing is said.
func (n *node) isNull() bool { return n.kind == scalarNode && n.data == nil }

// get returns the value of a key, or nil.
func (n *node) get(key string) *node {
	for _, p := range n.pairs {
		if p.key == key {
			return p.value
		}
	}
	return nil
}

// plain is the value as JSON has it.
func (n *node) plain() any {
	switch n.kind {
	case listNode:
		items := make([]any, len(n.items))
		for i, item := range n.items {
			items[i] = item.plain()
		}
		return items
	case mapNode:
		pairs := make(map[string]any, len(n.pairs))
		for _, p := range n.pairs {
			pairs[p.key] = p.value.plain()
		}
		return pairs
	default:
		return n.data
	}
}

// mapping collects pairs.
type mapping struct {
	pairs []pair
	at    map[string]int
}

// set adds a pair, or replaces the value of the same key.
func (m *mapping) set(p pair) {
	if i, known := m.at[p.key]; known {
		m.pairs[i].value, m.pairs[i].line = p.value, p.line
		return
	}
	if m.at == nil {
		m.at = map[string]int{}
	}
	m.at[p.key] = len(m.pairs)
	m.pairs = append(m.pairs, p)
}

// has reports whether the key is there.
func (m *mapping) has(key string) bool {
	_, known := m.at[key]
	return known
}

// syntaxError is what is wrong with the form of a file. Line is 0 where it is unknown.
type syntaxError struct {
	line int
	text string
}

func (e *syntaxError) Error() string { return e.text }

func syntaxErrorf(line int, format string, args ...any) error {
	return &syntaxError{line, fmt.Sprintf(format, args...)}
}

// budget is what may still be read of a file.
type budget int

// take counts a node at that depth and line.
func (b *budget) take(depth, line int) error {
	if *b--; *b < 0 {
		return syntaxErrorf(line, "too many values in one file")
	}
	if depth > maxDepth {
		return syntaxErrorf(line, "values nested more than %d deep", maxDepth)
	}
	return nil
}
