package hostile

import (
	"bytes"
	"compress/gzip"
	"encoding/binary"
	"io"
	"net"
	"strings"
	"sync"
	"time"

	"golang.org/x/net/http2"
	"golang.org/x/net/http2/hpack"
	pb "google.golang.org/protobuf/proto"

	"sloth-runner/proto"
)

// wireModes violate HTTP/2 or gRPC, as no library would.
var wireModes = map[string]func(net.Conn){
	"wire-silence": func(conn net.Conn) { _, _ = io.Copy(io.Discard, conn) },
	"wire-reads-nothing": func(conn net.Conn) {
		for conn.SetDeadline(time.Time{}) == nil { // until it is closed
			time.Sleep(20 * time.Millisecond)
		}
	},
	"wire-closes": func(net.Conn) {},
	"wire-garbage": func(conn net.Conn) {
		for {
			if _, err := conn.Write(bytes.Repeat([]byte("\x00\xffgarbage"), 1000)); err != nil {
				return
			}
		}
	},
	"wire-http1": func(conn net.Conn) {
		_, _ = io.WriteString(conn, "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n<html>")
		_, _ = io.Copy(io.Discard, conn)
	},
	"wire-endless-http1": func(conn net.Conn) { writeFor(conn, "HTTP/1.1 200 OK\r\n", "X: "+strings.Repeat("y", 1000)+"\r\n") },
	"wire-endless-headers": onStream(func(w *wire) {
		if w.headers(false, hpack.HeaderField{Name: ":status", Value: "200"}) != nil {
			return
		}
		for w.frames.WriteContinuation(w.stream, false, w.encode(hpack.HeaderField{Name: "x", Value: strings.Repeat("y", 10_000)})) == nil {
		}
	}),
	"wire-endless-trailers": onStream(func(w *wire) {
		w.begin()
		if w.headers(false, hpack.HeaderField{Name: "grpc-status", Value: "0"}) != nil {
			return
		}
		for w.frames.WriteContinuation(w.stream, false, w.encode(hpack.HeaderField{Name: "x", Value: strings.Repeat("y", 10_000)})) == nil {
		}
	}),
	"wire-huge-status": onStream(func(w *wire) {
		w.begin()
		w.largeHeaders(hpack.HeaderField{Name: "grpc-status", Value: "13"}, hpack.HeaderField{Name: "grpc-message", Value: strings.Repeat("x", 15*mib)})
	}),
	"wire-header-bomb": onStream(func(w *wire) {
		// One large field in the compression table, and then one byte for each reference to it.
		field := hpack.HeaderField{Name: "x", Value: strings.Repeat("y", 3000)}
		block := append(w.encode(hpack.HeaderField{Name: ":status", Value: "200"}), w.encode(field)...)
		for range 10_000 {
			block = append(block, w.encode(field)...)
		}
		w.block(block, false)
		w.drain()
	}),
	"wire-compressed-bomb": onStream(func(w *wire) {
		w.answer(hpack.HeaderField{Name: "grpc-encoding", Value: "gzip"})
		var packed bytes.Buffer
		to := gzip.NewWriter(&packed)
		zeros := make([]byte, mib)
		for range 512 {
			_, _ = to.Write(zeros)
		}
		_ = to.Close()
		w.data(framed(packed.Bytes(), 1))
		w.drain()
	}),
	"wire-claims-4-gib": onStream(func(w *wire) {
		w.answer()
		w.data([]byte{0, 0xff, 0xff, 0xff, 0xff})
		w.drain()
	}),
	"wire-tiny-frames": onStream(func(w *wire) {
		w.begin()
		message := w.event(outputOf(bytes.Repeat([]byte("x"), 100<<10)))
		for i := range message {
			if w.frames.WriteData(w.stream, false, message[i:i+1]) != nil {
				return
			}
		}
		w.drain()
	}),
	"wire-empty-frames": onStream(func(w *wire) {
		w.begin()
		for w.frames.WriteData(w.stream, false, nil) == nil {
		}
	}),
	"wire-padding": onStream(func(w *wire) {
		w.begin()
		for w.frames.WriteDataPadded(w.stream, false, []byte{}, make([]byte, 255)) == nil {
		}
	}),
	"wire-beyond-window": onStream(func(w *wire) {
		w.begin()
		for w.frames.WriteData(w.stream, false, make([]byte, 16<<10)) == nil {
		}
	}),
	"wire-pings": onStream(func(w *wire) {
		w.begin()
		for w.frames.WritePing(false, [8]byte{1}) == nil {
		}
	}),
	"wire-settings": onStream(func(w *wire) {
		w.begin()
		for w.frames.WriteSettings(http2.Setting{ID: http2.SettingInitialWindowSize, Val: 1}) == nil {
		}
	}),
	"wire-window-updates": onStream(func(w *wire) {
		w.begin()
		for w.frames.WriteWindowUpdate(w.stream, 1<<30) == nil {
		}
	}),
	"wire-unknown-frames": onStream(func(w *wire) {
		w.begin()
		for w.frames.WriteRawFrame(0x77, 0xff, 0, make([]byte, 16<<10)) == nil {
		}
	}),
	"wire-other-streams": onStream(func(w *wire) {
		w.begin()
		for stream := uint32(2); w.frames.WriteRawFrame(http2.FrameData, 0, stream, make([]byte, 1000)) == nil; stream += 2 {
		}
	}),
	"wire-goaway": onStream(func(w *wire) {
		w.begin()
		_ = w.frames.WriteGoAway(1<<31-1, http2.ErrCodeEnhanceYourCalm, bytes.Repeat([]byte("ERROR \x1b[2J"), 1500))
	}),
	"wire-reset": onStream(func(w *wire) {
		w.begin()
		_ = w.frames.WriteRSTStream(w.stream, http2.ErrCodeInternal)
		w.drain()
	}),
	"wire-large-frame": onStream(func(w *wire) {
		w.begin()
		_, _ = w.conn.Write([]byte{0xff, 0xff, 0xff, 0, 0, 0, 0, 0, 1})
		writeFor(w.conn, "", strings.Repeat("x", 64<<10))
	}),
}

