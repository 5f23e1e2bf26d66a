package transfer

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"hash"
	"io"
)

// Digest is the SHA-256 of a content. The zero value stands for none.
type Digest [sha256.Size]byte

// DigestOf returns the digest of data.
func DigestOf(data []byte) Digest { return sha256.Sum256(data) }

// SumOf returns what a SHA-256 hash has come to.
func SumOf(h hash.Hash) Digest {
	var d Digest
	h.Sum(d[:0])
	return d
}

// SumFile returns the digest of what can be read.
func SumFile(from io.Reader) (Digest, error) {
	h := sha256.New()
	if _, err := io.CopyBuffer(h, from, make([]byte, 128<<10)); err != nil {
		return Digest{}, err
	}
	return SumOf(h), nil
}

// ParseDigest reads a digest from the wire. No bytes are none.
func ParseDigest(data []byte) (Digest, error) {
	switch len(data) {
	case 0:
		return Digest{}, nil
	case sha256.Size:
		return Digest(data), nil
	}
	return Digest{}, fmt.Errorf("a SHA-256 has %d bytes, not %d", sha256.Size, len(data))
}

// IsZero reports whether d stands for none.
func (d Digest) IsZero() bool { return d == Digest{} }

// Bytes is d on the wire.
func (d Digest) Bytes() []byte {
	if d.IsZero() {
		return nil
	}
	return d[:]
}

// String is d in hex.
func (d Digest) String() string { return hex.EncodeToString(d[:]) }

// DecodeDigest reads a digest in hex.
func DecodeDigest(text string) (d Digest, ok bool) {
	if len(text) != 2*len(d) {
		return d, false
	}
	_, err := hex.Decode(d[:], []byte(text))
	return d, err == nil
}
