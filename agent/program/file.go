package program

import (
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"os"
	"syscall"
)

// runningFile is the running program on Linux, even if another file has its path by now.
const runningFile = "/proc/self/exe"

// Open opens the running program, even if its file was removed or replaced.
func Open() (*os.File, error) {
	if self, err := os.Open(runningFile); err == nil {
		return self, nil
	}
	own, err := Path()
	if err != nil {
		return nil, err
	}
	return os.Open(own)
}

// OpenSafely opens the running program. If the system does not show which file that is, it makes sure that no other
// account can have replaced it.
func OpenSafely() (*os.File, error) {
	if self, err := os.Open(runningFile); err == nil {
		return self, nil
	}
	own, err := SafePath()
	if err != nil {
		return nil, err
	}
	return os.Open(own)
}

// Write makes an executable file. No process may be started at the same time: it would inherit the file open for
// writing, and such a file can't be executed (go.dev/issue/22315).
func Write(path string, write func(io.Writer) error) error {
	syscall.ForkLock.RLock()
	defer syscall.ForkLock.RUnlock()
	file, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o700)
	if err != nil {
		return err
	}
	err = errors.Join(write(file), file.Chmod(0o755), file.Close())
	return err
}

// Digest returns the SHA-256 of the running program, in hex.
func Digest() (string, error) {
	file, err := Open()
	if err != nil {
		return "", err
	}
	defer file.Close()
	return sum(file)
}

// DigestOf returns the SHA-256 of a file, in hex.
func DigestOf(path string) (string, error) {
	file, err := os.Open(path)
	if err != nil {
		return "", fmt.Errorf("read the program: %w", err)
	}
	defer file.Close()
	digest, err := sum(file)
	if err != nil {
		return "", fmt.Errorf("read the program: %w", err)
	}
	return digest, nil
}

func sum(from io.Reader) (string, error) {
	hash := sha256.New()
	if _, err := io.Copy(hash, from); err != nil {
		return "", err
	}
	return fmt.Sprintf("%x", hash.Sum(nil)), nil
}
