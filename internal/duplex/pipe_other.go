//go:build !unix

package duplex

func isBrokenPipe(error) bool { return false }
