// Stubagent is what tests copy to hosts where the way there is tested, and not the agent: a tenth of its size. It greets as an
// agent does, begins HTTP/2 as a gRPC server does, and ends when its input ends.
//
//	agent serve --stdio --marker MARKER
//	agent digest
package main

import (
	"crypto/sha256"
	"encoding/hex"
	"io"
	"os"
)

// settings is an empty SETTINGS frame, which a server of HTTP/2 sends first (RFC 9113, section 3.4).
const settings = "\x00\x00\x00\x04\x00\x00\x00\x00\x00"

func main() {
	switch args := os.Args[1:]; {
	case len(args) == 5 && args[1] == "serve" && args[3] == "--marker":
		os.Exit(serve(args[4]))
	case len(args) == 2 && args[1] == "digest":
		os.Exit(digest())
	}
	os.Exit(2)
}

func serve(marker string) int {
	if _, err := os.Stdout.WriteString(marker + " ready\n" + settings); err != nil {
		return 1
	}
	if _, err := io.Copy(io.Discard, os.Stdin); err != nil {
		return 1
	}
	return 0
}

func digest() int {
	file, err := os.Open("/proc/self/exe")
	if err != nil {
		return 1
	}
	sum := sha256.New()
	if _, err := io.Copy(sum, file); err != nil {
		return 1
	}
	if _, err := os.Stdout.WriteString(hex.EncodeToString(sum.Sum(nil)) + "\n"); err != nil {
		return 1
	}
	return 0
}
