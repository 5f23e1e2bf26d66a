package values

import (
	"errors"
	"io"
	"strings"

	"go.yaml.in/yaml/v4"

	"sloth-runner/inventory/naming"
	"sloth-runner/inventory/problems"
)

// Tags with a meaning in Ansible; see
// https://docs.ansible.com/ansible/latest/playbook_guide/playbooks_advanced_syntax.html.
const (
	VaultKey  = "__ansible_vault"
	unsafeKey = "__ansible_unsafe"
)

// ParseYAML parses text as one YAML 1.1 document, the version that Ansible uses. A text without a document is null, as
// in Ansible.
func ParseYAML(text string) (root *Node, err error) {
	var document yaml.Node
	switch err := yaml.Load([]byte(text), &document); {
	case err != nil && !hasDocument(text):
		return &Node{Line: 1}, nil
	case err != nil:
		return nil, wordYAML(err)
	}
	r := yamlReader{budget: maxNodes, aliased: maxAliased}
	if document.Kind == yaml.DocumentNode && len(document.Content) == 1 {
		return r.value(document.Content[0], 0)
	}
	return &Node{Line: 1}, nil // an empty document
}

// hasDocument reports whether a text that the library refuses has more than comments and white space. For a text without
// a document Load returns an error without a type of its own.
func hasDocument(text string) bool {
	loader, err := yaml.NewLoader(strings.NewReader(text))
	return err != nil || !errors.Is(loader.Load(&yaml.Node{}), io.EOF)
}

// wordYAML rewrites an error of the library for users.
func wordYAML(err error) error {
	var where *yaml.LoadError
	if !errors.As(err, &where) {
		return syntaxErrorf(0, "expected YAML: %s", firstLine(err.Error()))
	}
	line := where.Mark.Line
	if line == 0 {
		line = where.ContextMark.Line
	}
	return syntaxErrorf(line, "expected YAML: %s", firstLine(where.Message))
}

func firstLine(text string) string {
	line, _, _ := strings.Cut(strings.TrimPrefix(strings.TrimSpace(text), "yaml: "), "\n")
	const most = 200
	if len(line) > most {
		line = strings.ToValidUTF8(line[:most], "")
	}
	if !naming.Printable(line) {
		return problems.Show(line)
	}
	return line
}

// yamlReader makes nodes from those of the library.
type yamlReader struct {
	budget, aliased budget
	// inAlias is how many aliases the value is nested in.
	inAlias int
}

func (r *yamlReader) value(y *yaml.Node, depth int) (*Node, error) {
	budget := &r.budget
	if r.inAlias > 0 {
		budget = &r.aliased
	}
	if err := budget.take(depth, y.Line); err != nil {
		return nil, err
	}
	switch y.Kind {
	case yaml.AliasNode:
		// An alias that contains itself ends at the maximum depth.
		r.inAlias++
		n, err := r.value(y.Alias, depth+1)
		r.inAlias--
		return n, err
	case yaml.SequenceNode:
		n := &Node{Kind: List, Line: y.Line}
		for _, item := range y.Content {
			value, err := r.value(item, depth+1)
			if err != nil {
				return nil, err
			}
			n.Items = append(n.Items, value)
		}
		return n, nil
	case yaml.MappingNode:
		return r.mapping(y, depth)
	case yaml.ScalarNode:
		return r.scalar(y)
	default:
		return nil, syntaxErrorf(y.Line, "expected one YAML document")
	}
}

// mapping reads pairs. Pairs that << merges are weaker than the mapping's own, in any order.
func (r *yamlReader) mapping(y *yaml.Node, depth int) (*Node, error) {
	n := &Node{Kind: Map, Line: y.Line}
	var own, merged mapping
	for i := 0; i+1 < len(y.Content); i += 2 {
		key, value := y.Content[i], y.Content[i+1]
		if key.Kind == yaml.ScalarNode && key.Value == "<<" && key.Style == 0 {
			if err := r.merge(&merged, value, depth); err != nil {
				return nil, err
			}
			continue
		}
		p, err := r.pair(key, value, depth)
		if err != nil {
			return nil, err
		}
		own.set(p)
	}
	// PyYAML puts merged pairs first.
	for _, p := range own.pairs {
		merged.set(p)
	}
	n.Pairs = merged.pairs
	return n, nil
}

func (r *yamlReader) pair(key, value *yaml.Node, depth int) (Pair, error) {
	name, err := r.value(key, depth+1)
	if err != nil {
		return Pair{}, err
	}
	text, isText := name.Data.(string)
	switch name.Data.(type) {
	case string:
	case map[string]any:
		return Pair{}, syntaxErrorf(key.Line, "an encrypted or marked text can't be a key")
	default:
		if name.Kind != Scalar {
			return Pair{}, syntaxErrorf(key.Line, "expected a text before the colon, not %s", name.Kind)
		}
		text = keyText(name.Data)
	}
	read, err := r.value(value, depth+1)
	return Pair{Key: text, IsKey: isText, Line: key.Line, Value: read}, err
}

// merge adds the pairs of a mapping, or of each mapping of a list, of which the first is the strongest.
func (r *yamlReader) merge(into *mapping, y *yaml.Node, depth int) error {
	from, err := r.value(y, depth+1)
	if err != nil {
		return err
	}
	sources := []*Node{from}
	if from.Kind == List {
		sources = from.Items
	}
	for _, source := range sources {
		if source.Kind != Map {
			return syntaxErrorf(y.Line, "expected a mapping, or a list of mappings, after <<")
		}
		for _, p := range source.Pairs {
			if !into.has(p.Key) {
				into.set(p)
			}
		}
	}
	return nil
}

func (r *yamlReader) scalar(y *yaml.Node) (*Node, error) {
	n := &Node{Line: y.Line, Data: y.Value}
	switch tag := y.Tag; {
	case tag == "!vault" || tag == "!vault-encrypted":
		n.Data = map[string]any{VaultKey: y.Value}
	case tag == "!unsafe":
		n.Data = map[string]any{unsafeKey: y.Value}
	case y.Style&yaml.TaggedStyle != 0 && tag != "" && tag != "!":
		return n, r.tagged(n, y)
	case y.Style&(yaml.DoubleQuotedStyle|yaml.SingleQuotedStyle|yaml.LiteralStyle|yaml.FoldedStyle) == 0 && tag != "!":
		n.Data = plainScalar(y.Value)
	}
	return n, nil
}

// tagged reads a scalar with a tag.
func (r *yamlReader) tagged(n *Node, y *yaml.Node) error {
	wrong := syntaxErrorf(y.Line, "the value is not what its tag %s says", problems.Show(y.Tag))
	switch strings.Replace(y.Tag, "tag:yaml.org,2002:", "!!", 1) {
	case "!!str":
	case "!!null":
		n.Data = nil
	case "!!bool":
		value, ok := yamlBools[strings.ToLower(y.Value)]
		if !ok {
			return wrong
		}
		n.Data = value
	case "!!int":
		switch value := plainScalar(y.Value).(type) {
		case string, bool, nil, float64:
			return wrong
		default:
			n.Data = value
		}
	case "!!float":
		switch value := plainScalar(y.Value).(type) {
		case float64:
			n.Data = value
		case int64:
			n.Data = float64(value)
		default:
			return wrong
		}
	default:
		return syntaxErrorf(y.Line, "the tag %s is not known", problems.Show(y.Tag))
	}
	return nil
}
