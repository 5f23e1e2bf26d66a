package client

import (
	"context"
	"path"

	"sloth-runner/proto"
	"sloth-runner/transfer"
)

// ahead is how many files are asked for before the first of them is used: as many as a long link can hold.
const ahead = transfer.MaxRequests * 7 / 8

// Each gets the files of a list, which are below asked, and calls use for each of them in their order. They are asked for
// ahead, so use must not ask the same client for anything: the answer would come after what waits for use. use must not keep the content.
func (f Files) Each(ctx context.Context, asked string, files []transfer.Entry, use func(transfer.Entry, *Content) error) error {
	q := &queue{files: f, list: files, asked: asked, digests: map[transfer.Digest]bool{}}
	defer q.drop()
	for _, file := range files {
		if !file.Mode.IsRegular() {
			return transfer.Broken("%s is no file", transfer.Quote(file.Name))
		}
		if err := q.fill(ctx); err != nil {
			return err
		}
		content, err := q.content(ctx, file)
		if err != nil {
			return err
		}
		err = use(file, content)
		if closeErr := content.Close(); err == nil {
			err = closeErr
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// queue has the answers that were asked for ahead, in the order of the list.
type queue struct {
	files Files
	asked string
	list  []transfer.Entry
	// next is the first one that was not asked for; open are the answers before it. nil: there is one, or will be, in the cache.
	next int
	open []*answer
	// digests are those of large files that were asked for.
	digests map[transfer.Digest]bool
}

// fill asks for what comes next.
func (q *queue) fill(ctx context.Context) error {
	for ; q.next < len(q.list) && len(q.open) < ahead; q.next++ {
		file := q.list[q.next]
		request := &proto.FilesRead{Path: []byte(path.Join(q.asked, file.Name)), Sha256: file.Digest.Bytes()}
		if file.Size > transfer.MaxInline {
			if q.digests[file.Digest] || q.files.Store.Has(file.Digest) {
				q.open = append(q.open, nil)
				continue
			}
			q.digests[file.Digest] = true
			request.Offset = uint64(q.files.Store.Came(file.Digest))
		}
		a, err := q.files.Client.read(ctx, request)
		if err != nil {
			return err
		}
		a.offset = int64(request.GetOffset())
		q.open = append(q.open, a)
	}
	return nil
}

// content waits for the next answer.
func (q *queue) content(ctx context.Context, file transfer.Entry) (*Content, error) {
	a := q.open[0]
	q.open = q.open[1:]
	if a != nil {
		defer a.close()
	}
	if file.Size <= transfer.MaxInline && a != nil {
		content, err := small(a)
		if err == nil && (content.Digest != file.Digest || content.small == nil) {
			err = transfer.Broken("another file than was asked for")
		}
		return content, err
	}
	content, err := &Content{Entry: file}, error(nil)
	content.file, err = q.files.large(ctx, file, func(ctx context.Context, offset int64) (*answer, error) {
		if a != nil && a.offset == offset {
			return a, nil
		}
		// What was asked for ahead would come before the answer.
		q.drop()
		return q.files.askLarge(ctx, path.Join(q.asked, file.Name), file, offset)
	})
	return content, err
}

// drop gives up what was asked for ahead: it is asked for again.
func (q *queue) drop() {
	for _, a := range q.open {
		if a != nil {
			a.close()
		}
	}
	q.next -= len(q.open)
	q.open, q.digests = nil, map[transfer.Digest]bool{}
}
