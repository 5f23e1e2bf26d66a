package printed

import (
	"bytes"
	"crypto/sha256"
	"hash"
)

const (
	// MostOfOne is the most that is kept of what one host printed to one stream, MostInAll of what all did,
	// both in bytes. What many hosts print alike counts once.
	MostOfOne = 1 << 20
	MostInAll = 32 << 20
	// branchCost is what a branch takes beside its text, in bytes.
	branchCost = 256
)

// Versions are the texts that hosts print to one stream, while they print them: as far as texts are the same from
// their beginnings, they are kept once. A place in it is therefore a text, and equal texts end at the same place.
type Versions struct {
	first *version
	// room is what may still be kept; several versions share one.
	room *int
}

// version goes on where another one goes on otherwise.
type version struct {
	// from has what comes before: its first at bytes, and what is before those. nil: nothing does.
	from     *version
	at       int
	text     []byte
	branches map[branch]*version
}

// branch is where a version is left, and the byte with which the other one begins.
type branch struct {
	at   int
	next byte
}

// NewVersions returns texts of which room bytes may be kept.
func NewVersions(room *int) *Versions { return &Versions{first: new(version), room: room} }

// Begin returns the cursor of a host that has printed nothing yet.
func (v *Versions) Begin() Cursor { return Cursor{version: v.first, room: v.room} }

// Cursor is how far a host has come. Its text is that of the version as far as n, and what is not kept behind it.
type Cursor struct {
	version *version
	n       int
	room    *int
	// size is the length of what is kept; rest is of what is not, nil when there is no such.
	size int
	rest hash.Hash
}

// Content is what a host has printed, to be compared with what others have.
type Content struct {
	version *version
	n       int
	rest    [sha256.Size]byte
}

// Content returns what was printed so far.
func (p *Cursor) Content() Content {
	text := Content{version: p.version, n: p.n}
	if p.rest != nil {
		p.rest.Sum(text.rest[:0])
	}
	return text
}

// IsEmpty reports whether nothing was printed.
func (p *Cursor) IsEmpty() bool { return p.size == 0 && p.rest == nil }

// IsCut reports whether not all is kept.
func (p *Cursor) IsCut() bool { return p.rest != nil }

// Text is what is kept.
func (p *Cursor) Text() []byte {
	text := make([]byte, p.size)
	end, n := p.size, p.n
	for v := p.version; v != nil; v, n = v.from, v.at {
		end -= copy(text[end-n:end], v.text[:n])
	}
	return text
}

// Add goes on by what was printed next.
func (p *Cursor) Add(chunk []byte) {
	for len(chunk) > 0 && p.rest == nil {
		kept := chunk[:min(len(chunk), MostOfOne-p.size)]
		n := p.follow(kept)
		if n == 0 && !p.turn(kept) {
			// Whether there is room is asked at the same place for equal texts, and the answer never changes from no to yes.
			p.rest = sha256.New()
		}
		chunk = chunk[n:]
	}
	if p.rest != nil {
		p.rest.Write(chunk)
	}
}

// follow goes on as far as the version does, or makes it longer where it ends.
func (p *Cursor) follow(text []byte) int {
	if p.n == len(p.version.text) {
		n := min(len(text), *p.room)
		p.version.text = append(p.version.text, text[:n]...)
		*p.room -= n
	}
	n := commonPrefix(p.version.text[p.n:], text)
	p.n, p.size = p.n+n, p.size+n
	return n
}

// turn switches to the version that continues with text, and makes it when there is none; false: there is no room.
func (p *Cursor) turn(text []byte) bool {
	if len(text) == 0 || p.n == len(p.version.text) {
		return false
	}
	at := branch{p.n, text[0]}
	next := p.version.branches[at]
	if next == nil {
		if *p.room <= branchCost {
			return false
		}
		*p.room -= branchCost
		next = &version{from: p.version, at: p.n}
		if p.version.branches == nil {
			p.version.branches = make(map[branch]*version)
		}
		p.version.branches[at] = next
	}
	p.version, p.n = next, 0
	return true
}

func commonPrefix(a, b []byte) int {
	n := min(len(a), len(b))
	if bytes.Equal(a[:n], b[:n]) {
		return n
	}
	for i := range n {
		if a[i] != b[i] {
			return i
		}
	}
	return n
}
