package main

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"io"

	"github.com/andybalholm/brotli"

	"sloth-runner/bootstrap/payload"
)

// pack compresses an agent as small as possible. The result has neither name nor time in it.
func pack(agent []byte, as payload.Packing) ([]byte, error) {
	var packed bytes.Buffer
	writer, err := packer(&packed, as)
	if err != nil {
		return nil, err
	}
	if _, err := writer.Write(agent); err != nil {
		return nil, err
	}
	err = writer.Close()
	return packed.Bytes(), err
}

func packer(to io.Writer, as payload.Packing) (io.WriteCloser, error) {
	switch as {
	case payload.Gzip:
		return gzip.NewWriterLevel(to, gzip.BestCompression)
	case payload.Brotli:
		// 1 << 24 bytes is the largest window of RFC 7932, and larger than an agent.
		return brotli.NewWriterOptions(to, brotli.WriterOptions{Quality: brotli.BestCompression, LGWin: 24}), nil
	default:
		return nil, fmt.Errorf("%q is not a compression", as)
	}
}
