package values

import (
	"encoding/json"
	"errors"
	"io"
	"strconv"
	"strings"
)

// ParseJSON parses text as exactly one JSON value.
func ParseJSON(text string) (*Node, error) {
	r := jsonReader{text: text, decoder: json.NewDecoder(strings.NewReader(text)), line: 1, budget: maxNodes}
	r.decoder.UseNumber()
	root, err := r.value(0)
	if err == nil {
		if _, more := r.decoder.Token(); more != io.EOF {
			err = errors.New("expected the end of the file after the value")
		}
	}
	var known *SyntaxError
	if err != nil && !errors.As(err, &known) {
		err = syntaxErrorf(r.here(), "expected JSON: %s", plainJSON(err))
	}
	if err != nil {
		return nil, err
	}
	root.IsJSON = true
	return root, nil
}

// plainJSON rewrites an error of the decoder for users.
func plainJSON(err error) string {
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		return "it ends too early"
	}
	return err.Error()
}

// jsonReader makes nodes from tokens, and counts lines.
type jsonReader struct {
	text    string
	decoder *json.Decoder
	offset  int
	line    int
	budget  budget
}

// here returns the line of the last token.
func (r *jsonReader) here() int {
	if offset := int(r.decoder.InputOffset()); offset > r.offset && offset <= len(r.text) {
		r.line += strings.Count(r.text[r.offset:offset], "\n")
		r.offset = offset
	}
	return r.line
}

func (r *jsonReader) value(depth int) (*Node, error) {
	token, err := r.decoder.Token()
	if err != nil {
		return nil, err
	}
	n := &Node{Line: r.here()}
	if err := r.budget.take(depth, n.Line); err != nil {
		return nil, err
	}
	switch token := token.(type) {
	case json.Delim:
		if token == '[' {
			return n, r.list(n, depth)
		}
		return n, r.mapping(n, depth)
	case json.Number:
		n.Data = number(token.String())
	default:
		n.Data = token
	}
	return n, nil
}

func (r *jsonReader) list(n *Node, depth int) error {
	n.Kind = List
	for r.decoder.More() {
		item, err := r.value(depth + 1)
		if err != nil {
			return err
		}
		n.Items = append(n.Items, item)
	}
	_, err := r.decoder.Token()
	return err
}

func (r *jsonReader) mapping(n *Node, depth int) error {
	n.Kind = Map
	var pairs mapping
	for r.decoder.More() {
		key, err := r.decoder.Token()
		if err != nil {
			return err
		}
		line := r.here()
		value, err := r.value(depth + 1)
		if err != nil {
			return err
		}
		pairs.set(Pair{Key: key.(string), IsKey: true, Line: line, Value: value})
	}
	n.Pairs = pairs.pairs
	_, err := r.decoder.Token()
	return err
}

// number returns the value of a JSON number. A number too large for int64 and float64 keeps its digits.
func number(text string) any {
	if n, err := strconv.ParseInt(text, 10, 64); err == nil {
		return n
	}
	if !strings.ContainsAny(text, ".eE") {
		return json.Number(text)
	}
	if f, err := strconv.ParseFloat(text, 64); err == nil {
		return f
	}
	return text
}
