package edit

import (
	"errors"
	"fmt"

	"sloth-runner/sloth/quote"
)

// Place is where new lines go: behind the last line with After, before the first line with Before, or to the end of the text.
type Place struct{ After, Before Expression }

// check reports a place that can't be.
func (p Place) check() error {
	if p.After.Given() && p.Before.Given() {
		return errors.New("after and before exclude each other: give one of them")
	}
	return nil
}

// find returns the offset at which new lines are inserted.
func (p Place) find(text string) (int, error) {
	expression, name := p.After, "after"
	switch {
	case p.Before.Given():
		expression, name = p.Before, "before"
	case !p.After.Given():
		return len(text), nil
	}
	if text == "" && expression.in("") {
		return 0, nil
	}
	place := -1
	for s := range spans(text) {
		if !expression.in(s.of(text)) {
			continue
		}
		if name == "before" {
			return s.start, nil
		}
		place = s.next
	}
	if place < 0 {
		return 0, fmt.Errorf("no line matches %s, %s%s; without %s, it is added at the end", name, quote.Text(expression.text), expression.hint(), name)
	}
	return place, nil
}
