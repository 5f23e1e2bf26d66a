package file

import (
	"io"

	"sloth-runner/sloth/module"
	"sloth-runner/sloth/module/diff"
)

// diff returns a unified diff between the old content and the new one. What can't be read has none.
func (p *placing) diff(ctx module.Context, from source) string {
	if p.old != nil && !p.regular() {
		return ""
	}
	var before []byte
	size := int64(0)
	if p.old != nil {
		size = p.old.Size
	}
	if max(size, from.size) > diff.MaxBytes {
		return diff.TooLarge(p.path, size, from.size)
	}
	if p.old != nil {
		var err error
		if before, err = ctx.Host.Read(ctx, p.path, diff.MaxBytes); err != nil {
			return ""
		}
		if before == nil {
			before = []byte{}
		}
	}
	after, err := from.all(ctx)
	if err != nil {
		return ""
	}
	return diff.Unified(p.path, before, after)
}

// all returns the content of a source that is no larger than what is compared.
func (s source) all(ctx module.Context) (content []byte, err error) {
	if s.bytes != nil {
		return s.bytes, nil
	}
	reader, err := s.open(ctx)
	if err != nil {
		return nil, err
	}
	content, err = io.ReadAll(io.LimitReader(reader, diff.MaxBytes))
	if closing := reader.Close(); err == nil {
		err = closing
	}
	return content, err
}