func writeFor(conn net.Conn, first, then string) {
	_, err := io.WriteString(conn, first)
	for err == nil {
		_, err = io.WriteString(conn, then)
	}
}

// wire is an HTTP/2 connection with an operator's request for a run.
type wire struct {
	conn   net.Conn
	frames *http2.Framer
	stream uint32
	packed bytes.Buffer
	packer *hpack.Encoder
	seq    uint64
	ended  chan struct{}
}

// onStream runs a mode when the operator's request has arrived. Later frames are read and discarded.
func onStream(play func(*wire)) func(net.Conn) {
	return func(conn net.Conn) {
		preface := make([]byte, len(http2.ClientPreface))
		if _, err := io.ReadFull(conn, preface); err != nil {
			return
		}
		w := &wire{conn: conn, frames: http2.NewFramer(conn, conn), ended: make(chan struct{})}
		w.packer = hpack.NewEncoder(&w.packed)
		w.frames.AllowIllegalWrites = true
		asked := make(chan uint32, 1)
		var reading sync.WaitGroup
		defer reading.Wait()
		defer conn.Close()
		if w.frames.WriteSettings(http2.Setting{ID: http2.SettingInitialWindowSize, Val: 1 << 24}) != nil || w.frames.WriteSettingsAck() != nil ||
			w.frames.WriteWindowUpdate(0, 1<<24) != nil {
			return
		}
		reading.Go(func() { w.read(asked) })
		select {
		case w.stream = <-asked:
			play(w)
		case <-w.ended:
		}
	}
}

func (w *wire) read(asked chan<- uint32) {
	defer close(w.ended)
	in := http2.NewFramer(nil, w.conn)
	for {
		frame, err := in.ReadFrame()
		if err != nil {
			return
		}
		if frame.Header().Type == http2.FrameData {
			select {
			case asked <- frame.Header().StreamID:
			default:
			}
		}
	}
}

// drain waits until the operator disconnects.
func (w *wire) drain() { <-w.ended }

func (w *wire) encode(fields ...hpack.HeaderField) []byte {
	w.packed.Reset()
	for _, field := range fields {
		_ = w.packer.WriteField(field) // into memory
	}
	return bytes.Clone(w.packed.Bytes())
}

// headers writes a frame of headers, which may be the first of several.
func (w *wire) headers(last bool, fields ...hpack.HeaderField) error {
	return w.frames.WriteHeaders(http2.HeadersFrameParam{StreamID: w.stream, BlockFragment: w.encode(fields...), EndHeaders: last})
}

// largeHeaders writes trailers in as many frames as necessary.
func (w *wire) largeHeaders(fields ...hpack.HeaderField) { w.block(w.encode(fields...), true) }

func (w *wire) block(block []byte, endStream bool) {
	const frame = 16 << 10
	first := true
	for len(block) > 0 {
		part := block[:min(frame, len(block))]
		block = block[len(part):]
		var err error
		if first {
			err = w.frames.WriteHeaders(http2.HeadersFrameParam{StreamID: w.stream, BlockFragment: part, EndHeaders: len(block) == 0, EndStream: endStream})
		} else {
			err = w.frames.WriteContinuation(w.stream, len(block) == 0, part)
		}
		if first = false; err != nil {
			return
		}
	}
}

// answer begins the response to the request.
func (w *wire) answer(more ...hpack.HeaderField) {
	_ = w.headers(true, append([]hpack.HeaderField{{Name: ":status", Value: "200"}, {Name: "content-type", Value: "application/grpc"}}, more...)...)
}

// begin sends Hello as an honest agent does.
func (w *wire) begin() {
	w.answer()
	w.data(w.event(&proto.Event{Kind: &proto.Event_Hello{Hello: &proto.Hello{Protocol: proto.ProtocolVersion, Version: "hostile"}}}))
}

func (w *wire) event(event *proto.Event) []byte {
	w.seq++
	event.Seq = w.seq
	data, err := pb.Marshal(event)
	if err != nil {
		return nil
	}
	return framed(data, 0)
}

func (w *wire) data(data []byte) {
	for len(data) > 0 {
		part := data[:min(16<<10, len(data))]
		data = data[len(part):]
		if w.frames.WriteData(w.stream, false, part) != nil {
			return
		}
	}
}

// framed returns a message as gRPC sends it: a compression flag and the length before it.
func framed(message []byte, compressed byte) []byte {
	return append(binary.BigEndian.AppendUint32([]byte{compressed}, uint32(len(message))), message...)
}
