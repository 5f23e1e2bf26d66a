package bootstrap

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"sync"
	"time"

	"github.com/pkg/sftp"

	"sloth-runner/bootstrap/payload"
	"sloth-runner/internal/excerpt"
	"sloth-runner/internal/fault"
	"sloth-runner/proto"
)

// upload is a copy of the agent on the host that is not in its place yet.
type upload struct {
	dir, name  string
	compressed bool
	overSFTP   bool
}

// upload copies the agent into the first place that has room for it.
func (b *boot) upload(ctx context.Context, host answer, agent payload.Agent) (upload, error) {
	need, err := agent.Size()
	if err != nil {
		return upload{}, err
	}
	up, get := upload{name: "upload-" + newMarker(), compressed: host.Gzip}, agent.Raw
	if up.compressed {
		up.name += ".gz"
		get = agent.Gzip
	}
	data, err := get()
	if err != nil {
		return upload{}, err
	}
	if up.compressed {
		need += int64(len(data))
	}
	dir, err := choose(host, need)
	if err != nil {
		return upload{}, err
	}
	up.dir = dir
	// Waiting for a turn is not the host's fault: it counts against no limit.
	leave, err := b.connector.Uploads.Take(ctx)
	if err != nil {
		return upload{}, err
	}
	leave = sync.OnceFunc(leave)
	defer leave()
	up.overSFTP, err = b.send(ctx, data, up, leave)
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

// send copies data over SFTP, or through cat where that fails for a reason other than time. leave gives up the place
// among the uploads.
func (b *boot) send(ctx context.Context, data []byte, up upload, leave func()) (overSFTP bool, err error) {
	ctx, cancel := context.WithCancelCause(ctx)
	var watching sync.WaitGroup
	defer watching.Wait()
	defer cancel(nil)
	m := newMeter(b.connector.Uploads.pace(ctx), b.connector.SSH.Timeout, len(data))
	watching.Go(func() { m.watch(ctx, b.client.Silence, cancel, leave) })
	stop := context.AfterFunc(ctx, b.client.Abort)
	source := &progress{reader: bytes.NewReader(data), total: int64(len(data)), report: b.report, meter: m}
	var said excerpt.Buffer
	bySFTP := errNoSFTP
	if !b.noSFTP {
		bySFTP = b.sendSFTP(ctx, source, up.dir+"/"+up.name, &said)
	}
	if err = bySFTP; err != nil && ctx.Err() == nil {
		source.rewind()
		m.piped.Store(true)
		if err = b.sendCat(ctx, source, up, &said); err != nil {
			err = fmt.Errorf("%w (and over SFTP: %w)", err, bySFTP)
		}
	}
	if !stop() {
		err = fmt.Errorf("%w%s", context.Cause(ctx), said.Quoted("stderr"))
	}
	if err != nil {
		return false, fmt.Errorf("copy the agent to %s: %w", up.dir, err)
	}
	return bySFTP == nil, nil
}

// errNoSFTP is why a copy goes through the shell at once.
var errNoSFTP = errors.New("the shell does not see what is copied there")

func (b *boot) sendSFTP(ctx context.Context, source *progress, path string, said *excerpt.Buffer) error {
	client, end, err := b.startSFTP(ctx, source.meter, said)
	if err != nil {
		return err
	}
	defer end()
	file, err := client.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL)
	if err != nil {
		return fmt.Errorf("create %s: %w", path, err)
	}
	_, err = file.ReadFrom(source)
	if closeErr := file.Close(); err == nil {
		err = closeErr
	}
	if err != nil {
		// A part of a file is of no use, and the next try may need the space. Where it can't be removed,
		// the next agent sweeps it.
		_ = client.Remove(path)
	}
	return err
}

// startSFTP starts the subsystem. Its session is over when end returns; sftp.NewClient would leave it open where the
// server has no such subsystem, and with it the only one that some servers allow.
func (b *boot) startSFTP(ctx context.Context, m *meter, said *excerpt.Buffer) (_ *sftp.Client, end func(), err error) {
	session, err := b.client.NewSession(ctx)
	if err != nil {
		return nil, nil, err
	}
	var client *sftp.Client
	stdin, err := session.StdinPipe()
	if err == nil {
		var stdout, stderr io.Reader
		stdout, err = session.StdoutPipe()
		if err == nil {
			stderr, err = session.StderrPipe()
		}
		if err == nil {
			err = session.RequestSubsystem("sftp")
		}
		if err == nil {
			// To its end, so that the host is never held up by what it says.
			b.sessions.Go(func() { _, _ = io.Copy(said, stderr) })
			client, err = sftp.NewClientPipe(&replies{reader: stdout, meter: m}, stdin, sftp.UseConcurrentWrites(true))
		}
	}
	if err != nil {
		session.Close()
		return nil, nil, fault.Plain(err)
	}
	return client, func() {
		client.Close()
		session.Close()
	}, nil
}

func (b *boot) sendCat(ctx context.Context, source *progress, up upload, heard *excerpt.Buffer) error {
	marker := newMarker()
	writer, err := b.start(ctx, catScript(marker, up.dir, up.name))
	if err != nil {
		return err
	}
	writer.what = "the command that was to write it"
	defer writer.end()
	defer func() { _, _ = heard.Write([]byte(strings.Join(writer.stderr.Lines(), "\n"))) }()
	if _, err := io.Copy(writer.stdin, source); err != nil {
		return writer.wrapCause(err)
	}
	if err := writer.stdin.Close(); err != nil {
		return writer.wrapCause(err)
	}
	said, err := readAnswer(writer.stdout, marker, &writer.noise)
	if err != nil {
		return writer.wrapCause(err)
	}
	if said.Failed == gone {
		return errCleaned
	}
	if !said.Written {
		return fmt.Errorf("%s failed%s", said.Failed, writer.stderr.Quoted("stderr"))
	}
	return nil
}

// progress is a reader that reports how much was read.
type progress struct {
	reader   *bytes.Reader
	total    int64
	report   func(*proto.Event)
	reported time.Time
	meter    *meter
}

// reportEvery bounds how many events an upload makes.
const reportEvery = 100 * time.Millisecond

func (p *progress) Read(buffer []byte) (int, error) {
	n, err := p.reader.Read(buffer[:p.meter.pace.most(len(buffer))])
	if err := p.meter.pace.wait(n); err != nil {
		return 0, err
	}
	p.meter.moved(n, p.reader.Len() == 0)
	if now := time.Now(); now.Sub(p.reported) >= reportEvery || p.reader.Len() == 0 && n > 0 {
		p.reported = now
		p.report(&proto.Event{Kind: &proto.Event_HostUpload{HostUpload: &proto.HostUpload{Sent: p.total - int64(p.reader.Len()), Total: p.total}}})
	}
	return n, err
}

// Len lets the SFTP client know that there is enough to write concurrently.
func (p *progress) Len() int { return p.reader.Len() }

func (p *progress) rewind() {
	// A bytes.Reader can always go back to its beginning.
	_, _ = p.reader.Seek(0, io.SeekStart)
}
