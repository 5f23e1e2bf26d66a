package file

import (
	"errors"
	"io/fs"
	"path"
	"strings"
	"syscall"
	"time"

	"sloth-runner/sloth/module"
)

// backupTime is in the names of old files, so that they sort by age. The ~ at the end keeps programs that read all files of a
// directory, such as cron and sudo, from reading them.
const backupTime = "20060102T150405.000000Z~"

// keep copies the old file beside it, if that is wanted.
func (p *placing) keep(ctx module.Context) error {
	if p.Backup == 0 || !p.regular() {
		return nil
	}
	name := p.path + "." + time.Now().UTC().Format(backupTime)
	old, err := ctx.Host.Open(ctx, p.path, syscall.O_RDONLY, 0)
	if err != nil {
		return err
	}
	staged, err := ctx.Host.Stage(ctx, name, reading{ctx, old}, module.Attributes{Like: p.path})
	if err := errors.Join(err, old.Close(ctx)); err != nil {
		return explain(name, err)
	}
	if err := staged.Commit(ctx); err != nil {
		return explain(name, err)
	}
	p.result.Backup = name
	return nil
}

// forget removes the copy of an old file that was not replaced after all.
func (p *placing) forget(ctx module.Context) error {
	if p.result.Backup == "" {
		return nil
	}
	name := p.result.Backup
	p.result.Backup = ""
	return ctx.Host.Remove(ctx, name)
}

// prune removes the oldest copies, beyond how many are to be kept.
func (p *placing) prune(ctx module.Context) error {
	if p.Backup <= 0 {
		return nil
	}
	dir, base := path.Split(p.path)
	names, err := ctx.Host.List(ctx, path.Dir(p.path))
	if err != nil {
		return err
	}
	var kept []string // in the order of their age
	for _, name := range names {
		if stamp, ok := strings.CutPrefix(name, base+"."); ok {
			if _, err := time.Parse(backupTime, stamp); err == nil {
				kept = append(kept, dir+name)
			}
		}
	}
	for len(kept) > int(p.Backup) {
		if err := ctx.Host.Remove(ctx, kept[0]); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
		kept = kept[1:]
	}
	return nil
}
