package identity

import (
	"context"
	"errors"
	"fmt"
	"os"

	"sloth-runner/internal/pipefile"
)

// maxKeyFile is the size of the largest identity file in bytes, as in OpenSSH.
const maxKeyFile = 1 << 20

// Key is an identity file that was read.
type Key struct{ file *keyFile }

// Read reads an identity file, which may be a named pipe. The error tells why it can be no key of anybody: it is missing,
// or has neither a private key nor the public one of a key that the ssh-agent may have. It ends with ctx.
func Read(ctx context.Context, path string) (*Key, error) {
	file := readKey(ctx, path)
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	if file.public == nil && file.locked == nil {
		return nil, file.err
	}
	return &Key{file}, nil
}

// Add adds a key that was read already, so that its file is not read again: what a pipe has can be read once. It is called
// before the keyring is used.
func (k *Keyring) Add(key *Key) {
	k.mu.Lock()
	defer k.mu.Unlock()
	read := &keyReading{done: make(chan struct{}), file: key.file}
	close(read.done)
	k.startReading()
	k.files[key.file.path] = read
}

// keyReading is an identity file that was, or is being, read.
type keyReading struct {
	done chan struct{} // closed when file is there
	file *keyFile
	// mayWait says that the file is one whose reading can last, as a pipe's.
	mayWait bool
}

// startReading makes what readers need, in the first of them. The caller holds k.mu.
func (k *Keyring) startReading() {
	if k.files == nil {
		k.files = map[string]*keyReading{}
		k.readCtx, k.endReads = context.WithCancel(context.Background())
	}
}

// file returns an identity file. Everybody who needs it waits for the same reading of it, which ends with the keyring.
func (k *Keyring) file(ctx context.Context, path string) *keyFile {
	k.mu.Lock()
	k.startReading()
	reading := k.files[path]
	switch {
	case reading != nil:
	case k.closed:
		k.mu.Unlock()
		return &keyFile{path: path, err: errors.New("the keyring is closed")}
	default:
		info, err := os.Stat(path)
		reading = &keyReading{done: make(chan struct{}), mayWait: err == nil && !info.Mode().IsRegular()}
		k.files[path] = reading
		k.reads.Go(func() {
			defer close(reading.done)
			reading.file = readKey(k.readCtx, path)
		})
	}
	k.mu.Unlock()
	if !reading.mayWait {
		<-reading.done
		return reading.file
	}
	select {
	case <-reading.done:
		return reading.file
	case <-ctx.Done():
		return &keyFile{path: path, err: fmt.Errorf("identity file %s is still being read: %w", path, context.Cause(ctx))}
	}
}

// stopReading ends what is still being read, and waits for that.
func (k *Keyring) stopReading() {
	k.mu.Lock()
	k.startReading()
	k.endReads()
	k.mu.Unlock()
	k.reads.Wait()
}

// readFile returns the text of a file with a key or a certificate.
func readFile(ctx context.Context, path string) ([]byte, error) {
	return pipefile.ReadAll(ctx, path, maxKeyFile)
}
