package sshconfig

import (
	"errors"
	"fmt"
	"strings"
)

// condition is one condition of a Match line.
type condition struct {
	attribute string
	negated   bool
	argument  string
}

// parseConditions parses the arguments of Match: attributes, most with an argument after a blank or an equals sign.
func parseConditions(arguments []string) ([]condition, error) {
	var conditions []condition
	for i := 0; i < len(arguments); i++ {
		name, argument, hasArgument := strings.Cut(arguments[i], "=")
		c := condition{attribute: strings.ToLower(name)}
		c.attribute, c.negated = strings.CutPrefix(c.attribute, "!")
		switch c.attribute {
		case "all", "canonical", "final":
			if hasArgument {
				return nil, fmt.Errorf("%s takes no argument", c.attribute)
			}
		case "host", "originalhost", "user", "localuser", "exec", "localnetwork", "tagged", "command", "version", "sessiontype":
			if !hasArgument || argument == "" {
				if i++; i == len(arguments) {
					return nil, fmt.Errorf("expected an argument after %s", c.attribute)
				}
				argument = arguments[i]
			}
			c.argument = argument
		default:
			return nil, fmt.Errorf("expected host, originalhost, user or another criterion, not %s", show(arguments[i]))
		}
		conditions = append(conditions, c)
	}
	if len(conditions) == 0 {
		return nil, errors.New("expected a criterion, such as host or user")
	}
	return conditions, checkAll(conditions)
}

// checkAll checks that "all" stands alone, or only after canonical or final.
func checkAll(conditions []condition) error {
	for i, c := range conditions {
		if c.attribute != "all" {
			continue
		}
		before := i == 0 || i == 1 && (conditions[0].attribute == "canonical" || conditions[0].attribute == "final")
		if !before || i != len(conditions)-1 {
			return errors.New("expected all without another criterion")
		}
	}
	return nil
}

// matchLine reports whether all conditions of a line are true.
func (e *evaluation) matchLine(n line) bool {
	result := true
	for _, c := range n.conditions {
		if !result && (c.attribute == "exec" || c.attribute == "localnetwork") {
			continue // ssh does not evaluate it, and neither must the client
		}
		if e.holds(c, n.at) == c.negated {
			result = false
		}
	}
	return result
}

// holds reports whether a condition is true, without its negation.
func (e *evaluation) holds(c condition, at position) bool {
	switch c.attribute {
	case "all":
		return true
	case "host":
		return matchesHost(e.hostName(), c.argument)
	case "originalhost":
		return matchesHost(e.query.Host, c.argument)
	case "user":
		return matchesList(e.user(), c.argument)
	case "localuser":
		return matchesList(e.local.User, c.argument)
	case "tagged":
		return matchesList(e.text("tag"), c.argument)
	case "canonical", "final":
		// These are true in a second pass only. The lines that cause one are noted where they are read.
		return false
	case "sessiontype":
		return matchesList("exec", c.argument)
	}
	e.unsure(at, "Match "+c.attribute)
	return false
}
