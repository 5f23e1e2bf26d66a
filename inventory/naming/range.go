package naming

import (
	"fmt"
	"net/netip"
	"strconv"
	"strings"

	"sloth-runner/inventory/problems"
)

// MaxPattern is the maximum length of a host pattern, in bytes.
const MaxPattern = 4 * maxName

// numberBits is the size of the numbers in a range. Sums of them fit in an int64.
const numberBits = 62

// letters is the order of letters in ranges. As in Ansible, [y:B] is y, z, A, B.
const letters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"

// Expand returns the names that a host pattern stands for. Each [from:to] or [from:to:step] in it counts up, the last
// one fastest. Both ends are included. Ends are letters or numbers; if from begins with 0, the numbers are padded to its
// width. More than limit names are an error.
func Expand(pattern string, limit int) ([]string, error) {
	if len(pattern) > MaxPattern {
		return nil, fmt.Errorf("a host name of more than %d bytes", MaxPattern)
	}
	names := []string{""}
	for rest := pattern; rest != ""; {
		plain, inside, after, err := CutRange(rest)
		if err != nil {
			return nil, err
		}
		values := []string{""}
		if inside != "" {
			seq, err := ParseSequence(inside)
			if err != nil {
				return nil, fmt.Errorf("range %s: %w", problems.Show("["+inside+"]"), err)
			}
			if seq.Count > int64(limit/len(names)) {
				return nil, fmt.Errorf("%s stands for more hosts than the %d that are left to one inventory", problems.Show(pattern), limit)
			}
			values = seq.Values()
		}
		names = Product(names, plain, values)
		rest = after
	}
	return names, nil
}

// CutRange splits a pattern at its first range, into the text before it, inside its brackets and after it. Without a
// range, plain is the whole pattern. An IPv6 address in brackets is not a range.
func CutRange(pattern string) (plain, inside, after string, err error) {
	open := strings.IndexAny(pattern, "[]")
	if open < 0 {
		return pattern, "", "", nil
	}
	inside, after, closed := strings.Cut(pattern[open+1:], "]")
	if pattern[open] == ']' || !closed {
		return "", "", "", fmt.Errorf("a bracket without its other half")
	}
	if _, err := netip.ParseAddr(inside); err == nil {
		end := open + len(inside) + 2
		plain, inside, after, err = CutRange(pattern[end:])
		return pattern[:end] + plain, inside, after, err
	}
	if inside == "" {
		return "", "", "", fmt.Errorf("expected [from:to] or [from:to:step] instead of []")
	}
	return pattern[:open], inside, after, nil
}

// Product returns each name followed by plain and by each of the values.
func Product(names []string, plain string, values []string) []string {
	all := make([]string, 0, len(names)*len(values))
	for _, name := range names {
		for _, value := range values {
			all = append(all, name+plain+value)
		}
	}
	return all
}

// Sequence is a parsed range.
type Sequence struct {
	from, step, Count int64
	// width is the width of the numbers with leading zeros; 0 for letters.
	width   int
	letters bool
}

// ParseSequence parses the text between the brackets of a range.
func ParseSequence(inside string) (Sequence, error) {
	bounds := strings.Split(inside, ":")
	if len(bounds) != 2 && len(bounds) != 3 {
		return Sequence{}, fmt.Errorf("expected [from:to] or [from:to:step]")
	}
	seq := Sequence{step: 1}
	if len(bounds) == 3 {
		step, err := strconv.ParseUint(bounds[2], 10, numberBits-1)
		if err != nil || step == 0 {
			return Sequence{}, fmt.Errorf("the step is not a number from 1")
		}
		seq.step = int64(step)
	}
	to, err := seq.setBounds(bounds[0], bounds[1])
	if err != nil {
		return Sequence{}, err
	}
	if to < seq.from {
		return Sequence{}, fmt.Errorf("it ends before it begins")
	}
	seq.Count = (to-seq.from)/seq.step + 1
	return seq, nil
}

// setBounds sets the beginning of the sequence and returns its end. An empty from is 0.
func (s *Sequence) setBounds(from, to string) (end int64, err error) {
	if len(from) == 1 && len(to) == 1 {
		if first, last := strings.Index(letters, from), strings.Index(letters, to); first >= 0 && last >= 0 {
			s.letters, s.from = true, int64(first)
			return int64(last), nil
		}
	}
	if from == "" {
		from = "0"
	}
	if !AllDigits(from) || !AllDigits(to) {
		return 0, fmt.Errorf("expected two numbers or two letters")
	}
	if len(from) > 1 && from[0] == '0' {
		if s.width = len(from); len(to) != s.width {
			return 0, fmt.Errorf("both ends need the same number of digits when the first begins with 0")
		}
	}
	first, err := strconv.ParseInt(from, 10, numberBits)
	last, toErr := strconv.ParseInt(to, 10, numberBits)
	if err != nil || toErr != nil {
		return 0, fmt.Errorf("the numbers have too many digits")
	}
	s.from = first
	return last, nil
}

func (s Sequence) Values() []string {
	values := make([]string, s.Count)
	for i := range values {
		n := s.from + int64(i)*s.step
		if s.letters {
			values[i] = letters[n : n+1]
		} else {
			values[i] = fmt.Sprintf("%0*d", s.width, n)
		}
	}
	return values
}
