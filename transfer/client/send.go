package client

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"os"

	"google.golang.org/protobuf/types/known/timestamppb"

	"sloth-runner/proto"
	"sloth-runner/transfer"
)

// Send sends an open file of the host, whose path is told, to the operator, who keeps it under name; "": under its path. What is
// appended to the file meanwhile is not sent, and no error; another change is one.
func (c *Client) Send(ctx context.Context, file *os.File, path, name string) error {
	info, err := file.Stat()
	if err != nil {
		return err
	}
	if !info.Mode().IsRegular() {
		return fmt.Errorf("%s is no file", path)
	}
	size := info.Size()
	sum, err := transfer.SumFile(io.NewSectionReader(file, 0, size))
	if err != nil {
		return err
	}
	r, err := c.begin(ctx, &proto.FilesFromHost{Message: &proto.FilesFromHost_Offer{Offer: &proto.FilesOffer{
		Path: []byte(path), Name: []byte(name), Size: uint64(size), Mode: uint32(info.Mode().Perm()),
		Modified: timestamppb.New(info.ModTime()), Sha256: sum.Bytes(),
	}}})
	if err != nil {
		return err
	}
	defer r.close()
	message, err := r.next(ctx)
	if errors.Is(err, io.EOF) {
		return nil // the operator has it
	}
	if err != nil {
		return err
	}
	if message.GetTake() == nil {
		return transfer.Broken("an answer to an offer that is none")
	}
	return c.sendContent(ctx, r, io.NewSectionReader(file, 0, size))
}

// sendContent sends a content, and waits until it is kept.
func (c *Client) sendContent(ctx context.Context, r *call, content io.Reader) error {
	// The operator may refuse the rest, and then takes nothing more.
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	kept := make(chan error, 1)
	go func() {
		_, err := r.next(ctx)
		if err == nil {
			err = transfer.Broken("something else than the end of an offer")
		}
		if !errors.Is(err, io.EOF) {
			cancel(err)
		}
		kept <- err
	}()
	sendErr := c.sendPieces(ctx, r, content)
	if sendErr != nil {
		cancel(sendErr)
	}
	if err := <-kept; !errors.Is(err, io.EOF) {
		return err
	}
	return sendErr
}

func (c *Client) sendPieces(ctx context.Context, r *call, content io.Reader) error {
	hash := sha256.New()
	buffer := make([]byte, transfer.MaxChunk)
	for {
		n, err := io.ReadFull(content, buffer[:c.out.Window.Chunk()])
		if n > 0 {
			hash.Write(buffer[:n])
			chunk := &proto.FilesFromHost_Chunk{Chunk: &proto.FilesChunk{Data: buffer[:n]}}
			if err := c.out.SendPaced(ctx, &proto.FilesFromHost{Request: r.id, Message: chunk}, n); err != nil {
				return err
			}
		}
		switch {
		case err == io.EOF || errors.Is(err, io.ErrUnexpectedEOF):
			end := &proto.FilesFromHost_End{End: &proto.FilesEnd{Sha256: transfer.SumOf(hash).Bytes()}}
			return c.out.Send(&proto.FilesFromHost{Request: r.id, Message: end})
		case err != nil:
			return err
		}
	}
}
