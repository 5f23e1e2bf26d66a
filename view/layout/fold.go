package layout

import (
	"cmp"
	"slices"
	"strings"
)

// Fold shortens a list of names: names that differ in one number become one word with ranges. The order is that of the first
// name of each word. web-08, web-09, web-10, db is web-[08-10], db.
//
// [08-10] is all numbers of that width; [8-10], with ends of different width, is numbers without leading zeros. A name
// that has a bracket or a comma itself is never folded.
func Fold(names []string) []string {
	names = Distinct(names)
	families := make(map[family][]string)
	for _, name := range names {
		for at := range numbersOf(name) {
			families[at.family] = append(families[at.family], at.number)
		}
	}
	var words []string
	done := make(map[family]bool)
	for _, name := range names {
		home, ok := largestFamily(name, families)
		if !ok {
			words = append(words, name)
			continue
		}
		if done[home] {
			continue
		}
		done[home] = true
		words = append(words, home.word(ownMembers(home, families)))
	}
	return words
}

// Distinct returns names without repetitions, in their order.
func Distinct(names []string) []string {
	seen := make(map[string]bool, len(names))
	var once []string
	for _, name := range names {
		if !seen[name] {
			seen[name] = true
			once = append(once, name)
		}
	}
	return once
}

// family is a name without one of its numbers.
type family struct{ before, after string }

type place struct {
	family
	number string
}

// numbersOf yields each run of digits of name with what is around it.
func numbersOf(name string) func(yield func(place) bool) {
	return func(yield func(place) bool) {
		if strings.ContainsAny(name, "[],") {
			return
		}
		for start := 0; start < len(name); start++ {
			if !isDigit(name[start]) {
				continue
			}
			end := start
			for end < len(name) && isDigit(name[end]) {
				end++
			}
			if !yield(place{family{name[:start], name[end:]}, name[start:end]}) {
				return
			}
			start = end
		}
	}
}

func isDigit(c byte) bool { return '0' <= c && c <= '9' }

// largestFamily returns the number at which name is folded: the one in which most names differ, the last of equals.
func largestFamily(name string, families map[family][]string) (home family, ok bool) {
	most := 1
	for at := range numbersOf(name) {
		if n := len(families[at.family]); n >= most {
			home, most, ok = at.family, n, true
		}
	}
	return home, ok
}

// ownMembers returns the numbers of the names that have no larger family, so that each name is in one word only.
func ownMembers(home family, families map[family][]string) []string {
	var numbers []string
	for _, number := range families[home] {
		if at, _ := largestFamily(home.before+number+home.after, families); at == home {
			numbers = append(numbers, number)
		}
	}
	slices.SortFunc(numbers, func(a, b string) int {
		return cmp.Or(cmp.Compare(len(a), len(b)), cmp.Compare(a, b))
	})
	return numbers
}

// word writes sorted numbers as ranges.
func (f family) word(numbers []string) string {
	if len(numbers) == 1 {
		return f.before + numbers[0] + f.after
	}
	var ranges []string
	for start := 0; start < len(numbers); {
		end := start
		for end+1 < len(numbers) && follows(numbers[start], numbers[end], numbers[end+1]) {
			end++
		}
		if start == end {
			ranges = append(ranges, numbers[start])
		} else {
			ranges = append(ranges, numbers[start]+"-"+numbers[end])
		}
		start = end + 1
	}
	return f.before + "[" + strings.Join(ranges, ",") + "]" + f.after
}

// follows reports whether a range from first to last may go on with next. It may grow a digit, 9 to 10, only when it
// has no leading zeros.
func follows(first, last, next string) bool {
	padded := len(first) > 1 && first[0] == '0'
	return successor(last) == next && (len(last) == len(next) || !padded)
}

// successor adds one to a number of any size.
func successor(number string) string {
	digits := []byte(number)
	for i := len(digits) - 1; i >= 0; i-- {
		if digits[i] != '9' {
			digits[i]++
			return string(digits)
		}
		digits[i] = '0'
	}
	return "1" + string(digits)
}
