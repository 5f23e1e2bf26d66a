package client

import (
	"context"
	"path"

	"sloth-runner/proto"
	"sloth-runner/transfer"
)

// ahead is how many small files are asked for before the first of them is used: as many as a long link can hold.
const ahead = transfer.MaxRequests / 2

// Each gets the files of a list, which are below asked, and calls use for each of them in their order. What is small is asked for
// ahead. use must not keep the content.
func (f Files) Each(ctx context.Context, asked string, files []transfer.Entry, use func(transfer.Entry, *Content) error) error {
	var open []*answer
	defer func() {
		for _, a := range open {
			if a != nil {
				a.close()
			}
		}
	}()
	next := 0
	for _, file := range files {
		for ; next < len(files) && len(open) < ahead; next++ {
			a, err := f.ask(ctx, asked, files[next])
			if err != nil {
				return err
			}
			open = append(open, a)
		}
		a := open[0]
		open = open[1:]
		if err := f.one(ctx, asked, file, a, use); err != nil {
			return err
		}
	}
	return nil
}

// ask asks for a small file; nil: it is a large one, or no file.
func (f Files) ask(ctx context.Context, asked string, file transfer.Entry) (*answer, error) {
	if !file.Mode.IsRegular() || file.Size > transfer.MaxInline {
		return nil, nil
	}
	return f.Client.read(ctx, &proto.FilesRead{Path: []byte(path.Join(asked, file.Name)), Sha256: file.Digest.Bytes()})
}

func (f Files) one(ctx context.Context, asked string, file transfer.Entry, a *answer, use func(transfer.Entry, *Content) error) (err error) {
	if !file.Mode.IsRegular() {
		return transfer.Broken("%s is no file", transfer.Quote(file.Name))
	}
	var content *Content
	if a != nil {
		content, err = small(a)
		a.close()
		if err == nil && content.Digest != file.Digest {
			err = transfer.Broken("another file than was asked for")
		}
	} else {
		content = &Content{Entry: file}
		content.file, err = f.large(ctx, path.Join(asked, file.Name), file)
	}
	if err != nil {
		return err
	}
	err = use(file, content)
	if closeErr := content.Close(); err == nil {
		err = closeErr
	}
	return err
}
