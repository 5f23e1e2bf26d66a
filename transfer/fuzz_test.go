package transfer_test

import (
	"bytes"
	"context"
	"encoding/binary"
	"io"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	protobuf "google.golang.org/protobuf/proto"

	"sloth-runner/proto"
	"sloth-runner/transfer"
	"sloth-runner/transfer/client"
	"sloth-runner/transfer/offer"
)

// frames are messages of any kind, each after its length in two bytes.
func frames(messages ...protobuf.Message) []byte {
	var all []byte
	for _, m := range messages {
		data, err := protobuf.Marshal(m)
		if err != nil {
			panic(err)
		}
		all = append(binary.BigEndian.AppendUint16(all, uint16(len(data))), data...)
	}
	return all
}

// next takes the next message from data.
func next(data *[]byte, m protobuf.Message) error {
	if len(*data) < 2 {
		return io.EOF
	}
	n := min(int(binary.BigEndian.Uint16(*data)), len(*data)-2)
	message := (*data)[2 : 2+n]
	*data = (*data)[2+n:]
	return protobuf.Unmarshal(message, m)
}

// Whatever a host says, the operator sends nothing but what is offered, writes nothing but below the host's directory, and comes to an end.
func FuzzOperator(f *testing.F) {
	read := func(id uint64, path string) *proto.FilesFromHost {
		return &proto.FilesFromHost{Request: id, Message: &proto.FilesFromHost_Read{Read: &proto.FilesRead{Path: []byte(path)}}}
	}
	content := []byte("x")
	digest := transfer.DigestOf(content)
	f.Add(frames(read(1, "files/a"), &proto.FilesFromHost{Taken: 7}, read(2, "files/up/secret"), read(3, "../secret")))
	f.Add(frames(&proto.FilesFromHost{Request: 1, Message: &proto.FilesFromHost_List{List: &proto.FilesList{Path: []byte("files")}}}))
	f.Add(frames(
		&proto.FilesFromHost{Request: 1, Message: &proto.FilesFromHost_Offer{Offer: &proto.FilesOffer{Path: []byte("/../x"), Size: 1, Sha256: digest.Bytes()}}},
		&proto.FilesFromHost{Request: 1, Message: &proto.FilesFromHost_Chunk{Chunk: &proto.FilesChunk{Data: content}}},
		&proto.FilesFromHost{Request: 1, Message: &proto.FilesFromHost_End{End: &proto.FilesEnd{Sha256: digest.Bytes()}}},
		&proto.FilesFromHost{Request: 1, Message: &proto.FilesFromHost_Error{Error: &proto.FilesError{Reason: "x"}}},
	))
	p := hostileProject(f)
	outside := f.TempDir()
	p.server.Shelf = &offer.Shelf{Dir: filepath.Join(outside, "shelf"), MaxBytes: 1 << 20, MaxFiles: 1000}
	f.Fuzz(func(t *testing.T, data []byte) {
		s := &script{data: data}
		ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
		defer cancel()
		_ = p.server.Serve(ctx, s, "run", "evil")
		if ctx.Err() != nil {
			t.Fatal("it does not come to an end")
		}
		s.mu.Lock()
		defer s.mu.Unlock()
		if bytes.Contains(s.sent, []byte(secret)) {
			t.Fatal("what no host may read was sent")
		}
		entries, err := os.ReadDir(outside)
		if err != nil || len(entries) > 1 || len(entries) == 1 && entries[0].Name() != "shelf" {
			t.Fatalf("beside the shelf are %v, %v", entries, err)
		}
	})
}

// script is a host that says what it has, and takes all that comes.
type script struct {
	data []byte
	mu   sync.Mutex
	sent []byte
}

func (s *script) Send(m *proto.FilesFromOperator) error {
	data, err := protobuf.Marshal(m)
	s.mu.Lock()
	defer s.mu.Unlock()
	s.sent = append(s.sent, data...)
	return err
}

func (s *script) Recv() (*proto.FilesFromHost, error) {
	m := &proto.FilesFromHost{}
	return m, next(&s.data, m)
}

