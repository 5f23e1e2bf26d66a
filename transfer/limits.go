package transfer

import "context"

const (
	// MaxInline is the size of the largest content that comes with the answer to a read, unasked.
	MaxInline = 64 << 10
	// Block is how much of a content is compressed at once: a read may begin at its multiples.
	Block = 1 << 20
	// MaxChunk bounds the data of one message.
	MaxChunk = 64 << 10
	// MaxRequests is how many requests of a host may wait for their answers.
	MaxRequests = 1024
	// MaxEntries bounds the list of a tree.
	MaxEntries = 200_000
	// MaxExclude bounds the patterns of what a list leaves out, in bytes: each is compared with each name.
	MaxExclude = 64 << 10
)

// Limits bounds what goes to all hosts together. Its methods are safe for concurrent use.
type Limits interface {
	// Take waits for a turn, which leave ends. leave may be called more than once.
	Take(ctx context.Context) (leave func(), err error)
	// Wait returns when n more bytes may be sent.
	Wait(ctx context.Context, n int) error
}
