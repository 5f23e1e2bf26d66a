package overlay

import (
	"context"
	"crypto/rand"
	"fmt"
	"io"
	"io/fs"
	"syscall"

	"sloth-runner/sloth/module"
)

// writing are the flags of a file that may be written.
const writing = syscall.O_WRONLY | syscall.O_RDWR

// Open implements module.Files.
func (f *Files) Open(ctx context.Context, path string, flags int, mode fs.FileMode) (module.File, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	file, err := f.open(ctx, path, flags, mode)
	if err != nil {
		return nil, failed("open", path, err)
	}
	return file, nil
}

func (f *Files) open(ctx context.Context, path string, flags int, mode fs.FileMode) (*file, error) {
	end := follow
	if flags&syscall.O_NOFOLLOW != 0 || flags&syscall.O_CREAT != 0 && flags&syscall.O_EXCL != 0 {
		end = stay
	}
	if flags&syscall.O_CREAT != 0 && len(path) > 1 && path[len(path)-1] == '/' {
		end = entry
	}
	p, err := f.walk(ctx, path, end)
	switch {
	case err != nil:
		return nil, err
	case p.slash && p.dir != nil && flags&syscall.O_CREAT != 0:
		return nil, syscall.EISDIR
	case p.node == nil && flags&syscall.O_CREAT == 0:
		return nil, syscall.ENOENT
	case p.node == nil:
		n, err := f.create(ctx, p, mode&^f.self.Umask)
		return &file{files: f, node: n, flags: flags, name: path}, err
	}
	return f.openOld(ctx, p.node, path, flags)
}

// openOld opens what is there.
func (f *Files) openOld(ctx context.Context, n *node, path string, flags int) (*file, error) {
	if err := f.mayOpen(ctx, n, flags); err != nil {
		return nil, err
	}
	if n.info.Mode.IsRegular() && flags&(writing|syscall.O_TRUNC) != 0 {
		n = f.touch(n)
		if flags&syscall.O_TRUNC != 0 {
			f.empty(n)
			f.written(n)
		}
	}
	return &file{files: f, node: n, flags: flags, name: path}, nil
}

// mayOpen returns the error of opening what is there.
func (f *Files) mayOpen(ctx context.Context, n *node, flags int) error {
	want := toRead
	switch flags & writing {
	case syscall.O_WRONLY:
		want = toWrite
	case syscall.O_RDWR:
		want = toRead | toWrite
	}
	switch {
	case flags&syscall.O_CREAT != 0 && flags&syscall.O_EXCL != 0:
		return syscall.EEXIST
	case n.isLink():
		return syscall.ELOOP
	case n.isDir() && flags&(writing|syscall.O_CREAT) != 0:
		return syscall.EISDIR
	}
	if err := f.may(ctx, n, want); err != nil {
		return err
	}
	switch {
	case n.isDir() || n.info.Mode.IsRegular() || harmless[n.disk]:
		return nil
	case n.info.Mode&fs.ModeSocket != 0:
		return syscall.ENXIO
	}
	// It may take something from another program, or start something, as a watchdog.
	return f.foretell("would open " + n.disk)
}

// harmless are the devices that can be opened without any effect.
var harmless = map[string]bool{"/dev/null": true, "/dev/zero": true, "/dev/full": true, "/dev/random": true, "/dev/urandom": true}

// create makes an empty file.
func (f *Files) create(ctx context.Context, p place, mode fs.FileMode) (*node, error) {
	if err := f.mayEnter(ctx, p.dir); err != nil {
		return nil, err
	}
	n := f.make(p.dir, mode)
	n.content = &content{}
	f.enter(p.dir, p.name, n)
	return n, nil
}

// written notes that the content of a file is another one.
func (f *Files) written(n *node) {
	n.info.Size = n.content.size
	n.info.Modified = now()
	if mode := unprivileged(n.info.Mode); mode != n.info.Mode && f.self.UID != 0 {
		n.info.Mode = mode
	}
}

// Temp implements module.Files.
func (f *Files) Temp(ctx context.Context, kind module.TempKind) (module.File, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	path := join(f.disk.TempDir(), "lua_"+rand.Text()[:10])
	file, err := f.open(ctx, path, syscall.O_RDWR|syscall.O_CREAT|syscall.O_EXCL, 0o600)
	if err == nil && kind == module.TempUnnamed {
		err = f.remove(ctx, path)
	}
	if err != nil {
		return nil, failed("open", path, err)
	}
	return file, nil
}

// Read implements module.Files.
func (f *Files) Read(ctx context.Context, path string, limit int64) ([]byte, error) {
	opened, err := f.Open(ctx, path, syscall.O_RDONLY, 0)
	if err != nil {
		return nil, err
	}
	content, err := io.ReadAll(io.LimitReader(reader{ctx, opened}, limit+1))
	if closing := opened.Close(ctx); err == nil {
		err = closing
	}
	if err == nil && int64(len(content)) > limit {
		err = &fs.PathError{Op: "read", Path: path, Err: fmt.Errorf("it has more than %d bytes", limit)}
	}
	if err != nil {
		return nil, err
	}
	return content, nil
}

// reader reads an open file.
type reader struct {
	ctx  context.Context
	file module.File
}

// Read implements io.Reader.
func (r reader) Read(buffer []byte) (int, error) { return r.file.Read(r.ctx, buffer) }
