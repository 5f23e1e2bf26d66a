package transfer

import (
	"errors"
	"fmt"
	"io/fs"
	"strings"
	"time"

	"google.golang.org/protobuf/types/known/timestamppb"

	"sloth-runner/proto"
)

// Entry is one thing of what is offered.
type Entry struct {
	// Name is relative to what was asked for, with slashes; "." is that itself.
	Name string
	// Mode has the kind (a file, directory or symbolic link), permission bits, and fs.ModeSetuid, ModeSetgid and ModeSticky.
	Mode     fs.FileMode
	Size     int64
	Modified time.Time
	// Digest is that of a file's content.
	Digest Digest
	// Target is what a link points to, as it is.
	Target string
}

// Message is the entry on the wire.
func (e Entry) Message() *proto.FilesEntry {
	m := &proto.FilesEntry{
		Name: []byte(e.Name), Mode: unixMode(e.Mode), Size: uint64(e.Size), Modified: timestamppb.New(e.Modified),
		Sha256: e.Digest.Bytes(), Target: []byte(e.Target),
	}
	switch e.Mode.Type() {
	case 0:
		m.Kind = proto.FilesEntry_FILE
	case fs.ModeDir:
		m.Kind = proto.FilesEntry_DIRECTORY
	case fs.ModeSymlink:
		m.Kind = proto.FilesEntry_LINK
	}
	return m
}

// maxSize bounds a file: what no file system exceeds.
const maxSize = 1 << 62

// ParseEntry reads an entry from the wire, and checks all of it.
func ParseEntry(m *proto.FilesEntry) (Entry, error) {
	e := Entry{Name: string(m.GetName()), Mode: goMode(m.GetMode()), Target: string(m.GetTarget())}
	if e.Name != "." {
		if err := CheckPath(e.Name); err != nil {
			return Entry{}, err
		}
	}
	if m.GetSize() > maxSize {
		return Entry{}, fmt.Errorf("%s has %d bytes, which no file has", Quote(e.Name), m.GetSize())
	}
	e.Size = int64(m.GetSize())
	if m.GetModified().IsValid() {
		e.Modified = m.GetModified().AsTime()
	}
	var err error
	if e.Digest, err = ParseDigest(m.GetSha256()); err != nil {
		return Entry{}, err
	}
	switch m.GetKind() {
	case proto.FilesEntry_FILE:
		if e.Digest.IsZero() {
			return Entry{}, fmt.Errorf("%s has no SHA-256", Quote(e.Name))
		}
	case proto.FilesEntry_DIRECTORY:
		e.Mode |= fs.ModeDir
	case proto.FilesEntry_LINK:
		e.Mode |= fs.ModeSymlink
		if e.Target == "" || len(e.Target) > MaxPath || strings.ContainsRune(e.Target, 0) {
			return Entry{}, fmt.Errorf("the link %s has no target that a link can have", Quote(e.Name))
		}
	default:
		return Entry{}, errors.New("an entry is of no known kind")
	}
	return e, nil
}

// The bits of chmod(2) that package fs has elsewhere.
var specialBits = []struct {
	unix uint32
	mode fs.FileMode
}{{0o4000, fs.ModeSetuid}, {0o2000, fs.ModeSetgid}, {0o1000, fs.ModeSticky}}

func unixMode(mode fs.FileMode) uint32 {
	bits := uint32(mode.Perm())
	for _, special := range specialBits {
		if mode&special.mode != 0 {
			bits |= special.unix
		}
	}
	return bits
}

func goMode(bits uint32) fs.FileMode {
	mode := fs.FileMode(bits) & fs.ModePerm
	for _, special := range specialBits {
		if bits&special.unix != 0 {
			mode |= special.mode
		}
	}
	return mode
}
