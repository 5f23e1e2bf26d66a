package sharedinput

import (
	"errors"
	"io"
	"os"
	"testing"
	"time"
)

func TestRead(t *testing.T) {
	read, write, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	defer read.Close()
	in := Of(read)
	if in == nil || in.WasRead() {
		t.Fatal("a pipe is no input")
	}
	if _, err := write.WriteString("text"); err != nil {
		t.Fatal(err)
	}
	if err := write.Close(); err != nil {
		t.Fatal(err)
	}
	if text, err := io.ReadAll(in); string(text) != "text" || err != nil || !in.WasRead() {
		t.Errorf("read %q, %v", text, err)
	}
}

// TestClose: Close ends a Read that waits, and leaves the descriptor open.
func TestClose(t *testing.T) {
	read, write, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	defer read.Close()
	defer write.Close()
	in, ended := Of(read), make(chan error, 1)
	go func() {
		_, err := in.Read(make([]byte, 1))
		ended <- err
	}()
	if err := in.Close(); err != nil {
		t.Fatal(err)
	}
	select {
	case err := <-ended:
		if !errors.Is(err, os.ErrClosed) || in.WasRead() {
			t.Errorf("ended with %v", err)
		}
	case <-time.After(time.Minute):
		t.Fatal("Read still waits a minute after Close")
	}
	if _, err := write.WriteString("x"); err != nil {
		t.Error(err)
	}
	if n, err := read.Read(make([]byte, 1)); n != 1 || err != nil {
		t.Errorf("the descriptor is not open any more: %v", err)
	}
}

func TestNoInput(t *testing.T) {
	null, err := os.Open(os.DevNull)
	if err != nil {
		t.Fatal(err)
	}
	defer null.Close()
	if Of(null) != nil {
		t.Errorf("%s is an input", os.DevNull)
	}
	closed, err := os.Open(os.DevNull)
	if err != nil {
		t.Fatal(err)
	}
	closed.Close()
	if Of(closed) != nil {
		t.Error("a closed file is an input")
	}
}
