package runner

import (
	"sloth-runner/proto"
	"sloth-runner/sloth"
)

// scriptOf is a script as it is sent.
func scriptOf(script *sloth.Script) *proto.Script {
	return &proto.Script{
		Name: script.Name, Text: script.Text,
		Interpreter: inBytes(script.Interpreter()), Arguments: inBytes(script.Arguments),
	}
}

func inBytes(words []string) [][]byte {
	texts := make([][]byte, len(words))
	for i, word := range words {
		texts[i] = []byte(word)
	}
	return texts
}
