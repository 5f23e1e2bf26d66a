package transfer_test

import (
	"fmt"
	"io"
	"net"
	"os"
	"path/filepath"
	"testing"

	"sloth-runner/transfer"
	"sloth-runner/transfer/client"
	"sloth-runner/transfer/offer"
	"sloth-runner/transfer/store"
)

const benchSize = 100 << 20

// BenchmarkTransfer moves a file of 100 MB over gRPC on this machine, read and hashed anew each time.
func BenchmarkTransfer(b *testing.B) {
	for name, shrinks := range map[string]bool{"text": true, "random": false} {
		b.Run(name, func(b *testing.B) {
			p := newProject(b)
			largeFile(b, filepath.Join(p.dir, "files/a"), benchSize, shrinks)
			b.SetBytes(benchSize)
			for i := 0; b.Loop(); i++ {
				b.StopTimer()
				roots := &offer.Roots{}
				if err := roots.AddDir("files", filepath.Join(p.dir, "files")); err != nil {
					b.Fatal(err)
				}
				p.serve(b, roots)
				cache, err := store.Open(filepath.Join(b.TempDir(), fmt.Sprint(i)), store.DefaultLimit)
				if err != nil {
					b.Fatal(err)
				}
				f := client.Files{Client: overGRPC(b, p.server, "web01"), Store: cache}
				b.StartTimer()
				content, err := f.Get(b.Context(), "files/a", transfer.Digest{})
				if err != nil {
					b.Fatal(err)
				}
				content.Close()
			}
		})
	}
}

// BenchmarkBareCopy moves the same over a bare TCP connection.
func BenchmarkBareCopy(b *testing.B) {
	dir := b.TempDir()
	largeFile(b, filepath.Join(dir, "a"), benchSize, false)
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		b.Fatal(err)
	}
	defer listener.Close()
	b.SetBytes(benchSize)
	for b.Loop() {
		received := make(chan error, 1)
		go func() {
			conn, err := listener.Accept()
			if err == nil {
				defer conn.Close()
				var to *os.File
				if to, err = os.Create(filepath.Join(dir, "b")); err == nil {
					defer to.Close()
					_, err = io.Copy(to, conn)
				}
			}
			received <- err
		}()
		conn, err := net.Dial("tcp", listener.Addr().String())
		if err != nil {
			b.Fatal(err)
		}
		from, err := os.Open(filepath.Join(dir, "a"))
		if err != nil {
			b.Fatal(err)
		}
		if _, err := io.Copy(struct{ io.Writer }{conn}, struct{ io.Reader }{from}); err != nil {
			b.Fatal(err)
		}
		conn.Close()
		from.Close()
		if err := <-received; err != nil {
			b.Fatal(err)
		}
	}
}
