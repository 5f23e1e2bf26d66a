// Package distinct leaves out what a list has more than once.
package distinct

// Of returns the elements of all lists, each once, in the order in which they come first.
func Of[T comparable](lists ...[]T) []T {
	var all []T
	seen := map[T]bool{}
	for _, list := range lists {
		for _, one := range list {
			if !seen[one] {
				seen[one] = true
				all = append(all, one)
			}
		}
	}
	return all
}
