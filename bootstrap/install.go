package bootstrap

import (
	"context"
	"errors"
	"fmt"
	"os"

	"sloth-runner/bootstrap/payload"
	"sloth-runner/internal/excerpt"
)

// errCleaned is why a copy did not come to its end: the host was cleaned meanwhile.
var errCleaned = errors.New("what was copied, or its directory, is gone from the host")

// cleanedTries is how often a host is looked at anew that was cleaned meanwhile.
const cleanedTries = 3

// install copies the agent to the host and starts it. Where another operator cleans the host at the same time, the host is
// looked at anew.
func (b *boot) install(ctx context.Context, host answer) (*remote, error) {
	agent, err := b.connector.Payload.For(host.Uname)
	if err != nil {
		b.tidy(ctx, host)
		return nil, err
	}
	for try := 1; ; try++ {
		started, err := b.copyAndStart(ctx, host, agent)
		if !wasCleaned(err) || try == cleanedTries || ctx.Err() != nil {
			return started, err
		}
		if host, err = b.askOnly(ctx, probeScript); err != nil {
			return nil, err
		}
	}
}

// leaveSFTP is called when the shell does not see what was copied. It may have been cleaned away; but SFTP may also show
// another tree of files than the shell has, as with a chroot: what was copied there is removed, and the next copy goes
// through the shell.
func (b *boot) leaveSFTP(ctx context.Context, up upload) {
	if !up.overSFTP {
		return
	}
	b.noSFTP = true
	ctx, cancel := b.limited(ctx, 1)
	defer cancel()
	stop := context.AfterFunc(ctx, b.client.Abort)
	defer stop()
	client, end, err := b.startSFTP(ctx, newMeter(b.connector.Uploads.pace(ctx), 0, 0), new(excerpt.Buffer))
	if err != nil {
		return // the next copy says what is wrong
	}
	defer end()
	// Mostly it is gone.
	_ = client.Remove(up.dir + "/" + up.name)
}

func wasCleaned(err error) bool { return errors.Is(err, os.ErrNotExist) || errors.Is(err, errCleaned) }

// copyAndStart is one try of install.
func (b *boot) copyAndStart(ctx context.Context, host answer, agent payload.Agent) (*remote, error) {
	up, err := b.upload(ctx, host, agent)
	if err != nil {
		if !wasCleaned(err) {
			b.tidy(ctx, host)
		}
		return nil, err
	}
	// Unpacking it keeps the host busy, as coming in does.
	if err := b.client.AdmitAgain(ctx, installFactor); err != nil {
		return nil, err
	}
	defer b.client.Admitted()
	marker := newMarker()
	started, said, err := b.execWithin(ctx, installFactor, installScript(marker, agent.SHA256, up.dir, up.name, up.compressed), marker)
	if err != nil {
		return nil, err
	}
	if said.Ready {
		return started, nil
	}
	started.end()
	if said.Failed == gone {
		b.leaveSFTP(ctx, up)
		return nil, fmt.Errorf("the agent could not be installed in %s: %w", up.dir, errCleaned)
	}
	return nil, fmt.Errorf("the agent could not be installed in %s: %s failed%s", up.dir, said.Failed, started.stderr.Quoted("stderr"))
}
