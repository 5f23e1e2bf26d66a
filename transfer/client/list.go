package client

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path"

	"sloth-runner/proto"
	"sloth-runner/transfer"
)

// List returns what is offered at a path: that itself, under the name ".", and what is below it, each directory before what it
// contains. Every name stands once, and in a directory of the list. What a pattern of exclude is about is left out.
func (c *Client) List(ctx context.Context, asked string, exclude ...string) ([]transfer.Entry, error) {
	list := &proto.FilesList{Path: []byte(asked)}
	size := 0
	for _, pattern := range exclude {
		list.Exclude = append(list.Exclude, []byte(pattern))
		if size += len(pattern); size > transfer.MaxExclude {
			return nil, fmt.Errorf("the patterns of what is left out have more than %d bytes", transfer.MaxExclude)
		}
	}
	r, err := c.begin(ctx, &proto.FilesFromHost{Message: &proto.FilesFromHost_List{List: list}})
	if err != nil {
		return nil, err
	}
	defer r.close()
	t := tree{directories: map[string]bool{}, names: map[string]bool{}}
	for {
		message, err := r.next(ctx)
		if errors.Is(err, io.EOF) {
			if len(t.entries) == 0 {
				return nil, transfer.Broken("a list without entries")
			}
			return t.entries, nil
		}
		if err != nil {
			return nil, err
		}
		if message.GetEntries() == nil {
			return nil, transfer.Broken("an answer to a list that is none")
		}
		for _, m := range message.GetEntries().GetEntries() {
			if err := t.add(m); err != nil {
				return nil, err
			}
		}
		if err := r.taken(message); err != nil {
			return nil, err
		}
	}
}

// tree is a list as far as it came.
type tree struct {
	entries            []transfer.Entry
	directories, names map[string]bool
}

func (t *tree) add(m *proto.FilesEntry) error {
	entry, err := transfer.ParseEntry(m)
	if err != nil {
		return transfer.Broken("%v", err)
	}
	switch {
	case len(t.entries) == transfer.MaxEntries:
		return transfer.Broken("a list of more than %d entries", transfer.MaxEntries)
	case (len(t.entries) == 0) != (entry.Name == "."):
		return transfer.Broken("a list that does not begin with what was asked for")
	case t.names[entry.Name]:
		return transfer.Broken("%s stands twice in a list", transfer.Quote(entry.Name))
	case entry.Name != "." && !t.directories[path.Dir(entry.Name)]:
		return transfer.Broken("%s is in no directory of the list", transfer.Quote(entry.Name))
	}
	t.names[entry.Name] = true
	if entry.Mode.Type() == fs.ModeDir {
		t.directories[entry.Name] = true
	}
	t.entries = append(t.entries, entry)
	return nil
}
