package bootstrap

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"runtime"
	"strings"
	"time"

	"github.com/pkg/sftp"

	"sloth-runner/internal/fault"
	"sloth-runner/proto"
)

// upload is a copy of the agent on the host that is not in its place yet.
type upload struct {
	dir, name  string
	compressed bool
}

// upload copies the agent into the first place that has room for it.
func (b *boot) upload(ctx context.Context, host answer) (upload, error) {
	raw, err := b.connector.Payload.Raw()
	if err != nil {
		return upload{}, err
	}
	data, up := raw, upload{name: "upload-" + newMarker(), compressed: host.Gzip}
	need := int64(len(raw))
	if up.compressed {
		if data, err = b.connector.Payload.Gzip(); err != nil {
			return upload{}, err
		}
		up.name += ".gz"
		need += int64(len(data))
	}
	dir, err := choose(host, need)
	if err != nil {
		return upload{}, err
	}
	up.dir = dir
	err = b.send(ctx, data, up)
	return up, err
}

// choose returns the first place with room for need bytes.
func choose(host answer, need int64) (string, error) {
	var tried []string
	for _, dir := range host.Dirs {
		// 0 is also what a host without df says: there, trying is the way to find out.
		if dir.FreeKB == 0 || dir.FreeKB*1024 >= need {
			return dir.Path, nil
		}
		tried = append(tried, fmt.Sprintf("%s: %d kB free", dir.Path, dir.FreeKB))
	}
	for _, dir := range host.Bad {
		tried = append(tried, dir.Path+": "+strings.ReplaceAll(dir.Reason, "-", " "))
	}
	return "", &fault.Error{
		Err:  fmt.Errorf("no directory on the host can hold the agent, which needs %d kB (%s)", (need+1023)/1024, strings.Join(tried, "; ")),
		Hint: "make room in one of them, or set XDG_CACHE_HOME for the account to a directory where programs can be executed",
	}
}

// send copies data over SFTP, or through cat where that fails for a reason other than time.
func (b *boot) send(ctx context.Context, data []byte, up upload) error {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	stop := context.AfterFunc(ctx, func() { b.client.Close() })
	source := &progress{reader: bytes.NewReader(data), total: int64(len(data)), report: b.report, limit: b.connector.Timeout}
	if source.limit > 0 {
		source.stalled = time.AfterFunc(source.limit, func() { cancel(errNoProgress) })
		defer source.stalled.Stop()
	}
	err := b.sendSFTP(source, up.dir+"/"+up.name)
	if overSFTP := err; err != nil && ctx.Err() == nil {
		source.rewind()
		if err = b.sendCat(source, up); err != nil {
			err = fmt.Errorf("%w (and over SFTP: %w)", err, overSFTP)
		}
	}
	if !stop() {
		return fmt.Errorf("copy the agent to %s: %w", up.dir, context.Cause(ctx))
	}
	if err != nil {
		return fmt.Errorf("copy the agent to %s: %w", up.dir, err)
	}
	return nil
}

func (b *boot) sendSFTP(source *progress, path string) error {
	client, err := sftp.NewClient(b.client, sftp.UseConcurrentWrites(true))
	if err != nil {
		return err
	}
	defer func() {
		// The session must be over before the next one begins; Wait returns at its end, however that comes about.
		client.Close()
		_ = client.Wait() //nolint:errcheck
	}()
	file, err := client.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL)
	if err != nil {
		return err
	}
	_, err = file.ReadFrom(source)
	if err = errors.Join(err, file.Close()); err != nil {
		// The half of a file helps nobody, and the space may be needed by the next try.
		return errors.Join(err, client.Remove(path))
	}
	return nil
}

func (b *boot) sendCat(source *progress, up upload) error {
	marker := newMarker()
	writer, err := startRemote(b.client, catScript(marker, up.dir, up.name))
	if err != nil {
		return err
	}
	defer writer.end()
	if _, err := io.Copy(writer.stdin, source); err != nil {
		return writer.explain(err)
	}
	if err := writer.stdin.Close(); err != nil {
		return writer.explain(err)
	}
	said, err := readAnswer(writer.stdout, marker, &writer.noise)
	if err != nil {
		return writer.explain(err)
	}
	if !said.Written {
		return fmt.Errorf("%s failed%s", said.Failed, writer.stderr.quoted())
	}
	return nil
}

// progress tells how much was read of it, and keeps a timer from firing while it is read.
type progress struct {
	reader  *bytes.Reader
	total   int64
	report  func(*proto.Event)
	limit   time.Duration
	stalled *time.Timer
	told    time.Time
}

// reportEvery bounds how many events an upload makes.
const reportEvery = 100 * time.Millisecond

func (p *progress) Read(buffer []byte) (int, error) {
	n, err := p.reader.Read(buffer)
	if p.stalled != nil {
		p.stalled.Reset(p.limit)
	}
	if now := time.Now(); now.Sub(p.told) >= reportEvery || p.reader.Len() == 0 && n > 0 {
		p.told = now
		p.report(&proto.Event{Kind: &proto.Event_HostUpload{HostUpload: &proto.HostUpload{Sent: p.total - int64(p.reader.Len()), Total: p.total}}})
	}
	return n, err
}

// Len lets the SFTP client know that there is enough to write concurrently.
func (p *progress) Len() int { return p.reader.Len() }

func (p *progress) rewind() {
	// A bytes.Reader can always go back to its beginning.
	_, _ = p.reader.Seek(0, io.SeekStart) //nolint:errcheck
}

func platform(system, machine string) string {
	return strings.ToLower(system) + "/" + architecture(machine)
}

func ownPlatform() string { return runtime.GOOS + "/" + runtime.GOARCH }
