package overlay

import (
	"context"
	"errors"
	"io"
	"io/fs"
	"syscall"

	"sloth-runner/sloth/module"
)

// file is an open file.
type file struct {
	files  *Files
	node   *node
	flags  int
	name   string
	offset int64
	closed bool
	// handle reads from the disk; nil: nothing was read from there yet.
	handle module.File
}

// Name implements module.File.
func (o *file) Name() string { return o.name }

// Read implements module.File.
func (o *file) Read(ctx context.Context, buffer []byte) (int, error) {
	f := o.files
	f.mu.Lock()
	defer f.mu.Unlock()
	if !o.node.own {
		o.node = f.current(o.node)
	}
	n, err := o.read(ctx, buffer)
	o.offset += int64(n)
	if err == io.EOF {
		return n, err
	}
	return n, failed("read", o.name, err)
}

// current is the node that stands for a file now.
func (f *Files) current(n *node) *node {
	if known := f.touched[identity{n.info.Device, n.info.Inode}]; known != nil {
		return known
	}
	return n
}

func (o *file) read(ctx context.Context, buffer []byte) (int, error) {
	c := o.node.content
	switch {
	case o.closed:
		return 0, fs.ErrClosed
	case o.flags&writing == syscall.O_WRONLY:
		return 0, syscall.EBADF
	case o.node.isDir():
		return 0, syscall.EISDIR
	case c == nil:
		return o.readDisk(ctx, buffer)
	case o.offset >= c.size && len(buffer) > 0:
		return 0, io.EOF
	case c.lost:
		return 0, o.files.foretell("would change " + o.name)
	}
	return copy(buffer, c.data[min(o.offset, c.size):]), nil
}

// readDisk reads what the run has not changed.
func (o *file) readDisk(ctx context.Context, buffer []byte) (int, error) {
	if o.handle == nil {
		handle, err := o.files.disk.Open(ctx, o.node.disk, syscall.O_RDONLY, 0)
		if errors.Is(err, syscall.EACCES) {
			err = o.files.foretell("would change the mode or owner of " + o.node.disk)
		}
		if err == nil && o.offset > 0 {
			_, err = handle.Seek(ctx, o.offset, io.SeekStart)
		}
		if err != nil {
			return 0, cause(err)
		}
		o.handle = handle
	}
	n, err := o.handle.Read(ctx, buffer)
	return n, cause(err)
}

// Write implements module.File.
func (o *file) Write(ctx context.Context, data []byte) (int, error) {
	o.files.mu.Lock()
	defer o.files.mu.Unlock()
	err := o.write(ctx, data)
	if err != nil {
		return 0, failed("write", o.name, err)
	}
	return len(data), nil
}

func (o *file) write(ctx context.Context, data []byte) error {
	f := o.files
	switch {
	case o.closed:
		return fs.ErrClosed
	case o.flags&writing == 0:
		return syscall.EBADF
	case o.node.disk == "/dev/full":
		return syscall.ENOSPC
	case !o.node.info.Mode.IsRegular():
		return nil // a device that takes all
	case len(data) == 0:
		return nil
	}
	if err := f.own(ctx, o.node); err != nil {
		return err
	}
	if o.flags&syscall.O_APPEND != 0 {
		o.offset = o.node.content.size
	}
	f.writeAt(o.node.content, data, o.offset)
	o.offset += int64(len(data))
	f.written(o.node)
	return nil
}

// Seek implements module.File.
func (o *file) Seek(ctx context.Context, offset int64, whence int) (int64, error) {
	o.files.mu.Lock()
	defer o.files.mu.Unlock()
	place := offset
	switch whence {
	case io.SeekCurrent:
		place += o.offset
	case io.SeekEnd:
		place += o.files.current(o.node).info.Size
	}
	var err error
	switch {
	case o.closed:
		err = fs.ErrClosed
	case place < 0:
		err = syscall.EINVAL
	case o.handle != nil:
		_, err = o.handle.Seek(ctx, place, io.SeekStart)
	}
	if err != nil {
		return 0, failed("seek", o.name, cause(err))
	}
	o.offset = place
	return place, nil
}

// Close implements module.File.
func (o *file) Close(ctx context.Context) error {
	o.files.mu.Lock()
	defer o.files.mu.Unlock()
	return o.close(ctx)
}

func (o *file) close(ctx context.Context) error {
	if o.closed {
		return &fs.PathError{Op: "close", Path: o.name, Err: fs.ErrClosed}
	}
	o.closed = true
	if o.handle == nil {
		return nil
	}
	return o.handle.Close(ctx)
}

// CloseAll implements module.Files.
func (f *Files) CloseAll(ctx context.Context, files []module.File) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	var handles []module.File
	for _, one := range files {
		own, ok := one.(*file)
		if !ok {
			handles = append(handles, one)
			continue
		}
		if own.closed = true; own.handle != nil {
			handles = append(handles, own.handle)
		}
	}
	if len(handles) == 0 {
		return nil
	}
	return f.disk.CloseAll(ctx, handles)
}
