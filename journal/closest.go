package journal

import (
	"slices"
	"strings"
)

// maxSuggestions is how many names a hint has room for.
const maxSuggestions = 3

// closest returns the names that are nearest to what was typed, the nearest first, and none that are far from it.
func closest(typed string, names []string) []string {
	return closestBy(names, func(name string) int { return distance(typed, name) }, len(typed)/3+1)
}

// closestIDs is closest for IDs, of which people type the whole or the last part.
func closestIDs(typed string, ids []string) []string {
	return closestBy(ids, func(id string) int {
		return min(distance(typed, id), distance(typed, idSuffix(id)))
	}, 2)
}

func closestBy(names []string, distance func(string) int, limit int) []string {
	type candidate struct {
		name     string
		distance int
	}
	var near []candidate
	for _, name := range names {
		if d := distance(name); d <= limit {
			near = append(near, candidate{name, d})
		}
	}
	slices.SortStableFunc(near, func(a, b candidate) int { return a.distance - b.distance })
	var found []string
	for _, c := range near[:min(len(near), maxSuggestions)] {
		found = append(found, c.name)
	}
	return found
}

// newest are the last names, the last first.
func newest(names []string) []string {
	names = slices.Clone(names[max(0, len(names)-maxSuggestions):])
	slices.Reverse(names)
	return names
}

// suggestion words names as a hint; "" for none.
func suggestion(names []string) string {
	if len(names) == 0 {
		return ""
	}
	return "did you mean " + strings.Join(names, " or ") + "?"
}

// distance is the number of bytes to add, remove or change to make a of b (Levenshtein). Names of very different
// length need no table: they are as far apart as their lengths.
func distance(a, b string) int {
	if len(a) > 2*len(b)+8 || len(b) > 2*len(a)+8 {
		return max(len(a), len(b))
	}
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(b) {
			cost := 1
			if a[i] == b[j] {
				cost = 0
			}
			diagonal, row[j+1] = row[j+1], min(diagonal+cost, row[j]+1, row[j+1]+1)
		}
	}
	return row[len(b)]
}
