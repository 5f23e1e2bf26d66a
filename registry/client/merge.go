package client

import "slices"

// Merge returns the addresses of all lists, each once, in their order.
func Merge(lists ...[]string) []string {
	var all []string
	for _, list := range lists {
		for _, address := range list {
			if !slices.Contains(all, address) {
				all = append(all, address)
			}
		}
	}
	return all
}
