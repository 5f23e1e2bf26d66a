package command

import (
	"bytes"
	"os"
	"testing"
)

func TestIsTerminal(t *testing.T) {
	file, err := os.Create(t.TempDir() + "/out")
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	read, write, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	defer read.Close()
	defer write.Close()
	if IsTerminal(file) || IsTerminal(write) || IsTerminal(new(bytes.Buffer)) {
		t.Error("a file, a pipe or a buffer is taken for a terminal")
	}
}
