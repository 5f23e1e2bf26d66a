package offer

import (
	"context"
	"crypto/sha256"
	"errors"
	"io"
	"io/fs"
	"os"
	"sync/atomic"

	"sloth-runner/transfer"
)

// version is a file as it was at one time. Its fields stay as they are, but for what is said of them.
type version struct {
	library *Library
	asked   string
	info    fs.FileInfo
	entry   transfer.Entry
	// small is the content of a small file, where there is room for it in memory.
	small []byte
	// shrinks says that it is sent compressed.
	shrinks bool
	// checked says that all of it was read once more for sending, and was the same.
	checked atomic.Bool
	// bad says that the file is not what was read of it, though it looks the same: it is read again.
	bad atomic.Bool
	// noRoom says that there is no room to keep it compressed: it is sent as it is.
	noRoom atomic.Bool

	// The library's mutex guards these: how many use it, and the compressed content.
	refs    int
	encoded *encoded
}

// is reports whether a file looks as it did.
func (v *version) is(now fs.FileInfo) bool {
	return os.SameFile(v.info, now) && v.info.Size() == now.Size() && v.info.ModTime().Equal(now.ModTime()) && v.info.Mode() == now.Mode()
}

func (v *version) readSmall(file *os.File) error {
	data, err := io.ReadAll(io.LimitReader(file, transfer.MaxInline+1))
	if err != nil {
		return plain(v.asked, err)
	}
	v.entry.Digest, v.small = transfer.DigestOf(data), data
	return v.isStill(file, int64(len(data)))
}

func (v *version) readLarge(ctx context.Context, file *os.File) error {
	hash := sha256.New()
	buffer := make([]byte, probeSize)
	var read int64
	for first := true; ; first = false {
		n, err := io.ReadFull(file, buffer)
		hash.Write(buffer[:n])
		read += int64(n)
		if first {
			v.shrinks = shrinks(buffer[:n])
		}
		switch {
		case err == io.EOF || errors.Is(err, io.ErrUnexpectedEOF):
			v.entry.Digest = transfer.SumOf(hash)
			return v.isStill(file, read)
		case err != nil:
			return plain(v.asked, err)
		case ctx.Err() != nil:
			return context.Cause(ctx)
		case read > v.entry.Size:
			return errChanged(v.asked) // it may grow as fast as it is read
		}
	}
}

// isStill says that an open file, of which so much was read, is the one of this version.
func (v *version) isStill(file *os.File, read int64) error {
	now, err := file.Stat()
	if err != nil {
		return plain(v.asked, err)
	}
	if read != v.entry.Size || !v.is(now) {
		return errChanged(v.asked)
	}
	return nil
}

// reopen opens the file again, if it is still the one of this version.
func (v *version) reopen() (*os.File, error) {
	at, err := v.library.roots.find(v.asked)
	if err != nil {
		return nil, err
	}
	defer at.close()
	file, info, err := at.file(v.asked, at.rel)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, errChanged(v.asked)
	}
	if err != nil {
		return nil, err
	}
	if !v.is(info) {
		return nil, errors.Join(errChanged(v.asked), file.Close())
	}
	return file, nil
}
