package overlay

import (
	"context"
	"io"
	"io/fs"

	"sloth-runner/sloth/module"
)

// fill gives the new version its content, owner and mode. The owner comes first: a change of it takes setuid bits.
func (f *Files) fill(ctx context.Context, opened *file, content io.Reader, old *node, attributes module.Attributes) error {
	if err := f.copy(ctx, opened, content); err != nil {
		return err
	}
	mode, uid, gid := fs.FileMode(0o644), -1, -1
	if old != nil {
		mode, uid, gid = old.info.Mode&permissions, old.info.UID, old.info.GID
	}
	if attributes.Mode != nil {
		mode = *attributes.Mode
	}
	if attributes.UID != nil {
		uid = *attributes.UID
	}
	if attributes.GID != nil {
		gid = *attributes.GID
	}
	have := opened.node.info
	if uid, gid = differing(have.UID, uid), differing(have.GID, gid); uid >= 0 || gid >= 0 {
		if err := f.chown(ctx, opened.node, uid, gid); err != nil {
			return err
		}
	}
	return f.chmod(ctx, opened.node, mode)
}

// copy reads the content to its end, also where it is not kept: what reads it may check it. The reader may use other files.
func (f *Files) copy(ctx context.Context, opened *file, content io.Reader) error {
	buffer := make([]byte, 64<<10)
	for {
		f.mu.Unlock()
		n, err := content.Read(buffer)
		f.mu.Lock()
		if writeErr := opened.write(ctx, buffer[:n]); writeErr != nil {
			return writeErr
		}
		switch {
		case err == io.EOF:
			return nil
		case err != nil:
			return err
		case ctx.Err() != nil:
			return context.Cause(ctx)
		}
	}
}
