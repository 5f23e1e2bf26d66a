package overlay

import (
	"context"
	"errors"
	"io"
	"syscall"
)

const (
	// mostOfOne and mostOfAll are how many bytes of contents are kept: of one file, and of all files of the run.
	mostOfOne, mostOfAll = 16 << 20, 64 << 20
)

// content is that of a regular file of the run.
type content struct {
	data []byte
	// lost says that there was more than is kept. Only the size is then known.
	lost bool
	size int64
}

// keep takes note of how much memory a content needs from now on, and drops it where that is too much.
func (f *Files) keep(c *content, size int64) {
	c.size = size
	if c.lost {
		return
	}
	held := f.held - int64(len(c.data)) + size
	if size > mostOfOne || held > mostOfAll {
		f.drop(c)
		c.lost = true
		return
	}
	f.held = held
	c.data = append(c.data, make([]byte, max(size-int64(len(c.data)), 0))...)[:size]
}

// drop frees the memory of a content that nothing reads any more.
func (f *Files) drop(c *content) {
	if c != nil {
		f.held -= int64(len(c.data))
		c.data = nil
	}
}

// writeAt changes the content from offset on.
func (f *Files) writeAt(c *content, data []byte, offset int64) {
	if end := offset + int64(len(data)); end > c.size {
		f.keep(c, end)
	}
	if !c.lost {
		copy(c.data[offset:], data)
	}
}

// empty gives a file an empty content.
func (f *Files) empty(n *node) {
	f.drop(n.content)
	n.content = &content{}
	n.info.Size = 0
}

// own gives a file a content of its own, a copy of that on the disk.
func (f *Files) own(ctx context.Context, n *node) error {
	if n.content != nil {
		return nil
	}
	c := &content{}
	if n.info.Size > mostOfOne || f.held+n.info.Size > mostOfAll {
		c.size, c.lost = n.info.Size, true
	} else if err := f.load(ctx, n, c); err != nil {
		return err
	}
	n.content, n.info.Size = c, c.size
	return nil
}

// load reads a content from the disk. An account may be allowed to write a file, and not to read it.
func (f *Files) load(ctx context.Context, n *node, c *content) error {
	file, err := f.disk.Open(ctx, n.disk, syscall.O_RDONLY, 0)
	if errors.Is(err, syscall.EACCES) {
		c.size, c.lost = n.info.Size, true
		return nil
	}
	if err != nil {
		return cause(err)
	}
	buffer := make([]byte, 64<<10)
	for {
		got, err := file.Read(ctx, buffer)
		f.writeAt(c, buffer[:got], c.size)
		if err != nil && err != io.EOF {
			f.drop(c)
			return errors.Join(cause(err), file.Close(ctx))
		}
		if err == io.EOF || c.lost {
			return file.Close(ctx)
		}
	}
}