// Whatever an operator says, a host comes to an end, and has no content that is not what its SHA-256 says.
func FuzzHost(f *testing.F) {
	content := []byte("content")
	entry := transfer.Entry{Name: ".", Mode: 0o644, Size: 7, Digest: transfer.DigestOf(content)}
	answer := func(id uint64) []protobuf.Message {
		return []protobuf.Message{
			&proto.FilesFromOperator{Request: id, Message: &proto.FilesFromOperator_Content{Content: &proto.FilesContent{File: entry.Message(), Follows: true, Block: transfer.Block}}},
			&proto.FilesFromOperator{Request: id, Message: &proto.FilesFromOperator_Chunk{Chunk: &proto.FilesChunk{Data: content}}},
			&proto.FilesFromOperator{Request: id, Message: &proto.FilesFromOperator_End{End: &proto.FilesEnd{}}},
		}
	}
	large := entry
	large.Size = transfer.MaxInline + 1
	f.Add(frames(answer(1)...))
	f.Add(frames(
		&proto.FilesFromOperator{Request: 1, Message: &proto.FilesFromOperator_Content{Content: &proto.FilesContent{File: large.Message(), Block: transfer.Block}}},
		&proto.FilesFromOperator{Request: 1, Message: &proto.FilesFromOperator_End{End: &proto.FilesEnd{}}},
		&proto.FilesFromOperator{Request: 3, Message: &proto.FilesFromOperator_Content{Content: &proto.FilesContent{File: large.Message(), Follows: true, Encoding: 1, Block: transfer.Block}}},
		&proto.FilesFromOperator{Request: 3, Message: &proto.FilesFromOperator_Chunk{Chunk: &proto.FilesChunk{Data: []byte("\x28\xb5\x2f\xfd")}}},
		&proto.FilesFromOperator{Request: 2, Message: &proto.FilesFromOperator_Entries{Entries: &proto.FilesEntries{Entries: []*proto.FilesEntry{entry.Message()}}}},
		&proto.FilesFromOperator{Request: 2, Message: &proto.FilesFromOperator_Error{Error: &proto.FilesError{Reason: "x", Absent: true}}},
	))
	cache := newStore(f)
	f.Fuzz(func(t *testing.T, data []byte) {
		s := &operatorScript{data: data, asked: make(chan struct{}, 100)}
		c := client.New(s)
		ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
		defer cancel()
		var asking sync.WaitGroup
		asking.Go(func() {
			got, err := client.Files{Client: c, Store: cache}.Get(ctx, "files/a", transfer.Digest{})
			if err != nil {
				return
			}
			defer got.Close()
			if sum, err := transfer.SumFile(got); err == nil && !got.Same && sum != got.Digest {
				t.Errorf("a content with another SHA-256 came")
			}
		})
		asking.Go(func() {
			entries, err := c.List(ctx, "files")
			for _, entry := range entries {
				if strings.Contains("/"+entry.Name+"/", "/../") {
					t.Errorf("the name %q came, %v", entry.Name, err)
				}
			}
		})
		<-s.asked
		<-s.asked
		_ = c.Run()
		asking.Wait()
		if ctx.Err() != nil {
			t.Fatal("it does not come to an end")
		}
	})
}

type operatorScript struct {
	data  []byte
	asked chan struct{}
}

func (s *operatorScript) Send(*proto.FilesFromHost) error {
	select {
	case s.asked <- struct{}{}:
	default:
	}
	return nil
}

func (s *operatorScript) Recv() (*proto.FilesFromOperator, error) {
	m := &proto.FilesFromOperator{}
	return m, next(&s.data, m)
}

// A path that is accepted stays below where it begins.
func FuzzCheckPath(f *testing.F) {
	for _, path := range badPaths("/x") {
		f.Add(path)
	}
	f.Add("files/a")
	f.Fuzz(func(t *testing.T, path string) {
		if transfer.CheckPath(path) != nil {
			return
		}
		if joined := filepath.Join("/root", path); joined != "/root/"+path || len(path) > transfer.MaxPath {
			t.Errorf("%q is accepted, and leads to %q", path, joined)
		}
	})
}
