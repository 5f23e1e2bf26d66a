package pattern

import (
	"fmt"
	"strings"

	"sloth-runner/inventory/naming"
	"sloth-runner/inventory/problems"
)

// isNodeRange reports whether the text between brackets is a range of names: 1-20, 01:20, 1-9/2, a:f, or a list of those
// and of numbers, as in 1-3,7. Letters with a - between them are a character class of a glob.
func isNodeRange(inside string) bool {
	for item := range strings.SplitSeq(inside, ",") {
		if _, err := parseNodeItem(item); err != nil {
			return false
		}
	}
	return true
}

// checkRanges returns an error for brackets that are meant as a range and are wrong, such as [01-2] and [10-9]. Read as
// character classes of a glob they would select other hosts.
func checkRanges(text string) error {
	for rest := text; rest != ""; {
		_, inside, after, err := naming.CutRange(rest)
		if err != nil {
			return nil // not closed: another check reports it
		}
		if isMeantAsRange(inside) {
			for item := range strings.SplitSeq(inside, ",") {
				if _, err := parseNodeItem(item); err != nil {
					return fmt.Errorf("range %s: %w", problems.Show("["+inside+"]"), err)
				}
			}
		}
		rest = after
	}
	return nil
}

// isMeantAsRange reports whether brackets contain only digits and the separators of ranges.
func isMeantAsRange(inside string) bool {
	const digits, dividers = "0123456789", "-,:/"
	return strings.ContainsAny(inside, digits) && strings.ContainsAny(inside, dividers) && strings.Trim(inside, digits+dividers) == ""
}

// parseNodeItem parses one item of a range. In addition to Ansible's from:to and from:to:step it accepts the syntax of
// ClusterShell and pdsh: from-to and from-to/step.
func parseNodeItem(item string) (naming.Sequence, error) {
	if naming.AllDigits(item) {
		return naming.ParseSequence(item + ":" + item)
	}
	if bounds, step, stepped := strings.Cut(item, "/"); strings.Contains(bounds, "-") {
		if strings.Trim(bounds, "0123456789-") != "" {
			return naming.Sequence{}, fmt.Errorf("expected numbers")
		}
		if item = strings.Replace(bounds, "-", ":", 1); stepped {
			item += ":" + step
		}
		if item[0] == ':' {
			return naming.Sequence{}, fmt.Errorf("expected a number before the -")
		}
	}
	return naming.ParseSequence(item)
}

// nodeValues returns the names of a range, at most limit.
func nodeValues(inside string, limit int) ([]string, error) {
	var values []string
	for item := range strings.SplitSeq(inside, ",") {
		seq, err := parseNodeItem(item)
		if err != nil {
			return nil, fmt.Errorf("range %s: %w", problems.Show("["+inside+"]"), err)
		}
		if seq.Count > int64(limit-len(values)) {
			return nil, fmt.Errorf("%s stands for more than %d names", problems.Show("["+inside+"]"), limit)
		}
		values = append(values, seq.Values()...)
	}
	return values, nil
}

// expandNodes returns the names that a word expands to; only the word itself if it has no range. Brackets with other
// content stay as they are.
func expandNodes(text string, limit int) ([]string, error) {
	names := []string{""}
	for rest := text; rest != ""; {
		plain, inside, after, err := naming.CutRange(rest)
		if err != nil {
			return nil, err
		}
		values := []string{""}
		if inside != "" && !isNodeRange(inside) {
			plain += "[" + inside + "]"
		} else if inside != "" {
			if values, err = nodeValues(inside, limit/len(names)); err != nil {
				return nil, err
			}
		}
		names = naming.Product(names, plain, values)
		rest = after
	}
	return names, nil
}
