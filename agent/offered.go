package agent

import (
	"context"
	"io"
	"os"
	"syscall"

	"sloth-runner/internal/abandon"
	"sloth-runner/sloth/module"
	"sloth-runner/transfer"
	"sloth-runner/transfer/client"
)

// offered are the files that the run offers, as modules see them.
type offered struct{ files *files }

var _ module.Offered = offered{}

// Offered implements sloth.Host.
func (h *taskHost) Offered() module.Offered { return offered{h.session.files} }

// List implements module.Offered.
func (o offered) List(ctx context.Context, path string, exclude []string) ([]module.OfferedEntry, error) {
	c, err := o.files.connected(ctx)
	if err != nil {
		return nil, err
	}
	entries, err := c.List(ctx, path, exclude...)
	if err != nil {
		return nil, err
	}
	list := make([]module.OfferedEntry, len(entries))
	for i, entry := range entries {
		list[i] = entryOf(entry)
	}
	return list, nil
}

func entryOf(e transfer.Entry) module.OfferedEntry {
	return module.OfferedEntry{Name: e.Name, Mode: e.Mode, Size: e.Size, Modified: e.Modified, Digest: module.Digest(e.Digest), Target: e.Target}
}

// asking returns what asks for contents.
func (o offered) asking(ctx context.Context) (client.Files, error) {
	c, err := o.files.connected(ctx)
	if err != nil {
		return client.Files{}, err
	}
	s, err := o.files.store(ctx)
	return client.Files{Client: c, Store: s}, err
}

// Get implements module.Offered.
func (o offered) Get(ctx context.Context, path string, have module.Digest) (module.OfferedFile, error) {
	f, err := o.asking(ctx)
	if err != nil {
		return nil, err
	}
	content, err := abandon.Do(ctx, o.files.caller, abandon.Work[*client.Content]{
		Call: abandon.Call{Name: module.CallName(ctx, "the receiving of a file")},
		Do:   func() (*client.Content, error) { return f.Get(ctx, path, transfer.Digest(have)) },
		Release: func(content *client.Content, err error) {
			if err == nil {
				_ = content.Close() // it was only read
			}
		},
	})
	if err != nil {
		return nil, err
	}
	return offeredFile{content}, nil
}

// offeredFile is a content that came.
type offeredFile struct{ *client.Content }

// Entry implements module.OfferedFile.
func (f offeredFile) Entry() module.OfferedEntry { return entryOf(f.Content.Entry) }

// WriteTo implements io.WriterTo. A large content is in a file of the cache: the system may copy it without this process.
func (f offeredFile) WriteTo(to io.Writer) (int64, error) {
	if file := f.File(); file != nil {
		return io.Copy(to, file)
	}
	return io.Copy(to, struct{ io.Reader }{f.Content})
}

// Same implements module.OfferedFile.
func (f offeredFile) Same() bool { return f.Content.Same }

// Each implements module.Offered.
func (o offered) Each(ctx context.Context, path string, list []module.OfferedEntry, use func(module.OfferedEntry, io.Reader) error) error {
	f, err := o.asking(ctx)
	if err != nil {
		return err
	}
	entries := make([]transfer.Entry, len(list))
	for i, e := range list {
		entries[i] = transfer.Entry{Name: e.Name, Mode: e.Mode, Size: e.Size, Modified: e.Modified, Digest: transfer.Digest(e.Digest)}
	}
	return f.Each(ctx, path, entries, func(entry transfer.Entry, content *client.Content) error {
		return use(entryOf(entry), offeredFile{content})
	})
}

// Send implements module.Offered. A named pipe would wait for its writer: the flag has it open at once.
func (o offered) Send(ctx context.Context, path, name string) error {
	c, err := o.files.connected(ctx)
	if err != nil {
		return err
	}
	_, err = abandon.Do(ctx, o.files.caller, abandon.Work[struct{}]{
		Call: abandon.Call{Name: module.CallName(ctx, "the sending of a file"), Path: path},
		Do: func() (struct{}, error) {
			file, err := os.OpenFile(path, os.O_RDONLY|syscall.O_NONBLOCK, 0)
			if err != nil {
				return struct{}{}, err
			}
			defer file.Close()
			return struct{}{}, c.Send(ctx, file, path, name)
		},
	})
	return err
}
